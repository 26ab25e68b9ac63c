import { describe, expect, it } from 'vitest'
import type { LoginAnswer, Membership } from '@/api'
import { done, loggedIn, pass, start, type Life } from '../fakes/life'
import { expectReceived, filled, KEY, LOOKS, MINUTE, sign, signed, SUBMIT } from '../fakes/signed'
import { FakeTean, member, type Answer, type Heard } from '../fakes/tean'
import { todo } from '../fakes/things'
import { FakePhone } from '../fakes/uni'

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
    expect([life.outbox.mine, life.outbox.parcels.length, life.tean.of(SUBMIT)]).toEqual([[], 1, []])
    await done(life.session.choose(member()))
    await expectReceived(life)
    expect([...life.tean.records.keys()][0]).toBe('U1/P1/daily/2026-11-23/E1')
  })

  it('a switch while it is on its way does not send it as another', async () => {
    const life = await both()
    await signed(life)
    // The last thing heard before it would be sent comes after the switch.
    const slow = (_: Heard, act: () => Answer) => ({ ...act(), after: 3000 })
    life.tean.next('GET /v1/uploads', slow, slow)
    void life.outbox.drain()
    await pass(100)
    await done(life.session.choose(ELSEWHERE))
    await pass(MINUTE)
    expect([life.tean.of(SUBMIT), life.outbox.parcels.length]).toEqual([[], 1])
    await done(life.session.choose(member()))
    await expectReceived(life)
  })

  it('nor when the session is renewed in the middle of it, for what needs no signature', async () => {
    const life = await both()
    const still = { ...filled(life), state: 'suspended' as const, reason: '检修', answers: {} }
    life.outbox.put(still, LOOKS)
    life.tean.revokeTokens()
    life.tean.next('POST /v1/session/refresh', (_, act) => ({ ...act(), after: 3000 }))
    void life.outbox.drain()
    await pass(1000)
    await switched(life, ELSEWHERE)
    await pass(MINUTE)
    expect([[...life.tean.records.keys()], life.outbox.parcels.length]).toEqual([[], 1])
    await done(life.session.choose(member()))
    await pass(MINUTE)
    expect([...life.tean.records.keys()]).toEqual(['U1/P1/daily/2026-11-23/E1'])
  })

  it('a picture whose turn comes after the switch is not asked for as another', async () => {
    const life = await both()
    life.uni.setNetwork(false)
    for (let count = 0; count < 4; count += 1) await done(life.uploads.add(life.phone.shoot(), 'photo'))
    life.uni.setNetwork(true)
    await pass(10)
    await done(life.session.choose(ELSEWHERE))
    await pass(MINUTE)
    expect([...life.tean.files.keys()].filter((name) => name.startsWith('P9'))).toEqual([])
    await done(life.session.choose(member()))
    await pass(MINUTE)
    expect(Object.values(life.uploads.held).map((upload) => upload.state)).toEqual(['sent', 'sent', 'sent', 'sent'])
  })

  it('nor is one that is being judged looked after as another', async () => {
    const life = await both()
    life.tean.verdict = 'pending'
    await done(life.uploads.add(life.phone.shoot(), 'photo'))
    await pass(500)
    await done(life.session.choose(ELSEWHERE))
    const before = life.tean.of('GET /v1/uploads').length
    await pass(MINUTE)
    expect([before > 0, life.tean.of('GET /v1/uploads').length]).toEqual([true, before])
  })

  it('a receipt that comes after the switch closes nothing of the other', async () => {
    const life = await both()
    life.tean.todos = [todo()]
    await signed(life)
    await pass(2000)
    life.tean.next(SUBMIT, (_, act) => ({ ...act(), after: 5000 }))
    const sending = life.outbox.drain()
    await pass(1000)
    await done(life.session.choose(ELSEWHERE))
    await done(life.todos.load())
    await done(sending)
    expect([life.todos.items[0]!.state, life.outbox.receiptOf(KEY)]).toEqual(['open', undefined])
  })

  it('what the set-up of one lacks is not told in the other, however late the answer', async () => {
    const life = await both()
    const { useGaps } = await import('@/stores/gaps')
    const gaps = useGaps()
    const answer = (people: number) => ({ status: 200, data: { today: '2026-11-23', people, filled: [], items: [] } })
    life.tean.next('GET /v1/gaps', answer(4), { ...answer(5), after: 3000 })
    await done(gaps.load())
    expect(gaps.overview?.people).toBe(4)
    const late = gaps.load()
    await done(life.session.choose(ELSEWHERE))
    expect(gaps.overview).toBeNull()
    await done(late)
    expect(gaps.overview).toBeNull()
  })

  it('lets go whom the unit has dismissed, with what he can no longer hand in', async () => {
    const life = await loggedIn()
    life.uni.setNetwork(false)
    await signed(life)
    life.tean.revokeTokens()
    life.tean.people.set('openid-1', [])
    life.uni.setNetwork(true)
    await pass(MINUTE)
    expect([life.session.expired, life.outbox.mine.length, life.outbox.heldBy(life.session.living)]).toEqual([true, 1, 0])
    life.session.leave()
    expect(life.outbox.parcels).toHaveLength(1)
  })

  it('holds back from logging out only what one of his own can still hand in', async () => {
    const life = await both()
    life.uni.setNetwork(false)
    await signed(life)
    expect(life.outbox.heldBy([member(), ELSEWHERE])).toBe(1)
    expect(life.outbox.heldBy([ELSEWHERE])).toBe(0)
  })
})

/** In another membership, as if chosen while the renewal is on its way. */
async function switched(life: Life, to: Membership) {
  const answer = life.tean.receive('POST', '/v1/login', JSON.stringify({ code: life.tean.codeFor('openid-1'), phone_code: null }), {}) as Answer
  const token = (answer.data as LoginAnswer).token
  const next = life.tean.receive('POST', '/v1/session/membership', JSON.stringify({ unit: to.unit, role: to.role }), { Authorization: `Bearer ${token}` }) as Answer
  life.session.held = { answer: next.data as LoginAnswer, since: Date.now() }
}

describe('two tabs of one browser', () => {
  it('lose nothing of each other, and hand in each check once', async () => {
    const one = await loggedIn()
    one.uni.setNetwork(false)
    await pass(0)
    const other = await start(one.phone, one.tean)
    one.outbox.put(filled(one, 'E1'), LOOKS, await sign(one))
    other.outbox.put(filled(other, 'E2'), LOOKS, await sign(other))
    const last = await start(one.phone, one.tean)
    expect(last.outbox.mine.map((parcel) => parcel.key)).toEqual(['daily/2026-11-23/E1', 'daily/2026-11-23/E2'])
    last.phone.network = true
    await done(last.outbox.drain())
    // What the others still have in mind is gone when they look again.
    await done(one.outbox.drain())
    await done(other.outbox.drain())
    expect([one.outbox.mine, other.outbox.mine, one.outbox.receivedToday.length]).toEqual([[], [], 2])
    expect(one.tean.of(SUBMIT)).toHaveLength(2)
  })
})
