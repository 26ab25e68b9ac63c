import { describe, expect, it } from 'vitest'
import type { Parcel } from '@/stores/outbox'
import { done, loggedIn, pass, start, type Life } from '../fakes/life'
import { BAD_GATEWAY, CAPTIVE_PORTAL, FakeTean, member, problem, type Mishap } from '../fakes/tean'
import { answer, task, todo } from '../fakes/things'
import { FakePhone } from '../fakes/uni'

const LOOKS = { name: '1 号客梯', icon: 'elevator' }
const KEY = 'daily/2026-11-23/E1'
const SUBMIT = 'POST /v1/inspections'
const MINUTE = 60_000

/** One inspection, signed: an item passed, a 重大 failed with its photo. */
async function signed(life: Life): Promise<Parcel> {
  const { drafts, uploads, outbox, phone } = life
  const draft = drafts.of(task())
  const photo = await done(uploads.add(phone.shoot(), 'photo'))
  drafts.answer(draft, 'A1', answer())
  drafts.answer(draft, 'A2', answer({ result: 'fail', handling: 'pending', photos: [photo] }))
  const signature = await done(uploads.add(phone.shoot(undefined, { type: 'png' }), 'signature'))
  return outbox.put(draft, LOOKS, signature)
}

async function withTodo(): Promise<Life> {
  const tean = new FakeTean()
  tean.todos = [todo()]
  const life = await loggedIn(undefined, tean)
  await done(life.todos.load())
  return life
}

const states = (life: Life) => life.outbox.mine.map((parcel) => parcel.state)
const sentTexts = (life: Life) => new Set(life.tean.of(SUBMIT).map((heard) => heard.text))

/** The unit has it, once; the phone says so, and keeps nothing of it but the receipt. */
async function expectReceived(life: Life) {
  await pass(500)
  expect(life.tean.records.size).toBe(1)
  expect(life.outbox.mine).toEqual([])
  expect(life.outbox.receivedToday).toHaveLength(1)
  expect(life.outbox.receiptOf(KEY)?.number).toBe('20261123-E1-01')
  expect(life.drafts.find(KEY)).toBeUndefined()
  expect([...life.phone.files.keys()]).toEqual([])
  expect(life.uploads.held).toEqual({})
}

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
    const draft = life.drafts.of(task())
    life.drafts.answer(draft, 'A1', answer())
    life.drafts.answer(draft, 'A2', answer())
    const signature = await done(life.uploads.add(life.phone.shoot(), 'signature'))
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
    life.drafts.of(task()).answers.A1 = answer({ result: 'fail' })
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
      const opened = task()
      opened.target.target = target
      const draft = life.drafts.of(opened)
      life.drafts.answer(draft, 'A1', answer())
      life.drafts.answer(draft, 'A2', answer())
      life.outbox.put(draft, LOOKS, await done(life.uploads.add(life.phone.shoot(), 'signature')))
    }
    life.uni.setNetwork(true)
    await pass(2000)
    expect(life.tean.of(SUBMIT).map((heard) => heard.body.target)).toEqual(['E1', 'E2', 'E3'])
    expect(life.outbox.receivedToday).toHaveLength(3)
  })

  it('one that is refused does not hold up the next', async () => {
    const life = await loggedIn()
    await signed(life)
    const opened = task()
    opened.target.target = 'E2'
    const draft = life.drafts.of(opened)
    life.drafts.answer(draft, 'A1', answer())
    life.drafts.answer(draft, 'A2', answer())
    life.outbox.put(draft, LOOKS, await done(life.uploads.add(life.phone.shoot(), 'signature')))
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
    before.phone.storage.delete('uploads')
    const life = await start(before.phone, before.tean)
    await done(life.outbox.drain())
    expect([life.outbox.refused, life.outbox.receivedToday.length, sentTexts(life).size]).toEqual([[], 1, 1])
  })
})

describe('what says nothing about the inspection', () => {
  const REFUSALS: [string, Mishap][] = [
    ['an error of the server', problem(500, 'server.error', '没有办成。')],
    ['a crowded target', problem(503, 'inspection.contended', '同时有人在提交这个对象。')],
    ['a photo still being judged', problem(409, 'file.pending', '照片还没有核验完。')],
    ['a proxy in trouble', BAD_GATEWAY],
    ['the login page of a Wi-Fi', CAPTIVE_PORTAL],
    ['a time-out', 'silent'],
  ]

  it.each(REFUSALS)('%s: it waits, nobody calls it received, and it is tried again by itself', async (_, mishap) => {
    const life = await loggedIn()
    life.tean.next(SUBMIT, mishap)
    await signed(life)
    await done(life.outbox.drain())
    expect([states(life), life.outbox.receivedToday, life.outbox.refused]).toEqual([['waiting'], [], []])
    expect(life.outbox.mine[0]!.trouble?.sentence).toBeTruthy()
    await pass(MINUTE)
    await expectReceived(life)
    expect(sentTexts(life).size).toBe(1)
  })

  it('a session that ended: it waits for the login, and goes after it', async () => {
    const life = await loggedIn()
    await signed(life)
    life.tean.revokeTokens()
    const people = life.tean.people.get('openid-1')!
    life.tean.people.clear()
    await done(life.outbox.drain())
    expect([states(life), life.session.expired]).toEqual([['waiting'], true])
    life.tean.people.set('openid-1', people)
    await done(life.session.enter())
    await expectReceived(life)
  })

  it('a network that came back while it was being tried: it is tried again', async () => {
    const life = await loggedIn()
    await signed(life)
    await pass(500)
    life.tean.next(SUBMIT, 'silent')
    const slow = life.outbox.drain()
    await pass(5000)
    life.uni.setNetwork(true)
    await done(slow)
    await pass(200)
    await expectReceived(life)
  })
})

describe('what the server refused for good', () => {
  const refuse = async (mishap: Mishap = problem(409, 'inspection.already_submitted', '这个对象这一天您已经提交过，内容不同，没有保存。')) => {
    const life = await loggedIn()
    life.tean.next(SUBMIT, mishap)
    const parcel = await signed(life)
    await done(life.outbox.drain())
    return { life, parcel: life.outbox.find(parcel.key)! }
  }

  it('stays, with the sentence of the server, and is not tried again', async () => {
    const { life, parcel } = await refuse()
    expect(parcel).toMatchObject({ state: 'refused', trouble: { code: 'inspection.already_submitted', sentence: expect.stringContaining('已经提交过') } })
    await done(life.outbox.drain())
    await pass(5 * MINUTE)
    expect([life.tean.of(SUBMIT).length, life.outbox.receivedToday]).toEqual([1, []])
  })

  it('stays over a restart', async () => {
    const { life } = await refuse()
    life.uni.kill()
    const next = await start(life.phone, life.tean)
    expect(next.outbox.refused).toHaveLength(1)
  })

  it('gives the draft back to be changed, and is then sent as another', async () => {
    const { life, parcel } = await refuse(problem(400, 'inspection.answers', '有 1 处需要补充。'))
    const signature = parcel.signature!
    life.outbox.reopen(parcel)
    await pass(100)
    expect(life.outbox.mine).toEqual([])
    const draft = life.drafts.of(task())
    expect(draft.answers.A2).toMatchObject({ result: 'fail', photos: [expect.any(String)] })
    expect(life.uploads.held).not.toHaveProperty(signature)
    expect(Object.keys(life.uploads.held)).toEqual(draft.answers.A2!.photos)

    life.drafts.answer(draft, 'A1', answer({ result: 'fail', handling: 'pending' }))
    life.outbox.put(draft, LOOKS, await done(life.uploads.add(life.phone.shoot(), 'signature')))
    await done(life.outbox.drain())
    await expectReceived(life)
    expect(sentTexts(life).size).toBe(2)
  })

  it('makes room for the same task signed anew', async () => {
    const { life } = await refuse(problem(409, 'inspection.closed', '这一天已经封存。'))
    await signed(life)
    expect(states(life)).toEqual(['waiting'])
    await done(life.outbox.drain())
    expect(life.tean.records.size).toBe(1)
    expect(life.outbox.mine).toEqual([])
  })

  it('is thrown away with its pictures', async () => {
    const { life, parcel } = await refuse()
    expect(life.phone.files.size).toBe(2)
    life.outbox.discard(parcel)
    await pass(200)
    expect([life.outbox.mine, life.phone.files.size, life.uploads.held]).toEqual([[], 0, {}])
    expect((await start(life.phone, life.tean)).outbox.mine).toEqual([])
  })

  it('is a photo that was not good', async () => {
    const life = await loggedIn()
    life.tean.verdict = 'refused'
    await signed(life)
    await done(life.outbox.drain())
    expect(life.outbox.refused[0]!.trouble).toMatchObject({ code: 'file.refused', sentence: '这不是照片，请重新拍照。' })
    expect(life.tean.of(SUBMIT)).toHaveLength(0)
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

describe('several memberships on one phone', () => {
  const ELSEWHERE = member('officer', { unit: 'U2', person: 'P9', unit_name: '津门热电' })
  const both = async () => {
    const tean = new FakeTean()
    tean.people.set('openid-1', [member(), ELSEWHERE])
    return loggedIn(new FakePhone(), tean)
  }

  it('what was signed in one is not shown nor sent in the other', async () => {
    const life = await both()
    life.uni.setNetwork(false)
    await signed(life)
    life.phone.network = true
    await done(life.session.choose(ELSEWHERE))
    life.uni.setNetwork(true)
    await pass(MINUTE)
    expect([life.outbox.mine, life.outbox.held, life.tean.of(SUBMIT)]).toEqual([[], 1, []])
    await done(life.session.choose(member()))
    await expectReceived(life)
    expect([...life.tean.records.keys()][0]).toBe('U1/P1/daily/2026-11-23/E1')
  })

  it('a switch while it is on its way does not send it as another', async () => {
    const life = await both()
    await signed(life)
    await pass(500)
    void life.outbox.drain()
    await done(life.session.choose(ELSEWHERE))
    await pass(MINUTE)
    expect([...life.tean.records.keys()].filter((key) => key.startsWith('U2'))).toEqual([])
    await done(life.session.choose(member()))
    await expectReceived(life)
  })
})

describe('the app killed at any moment', () => {
  /** The whole of a submission, killed at its n-th effect. */
  async function killedAt(effect: number) {
    const life = await loggedIn()
    const draft = life.drafts.of(task())
    const photo = await done(life.uploads.add(life.phone.shoot(), 'photo'))
    life.drafts.answer(draft, 'A1', answer())
    life.drafts.answer(draft, 'A2', answer({ result: 'fail', handling: 'pending', photos: [photo] }))
    const signature = await done(life.uploads.add(life.phone.shoot(), 'signature'))
    await pass(10)
    const before = life.uni.effects
    life.uni.dieAt = before + effect
    life.outbox.put(draft, LOOKS, signature)
    void life.outbox.drain()
    await pass(3000)
    return { life, count: life.uni.effects - before }
  }

  it('loses nothing, and the unit gets it once', async () => {
    const { count } = await killedAt(Infinity)
    expect(count).toBeGreaterThan(10)
    for (let effect = 1; effect <= count; effect += 1) {
      const { life } = await killedAt(effect)
      life.phone.temporary.clear()
      const next = await start(life.phone, life.tean)
      const kept = next.outbox.find(KEY) ?? next.drafts.find(KEY) ?? next.outbox.receiptOf(KEY)
      expect(kept, `killed at effect ${effect}`).toBeDefined()
      // Killed before it was taken over: the draft is there, to be signed again.
      if (!next.outbox.find(KEY) && next.drafts.find(KEY)) {
        next.outbox.put(next.drafts.find(KEY)!, LOOKS, await done(next.uploads.add(next.phone.shoot(), 'signature')))
      }
      await done(next.outbox.drain())
      await pass(MINUTE)
      expect(next.tean.records.size, `killed at effect ${effect}`).toBe(1)
      expect(next.outbox.mine).toEqual([])
      expect(next.outbox.receivedToday).toHaveLength(1)
      expect(next.drafts.find(KEY)).toBeUndefined()
      expect(sentTexts(next).size, `killed at effect ${effect}`).toBe(1)
    }
  })

  it('twice', async () => {
    const { count } = await killedAt(Infinity)
    for (let effect = 3; effect <= count; effect += 2) {
      const { life } = await killedAt(effect)
      const again = await start(life.phone, life.tean, 5)
      void again.outbox.drain()
      await pass(1000)
      const last = await start(life.phone, life.tean)
      await done(last.outbox.drain())
      await pass(MINUTE)
      if (!last.drafts.find(KEY)) expect(last.tean.records.size).toBe(1)
      expect(sentTexts(last).size).toBeLessThanOrEqual(1)
    }
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
