import { defineStore } from 'pinia'
import { computed, ref, watch } from 'vue'
import { clocks as api, type Page, type TargetFacts } from '@/api'
import { expiring } from '@/rules/clocks'
import { useSession } from './session'

/** Which inspections and licences end soon or have ended, as the home page tells it: the first page of the list. */
export const useClocks = defineStore('clocks', () => {
  const session = useSession()
  /** Null: not read. Nobody is kept from anything by that. */
  const page = ref<Page<TargetFacts> | null>(null)
  watch(() => session.owner, () => (page.value = null))

  async function load(): Promise<void> {
    const mine = session.owner
    const found = await api.page().catch(() => null)
    if (found && mine === session.owner) page.value = found
  }
  const told = computed(() => expiring(page.value?.items ?? [], Boolean(page.value?.next), session.today))
  return { page, told, load }
})
