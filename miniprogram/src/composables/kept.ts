import { ref, type Ref } from 'vue'
import { forget, recall, remember } from '@/platform/storage'

/** A form as it is kept, and when it was last typed in. */
export interface KeptForm<T = object> { at: number; value: T }

/** A form that is on the phone as it is typed, until the unit has it. */
export function useKept<T extends object>(empty: T) {
  const value = ref({ ...empty }) as Ref<T>
  let key = ''

  function open(name: string) {
    key = name
    value.value = { ...empty, ...recall<KeptForm<T>>(name)?.value }
  }

  function change(part: Partial<T>) {
    value.value = { ...value.value, ...part }
    remember(key, { at: Date.now(), value: value.value } satisfies KeptForm<T>)
  }

  function drop() {
    value.value = { ...empty }
    forget(key)
  }
  return { value, open, change, drop }
}
