import { describe, expect, it } from 'vitest'
import { shallowRef } from 'vue'
import type { HazardDetail, HazardState } from '@/api'
import { done, loggedIn, pass, start, type Life } from '../fakes/life'
import { member, problem, type Answer, type Heard, type Mishap } from '../fakes/tean'

const ID = '20261118T003500000Z.E1.PP-D-06.P1'
const KEY = `rectify:U1/P1/officer:${ID}`
const STEP = 'POST /v1/hazards'

/** The page of one hazard, and the server behind it. */
async function opened(life: Life, state: HazardState = 'ordered') {
  const { useRectification } = await import('@/composables/rectification')
  const hazard = shallowRef<HazardDetail | null>(null)
  const server = { state, version: 2 }
  const shape = () => ({ hazard: ID, state: server.state, version: server.version, grade: 'general', duty: 'daily', devices: [], assignee: 'P1', steps: [] }) as unknown as HazardDetail
  const page = useRectification(hazard, reload)
  async function reload() {
    hazard.value = shape()
    page.settle()
  }
  await reload()
  /** The step is taken as the server takes it: once. */
  const take = (): Answer => {
    Object.assign(server, { state: 'rectified', version: 3 })
    return { status: 200, data: { hazard: ID, state: 'rectified', version: 3 } }
  }
  return { ...page, hazard, server, take }
}

async function filled(life: Life, page: Awaited<ReturnType<typeof opened>>) {
  page.change({ result: '已更换保温层' })
  page.change({ photos: [await done(life.uploads.add(life.phone.shoot(), 'photo'))] })
}

describe('a confirmation', () => {
  it('is on the phone as it is typed, and there again after the app was killed', async () => {
    const life = await loggedIn()
    await filled(life, await opened(life))
    const again = await loggedIn(life.phone, life.tean)
    const page = await opened(again)
    expect(page.draft.value).toMatchObject({ result: '已更换保温层', photos: [expect.any(String)] })
  })

  it('is not asked for while something is missing', async () => {
    const page = await opened(await loggedIn())
    page.ask()
    expect(page.asking.value).toBe(false)
    expect(Object.keys(page.faults.value)).toEqual(['result', 'photos'])
  })

  it('is not asked for with a photo that the unit has refused, and says so', async () => {
    const life = await loggedIn()
    const page = await opened(life)
    life.tean.verdict = 'refused'
    await filled(life, page)
    await pass(10_000)
    page.ask()
    expect([page.asking.value, page.faults.value]).toEqual([false, { photos: '1 张照片没有通过核验，请删掉重拍' }])
    expect(page.unsent.value).toBe(0)
  })

  it('whose photo is refused while it is being sent leads back to the photos', async () => {
    const life = await loggedIn()
    const page = await opened(life)
    life.tean.verdict = 'refused'
    life.phone.network = false
    await filled(life, page)
    await pass(10_000)
    page.ask()
    expect([page.asking.value, page.unsent.value]).toEqual([true, 1])
    life.phone.network = true
    await done(page.confirm.run())
    expect(life.tean.of(STEP)).toEqual([])
    expect([page.asking.value, page.faults.value.photos]).toEqual([false, '1 张照片没有通过核验，请删掉重拍'])
  })

  it('whose photo the phone has lost needs another', async () => {
    const page = await opened(await loggedIn())
    page.change({ result: '已更换', photos: ['gone.jpg'] })
    page.ask()
    expect([page.asking.value, Object.keys(page.faults.value)]).toEqual([false, ['photos']])
  })

  it('is sent once however often it is tapped, and then nothing of it is kept', async () => {
    const life = await loggedIn()
    const page = await opened(life)
    await filled(life, page)
    life.tean.next(STEP, page.take, page.take)
    page.ask()
    await done(Promise.all([page.confirm.run(), page.confirm.run()]))
    expect(life.tean.of(STEP)).toHaveLength(1)
    expect(life.tean.of(STEP)[0]!.body).toEqual({ seen: { version: 2, grade: 'general', state: 'ordered', duty: 'daily', devices: [] }, result: '已更换保温层', photos: life.tean.arrived })
    expect(page.hazard.value!.state).toBe('rectified')
    expect(page.asking.value).toBe(false)
    expect(life.phone.storage.has(KEY)).toBe(false)
    expect(life.phone.files.size).toBe(0)
  })

  it('whose answer was lost is kept, and is the same when it is sent again', async () => {
    const life = await loggedIn()
    const page = await opened(life)
    await filled(life, page)
    life.tean.next(STEP, () => page.take() && 'none', page.take)
    page.ask()
    await done(page.confirm.run())
    expect(page.confirm.trouble.value?.code).toBe('network.unreachable')
    expect([page.asking.value, life.phone.storage.has(KEY)]).toEqual([true, true])
    await done(page.confirm.run())
    const [first, second] = life.tean.of(STEP)
    expect(second!.text).toBe(first!.text)
    expect(page.confirm.trouble.value).toBeNull()
    expect(life.phone.storage.has(KEY)).toBe(false)
  })

  it('of a hazard that has moved is not lost: the sentence, the newest, and what was typed', async () => {
    const life = await loggedIn()
    const page = await opened(life)
    await filled(life, page)
    page.server.version = 3
    life.tean.next(STEP, problem(409, 'hazard.moved', '这条隐患刚有变化，请看过最新内容再处理。'))
    page.ask()
    await done(page.confirm.run())
    expect(page.confirm.trouble.value?.sentence).toMatch('刚有变化')
    expect([page.asking.value, page.hazard.value!.version, page.draft.value.result]).toEqual([false, 3, '已更换保温层'])
  })

  it('that the unit already has leaves nothing behind when the page is opened again', async () => {
    const life = await loggedIn()
    await filled(life, await opened(life))
    await opened(life, 'rectified')
    await done(Promise.resolve())
    expect(life.phone.storage.has(KEY)).toBe(false)
    expect(Object.keys(life.uploads.held)).toEqual([])
  })

  it('is only the assignee’s', async () => {
    const page = await opened(await loggedIn())
    expect(page.mine.value).toBe(true)
    page.hazard.value = { ...page.hazard.value!, assignee: 'P2' }
    expect(page.mine.value).toBe(false)
  })
})

describe('a step that was not taken', () => {
  it('says whether the unit answered, and whether the hazard is as it was', async () => {
    const { Refused, Unreachable } = await import('@/api/door')
    const { stepTrouble } = await import('@/composables/rectification')
    expect(stepTrouble(null, '没有下达')).toBeNull()
    expect(stepTrouble(new Unreachable('没有网络。'), '没有下达')).toEqual({ title: '没有收到单位的回执', text: '没有网络。再点一次不会重复。' })
    expect(stepTrouble(new Refused(409, 'hazard.moved', '刚有变化。'), '没有下达')).toEqual({ title: '', text: '刚有变化。' })
    expect(stepTrouble(new Refused(400, 'order.deadline', '期限已过。'), '没有下达')).toEqual({ title: '没有下达', text: '期限已过。' })
  })
})

describe('what waits', () => {
  /** A list whose first pages were filtered away: each has a next, and only the last has something on it. */
  const behind = (empty: number, items: object[]) => ({ query }: Heard): Answer => {
    const at = Number(/cursor=(\d+)/.exec(query)?.[1] ?? 0)
    if (!query.includes('state=ordered')) return { status: 200, data: { items: [], next: null } }
    return { status: 200, data: at < empty ? { items: [], next: String(at + 1) } : { items, next: null } }
  }
  async function read(empty: number, items: object[]) {
    const life = await loggedIn()
    const { useHazards } = await import('@/stores/hazards')
    const hazards = useHazards()
    life.tean.next('GET /v1/hazards', ...Array<Mishap>(20).fill(behind(empty, items)))
    await done(hazards.load())
    return { hazards, asked: life.tean.of('GET /v1/hazards').filter(({ query }) => query.includes('state=ordered')).length }
  }

  it('is found behind pages that were filtered away', async () => {
    const { hazards, asked } = await read(3, [{ hazard: ID }])
    expect([hazards.count(hazards.heads.daily.ordered), asked]).toEqual(['1', 4])
  })

  it('is nothing when the list ends without any', async () => {
    const { hazards } = await read(2, [])
    expect([hazards.count(hazards.heads.daily.ordered), hazards.known]).toEqual(['0', true])
  })

  it('is not looked for without end', async () => expect((await read(100, [])).asked).toBe(5))

  /** The server's lists, as `duty/state/grade`; `cut`: of which there is another page. */
  async function readAs(role: 'officer' | 'director' | 'principal', standsIn: string[], lists: Record<string, object[]>, cut: string[] = []) {
    const life = await start()
    life.tean.people.set('openid-1', [member(role)])
    await done(life.session.enter())
    life.session.session = { stands_in: standsIn } as never
    const { useHazards } = await import('@/stores/hazards')
    const hazards = useHazards()
    const list = ({ query }: Heard): Answer => {
      const asked = new URLSearchParams(query)
      const name = ['duty', 'state', 'grade'].map((name) => asked.get(name) ?? '').join('/')
      return { status: 200, data: { items: lists[name] ?? [], next: cut.includes(name) ? 'more' : null } }
    }
    life.tean.next('GET /v1/hazards', ...Array<Mishap>(40).fill(list))
    await done(hazards.load())
    return { hazards, asked: life.tean.of('GET /v1/hazards').map(({ query }) => query) }
  }
  const found = (hazard: string, duty: string, more: object = {}) => ({ hazard, duty, state: 'ordered', grade: 'general', kind: '3000', ...more })
  const ids = (list: { items: { hazard: string }[] }) => list.items.map(({ hazard }) => hazard)

  it('is whatever a day, a week or a month found, the most urgent first', async () => {
    const late = found('w1', 'weekly', { deadline: '2026-11-20', overdue: true })
    const { hazards } = await readAs('director', [], {
      'daily/reported/': [found('d1', 'daily', { state: 'reported' })],
      'daily/ordered/': [found('d2', 'daily', { deadline: '2026-11-18', overdue: true }), found('d3', 'daily', { deadline: '2026-12-01', extension: '2026-12-09' })],
      'weekly/ordered/': [late, found('w2', 'weekly')],
    })
    expect([ids(hazards.toOrder), ids(hazards.toAnswer), ids(hazards.toRectify)]).toEqual([['d1'], ['d3'], ['w1', 'w2']])
    expect([ids(hazards.waiting.daily), ids(hazards.waiting.weekly), ids(hazards.waiting.monthly)]).toEqual([['d1', 'd3'], ['w1', 'w2'], []])
    expect([ids(hazards.overdue.daily), ids(hazards.overdue.weekly)]).toEqual([['d2'], ['w1']])
  })

  it('tells who leads of every 重大, not ordered yet first, whoever confirms it', async () => {
    const both = (duty: string) => [[`${duty}/ordered/major`, [found(duty, duty, { grade: 'major' })]], [`${duty}/ordered/`, [found(`${duty}2`, duty), found(duty, duty, { grade: 'major' })]]]
    const lists = Object.fromEntries(['daily', 'weekly', 'monthly'].flatMap(both))
    const reported = { 'daily/reported/': [found('new', 'daily', { state: 'reported', grade: 'major' })] }
    for (const role of ['director', 'principal'] as const) {
      const { hazards } = await readAs(role, [], { ...lists, ...reported })
      const { daily, weekly, monthly } = hazards.grave
      expect([daily.reported, daily.ordered, weekly.ordered, monthly.ordered].map(ids)).toEqual([['new'], ['daily'], ['weekly'], ['monthly']])
    }
  })

  it('asks for 重大 by themselves only where the list is not his, or goes on', async () => {
    const graves = async (...cut: string[]) => (await readAs('director', [], {}, cut)).asked.filter((query) => query.includes('grade=major')).map((query) => new URLSearchParams(query).get('duty'))
    expect([await graves(), await graves('daily/ordered/')]).toEqual([['monthly'], ['monthly', 'daily']])
  })

  it('has more only where the list goes on that it stands in', async () => {
    const lists = { 'daily/ordered/': [found('d1', 'daily', { extension: '2026-12-09' })], 'weekly/ordered/': [found('w1', 'weekly')], 'daily/reported/': [found('d2', 'daily', { state: 'reported' })] }
    const counts = async (cut: string) => {
      const { hazards } = await readAs('director', [], lists, [cut])
      return [hazards.toOrder, hazards.toAnswer, hazards.toRectify].map(hazards.count)
    }
    expect(await counts('daily/ordered/')).toEqual(['1', '1+', '1'])
    expect(await counts('weekly/ordered/')).toEqual(['1', '1', '1+'])
    expect(await counts('monthly/ordered/')).toEqual(['1', '1', '1'])
    expect(await counts('daily/reported/')).toEqual(['1+', '1', '1'])
  })

  it('leads to the list that goes on, whichever its first stands in', async () => {
    const lists = { 'daily/reported/': [found('d1', 'daily', { state: 'reported' })], 'daily/ordered/': [found('d2', 'daily', { extension: '2026-12-09' })] }
    const rest = async (...cut: string[]) => (await readAs('director', [], lists, cut)).hazards.waiting.daily.rest
    expect([await rest(), await rest('daily/ordered/'), await rest('daily/reported/')]).toEqual([undefined, 'ordered', 'reported'])
  })

  it('that is late or 重大 may be more than is here, unless the others of its list are behind it already', async () => {
    const late = found('d1', 'daily', { deadline: '2026-11-18', overdue: true })
    const grave = found('d3', 'daily', { state: 'reported', grade: 'major' })
    const counts = async (...others: object[]) => {
      const lists = { 'daily/ordered/': [late, ...others], 'daily/reported/': [grave, ...others], 'weekly/ordered/': [found('w1', 'weekly', { overdue: true })] }
      const { hazards } = await readAs('director', [], lists, ['daily/ordered/', 'daily/reported/'])
      return [hazards.overdue.daily, hazards.grave.daily.reported, hazards.overdue.weekly].map(hazards.count)
    }
    expect(await counts()).toEqual(['1+', '1+', '1'])
    expect(await counts(found('d2', 'daily'))).toEqual(['1', '1', '1'])
  })

  it('is asked for only where it is his: an officer has no lists of weeks and months', async () => {
    const { hazards, asked } = await readAs('officer', [], { 'daily/ordered/': [found('d1', 'daily', { assignee: 'P1' })] })
    expect([asked.length, ids(hazards.waiting.daily), ids(hazards.toRectify)]).toEqual([2, ['d1'], ['d1']])
  })

  it('is the director\'s for the kinds where the principal stands in', async () => {
    const weekly = { 'weekly/ordered/': [found('w1', 'weekly'), found('w2', 'weekly', { kind: '1000' })] }
    expect(ids((await readAs('principal', ['3000'], weekly)).hazards.waiting.weekly)).toEqual(['w1'])
    expect(ids((await readAs('principal', [], weekly)).hazards.waiting.weekly)).toEqual([])
  })
})
