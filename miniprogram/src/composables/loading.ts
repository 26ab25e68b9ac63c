import { ref, shallowRef } from 'vue'
import type { Trouble } from '@/api/door'
import { whenLoggedInAgain } from './again'

/** One thing read from the server; what was read before stays when reading it anew fails. */
export function useLoading<T>(read: () => Promise<T>) {
  const value = shallowRef<T | null>(null)
  const trouble = ref<Trouble | null>(null)
  let turn = 0

  async function load(): Promise<void> {
    const mine = ++turn
    // Tried again: the former failure is not the answer to this one.
    if (value.value === null) trouble.value = null
    try {
      const found = await read()
      // Asked again meanwhile: what is older must not take the place of what is newer.
      if (mine !== turn) return
      value.value = found
      trouble.value = null
    } catch (error) {
      if (mine === turn) trouble.value = error as Trouble
    }
  }
  whenLoggedInAgain(() => trouble.value && load())
  return { value, trouble, load }
}
