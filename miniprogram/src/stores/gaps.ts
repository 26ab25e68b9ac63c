import { defineStore } from 'pinia'
import { ref, watch } from 'vue'
import { gaps as api, type Gaps } from '@/api'
import { useSession } from './session'

/** What the unit's set-up lacks, as its administrator's home tells it. */
export const useGaps = defineStore('gaps', () => {
  const session = useSession()
  const overview = ref<Gaps | null>(null)
  watch(() => session.owner, () => (overview.value = null))

  async function load(): Promise<void> {
    const mine = session.owner
    const found = await api.overview()
    if (mine === session.owner) overview.value = found
  }
  return { overview, load }
})
