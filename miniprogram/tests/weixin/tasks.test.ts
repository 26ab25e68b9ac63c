import { describe, expect, it } from 'vitest'
import type { Task } from '@/api'
import { begun, done, loggedIn, pass, start, troubleOf, type Life } from '../fakes/life'
import { BAD_GATEWAY, FakeTean, problem } from '../fakes/tean'
import { answer, item, task, todo } from '../fakes/things'

const AT = { duty: 'daily', due: '2026-11-23', target: 'E1' } as const
const KEY = 'daily/2026-11-23/E1'
const OPEN = 'GET /v1/tasks'

const listed = (sha: string, ...codes: string[]): Task => {
  const anew = task(codes.map((code) => item(code)))
  anew.checklist.sha256 = sha.repeat(64)
  return anew
}

async function opened(first: Task = task()): Promise<Life> {
  const tean = new FakeTean()
  tean.task = first
  const life = await loggedIn(undefined, tean)
  await done(life.tasks.open(AT))
  return life
}

describe('a task that was opened', () => {
  it.each([['nobody answers', 'silent'], ['a proxy is in trouble', BAD_GATEWAY], ['the server fails', problem(500, 'server.error', '没有办成。')]] as const)(
    'is there as it was when %s', async (_, mishap) => {
      const life = await opened()
      life.tean.next(OPEN, mishap)
      expect((await done(life.tasks.open(AT))).checklist.items.map(({ code }) => code)).toEqual(['A1', 'A2'])
    },
  )

  it('is not there any more when the unit has withdrawn it', async () => {
    const life = await opened()
    life.tean.task = null
    expect(await troubleOf(life.tasks.open(AT))).toMatchObject({ code: 'task.unknown' })
  })

  it('is forgotten when it can no longer be entered late', async () => {
    const life = await opened()
    life.tasks.sweep('2026-11-27')
    expect(life.tasks.kept(AT)).not.toBeNull()
    life.tasks.sweep('2026-11-28')
    expect(life.tasks.kept(AT)).toBeNull()
  })
})

describe('a list that is released anew', () => {
  it('is not asked of who has begun with the former one', async () => {
    const life = await opened(listed('a', 'A1', 'A2'))
    life.drafts.answer(begun(life, listed('a', 'A1', 'A2')), 'A1', answer())
    life.tean.task = listed('b', 'B1', 'B2', 'B3')
    const shown = await done(life.tasks.open(AT))
    expect([shown.checklist.sha256, shown.checklist.items.length]).toEqual(['a'.repeat(64), 2])
    expect(life.drafts.find(KEY)!.answers).toHaveProperty('A1')
    expect(life.tasks.kept(AT)!.checklist.items).toHaveLength(2)
  })

  it('is asked of who has not begun', async () => {
    const life = await opened(listed('a', 'A1'))
    life.tean.task = listed('b', 'B1')
    expect((await done(life.tasks.open(AT))).checklist.items[0]!.code).toBe('B1')
  })

  it('is asked of who was told that the former one no longer holds', async () => {
    const life = await opened(listed('a', 'A1'))
    life.drafts.answer(begun(life, listed('a', 'A1')), 'A1', answer())
    life.tasks.forgetList(AT)
    life.tean.task = listed('b', 'B1')
    expect((await done(life.tasks.open(AT))).checklist.items[0]!.code).toBe('B1')
    expect(life.drafts.find(KEY)).toBeUndefined()
  })
})

describe('a target whose sub-type was changed', () => {
  it('keeps the answers that are still asked for', async () => {
    const life = await opened(listed('a', 'A1', 'A2'))
    const draft = begun(life, listed('a', 'A1', 'A2'))
    life.drafts.answer(draft, 'A1', answer())
    life.drafts.answer(draft, 'A2', answer())
    life.tean.task = listed('a', 'A2', 'A3')
    await done(life.tasks.open(AT))
    expect(Object.keys(life.drafts.find(KEY)!.answers)).toEqual(['A2'])
  })
})

describe("today's lists", () => {
  async function withList(): Promise<Life> {
    const tean = new FakeTean()
    tean.task = task()
    tean.todos = [todo('E1'), todo('E2'), todo('E3', { state: 'done' }), todo('E4', { due: '2026-11-22', state: 'missed' })]
    const life = await loggedIn(undefined, tean)
    await done(life.todos.load())
    return life
  }
  const asked = (life: Life) => life.tean.of(OPEN).map(({ path }) => path.split('/').pop())

  it('are on the phone before the network goes, those that are left', async () => {
    const life = await withList()
    await done(life.tasks.fetchToday())
    expect(asked(life)).toEqual(['E1', 'E2'])
    life.uni.setNetwork(false)
    expect((await done(life.tasks.open({ ...AT, target: 'E2' }))).checklist.items).toHaveLength(2)
  })

  it('are asked for once', async () => {
    const life = await withList()
    await done(Promise.all([life.tasks.fetchToday(), life.tasks.fetchToday()]))
    await done(life.tasks.fetchToday())
    expect(asked(life)).toEqual(['E1', 'E2'])
  })

  it('are not asked for one after the other while nobody answers', async () => {
    const life = await withList()
    life.tean.next(OPEN, 'silent')
    await done(life.tasks.fetchToday())
    expect(asked(life)).toEqual(['E1'])
    await done(life.tasks.fetchToday())
    expect(asked(life)).toEqual(['E1', 'E1', 'E2'])
  })
})

describe('what nobody can hand in any more', () => {
  it('is swept out, with its pictures; the rest stays', async () => {
    const life = await loggedIn()
    const { sweep } = await import('@/stores/sweep')
    const old = begun(life, task(undefined, { due: '2026-11-20' }))
    const young = begun(life)
    for (const draft of [old, young]) {
      const photo = await done(life.uploads.add(life.phone.shoot(), 'photo'))
      life.drafts.answer(draft, 'A1', answer({ result: 'fail', photos: [photo] }))
    }
    const lost = await done(life.uploads.add(life.phone.shoot(), 'photo'))
    await pass(3 * 86_400_000)
    const taken = await done(life.uploads.add(life.phone.shoot(), 'photo'))
    life.phone.storage.set('rectify:U1/P1/officer:H1', JSON.stringify({ at: 0, value: { photos: [lost] } }))
    sweep('2026-11-23')
    await pass(100)
    expect(Object.keys(life.drafts.held)).toEqual([KEY])
    expect(Object.keys(life.uploads.held).sort()).toEqual([...young.answers.A1!.photos, taken].sort())
    expect(life.phone.files.size).toBe(2)
    expect(life.phone.storage.has('rectify:U1/P1/officer:H1')).toBe(false)
    expect(Object.keys((await start(life.phone, life.tean)).drafts.held)).toEqual([KEY])
  })
})
