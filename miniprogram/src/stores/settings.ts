import { defineStore } from 'pinia'
import { computed, ref, watch } from 'vue'
import { prefersDark, prefersLarge, whenDarkness } from '@/platform/device'
import { cache, recall } from '@/platform/storage'

export type Follow = 'auto' | 'on' | 'off'

/** How this person sees and holds the app. `auto` follows the phone. */
export const useSettings = defineStore('settings', () => {
  const held = recall<{ type: Follow; light: Follow; left: boolean }>('settings')
  const type = ref<Follow>(held?.type ?? 'auto')
  const light = ref<Follow>(held?.light ?? 'auto')
  const left = ref(held?.left ?? false)
  watch([type, light, left], () => cache('settings', { type: type.value, light: light.value, left: left.value }))

  const phoneIsDark = ref(prefersDark())
  whenDarkness((dark) => (phoneIsDark.value = dark))

  const large = computed(() => type.value === 'on' || (type.value === 'auto' && prefersLarge()))
  const dark = computed(() => light.value === 'on' || (light.value === 'auto' && phoneIsDark.value))
  return { type, light, left, large, dark }
})
