import { defineStore } from 'pinia'
import { ref, watch } from 'vue'
import { all, records as api, type TargetFacts } from '@/api'
import type { Trouble } from '@/api/door'
import { cache, recall } from '@/platform/storage'
import { useSession } from './session'

/** Everything this membership sees, with the numbers on its plates; kept on the phone for where there is no network. */
export const useTargets = defineStore('targets', () => {
  const session = useSession()
  const items = ref<TargetFacts[]>([])
  const loaded = ref(false)
  const trouble = ref<Trouble | null>(null)
  watch(() => session.owner, restore, { immediate: true, flush: 'sync' })

  function restore() {
    const kept = session.owner ? recall<TargetFacts[]>(`targets:${session.owner}`) : null
    items.value = kept ?? []
    loaded.value = Boolean(kept)
    trouble.value = null
  }

  async function load(): Promise<void> {
    const mine = session.owner
    try {
      const found = await all(api.targets)
      if (mine !== session.owner) return
      items.value = found
      loaded.value = true
      trouble.value = null
      cache(`targets:${mine}`, found)
    } catch (error) {
      if (mine === session.owner) trouble.value = error as Trouble
    }
  }
  return { items, loaded, trouble, load }
})
