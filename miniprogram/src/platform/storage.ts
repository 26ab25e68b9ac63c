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

export function remember(key: string, value: unknown): void {
  uni.setStorageSync(key, JSON.stringify(value))
}

export function forget(key: string): void {
  uni.removeStorageSync(key)
}

export function keysFrom(prefix: string): string[] {
  return uni.getStorageInfoSync().keys.filter((key) => key.startsWith(prefix))
}
