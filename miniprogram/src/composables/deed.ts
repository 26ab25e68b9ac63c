import { ref } from 'vue'
import type { Trouble } from '@/api/door'

/** Something done once however often it is tapped; `trouble` says why it was not. */
export function useDeed(act: () => Promise<void>) {
  const busy = ref(false)
  const trouble = ref<Trouble | null>(null)

  async function run(): Promise<void> {
    if (busy.value) return
    busy.value = true
    trouble.value = null
    try {
      await act()
    } catch (error) {
      trouble.value = error as Trouble
    } finally {
      busy.value = false
    }
  }
  return { busy, trouble, run }
}
