import { onLoad } from '@dcloudio/uni-app'
import { computed, ref, shallowRef } from 'vue'
import type { Duty, Task } from '@/api'
import type { Trouble } from '@/api/door'
import { parameter } from '@/platform/places'
import type { Draft } from '@/rules/draft'
import { useDrafts } from '@/stores/drafts'
import { useTodos } from '@/stores/todos'
import { whenLoggedInAgain } from './again'

/** The task a page is about, with what has been filled in so far. Works without a network once it was opened. */
export function useTask(then: (task: Task) => void = () => undefined) {
  const todos = useTodos()
  const drafts = useDrafts()
  const task = shallowRef<Task | null>(null)
  const draft = ref<Draft | null>(null)
  const trouble = ref<Trouble | null>(null)
  const at = ref({ duty: 'daily' as Duty, due: '', target: '' })

  async function load(): Promise<void> {
    try {
      const found = await todos.open(at.value.duty, at.value.due, at.value.target)
      task.value = found
      draft.value = drafts.of(found)
      trouble.value = null
      then(found)
    } catch (error) {
      trouble.value = error as Trouble
    }
  }

  onLoad((query) => {
    at.value = { duty: (parameter(query, 'duty') || 'daily') as Duty, due: parameter(query, 'due'), target: parameter(query, 'target') }
    void load()
  })

  whenLoggedInAgain(() => trouble.value && load())

  const items = computed(() => task.value?.checklist.items ?? [])
  return { task, draft, items, trouble, at, load }
}
