import { computed, ref } from 'vue'

/** Keys of what had to be kept and found no room: it would be lost with the app. */
const unkept = ref(new Set<string>())
export const full = computed(() => unkept.value.size > 0)
export const NO_ROOM = '手机空间不足，没有存到手机上。请清理手机空间后再试。'

/** What this phone remembers, as JSON, by key. */
export function recall<T>(key: string): T | null {
  const text = uni.getStorageSync(key) as string
  if (!text) return null
  try {
    return JSON.parse(text) as T
  } catch {
    return null
  }
}

/** Keep what must not be lost; false when there is no room. */
export function remember(key: string, value: unknown): boolean {
  const kept = cache(key, value)
  if (kept) unkept.value.delete(key)
  else unkept.value.add(key)
  return kept
}

/** Keep what can be read again; false when there is no room. */
export function cache(key: string, value: unknown): boolean {
  try {
    uni.setStorageSync(key, JSON.stringify(value))
    return true
  } catch {
    return false
  }
}

export function forget(key: string): void {
  unkept.value.delete(key)
  uni.removeStorageSync(key)
}

export function keysFrom(prefix: string): string[] {
  return uni.getStorageInfoSync().keys.filter((key) => key.startsWith(prefix))
}

/** Everything kept under keys that begin so. */
export function recallAll<T>(prefix: string): T[] {
  return keysFrom(prefix).flatMap((key) => recall<T>(key) ?? [])
}

/** Another tab of the same browser wrote, or forgot, a key that begins so. */
export function whenChangedElsewhere(prefix: string, listener: (key: string) => void): void {
  // #ifdef H5
  window.addEventListener('storage', ({ key }) => {
    if (key === null || key.startsWith(prefix)) listener(key ?? prefix)
  })
  // #endif
}
