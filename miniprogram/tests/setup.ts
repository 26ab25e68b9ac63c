import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, vi } from 'vitest'
import { FakePhone, FakeUni, install } from './fakes/uni'

/** Half past nine in the morning in Shanghai. */
export const MORNING = Date.parse('2026-11-23T01:30:00.000Z')

// Only what the app itself waits by: IndexedDB's own ticks stay real.
beforeEach(() => void vi.useFakeTimers({ now: MORNING, toFake: ['setTimeout', 'clearTimeout', 'Date'] }))

// A composable may ask a store; whoever tests a store makes one of its own.
beforeEach(() => {
  install(new FakeUni(new FakePhone()))
  setActivePinia(createPinia())
})

afterEach(() => {
  vi.clearAllTimers()
  vi.useRealTimers()
})
