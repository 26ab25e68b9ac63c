import { afterEach, beforeEach, vi } from 'vitest'

/** Half past nine in the morning in Shanghai. */
export const MORNING = Date.parse('2026-11-23T01:30:00.000Z')

// Only what the app itself waits by: IndexedDB's own ticks stay real.
beforeEach(() => void vi.useFakeTimers({ now: MORNING, toFake: ['setTimeout', 'clearTimeout', 'Date'] }))

afterEach(() => {
  vi.clearAllTimers()
  vi.useRealTimers()
})
