import { ref, shallowRef } from 'vue'
import type { Page } from '@/api'
import type { Trouble } from '@/api/door'
import { whenLoggedInAgain } from './again'

/** A list that is read page by page as somebody scrolls. */
export function useEndless<T>(read: (cursor?: string) => Promise<Page<T>>) {
  const items = shallowRef<T[]>([])
  const loaded = ref(false)
  const loading = ref(false)
  const trouble = ref<Trouble | null>(null)
  const cursor = ref<string>()
  /** What failed was reading on, not the list itself. */
  const stuck = ref(false)
  let turn = 0

  async function ask(from: string | undefined, before: T[]) {
    const mine = ++turn
    loading.value = true
    // Tried again: the former failure is not the answer to this one.
    if (!loaded.value || stuck.value) trouble.value = null
    try {
      const page = await read(from)
      if (mine !== turn) return
      items.value = [...before, ...page.items]
      cursor.value = page.next ?? undefined
      // A page may be short, even empty, and still have a next.
      loaded.value = items.value.length > 0 || !page.next
      trouble.value = null
      stuck.value = false
      if (!page.items.length && page.next) await ask(page.next, items.value)
    } catch (error) {
      if (mine !== turn) return
      trouble.value = error as Trouble
      stuck.value = before.length > 0
    } finally {
      if (mine === turn) loading.value = false
    }
  }

  const refresh = () => ask(undefined, [])
  whenLoggedInAgain(() => trouble.value && refresh())
  const more = async () => {
    if (cursor.value && !loading.value) await ask(cursor.value, items.value)
  }
  /** Another question: nothing of the former answer may stay. */
  function reset() {
    items.value = []
    loaded.value = false
    cursor.value = undefined
    return refresh()
  }
  return { items, loaded, loading, trouble, stuck, cursor, refresh, more, reset }
}
