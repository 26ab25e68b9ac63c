import { onHide, onLoad, onShow, onUnload } from '@dcloudio/uni-app'
import { computed, nextTick, ref, shallowRef, watch } from 'vue'
import type { Task } from '@/api'
import type { Trouble } from '@/api/door'
import { parameter, replace } from '@/platform/places'
import { dutyIn, isOfKind } from '@/rules/buckets'
import { checked, newDraft } from '@/rules/draft'
import { isOpen, taskKey, type TaskAt } from '@/rules/tasks'
import { useDrafts } from '@/stores/drafts'
import { useOutbox } from '@/stores/outbox'
import { useSession } from '@/stores/session'
import { useTasks } from '@/stores/tasks'
import { whenLoggedInAgain } from './again'

/** The task a page is about, with what has been filled in so far: as it is kept on the phone at once, then as the unit has it. */
export function useTask(then: (task: Task) => void = () => undefined) {
  return useTaskRead(then, false)
}

/**
 * A page of a check that was begun: it goes on with what is on the phone, and no weak network holds it up. One that `begins`
 * what is inspected by its kind: nothing is asked before the first item.
 */
export function useBegunTask(then: (task: Task) => void = () => undefined, begins = false) {
  const session = useSession()
  const drafts = useDrafts()
  const outbox = useOutbox()
  const begun = useTaskRead((found) => {
    if (mayBegin()) settle(found)
    then(found)
  }, true)
  const { task, draft, at } = begun
  /** The page itself takes the draft away, and leads on. */
  const leaving = ref(false)
  let shown = false

  const mayBegin = () => begins && isOfKind(at.value.duty)

  /** Begin it, unless the unit has it or it waits here; what was begun with nothing said gives way to who was faster. */
  function settle(found: Task) {
    const isLeft = isOpen(found) && ['left', 'begun'].includes(outbox.standing(at.value))
    if (isLeft && !draft.value) drafts.save(newDraft(found, session.owner))
    else if (!isLeft && draft.value && !checked(draft.value)) drafts.remove(draft.value)
    void nextTick(leave)
  }

  // Signed (here or in another tab), thrown away, or reached by a link: there is nothing to go on with.
  function leave() {
    const unread = mayBegin() && !task.value
    if (shown && !draft.value && !leaving.value && !unread) replace('/pages/inspections/target', { ...at.value })
  }
  onShow(() => {
    shown = true
    void nextTick(leave)
  })
  onHide(() => void (shown = false))
  // One that another has taken the place of may still hear of the draft.
  onUnload(() => void (shown = false))
  watch(draft, leave)
  return { ...begun, leaving }
}

/** The task that a page's address names. */
export function taskAt(query?: Record<string, string | undefined>): TaskAt {
  return { duty: dutyIn(parameter(query, 'duty')), due: parameter(query, 'due'), target: parameter(query, 'target') }
}

function useTaskRead(then: (task: Task) => void, keptIsEnough: boolean) {
  const session = useSession()
  const tasks = useTasks()
  const drafts = useDrafts()
  const task = shallowRef<Task | null>(null)
  const trouble = ref<Trouble | null>(null)
  const at = ref<TaskAt>(taskAt())
  const draft = computed(() => drafts.find(taskKey(at.value)))

  function show(found: Task) {
    task.value = found
    then(found)
  }

  async function load(): Promise<void> {
    const kept = tasks.kept(at.value)
    const isBegun = Boolean(draft.value)
    if (kept) show(kept)
    if (kept && keptIsEnough && isBegun) return
    try {
      show(await tasks.open(at.value))
      trouble.value = null
    } catch (error) {
      trouble.value = error as Trouble
    }
  }

  onLoad((query) => {
    at.value = taskAt(query)
    void load()
  })

  onShow(session.readClock)
  whenLoggedInAgain(() => trouble.value && load())

  const items = computed(() => task.value?.checklist.items ?? [])
  return { task, draft, items, trouble, at, load }
}
