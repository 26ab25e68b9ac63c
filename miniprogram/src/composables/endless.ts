import { ref, shallowRef } from 'vue'
import type { Page } from '@/api'
import type { Trouble } from '@/api/door'

/** A list that is read page by page as somebody scrolls. */
export function useEndless<T>(read: (cursor?: string) => Promise<Page<T>>) {
  const items = shallowRef<T[]>([])
  const loaded = ref(false)
  const loading = ref(false)
  const trouble = ref<Trouble | null>(null)
  const cursor = ref<string>()
  let turn = 0

  async function ask(from: string | undefined, before: T[]) {
    const mine = ++turn
    loading.value = true
    try {
      const page = await read(from)
      if (mine !== turn) return
      items.value = [...before, ...page.items]
      cursor.value = page.next ?? undefined
      loaded.value = true
      trouble.value = null
      // A page may be short, even empty, and still have a next.
      if (!page.items.length && page.next) await ask(page.next, items.value)
    } catch (error) {
      if (mine === turn) trouble.value = error as Trouble
    } finally {
      if (mine === turn) loading.value = false
    }
  }

  const refresh = () => ask(undefined, [])
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
  return { items, loaded, loading, trouble, cursor, refresh, more, reset }
}
