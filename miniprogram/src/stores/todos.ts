import { defineStore } from 'pinia'
import { computed, ref, watch } from 'vue'
import { all, todos as api, type Membership, type Receipt, type Todo } from '@/api'
import type { Trouble } from '@/api/door'
import { cache, recall } from '@/platform/storage'
import { isOn } from '@/rules/buckets'
import { isOpen, taskKey } from '@/rules/tasks'
import { useSession } from './session'

/** A row, with the name of who closed it as it stands on the record. */
export type TodoRow = Todo & { closed_by_name?: string | null }

/** What this membership has to do; kept on the phone, so that it is there without a network. */
export const useTodos = defineStore('todos', () => {
  const session = useSession()
  const items = ref<TodoRow[]>([])
  const loaded = ref(false)
  const trouble = ref<Trouble | null>(null)
  /** What the unit took since the app was started: a list that was read meanwhile may not know of it yet. */
  let receipts = new Map<string, Receipt>()
  watch(() => session.owner, restore, { immediate: true, flush: 'sync' })

  function restore() {
    const kept = session.owner ? recall<TodoRow[]>(`todos:${session.owner}`) : null
    items.value = kept ?? []
    loaded.value = Boolean(kept)
    trouble.value = null
    receipts = new Map()
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
      items.value = found.map(withReceipt)
      loaded.value = true
      trouble.value = null
      keep()
    } catch (error) {
      if (mine === session.owner) trouble.value = error as Trouble
    }
  }

  function keep() {
    cache(`todos:${session.owner}`, items.value)
  }

  /** The unit has it: say so in the list before it is read anew. */
  function close(taken: Receipt[]) {
    if (!taken.some((receipt) => receipts.get(taskKey(receipt))?.record !== receipt.record)) return
    for (const receipt of taken) receipts.set(taskKey(receipt), receipt)
    items.value = items.value.map(withReceipt)
    keep()
  }

  function withReceipt(todo: TodoRow): TodoRow {
    const receipt = receipts.get(taskKey(todo))
    return receipt && isOpen(todo) ? closed(todo, receipt, session.membership) : todo
  }

  /** Of the day, the week and the month that are on. */
  const current = computed(() => items.value.filter((todo) => isOn(todo, session.today)))
  const earlier = computed(() => items.value.filter((todo) => !isOn(todo, session.today)))
  return { items, loaded, trouble, current, earlier, load, close }
})

/** By whoever was first; of a colleague's check the receipt says no more than that. */
function closed(todo: TodoRow, receipt: Receipt, member: Membership | null): TodoRow {
  const { first } = receipt
  return {
    ...todo, state: receipt.late ? 'late' : 'done', closed_by: first ? null : member?.person ?? null, closed_by_name: first?.person_name ?? member?.name ?? null,
    closed_at: first?.received_at ?? receipt.received_at, stamp: first ? null : receipt.stamp ?? null, fails: receipt.fails || null,
    suspended: receipt.state === 'suspended' || null,
  }
}
