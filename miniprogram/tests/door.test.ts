import { beforeEach, describe, expect, it } from 'vitest'
import { actAs, call, callWith, Elsewhere, passing, Refused, Unreachable, type Caller } from '@/api/door'
import { done, troubleOf } from './fakes/life'
import { BAD_GATEWAY, CAPTIVE_PORTAL, FakeTean, problem, type Answer } from './fakes/tean'
import { FakePhone, FakeUni, install } from './fakes/uni'

let tean: FakeTean
let uni: FakeUni
const HEARD: Answer = { status: 200, data: { items: [] } }
const STALE = problem(401, 'session.expired', '登录已过期，请重新登录。')

beforeEach(() => {
  tean = new FakeTean()
  uni = install(new FakeUni(new FakePhone(), tean))
  actAs({ owner: () => 'me', token: async () => 'token', renew: async () => false })
})

/** Somebody whose token is renewed to the next one as often as it is asked for. */
function renewing(works = true): Caller & { renewals: number } {
  const who = {
    renewals: 0,
    owner: () => 'me',
    token: async () => `token-${who.renewals}`,
    renew: async () => {
      await Promise.resolve()
      who.renewals += 1
      return works
    },
  }
  actAs(who)
  return who
}

const page = () => call('get', '/v1/todos', {})

describe('what is sent', () => {
  it('fills the path, escaped, and says who asks', async () => {
    tean.next('GET /v1/tasks', HEARD)
    await done(call('get', '/v1/tasks/{duty}/{due}/{target}', { path: { duty: 'daily', due: '2026-11-23', target: 'E 1/a' } }))
    expect(tean.heard[0]).toMatchObject({ method: 'GET', path: '/v1/tasks/daily/2026-11-23/E%201%2Fa', token: 'token', text: '' })
  })

  it('puts the query behind, without what is not there', async () => {
    tean.next('GET /v1/hazards', HEARD)
    await done(call('get', '/v1/hazards', { query: { state: 'reported', cursor: undefined } }))
    expect(tean.heard[0]!.query).toBe('state=reported')
    tean.next('GET /v1/hazards', HEARD)
    await done(call('get', '/v1/hazards', { query: { state: 'reported', cursor: 'a&b=' } }))
    expect(tean.heard[1]!.query).toBe('state=reported&cursor=a%26b%3D')
  })

  it('sends the body as JSON', async () => {
    tean.next('POST /v1/uploads', HEARD)
    await done(call('post', '/v1/uploads', { body: { kind: 'photo', content_type: 'image/jpeg', size: 7, target: null } }))
    expect(tean.heard[0]).toMatchObject({ contentType: 'application/json', text: '{"kind":"photo","content_type":"image/jpeg","size":7,"target":null}' })
  })

  it('sends no token when there is none', async () => {
    tean.next('POST /v1/login', HEARD)
    await done(callWith(null, 'post', '/v1/login', { body: { code: 'c', phone_code: null } }))
    expect(tean.heard[0]!.token).toBeNull()
  })
})

describe('what comes back', () => {
  it.each([400, 403, 404, 409, 413])('a %i is a refusal with the sentence of the server', async (status) => {
    tean.next('GET /v1/todos', { status, data: { code: 'a.b', status, sentence: '请下拉刷新。', details: { item: 'A1' } } })
    const trouble = await troubleOf(page())
    expect(trouble).toBeInstanceOf(Refused)
    expect(trouble).toMatchObject({ status, code: 'a.b', sentence: '请下拉刷新。', details: { item: 'A1' } })
  })

  it('reads a problem that arrives as text', async () => {
    tean.next('GET /v1/todos', problem(404, 'task.unknown', '没有找到这项任务。'))
    expect(await troubleOf(page())).toMatchObject({ code: 'task.unknown', sentence: '没有找到这项任务。' })
  })

  it('knows nothing without a network', async () => {
    uni.phone.network = false
    expect(await troubleOf(page())).toBeInstanceOf(Unreachable)
  })

  it('knows nothing after a time-out', async () => {
    tean.next('GET /v1/todos', 'silent')
    expect(await troubleOf(page())).toBeInstanceOf(Unreachable)
  })

  it.each([['a proxy in trouble', BAD_GATEWAY], ['the login page of a Wi-Fi', CAPTIVE_PORTAL], ['an empty answer', { status: 200, data: '' }], ['a 403 of a firewall', { status: 403, data: '<html/>' }], ['a problem without a sentence', { status: 400, data: '{"message":"no"}' }]])(
    'knows nothing from %s', async (_, answer) => {
      tean.next('GET /v1/todos', answer)
      expect(await troubleOf(page())).toBeInstanceOf(Unreachable)
    },
  )
})

describe('a token the server no longer takes', () => {
  it('is renewed once, and the request repeated with the new one', async () => {
    const who = renewing()
    tean.next('GET /v1/todos', STALE, HEARD)
    await expect(done(page())).resolves.toEqual({ items: [] })
    expect(who.renewals).toBe(1)
    expect(tean.heard.map((heard) => heard.token)).toEqual(['token-0', 'token-1'])
  })

  it('is given up when the new one is refused too', async () => {
    const who = renewing()
    tean.next('GET /v1/todos', STALE, STALE, HEARD)
    expect(await troubleOf(page())).toMatchObject({ status: 401 })
    expect([who.renewals, tean.heard.length]).toEqual([1, 2])
  })

  it('is given up when it cannot be renewed', async () => {
    renewing(false)
    tean.next('GET /v1/todos', STALE, HEARD)
    expect(await troubleOf(page())).toMatchObject({ status: 401 })
    expect(tean.heard).toHaveLength(1)
  })

  it('is not renewed again for a request that was on its way meanwhile', async () => {
    const who = renewing()
    tean.next('GET /v1/todos', STALE, HEARD)
    tean.next('GET /v1/session', STALE, HEARD)
    await done(Promise.all([page(), call('get', '/v1/session', {})]))
    expect(who.renewals).toBe(1)
  })
})

describe('a membership that is left while a request is on its way', () => {
  it.each(['token', 'renew'] as const)('is not asked for in the name of the next one: %s', async (what) => {
    const who = renewing()
    who[what] = async () => {
      throw new Elsewhere()
    }
    tean.next('GET /v1/todos', STALE, HEARD)
    expect(await troubleOf(page())).toMatchObject({ name: 'Elsewhere' })
    expect(tean.heard.length).toBeLessThan(2)
  })

  it('is the one the request was begun for, not the one that acts when it is sent again', async () => {
    const asked: string[] = []
    let owner = 'A'
    actAs({
      owner: () => owner,
      token: async (of) => (asked.push(of), 'token'),
      renew: async (of) => (asked.push(of), true),
    })
    tean.next('GET /v1/todos', () => ((owner = 'B'), STALE), HEARD)
    await done(page())
    expect(new Set(asked)).toEqual(new Set(['A']))
  })
})

describe('whether trying again can help', () => {
  it.each([
    [new Unreachable(), true],
    [new Elsewhere(), true],
    [new Refused(500, 'server.error', ''), true],
    [new Refused(503, 'inspection.contended', ''), true],
    [new Refused(429, 'too.many', ''), true],
    [new Refused(409, 'file.pending', ''), true],
    [new Refused(409, 'inspection.already_submitted', ''), false],
    [new Refused(400, 'file.refused', ''), false],
    [new Refused(401, 'session.expired', ''), false],
    [new Error('of our own'), false],
  ])('%s: %s', (error, helps) => expect(passing(error)).toBe(helps))
})
