import { defineStore } from 'pinia'
import { computed, ref, watch } from 'vue'
import { all, todos as api, type Duty, type Receipt, type Task, type Todo } from '@/api'
import { passing, Refused, type Trouble } from '@/api/door'
import { forget, keysFrom, recall, remember } from '@/platform/storage'
import { addDays } from '@/rules/dates'
import { useSession } from './session'

export const taskKey = (task: { duty: Duty; due: string; target: string }) => `${task.duty}/${task.due}/${task.target}`

/** A row, with the name of who closed it as it stands on the record. */
export type TodoRow = Todo & { closed_by_name?: string | null }

/** What this membership has to do; kept on the phone, so that it is there without a network. */
export const useTodos = defineStore('todos', () => {
  const session = useSession()
  const items = ref<TodoRow[]>([])
  const loaded = ref(false)
  const trouble = ref<Trouble | null>(null)
  watch(() => session.owner, restore, { immediate: true })

  function restore() {
    const kept = session.owner ? recall<TodoRow[]>(`todos:${session.owner}`) : null
    items.value = kept ?? []
    loaded.value = Boolean(kept)
    trouble.value = null
  }

  /** Read the whole list. What was read before stays when this one fails. */
  async function load(): Promise<void> {
    const mine = session.owner
    try {
      let today = session.today
      const found = await all(async (cursor) => {
        const page = await api.page(cursor)
        today = page.today
        return { ...page, items: page.items.map((todo): TodoRow => ({ ...todo, closed_by_name: page.names?.[todo.closed_by ?? ''] })) }
      })
      if (mine !== session.owner) return
      session.today = today
      items.value = found.filter(isOfThisPost)
      loaded.value = true
      trouble.value = null
      keep()
      forgetOldTasks(today)
    } catch (error) {
      if (mine === session.owner) trouble.value = error as Trouble
    }
  }

  /** The server's list is the person's in his unit, whatever his post; daily control is his as an officer only. */
  const isOfThisPost = (todo: Todo) => session.role === 'officer' || todo.duty !== 'daily'

  function keep() {
    remember(`todos:${session.owner}`, items.value)
  }

  /** A task with its list: from the server, or as it was opened before when nobody answers or the session has ended. */
  async function open(duty: Duty, due: string, target: string): Promise<Task> {
    const key = `task:${session.owner}:${taskKey({ duty, due, target })}`
    try {
      const task = await api.open(duty, due, target)
      remember(key, task)
      return task
    } catch (error) {
      const ended = error instanceof Refused && error.status === 401
      const kept = passing(error) || ended ? recall<Task>(key) : null
      if (!kept) throw error
      return kept
    }
  }

  /** The unit has it: say so in the list before it is read anew. */
  function close(receipt: Receipt) {
    const member = session.membership
    items.value = items.value.map((todo) =>
      taskKey(todo) === taskKey(receipt) && !receipt.first
        ? {
            ...todo, state: receipt.late ? 'late' : 'done', closed_by: member?.person ?? null, closed_by_name: member?.name ?? null,
            closed_at: receipt.received_at, stamp: receipt.stamp ?? null, fails: receipt.fails || null,
            suspended: receipt.state === 'suspended' || null,
          }
        : todo,
    )
    keep()
  }

  function forgetOldTasks(today: string) {
    const oldest = addDays(today, -4)
    const due = (key: string) => key.slice(key.lastIndexOf(':') + 1).split('/')[1] ?? ''
    keysFrom('task:').filter((key) => due(key) < oldest).forEach(forget)
  }

  const current = computed(() => items.value.filter((todo) => todo.due === session.today))
  const earlier = computed(() => items.value.filter((todo) => todo.due < session.today))
  /** The unit has nothing of it yet. */
  const isLeft = (todo: Todo) => todo.state === 'open' || todo.state === 'missed'
  return { items, loaded, trouble, current, earlier, isLeft, load, open, close }
})
