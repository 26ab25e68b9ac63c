import { defineStore } from 'pinia'
import { ref, watch } from 'vue'
import { statistics as api, type Statistics } from '@/api'
import { spans } from '@/rules/statistics'
import { useSession } from './session'

/** The month that is on in numbers, as its principal's home tells it. */
export const useStatistics = defineStore('statistics', () => {
  const session = useSession()
  const month = ref<Statistics | null>(null)
  watch(() => session.owner, () => (month.value = null))

  async function load(): Promise<void> {
    const mine = session.owner
    const { since, until } = spans(session.today)[0]!
    const found = await api.read(since, until)
    if (mine === session.owner) month.value = found
  }
  return { month, load }
})
