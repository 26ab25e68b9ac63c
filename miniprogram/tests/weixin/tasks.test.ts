import { describe, expect, it } from 'vitest'
import { computed } from 'vue'
import type { Task } from '@/api'
import { begun, done, loggedIn, pass, start, troubleOf, type Life } from '../fakes/life'
import { filled, KEY, LOOKS, sign } from '../fakes/signed'
import { BAD_GATEWAY, FakeTean, member, problem } from '../fakes/tean'
import { answer, item, task, todo } from '../fakes/things'

const AT = { duty: 'daily', due: '2026-11-23', target: 'E1' } as const
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

  it('is seen by whoever shows what is kept as soon as it comes', async () => {
    const tean = new FakeTean()
    tean.task = task()
    const life = await loggedIn(undefined, tean)
    const shown = computed(() => life.tasks.kept(AT)?.checklist.items.length ?? 0)
    expect(shown.value).toBe(0)
    await done(life.tasks.open(AT))
    expect(shown.value).toBe(2)
  })

  it('is not there any more when the unit has withdrawn it', async () => {
    const life = await opened()
    life.tean.task = null
    expect(await troubleOf(life.tasks.open(AT))).toMatchObject({ code: 'task.unknown' })
  })

  it('is forgotten when it can no longer be entered late', async () => {
    const life = await opened()
    life.tasks.sweep('2026-11-26')
    expect(life.tasks.kept(AT)).not.toBeNull()
    life.tasks.sweep('2026-11-27')
    expect(life.tasks.kept(AT)).toBeNull()
  })
})

describe('a record that is being corrected', () => {
  const correction = { version: 1, reason: '看错了一项', since: Date.now(), reported: [] }

  async function correcting() {
    const life = await opened()
    life.drafts.change(begun(life), (draft) => { draft.correction = correction })
    return life
  }

  it('keeps its list after its day, as long as it is begun', async () => {
    const life = await correcting()
    life.tasks.sweep('2026-11-27')
    expect(life.tasks.kept(AT)).not.toBeNull()
    life.drafts.remove(life.drafts.find('daily/2026-11-23/E1')!)
    life.tasks.sweep('2026-11-27')
    expect(life.tasks.kept(AT)).toBeNull()
  })

  it('is not lost without a word when another list was released meanwhile', async () => {
    const life = await correcting()
    life.tasks.forgetList(AT)
    life.tean.task = task(undefined, { checklist: { ...task().checklist, sha256: 'b'.repeat(64) } })
    expect(await troubleOf(life.tasks.open(AT))).toMatchObject({ code: 'correction.list_changed' })
    expect(life.drafts.find('daily/2026-11-23/E1')?.correction).toMatchObject({ reason: '看错了一项' })
  })
})

describe('a switch of membership while a list is on its way', () => {
  it('keeps and shows nothing of it under the other', async () => {
    const tean = new FakeTean()
    tean.task = task()
    tean.todos = [todo()]
    tean.people.set('openid-1', [member(), member('director')])
    const life = await loggedIn(undefined, tean)
    for (const route of [OPEN, 'GET /v1/todos']) tean.next(route, (_, act) => ({ ...act(), after: 3000 }))
    const opening = troubleOf(life.tasks.open(AT))
    const reading = life.todos.load()
    await done(life.session.choose(member('director')))
    expect(await opening).toMatchObject({ name: 'Elsewhere' })
    await done(reading)
    expect([life.todos.items, life.todos.loaded]).toEqual([[], false])
    expect([...life.phone.storage.keys()].filter((key) => key.startsWith('task:') || key.startsWith('todos:'))).toEqual([])
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

describe('a list that was refused', () => {
  async function refused(after: Task) {
    const life = await opened(listed('a', 'A1', 'A2', 'A3'))
    const draft = begun(life, listed('a', 'A1', 'A2', 'A3'))
    for (const code of ['A1', 'A2', 'A3']) life.drafts.answer(draft, code, answer())
    life.tasks.forgetList(AT)
    life.tean.task = after
    await done(life.tasks.open(AT))
    return life
  }

  it('gives its answers to what is asked in the same words by the one that holds', async () => {
    const after = listed('b', 'A1', 'A2', 'B1')
    after.checklist.items[1]!.text = '说法变了'
    const life = await refused(after)
    expect(life.drafts.find(KEY)).toMatchObject({ checklist: 'b'.repeat(64) })
    expect(Object.keys(life.drafts.find(KEY)!.answers)).toEqual(['A1'])
    expect((await done(life.tasks.open(AT))).checklist.items.map(({ code }) => code)).toEqual(['A1', 'A2', 'B1'])
  })

  it('is not opened again without a network', async () => {
    const life = await opened(listed('a', 'A1'))
    life.tasks.forgetList(AT)
    life.tean.next(OPEN, 'silent')
    expect(await troubleOf(life.tasks.open(AT))).toBeTruthy()
    life.tasks.sweep('2026-11-27')
    expect([...life.phone.storage.keys()].filter((key) => key.startsWith('task:'))).toEqual([])
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

describe('what belongs to a week or a month', () => {
  const week = { duty: 'weekly', due: '2026-11-23', target: '3000' } as const
  const month = { duty: 'monthly', due: '2026-11-01', target: '3000' } as const
  const ofKind = (at: typeof week | typeof month) => task(undefined, { ...at, target: { ...task().target, target: at.target } })

  it('stays on the phone, draft and list and receipt, until it takes no late entry any more', async () => {
    const life = await loggedIn()
    const { sweep } = await import('@/stores/sweep')
    for (const at of [week, month]) {
      life.tean.task = ofKind(at)
      await done(life.tasks.open(at))
      life.drafts.answer(begun(life, ofKind(at)), 'A1', answer())
    }
    const receipt = { record: 'weekly.2026-11-23.officer-P1.v01', ...week, received_at: '2026-11-23T01:00:00.000Z', state: 'in_use', late: false, fails: 0 }
    life.phone.storage.set('received:U1/P1/officer:weekly/2026-11-23/3000', JSON.stringify({ owner: 'U1/P1/officer', key: 'weekly/2026-11-23/3000', receipt }))
    const there = () => [life.drafts.find('weekly/2026-11-23/3000'), life.drafts.find('monthly/2026-11-01/3000'), life.tasks.kept(week), life.tasks.kept(month), life.phone.storage.get('received:U1/P1/officer:weekly/2026-11-23/3000')].map(Boolean)
    sweep('2026-12-02')
    expect(there()).toEqual([true, true, true, true, true])
    sweep('2026-12-03')
    expect(there()).toEqual([false, true, false, true, false])
    sweep('2026-12-04')
    expect(there()).toEqual([false, false, false, false, false])
  })

  it('is fetched as long as its bucket is on, for every post; reports are not', async () => {
    const tean = new FakeTean()
    tean.task = ofKind(week)
    tean.people.set('openid-1', [member('director')])
    tean.todos = [
      todo('3000', { duty: 'weekly', due: '2026-11-16', state: 'missed' }), todo('3000', { duty: 'weekly', due: '2026-11-23' }), todo('3000', { duty: 'monthly', due: '2026-11-01' }),
      todo('3000', { duty: 'weekly_report', due: '2026-11-23' }),
    ]
    const life = await loggedIn(undefined, tean)
    await done(life.todos.load())
    await done(life.tasks.fetchCurrent())
    expect(tean.of(OPEN).map(({ path }) => path)).toEqual(['/v1/tasks/weekly/2026-11-23/3000', '/v1/tasks/monthly/2026-11-01/3000'])
    expect(life.todos.earlier.map(({ due }) => due)).toEqual(['2026-11-16'])
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
    await done(life.tasks.fetchCurrent())
    expect(asked(life)).toEqual(['E1', 'E2'])
    life.uni.setNetwork(false)
    expect((await done(life.tasks.open({ ...AT, target: 'E2' }))).checklist.items).toHaveLength(2)
  })

  it('are asked for once', async () => {
    const life = await withList()
    await done(Promise.all([life.tasks.fetchCurrent(), life.tasks.fetchCurrent()]))
    await done(life.tasks.fetchCurrent())
    expect(asked(life)).toEqual(['E1', 'E2'])
  })

  it('come though one of them is refused, and nothing that was begun is begun anew', async () => {
    const life = await withList()
    life.tean.todos.push(todo('E5'))
    await done(life.todos.load())
    life.drafts.answer(begun(life), 'A1', answer())
    life.tean.next(OPEN, problem(404, 'task.withdrawn', '这项任务已撤回。'))
    await done(life.tasks.fetchCurrent())
    expect([asked(life), Object.keys(life.drafts.held)]).toEqual([['E2', 'E5'], [KEY]])
  })

  it('are not asked for one after the other while nobody answers', async () => {
    const life = await withList()
    life.tean.next(OPEN, 'silent')
    await done(life.tasks.fetchCurrent())
    expect(asked(life)).toEqual(['E1'])
    await done(life.tasks.fetchCurrent())
    expect(asked(life)).toEqual(['E1', 'E1', 'E2'])
  })
})

describe('what nobody can hand in any more', () => {
  const photo = (life: Life) => done(life.uploads.add(life.phone.shoot(), 'photo'))
  const form = (life: Life, hazard: string, at: number, photos: string[]) => life.phone.storage.set(`rectify:U1/P1/officer:${hazard}`, JSON.stringify({ at, value: { photos } }))

  it('is swept out, with its pictures; what is cited anywhere stays', async () => {
    const life = await loggedIn()
    const { sweep } = await import('@/stores/sweep')
    life.uni.setNetwork(false)
    const names: Record<string, string> = {}
    for (const what of ['old', 'young', 'signed', 'form', 'stale', 'lost']) names[what] = await photo(life)
    const failed = (name: string) => answer({ result: 'fail', handling: 'pending', photos: [name] })
    life.drafts.answer(begun(life, task(undefined, { due: '2026-11-20' })), 'A1', failed(names.old!))
    life.drafts.answer(begun(life), 'A1', failed(names.young!))
    const other = filled(life, 'E2')
    life.drafts.answer(other, 'A1', failed(names.signed!))
    names.signature = await sign(life)
    life.outbox.put(other, LOOKS, names.signature)
    form(life, 'H1', Date.now(), [names.form!])
    form(life, 'H2', Date.now() - 61 * 86_400_000, [names.stale!])
    await pass(3 * 86_400_000)
    names.taken = await photo(life)
    sweep('2026-11-24')
    await pass(100)
    expect(Object.keys(life.drafts.held)).toEqual([KEY])
    expect(life.outbox.mine).toHaveLength(1)
    const { young, signed, form: kept, signature, taken } = names
    expect(Object.keys(life.uploads.held).sort()).toEqual([young, signed, kept, signature, taken].sort())
    expect(life.phone.files.size).toBe(5)
    expect([life.phone.storage.has('rectify:U1/P1/officer:H1'), life.phone.storage.has('rectify:U1/P1/officer:H2')]).toEqual([true, false])
    expect(Object.keys((await start(life.phone, life.tean)).drafts.held)).toEqual([KEY])
  })

  it('is not yet what the unit takes until five past midnight', async () => {
    const life = await loggedIn()
    const { sweep } = await import('@/stores/sweep')
    life.drafts.answer(begun(life, task(undefined, { due: '2026-11-20' })), 'A1', answer())
    sweep('2026-11-23')
    expect(Object.keys(life.drafts.held)).toHaveLength(1)
    sweep('2026-11-24')
    expect(life.drafts.held).toEqual({})
  })
})
