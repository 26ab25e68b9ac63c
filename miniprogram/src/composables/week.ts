import { computed, ref, shallowRef, type Ref } from 'vue'
import { reports as api, type ReportDuty, type ReportReceipt } from '@/api'
import { passing, Refused } from '@/api/door'
import { showFault, showTop } from '@/platform/device'
import { changes, EMPTY_WEEK, isBegun, isComplete, sight, summaryOf, toWeekly, weekFaults, type WeekForm } from '@/rules/reports'
import { isOpen } from '@/rules/tasks'
import { useReports } from '@/stores/reports'
import { useSession } from '@/stores/session'
import { useTodos } from '@/stores/todos'
import { whenLoggedInAgain } from './again'
import { useDeed } from './deed'
import { useKept } from './kept'
import { useLoading } from './loading'
import { useSigning } from './signing'

/** Which report: of which duty, bucket and target kind. */
export interface ReportAt { duty: ReportDuty; due: string; kind: string }

const NUMBERS_MOVED = 'report.numbers_moved'
/** Numbers are not as he saw them; the kinds whose are not. */
export const movedKinds = (error: unknown): string[] | null =>
  error instanceof Refused && error.code === NUMBERS_MOVED ? ((error.details.kinds as string[] | undefined) ?? []) : null

/** A report of a week being filled in: on the phone as it is typed, until the unit has it; others of the week may go with it. */
export function useWeek(at: Ref<ReportAt>) {
  const session = useSession()
  const reports = useReports()
  const todos = useTodos()
  const { value: draft, trouble, load } = useLoading(() => api.draftWeek(at.value.due, at.value.kind))
  const { value: kept, open, change: keep, drop } = useKept(EMPTY_WEEK)
  const signing = useSigning()
  const tried = ref(false)
  /** What has become otherwise since he last looked. */
  const moved = ref<string[]>([])
  const receipts = shallowRef<ReportReceipt[]>([])
  const leftOut = ref<string[]>([])

  /** With what is before his eyes. */
  const form = computed<WeekForm>(() => ({ ...kept.value, ...(draft.value ? sight(draft.value) : {}) }))
  const found = computed(() => weekFaults(form.value))
  const faults = computed(() => (tried.value ? found.value : {}))

  function change(part: Partial<WeekForm>) {
    keep({ ...sight(draft.value!), ...part })
    reports.reread()
  }

  /** What was typed is there before anything is drawn over it. */
  async function reload(): Promise<void> {
    open(reports.weekKey(at.value))
    signing.open(reports.signingKey(`${at.value.duty}/${at.value.due}/${at.value.kind}`))
    await load()
    if (draft.value && !hasArrived()) look()
  }
  whenLoggedInAgain(() => reload())

  /** What he saw when he last typed is compared with what he sees now; his own words stay. */
  function look() {
    const { numbers, seen, moved: told } = kept.value
    if (!isBegun(kept.value) || (seen === draft.value!.seen && !told)) return
    moved.value = numbers ? changes(numbers, draft.value!.numbers, at.value.duty, draft.value!.unit_kind) : []
    change({})
  }

  const sibling = (kind: string): ReportAt => ({ ...at.value, kind })
  /** Other kinds of the same bucket that are still to be filed and were filled in here. */
  const others = computed(() =>
    todos.items
      .filter((todo) => todo.duty === at.value.duty && todo.due === at.value.due && todo.target !== at.value.kind && isOpen(todo))
      .flatMap((todo) => {
        const form = reports.weekForm(sibling(todo.target))
        return form ? [{ kind: todo.target, name: todo.name, form }] : []
      }),
  )
  /** All but the signature is there: one signature may stand under all of them. */
  const ready = computed(() => others.value.filter((one) => isComplete(one.form)))
  const unseen = computed(() => others.value.filter((one) => one.form.moved))
  const together = computed(() => ready.value.filter((one) => !leftOut.value.includes(one.kind)))
  const leaveOut = (kind: string) =>
    (leftOut.value = leftOut.value.includes(kind) ? leftOut.value.filter((one) => one !== kind) : [...leftOut.value, kind])

  const whole = (performedAt: string) => ({
    due: at.value.due, performed_at: performedAt,
    reports: [toWeekly(at.value.kind, form.value), ...together.value.map((one) => toWeekly(one.kind, one.form))],
  })
  const known = () => (draft.value?.reports ?? []).map(({ report }) => report)

  /** What was sent without an answer is with the unit after all. */
  function hasArrived(): boolean {
    const { sent, known: before } = signing.value.value
    const fresh = (draft.value?.reports ?? []).filter(({ report, person }) => !before.includes(report) && person === session.person)
    if (!sent || !fresh.length) return false
    settle((JSON.parse(sent) as { reports: { kind: string }[] }).reports.map(({ kind }) => kind))
    receipts.value = fresh
    return true
  }

  /** Of whom they were sent: he may act as another by the time the answer comes. */
  function settle(kinds: string[], owner = session.owner) {
    drop()
    kinds.forEach((kind) => reports.drop(sibling(kind), owner))
    signing.drop()
    tried.value = false
    moved.value = []
    void todos.load()
  }

  const send = useDeed(async () => {
    tried.value = true
    if (Object.keys(found.value).length) return showFault()
    if (!signing.signed.value) return
    const { owner } = session
    change({})
    const { performedAt, sent } = await signing.take()
    const request = whole(performedAt)
    // Changed since it was sent without an answer: had that arrived, this would be a second one.
    if (sent && sent !== JSON.stringify(request)) {
      await load()
      if (trouble.value) throw trouble.value
      if (hasArrived()) return
    }
    signing.sends(request, known())
    try {
      const answer = await api.fileWeek({ ...request, signature: await signing.file() }, owner)
      settle(answer.reports.map(({ kind }) => kind), owner)
      receipts.value = answer.reports
    } catch (error) {
      // Only a refusal says that nothing arrived; who is logged out, or asks at a bad moment, has no answer.
      if (error instanceof Refused && !passing(error) && error.status !== 401) signing.unsent()
      await lookAgain(movedKinds(error), owner)
      showTop()
      throw error
    }
  })

  /** This one is read anew at once; of the others he is told, and looks for himself. */
  async function lookAgain(kinds: string[] | null, owner: string): Promise<void> {
    if (!kinds) return
    kinds.filter((kind) => kind !== at.value.kind).forEach((kind) => reports.change(sibling(kind), { moved: true }, owner))
    await load()
    look()
  }

  const summary = computed(() => summaryOf(kept.value, draft.value?.summary))
  return { draft, trouble, form, summary, change, faults, found, moved, receipts, ready, unseen, together, leftOut, leaveOut, signing, send, reload }
}
