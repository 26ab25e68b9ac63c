import { createPinia, setActivePinia } from 'pinia'
import { vi } from 'vitest'
import type { Task } from '@/api'
import { newDraft, type Draft } from '@/rules/draft'
import { FakeTean } from './tean'
import { task } from './things'
import { FakePhone, FakeUni, install } from './uni'

/** One life of the app on a phone: nothing in memory is left of the one before. */
export async function start(phone = new FakePhone(), tean = new FakeTean(), dieAt = Infinity) {
  vi.resetModules()
  vi.clearAllTimers()
  const uni = install(new FakeUni(phone, tean))
  setActivePinia(createPinia())
  const { watchNetwork } = await import('@/platform/network')
  const { useSession } = await import('@/stores/session')
  const { useDrafts } = await import('@/stores/drafts')
  const { useTodos } = await import('@/stores/todos')
  const { useTasks } = await import('@/stores/tasks')
  const { useUploads } = await import('@/stores/uploads')
  const { useOutbox } = await import('@/stores/outbox')
  watchNetwork()
  const session = useSession()
  const life = { phone, tean, uni, session, todos: useTodos(), tasks: useTasks(), drafts: useDrafts(), uploads: useUploads(), outbox: useOutbox() }
  uni.dieAt = dieAt
  return life
}

export type Life = Awaited<ReturnType<typeof start>>

/** Logged in as the officer. */
export async function loggedIn(phone?: FakePhone, tean?: FakeTean): Promise<Life> {
  const life = await start(phone, tean)
  await done(life.session.enter())
  return life
}

/** A check that was begun. */
export function begun({ drafts, session }: Life, opened: Task = task()): Draft {
  drafts.save(newDraft(opened, session.owner))
  return drafts.find(`${opened.duty}/${opened.due}/${opened.target.target}`)!
}

/** Let time pass. */
export const pass = (milliseconds: number) => vi.advanceTimersByTimeAsync(milliseconds)

/** What becomes of it, time passing as needed; it throws what it throws. */
export async function done<T>(work: Promise<T>): Promise<T> {
  let over = false
  const end = () => void (over = true)
  work.then(end, end)
  for (let step = 0; !over && step < 2000; step += 1) await pass(50)
  if (!over) throw new Error('nothing came of it')
  return work
}

/** The trouble it ends with. */
export async function troubleOf(work: Promise<unknown>): Promise<{ name: string; code: string; sentence: string; status?: number; details?: unknown }> {
  try {
    await done(work)
  } catch (error) {
    return error as never
  }
  throw new Error('it went well')
}
