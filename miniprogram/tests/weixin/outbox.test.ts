import { describe, expect, it } from 'vitest'
import type { Parcel } from '@/rules/parcel'
import { begun, done, loggedIn, pass, start, troubleOf, type Life } from '../fakes/life'
import { expectReceived, filled, KEY, LOOKS, MINUTE, sentTexts, sign, signed, states, SUBMIT, withTodo } from '../fakes/signed'
import { problem } from '../fakes/tean'
import { answer, todo } from '../fakes/things'

describe('a signed inspection', () => {
  it('reaches the unit, and only its receipt takes it off the phone', async () => {
    const life = await withTodo()
    await signed(life)
    expect([states(life), life.outbox.receivedToday]).toEqual([['waiting'], []])
    await done(life.outbox.drain())
    await expectReceived(life)
    expect(life.todos.items[0]).toMatchObject({ state: 'done', closed_by: 'P1', stamp: 'zero_risk', fails: 1 })
  })

  it('becomes one parcel however often it is tapped', async () => {
    const life = await loggedIn()
    const draft = filled(life)
    const signature = await sign(life)
    const first = life.outbox.put(draft, LOOKS, signature)
    await pass(3)
    expect(life.outbox.put(draft, LOOKS, signature)).toBe(first)
    void life.outbox.drain()
    await done(life.outbox.drain())
    await expectReceived(life)
    expect(life.tean.of(SUBMIT)).toHaveLength(1)
  })

  it('is not changed by who goes on typing', async () => {
    const life = await loggedIn()
    const parcel = await signed(life)
    life.drafts.answer(begun(life), 'A1', answer({ result: 'fail' }))
    expect(parcel.draft.answers.A1!.result).toBe('pass')
  })

  it('says what it was worked on by the phone when it was signed, not when it was sent', async () => {
    const life = await loggedIn()
    life.uni.setNetwork(false)
    const parcel = await signed(life)
    await pass(40 * MINUTE)
    life.uni.setNetwork(true)
    await pass(1000)
    expect(life.tean.of(SUBMIT)[0]!.body.performed_at).toBe(parcel.signedAt)
  })
})

describe('without a network', () => {
  it('it waits, over restarts, and goes when the network returns', async () => {
    const before = await loggedIn()
    before.uni.setNetwork(false)
    await signed(before)
    await done(before.outbox.drain())
    expect(states(before)).toEqual(['waiting'])
    before.uni.kill()

    const life = await start(before.phone, before.tean)
    await done(life.outbox.drain())
    expect([states(life), life.outbox.receivedToday]).toEqual([['waiting'], []])
    life.uni.setNetwork(true)
    await expectReceived(life)
  })

  it('several wait, and go one after the other, oldest first', async () => {
    const life = await loggedIn()
    life.uni.setNetwork(false)
    for (const target of ['E1', 'E2', 'E3']) {
      life.outbox.put(filled(life, target), LOOKS, await sign(life))
    }
    life.uni.setNetwork(true)
    await pass(2000)
    expect(life.tean.of(SUBMIT).map((heard) => heard.body.target)).toEqual(['E1', 'E2', 'E3'])
    expect(life.outbox.receivedToday).toHaveLength(3)
  })

  it('one that is refused does not hold up the next', async () => {
    const life = await loggedIn()
    await signed(life)
    life.outbox.put(filled(life, 'E2'), LOOKS, await sign(life))
    life.tean.next(SUBMIT, problem(409, 'task.withdrawn', '这项任务已撤回。'))
    await done(life.outbox.drain())
    expect(states(life)).toEqual(['refused'])
    expect(life.outbox.receivedToday.map((one) => one.receipt.target)).toEqual(['E2'])
  })
})

describe('an answer that was lost', () => {
  it('is asked for again with the same bytes, and ends in one receipt', async () => {
    const life = await loggedIn()
    life.tean.next(SUBMIT, 'lost')
    await signed(life)
    await done(life.outbox.drain())
    expect([states(life), life.tean.records.size]).toEqual([['waiting'], 1])
    await done(life.outbox.drain())
    await expectReceived(life)
    expect([life.tean.of(SUBMIT).length, sentTexts(life).size]).toEqual([2, 1])
  })

  it('also when the app was killed before it came', async () => {
    const before = await loggedIn()
    before.tean.next(SUBMIT, 'lost')
    await signed(before)
    void before.outbox.drain()
    await pass(1000)
    expect(states(before)).toEqual(['sending'])
    before.uni.kill()

    const life = await start(before.phone, before.tean)
    expect(states(life)).toEqual(['waiting'])
    await done(life.outbox.drain())
    await expectReceived(life)
    expect(sentTexts(life).size).toBe(1)
  })
})

describe('what was sent once', () => {
  it('is sent again as it was, whatever became of the rest of the phone', async () => {
    const before = await loggedIn()
    before.tean.next(SUBMIT, 'lost')
    await signed(before)
    void before.outbox.drain()
    await pass(1000)
    before.uni.kill()
    ;[...before.phone.storage.keys()].filter((key) => key.startsWith('upload:')).forEach((key) => before.phone.storage.delete(key))
    const life = await start(before.phone, before.tean)
    await done(life.outbox.drain())
    expect([life.outbox.refused, life.outbox.receivedToday.length, sentTexts(life).size]).toEqual([[], 1, 1])
  })
})

describe('thrown away while its answer is on the way', () => {
  it('does not come back with the answer', async () => {
    const life = await loggedIn()
    const parcel = await signed(life)
    await pass(2000)
    life.tean.next(SUBMIT, { ...problem(500, 'server.error', '没有办成。'), after: 3000 })
    const sending = life.outbox.drain()
    await pass(500)
    life.outbox.discard(parcel)
    await done(sending)
    expect([life.outbox.parcels, [...life.phone.storage.keys()].filter((key) => key.startsWith('parcel:'))]).toEqual([[], []])
  })
})

describe('how a task stands', () => {
  it('is refused even where an earlier check of it was received', async () => {
    const life = await withTodo()
    await signed(life)
    await done(life.outbox.drain())
    life.tean.next(SUBMIT, problem(409, 'inspection.already_submitted', '您已经提交过。'))
    life.outbox.put(filled(life), LOOKS, await sign(life))
    await done(life.outbox.drain())
    expect([life.outbox.standing(todo()), life.outbox.isLeft(todo())]).toEqual(['refused', true])
    expect(life.outbox.isLeft(todo('E1', { state: 'done' }))).toBe(false)
  })

  it('is received though a list that was asked for before came after', async () => {
    const life = await withTodo()
    life.tean.next('GET /v1/todos', (_, act) => ({ ...act(), after: 5000 }))
    const slow = life.todos.load()
    await signed(life)
    await done(life.outbox.drain())
    await done(slow)
    expect(life.todos.items[0]).toMatchObject({ state: 'done', closed_by: 'P1' })
    expect(life.outbox.isLeft(life.todos.items[0]!)).toBe(false)
  })
})

describe('a round', () => {
  it('ends when nobody answers: the others would wait as long for the same', async () => {
    const life = await loggedIn()
    for (const target of ['E1', 'E2', 'E3']) life.outbox.put(filled(life, target), LOOKS, await sign(life))
    await pass(1000)
    life.tean.next(SUBMIT, 'silent')
    await done(life.outbox.drain())
    expect([life.tean.of(SUBMIT).length, states(life)]).toEqual([1, ['waiting', 'waiting', 'waiting']])
    await pass(MINUTE)
    expect(life.tean.records.size).toBe(3)
  })

  it('goes on when only a photo of one does not go up', async () => {
    const life = await loggedIn()
    life.tean.verdict = 'pending'
    await signed(life)
    await pass(15_000)
    life.tean.verdict = 'verified'
    life.outbox.put(filled(life, 'E2'), LOOKS, await sign(life))
    await done(life.outbox.drain())
    expect([...life.tean.records.keys()]).toEqual(['U1/P1/daily/2026-11-23/E2'])
  })
})

describe('a phone without room', () => {
  it('does not take a signed check over; the draft stays, to be signed again', async () => {
    const life = await loggedIn()
    const draft = filled(life)
    const signature = await sign(life)
    life.phone.room = 100
    expect(() => life.outbox.put(draft, LOOKS, signature)).toThrow('phone.full')
    expect([life.outbox.mine, Object.keys(life.drafts.held)]).toEqual([[], [KEY]])
    life.phone.room = Infinity
    life.outbox.put(draft, LOOKS, signature)
    await done(life.outbox.drain())
    await expectReceived(life)
  })

  it('gives nothing back to be changed that it could not keep', async () => {
    const life = await loggedIn()
    life.tean.next(SUBMIT, problem(400, 'inspection.answers', '有 1 处需要补充。'))
    const parcel = await signed(life)
    await done(life.outbox.drain())
    life.phone.room = 100
    expect(() => life.outbox.reopen(parcel)).toThrow('phone.full')
    const next = await start(life.phone, life.tean)
    expect(next.outbox.refused).toHaveLength(1)
  })

  it('goes on saying so until what had no room is kept, whatever else finds some', async () => {
    const life = await loggedIn()
    const { full } = await import('@/platform/storage')
    const draft = filled(life)
    life.phone.room = 300
    life.drafts.remark(draft, 'A1', '长'.repeat(300))
    await sign(life)
    expect(full.value).toBe(true)
    life.drafts.remove(draft)
    expect(full.value).toBe(false)
  })

  it('sends nothing that it could send otherwise the next time', async () => {
    const life = await loggedIn()
    await signed(life)
    await pass(1000)
    life.phone.room = 100
    await done(life.outbox.drain())
    expect([life.tean.of(SUBMIT), states(life)]).toEqual([[], ['waiting']])
    life.phone.room = Infinity
    await done(life.outbox.drain())
    await expectReceived(life)
  })

  it('keeps no picture that it could not find again', async () => {
    const life = await loggedIn()
    life.phone.room = 10
    expect(await troubleOf(life.uploads.add(life.phone.shoot(), 'photo'))).toMatchObject({ code: 'phone.full' })
    expect([life.uploads.held, life.phone.files.size]).toEqual([{}, 0])
  })
})

describe('thrown away while it is on its way', () => {
  it('it is not sent any more', async () => {
    const life = await loggedIn()
    life.tean.verdict = 'pending'
    const parcel = await signed(life)
    void life.outbox.drain()
    await pass(300)
    life.outbox.discard(parcel)
    life.tean.files.forEach((file) => (file.verdict = 'verified'))
    await pass(2 * MINUTE)
    expect([life.tean.of(SUBMIT).length, life.outbox.mine.length]).toEqual([0, 0])
  })
})

describe('the list of what was received', () => {
  it('is that of today', async () => {
    const life = await loggedIn()
    await signed(life)
    await done(life.outbox.drain())
    expect(life.outbox.receivedToday).toHaveLength(1)
    life.session.today = '2026-11-24'
    expect(life.outbox.receivedToday).toEqual([])
  })
})

describe('a correction', () => {
  const correction = (since: number, reason = '看错了一项') => ({ version: 1, reason, since, reported: [] })
  const inStorage = (life: Life) => [...life.phone.storage].filter(([key]) => key.startsWith('parcel:')).map(([, text]) => JSON.parse(text) as Parcel)

  /** Received, and begun to be corrected, without a network. */
  async function correcting(since = 1) {
    const life = await withTodo()
    await signed(life)
    await done(life.outbox.drain())
    life.uni.setNetwork(false)
    return { life, draft: corrected(life, since) }
  }
  function corrected(life: Life, since: number) {
    const draft = filled(life)
    life.drafts.change(draft, (one) => (one.correction = correction(since)))
    return draft
  }

  it('that waits or was refused takes nothing of the day away: its record is with the unit', async () => {
    const { life, draft } = await correcting()
    life.outbox.put(draft, LOOKS, await sign(life))
    const row = todo()
    const stands = () => [life.outbox.waiting.length, life.outbox.standing(row), life.outbox.isLeft(row), life.outbox.isWithUnit(row), life.outbox.badge(life.todos.items[0]!).text]
    expect(stands()).toEqual([1, 'received', false, true, '1 条隐患'])
    life.uni.setNetwork(true)
    await done(life.outbox.drain())
    expect([life.outbox.refused.length, ...stands()]).toEqual([1, 0, 'received', false, true, '1 条隐患'])
  })

  it('beside another that waits is not taken for it, and neither is lost', async () => {
    const { life, draft } = await correcting()
    const first = life.outbox.put(draft, LOOKS, await sign(life))
    const second = corrected(life, 2)
    expect(() => life.outbox.put(second, LOOKS)).toThrow(expect.objectContaining({ code: 'outbox.waits', sentence: '这条记录的另一份更正已经签字，还在本机；请先到“待上传”处理那一份。' }))
    expect([life.outbox.mine, life.drafts.find(KEY)?.correction?.since]).toEqual([[first], 2])
  })

  it('that another tab signed a moment ago is found on the phone, and not written over', async () => {
    const { life, draft } = await correcting(2)
    const there = { owner: draft.owner, key: KEY, ...LOOKS, draft: { ...draft, correction: correction(1) }, signedAt: '2026-11-23T01:29:00.000Z', state: 'waiting' } as Parcel
    life.phone.storage.set(`parcel:${draft.owner}:${KEY}`, JSON.stringify(there))
    expect(() => life.outbox.put(draft, LOOKS)).toThrow('outbox.waits')
    expect([inStorage(life), life.outbox.mine, life.drafts.find(KEY)?.correction?.since]).toEqual([[there], [there], 2])
  })

  it('begun while the answer of the check was on its way stays', async () => {
    const life = await withTodo()
    await signed(life)
    await pass(1000)
    life.tean.next(SUBMIT, (_, act) => ({ ...act(), after: 3000 }))
    const sending = life.outbox.drain()
    await pass(500)
    corrected(life, 1)
    await done(sending)
    expect([life.outbox.mine, life.drafts.find(KEY)?.correction?.since]).toEqual([[], 1])
  })

  it('that took the place of one on its way is not thrown away with its answer', async () => {
    const life = await withTodo()
    const before = await signed(life)
    await pass(1000)
    life.tean.next(SUBMIT, (_, act) => ({ ...act(), after: 3000 }))
    const sending = life.outbox.drain()
    await pass(500)
    const there = { ...before, state: 'waiting', draft: { ...before.draft, correction: correction(1) }, signedAt: '2026-11-23T01:31:00.000Z' } as Parcel
    life.phone.storage.set(`parcel:${before.owner}:${KEY}`, JSON.stringify(there))
    life.uni.setNetwork(false)
    await done(sending)
    expect(inStorage(life)).toEqual([there])
  })
})
