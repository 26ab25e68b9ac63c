import { describe, expect, it } from 'vitest'
import type { LoginAnswer } from '@/api'
import { done, loggedIn, pass, start, troubleOf, type Life } from '../fakes/life'
import { BAD_GATEWAY, FakeTean, member, problem, type Answer } from '../fakes/tean'
import { todo } from '../fakes/things'

const MINUTE = 60_000
const DIRECTOR = member('director', { words: '电梯安全总监' })
const ELSEWHERE = member('officer', { unit: 'U2', unit_name: '津门热电' })

async function withMemberships(...memberships: ReturnType<typeof member>[]): Promise<Life> {
  const tean = new FakeTean()
  tean.people.set('openid-1', memberships)
  const life = await start(undefined, tean)
  await done(life.session.enter())
  return life
}

describe('logging in', () => {
  it('lets in somebody WeChat knows, with one tap', async () => {
    const { session } = await start()
    expect(await done(session.enter())).toBe('in')
    expect(session.membership).toEqual(member())
    expect(session.owner).toBe('U1/P1/officer')
  })

  it('asks for the phone number of an unknown person, and lets him in with it', async () => {
    const { session, tean } = await start()
    tean.people.clear()
    expect(await done(session.enter())).toBe('phone')
    expect(session.membership).toBeNull()
    expect(await done(session.enter('phone-code'))).toBe('in')
    expect(tean.of('POST /v1/login')[1]!.body).toMatchObject({ phone_code: 'phone-code' })
  })

  it('hands on what the server says of a number that nobody registered', async () => {
    const { session, tean } = await start()
    tean.people.set('openid-1', [])
    expect(await troubleOf(session.enter())).toMatchObject({ code: 'login.phone_unknown' })
    expect(session.membership).toBeNull()
  })

  it.each([
    [503, 'login.wechat_silent', '微信没有回应，还没有登录。请稍后再试一次。'],
    [401, 'login.code_refused', '这次微信授权已失效或已用过，请重新点一次登录。'],
    [429, 'login.too_often', '登录太频繁了，请过 1 分钟再试。'],
    [403, 'login.blocked_by_wechat', '微信认为这个账号有风险，暂时不能登录。请在微信里处理后再试。'],
    [503, 'login.misconfigured', '微信登录的设置有误，暂时不能登录。请联系客服。'],
  ])('hands on what the server says on a bad day of WeChat (%i %s), and the next tap goes in', async (status, code, sentence) => {
    const { session, tean } = await start()
    tean.next('POST /v1/login', problem(status, code, sentence))
    expect(await troubleOf(session.enter())).toMatchObject({ code, sentence })
    expect([session.membership, session.expired]).toEqual([null, false])
    expect(await done(session.enter())).toBe('in')
    expect(tean.of('POST /v1/login')).toHaveLength(2)
  })

  it('says that there is no network when WeChat itself has none', async () => {
    const { session, uni } = await start()
    uni.setNetwork(false)
    expect(await troubleOf(session.enter())).toMatchObject({ name: 'Unreachable' })
  })
})

describe('several memberships', () => {
  it('are to be chosen from at the first login', async () => {
    const tean = new FakeTean()
    tean.people.set('openid-1', [member(), DIRECTOR])
    const { session } = await start(undefined, tean)
    expect(await done(session.enter())).toBe('choose')
    expect(session.memberships).toEqual([member(), DIRECTOR])
  })

  it('are switched between; what belongs to one is not shown to the other', async () => {
    const { session, todos, tean } = await withMemberships(member(), DIRECTOR)
    tean.todos = [todo()]
    await done(Promise.all([session.load(), todos.load()]))
    expect(todos.items).toHaveLength(1)
    await done(session.choose(DIRECTOR))
    await pass(0)
    expect(session.role).toBe('director')
    expect([session.session, todos.items.length, todos.loaded]).toEqual([null, 0, false])
    await done(session.choose(member()))
    await pass(0)
    expect(todos.items).toHaveLength(1)
  })

  it('are not asked for again by who logs in again in the one he had', async () => {
    const { session } = await withMemberships(member(), DIRECTOR)
    await done(session.choose(DIRECTOR))
    expect(await done(session.enter())).toBe('in')
    expect(session.role).toBe('director')
  })

  it('show no answer that was asked for by the former one', async () => {
    const { session, tean } = await withMemberships(member(), DIRECTOR)
    tean.next('GET /v1/session', (_, act) => ({ ...act(), after: 500 }))
    const slow = session.load()
    await done(session.choose(DIRECTOR))
    await done(slow)
    expect([session.role, session.session]).toEqual(['director', null])
    expect(tean.of('GET /v1/session')).toHaveLength(1)
  })
})

describe('a session that grows old', () => {
  it('is refreshed before its token ends', async () => {
    const { session, tean } = await loggedIn()
    await pass(11 * MINUTE)
    await done(session.load())
    expect(tean.heard.map((heard) => heard.route)).toEqual(['POST /v1/login', 'POST /v1/session/refresh', 'GET /v1/session'])
    expect(session.expired).toBe(false)
  })

  it('is renewed once for many who ask at the same time', async () => {
    const { session, todos, tean } = await loggedIn()
    tean.revokeTokens()
    await done(Promise.all([session.load(), todos.load(), session.load(), todos.load()]))
    expect(tean.of('POST /v1/login')).toHaveLength(2)
    expect(tean.of('POST /v1/session/refresh')).toHaveLength(1)
    expect([session.expired, todos.trouble]).toEqual([false, null])
  })

  it('is begun anew without a word when it is too old to be refreshed', async () => {
    const { session, tean } = await loggedIn()
    await pass(3 * 60 * MINUTE)
    await done(session.load())
    expect(tean.of('POST /v1/session/refresh')).toHaveLength(0)
    expect(tean.of('POST /v1/login')).toHaveLength(2)
    expect(session.expired).toBe(false)
  })

  it('comes back to the membership he was in', async () => {
    const { session, tean } = await withMemberships(member(), DIRECTOR)
    await done(session.choose(DIRECTOR))
    await pass(60 * MINUTE)
    await done(session.load())
    expect(session.role).toBe('director')
    expect(session.session?.role).toBe('director')
    expect(tean.of('POST /v1/session/membership')).toHaveLength(2)
  })

  it('never acts in another membership when the one he was in is gone', async () => {
    const { session, tean } = await withMemberships(member(), ELSEWHERE)
    tean.people.set('openid-1', [ELSEWHERE])
    await pass(60 * MINUTE)
    expect(await troubleOf(session.load())).toMatchObject({ status: 401 })
    expect(session.expired).toBe(true)
    expect(session.owner).toBe('U1/P1/officer')
  })

  it('is over when WeChat itself does not bring him back', async () => {
    const { session, tean } = await loggedIn()
    tean.revokeTokens()
    tean.people.clear()
    expect(await troubleOf(session.load())).toMatchObject({ status: 401 })
    expect(session.expired).toBe(true)
    expect(session.owner).toBe('U1/P1/officer')
  })

  it('lives again after a login', async () => {
    const { session, tean } = await loggedIn()
    tean.revokeTokens()
    tean.people.clear()
    await troubleOf(session.load())
    expect(await done(session.enter('phone-code'))).toBe('in')
    await done(session.load())
    expect([session.expired, session.session?.name]).toEqual([false, '王建国'])
  })
})

describe('a tap that comes while the session is being renewed', () => {
  it('on logging out is the last word', async () => {
    const { session, tean } = await loggedIn()
    tean.revokeTokens()
    tean.next('POST /v1/login', (_, act) => ({ ...act(), after: 2000 }))
    const asked = troubleOf(session.load())
    await pass(1000)
    session.leave()
    expect(await asked).toMatchObject({ name: 'Elsewhere' })
    await pass(MINUTE)
    expect([session.membership, session.expired]).toEqual([null, false])
  })

  it('on another membership is the last word, and what was asked before is not asked for it', async () => {
    const { session, tean } = await withMemberships(member(), DIRECTOR)
    await pass(11 * MINUTE)
    tean.next('POST /v1/session/refresh', (_, act) => ({ ...act(), after: 4000 }))
    const asked = troubleOf(session.load())
    await pass(500)
    const token = session.held!.answer.token
    const answer = tean.receive('POST', '/v1/session/membership', JSON.stringify({ unit: 'U1', role: 'director' }), { Authorization: `Bearer ${token}` }) as Answer
    session.held = { answer: answer.data as LoginAnswer, since: Date.now() }
    expect(await asked).toMatchObject({ name: 'Elsewhere' })
    expect([session.role, tean.of('GET /v1/session')]).toEqual(['director', []])
  })

  it('on the same membership again does not end the new session when the former cannot be renewed', async () => {
    const { session, tean } = await loggedIn()
    tean.revokeTokens()
    tean.next('POST /v1/session/refresh', { ...problem(401, 'session.expired', '登录已过期。'), after: 2000 })
    tean.next('POST /v1/login', (_, act) => act(), problem(401, 'login.phone_needed', '需要核对手机号。'))
    const asked = session.load()
    await pass(500)
    await done(session.enter())
    await done(asked)
    expect(session.expired).toBe(false)
  })
})

describe('nobody is logged out', () => {
  it('by the lack of a network, however long', async () => {
    const { session, uni } = await loggedIn()
    uni.setNetwork(false)
    await pass(12 * MINUTE)
    expect(await troubleOf(session.load())).toMatchObject({ name: 'Unreachable' })
    await pass(60 * MINUTE)
    expect(await troubleOf(session.load())).toMatchObject({ name: 'Unreachable' })
    expect([session.expired, session.owner]).toEqual([false, 'U1/P1/officer'])
    uni.setNetwork(true)
    await done(session.load())
    expect(session.session).not.toBeNull()
  })

  const FAILURES = [
    ['an error of the server', problem(500, 'server.error', '没有办成。')],
    ['a server too busy', problem(429, 'too.many', '请稍后再试。')],
    ['a proxy in trouble', BAD_GATEWAY],
  ] as const

  it.each(FAILURES)('by %s while it is refreshed', async (_, answer) => {
    const { session, tean } = await loggedIn()
    tean.revokeTokens()
    tean.next('POST /v1/session/refresh', answer)
    await troubleOf(session.load())
    expect(session.expired).toBe(false)
    await done(session.load())
    expect(session.session).not.toBeNull()
  })

  it.each(FAILURES)('by %s while he is logged in again', async (_, answer) => {
    const { session, tean } = await loggedIn()
    await pass(60 * MINUTE)
    tean.next('POST /v1/login', answer)
    await troubleOf(session.load())
    expect(session.expired).toBe(false)
    await done(session.load())
    expect(session.session).not.toBeNull()
  })

  it('by a refresh that fails while the token is still good', async () => {
    const { session, tean } = await loggedIn()
    await pass(11 * MINUTE)
    tean.next('POST /v1/session/refresh', BAD_GATEWAY)
    await done(session.load())
    expect(session.session).not.toBeNull()
  })
})

describe('after a restart', () => {
  it('he is who he was, where he was', async () => {
    const before = await withMemberships(member(), DIRECTOR)
    await done(before.session.choose(DIRECTOR))
    await done(before.session.load())
    await pass(0)
    const { session } = await start(before.phone, before.tean)
    expect([session.role, session.session?.unit_name]).toEqual(['director', '海河电梯'])
    await done(session.load())
    expect(before.tean.of('POST /v1/login')).toHaveLength(1)
  })

  it('nobody is left after logging out', async () => {
    const before = await loggedIn()
    before.session.leave()
    await pass(0)
    const { session } = await start(before.phone, before.tean)
    expect([session.membership, session.owner]).toEqual([null, ''])
  })
})
