import { ref, shallowRef } from 'vue'
import type { Trouble } from '@/api/door'
import { whenLoggedInAgain } from './again'

/** One thing read from the server; what was read before stays when reading it anew fails. */
export function useLoading<T>(read: () => Promise<T>) {
  const value = shallowRef<T | null>(null)
  const trouble = ref<Trouble | null>(null)

  async function load(): Promise<void> {
    // Tried again: the former failure is not the answer to this one.
    if (value.value === null) trouble.value = null
    try {
      value.value = await read()
      trouble.value = null
    } catch (error) {
      trouble.value = error as Trouble
    }
  }
  whenLoggedInAgain(() => trouble.value && load())
  return { value, trouble, load }
}
