import { enableAutoUnmount, flushPromises, mount } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { hazards as api, type HazardItem, type Role } from '@/api'
import DetailPage from '@/pages/hazards/detail.vue'
import HazardsPage from '@/pages/hazards/index.vue'
import OrderPage from '@/pages/hazards/order.vue'
import HomeBody from '@/pages/home/HomeBody.vue'
import HomeSetup from '@/pages/home/HomeSetup.vue'
import ItemPage from '@/pages/inspections/item.vue'
import SignPage from '@/pages/inspections/sign.vue'
import HazardRow from '@/pages/todos/HazardRow.vue'
import { useDrafts } from '@/stores/drafts'
import { useGaps } from '@/stores/gaps'
import { useHazards } from '@/stores/hazards'
import { useHome } from '@/stores/home'
import { useOutbox } from '@/stores/outbox'
import { useSession } from '@/stores/session'
import { useTasks } from '@/stores/tasks'
import { member } from './fakes/tean'
import { answer, draft, item, task } from './fakes/things'
import { FakeUni, install } from './fakes/uni'

const address = vi.hoisted(() => ({ query: {} as Record<string, string> }))
vi.mock('@dcloudio/uni-app', async () => {
  const { onBeforeMount } = await import('vue')
  return {
    onLoad: (act: (query: object) => void) => onBeforeMount(() => act(address.query)), onShow: (act: () => void) => onBeforeMount(() => act()),
    onPullDownRefresh: () => undefined, onReachBottom: () => undefined, onHide: () => undefined, onUnload: () => undefined,
  }
})

let uni: FakeUni
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.parse('2026-11-23T01:00:00Z') })
  vi.spyOn(console, 'warn')
  uni = install(new FakeUni())
})
enableAutoUnmount(afterEach)
afterEach(() => {
  expect(vi.mocked(console.warn).mock.calls).toEqual([])
  vi.restoreAllMocks()
  vi.useRealTimers()
})

function act(role: Role, standsIn: string[] = []) {
  const session = useSession()
  session.held = { answer: { membership: member(role), memberships: [member(role)] }, since: 0 } as never
  session.session = { stands_in: standsIn, menu: [], tabs: [] } as never
}

const found = (hazard: string, more: Partial<HazardItem> = {}): HazardItem => ({
  hazard, duty: 'daily', devices: [], target: 'E1', target_name: '1 号客梯', location: 'A 座', unit_kind: 'use', kind: '3000', sentence: '门防夹失效', grade: 'general',
  state: 'ordered', version: 2, finder_name: '王建国', found_at: '2026-11-20T00:31:00.000Z', deadline: null, extension: null, overdue: false, ...more,
} as HazardItem)
const weekly = (hazard: string, more: Partial<HazardItem> = {}) => found(hazard, { duty: 'weekly', target: '3000', target_name: '电梯', location: null, ...more })
const late = { deadline: '2026-11-20', overdue: true }

function head(duty: 'daily' | 'weekly' | 'monthly', lists: Partial<Record<'reported' | 'ordered' | 'grave', HazardItem[]>>, more = false) {
  const hazards = useHazards()
  hazards.known = true
  hazards.heads[duty] = { ...hazards.heads[duty], ...Object.fromEntries(Object.entries(lists).map(([name, items]) => [name, { items, more }])) }
}

describe('the home of who leads', () => {
  const notices = () => mount(HomeBody, { global: { stubs: { WhoAmI: true, HomeGlance: true, HomeOfficers: true, TMenuGrid: true } } }).findAll('.notice')

  it('tells what is late by duty, and each opens its own list', async () => {
    act('director')
    head('daily', { ordered: [found('d1', late), found('d2', { deadline: '2026-11-22', overdue: true }), found('d3')] })
    head('weekly', { ordered: [weekly('w1', { ...late, deadline: '2026-11-21' })] }, true)
    const told = notices()
    expect(told.map((notice) => notice.get('.notice-title').text())).toEqual(['2 条日隐患逾期，最久 3 天', '1+ 条周隐患逾期，最久 2 天'])
    for (const notice of told) await notice.trigger('click')
    expect(uni.visited).toEqual(['/pages/hazards/index?duty=daily&state=ordered', '/pages/hazards/index?duty=weekly&state=ordered'])
  })

  it('tells what is 重大 by duty: of the day how much waits for an order, of a kind who found it', async () => {
    act('principal')
    const major = { grade: 'major' } as const
    head('daily', { reported: [found('d1', { ...major, state: 'reported' }), found('d9', { state: 'reported' })], grave: [found('d2', major), found('d3', major)] })
    head('weekly', { grave: [weekly('w1', { ...major, finder_name: '张示一' }), weekly('w2', { ...major, finder_name: '李示二' })] })
    const told = notices().filter((notice) => notice.classes('k-major'))
    expect(told.map((notice) => notice.get('.notice-title').text())).toEqual(['3 条重大日隐患没有整改完成', '2 条重大周隐患没有整改完成'])
    expect(told[0]!.get('.notice-text').text()).toBe('待下达 1 条，待整改 2 条')
    expect(told[1]!.text()).toContain('电梯：门防夹失效（张示一）电梯：门防夹失效（李示二）')
    for (const notice of told) await notice.trigger('click')
    expect(uni.visited).toEqual(['/pages/hazards/index?duty=daily&state=reported', '/pages/hazards/index?duty=weekly&state=ordered'])
  })
})

describe('the home of an administrator', () => {
  it('says that nothing was read only once that has failed', async () => {
    act('administrator')
    const home = mount(HomeSetup)
    expect(home.text()).not.toContain('还没有读到')
    useHome().trouble = { sentence: '没有网络。' } as never
    await home.vm.$nextTick()
    expect(home.text()).toContain('资料还没有读到')
  })

  it('counts what is to be put right by its rows, and names only what the unit has', () => {
    act('administrator')
    const rows = [['undated', 12], ['idle', 1]].map(([gap, count]) => ({ gap, unit_kind: 'use', count, first: [{ code: 'E1', name: '客梯', kind: '3000', location: null, due: null }] }))
    useGaps().overview = { today: '2026-11-23', people: 5, filled: [{ unit_kind: 'use', targets: 20, complete: 8 }], items: rows } as never
    const text = mount(HomeSetup).text()
    expect(text).toContain('2 类要处理')
    expect(text).toContain('人员和设备用名册维护')
  })
})

describe('a to-do of a hazard', () => {
  const row = (hazard: HazardItem) => mount(HazardRow, { props: { hazard } }).get('.cell').attributes('aria-label')

  it('that nobody ordered tells who found it on what, and that it has no deadline', () => {
    act('director')
    expect(row(weekly('w1', { finder_name: '张示一', devices: ['E1'] }))).toBe('门防夹失效，电梯·涉及 1 台·张示一，一般，没有定期限')
    expect(row(weekly('w2', { ...late, finder_name: '李示二' }))).toBe('门防夹失效，电梯·李示二，一般，逾期 3 天')
  })

  it('that waits for measures tells where it is and when it was reported', () => {
    act('director')
    expect(row(found('d1', { state: 'reported', found_at: '2026-11-23T00:31:00.000Z' }))).toBe('门防夹失效，1 号客梯·A 座，王建国 今天 08:31 上报，一般')
  })
})

describe('a list of hazards', () => {
  async function heading(role: Role, standsIn: string[], items: HazardItem[], duty = 'weekly', state = 'ordered') {
    act(role, standsIn)
    const asked = (of: string, at: string) => (of === duty && at === state ? items : [])
    vi.spyOn(api, 'page').mockImplementation((of, at) => Promise.resolve({ items: asked(of, at), next: null }) as never)
    address.query = { duty, state }
    const page = mount(HazardsPage)
    await flushPromises()
    return page.get('.section-note').text()
  }

  it('says how many of it are his, where a principal stands in for one kind', async () => {
    const both = [weekly('w1'), weekly('w2', { kind: '1000' }), weekly('w3', { kind: '1000' })]
    expect(await heading('principal', ['3000'], both)).toBe('其中 1 条等您确认，按期限先后')
    expect(await heading('principal', ['3000'], both.slice(0, 1))).toBe('按期限先后')
    const reported = [found('d1', { state: 'reported' }), found('d2', { state: 'reported', kind: '1000' })]
    expect(await heading('principal', ['3000'], reported, 'daily', 'reported')).toBe('其中 1 条等您下达')
    expect(await heading('principal', ['3000'], reported.slice(1), 'daily', 'reported')).toBe('重的在前')
    expect(await heading('director', [], reported, 'daily', 'reported')).toBe('等您写措施、定期限')
  })
})

describe('a hazard that is gone', () => {
  it('leads to the next of what its own duty found, of which there may be more than is here', async () => {
    act('director')
    const detail = { ...weekly('w0', { state: 'rectified', rectified_at: '2026-11-23T00:31:00.000Z' }), item: 'A1', requirement: '有效', photos: [], officers: [], steps: [] }
    vi.spyOn(api, 'detail').mockResolvedValue(detail as never)
    head('daily', { ordered: [found('d1', { extension: '2026-12-09' })] }, true)
    head('weekly', { ordered: [weekly('w0'), weekly('w1')] })
    address.query = { hazard: 'w0' }
    const page = mount(DetailPage)
    await flushPromises()
    expect([page.get('.btn').text(), page.text().includes('发现它的周排查记录')]).toEqual(['看下一条待整改（1）', true])
    head('weekly', { ordered: [weekly('w0'), weekly('w1')] }, true)
    await page.vm.$nextTick()
    expect(page.get('.btn').text()).toBe('看下一条待整改（1+）')
    await page.get('.btn').trigger('click')
    expect(uni.visited).toEqual(['redirect /pages/hazards/detail?hazard=w1'])
  })
})

describe('measures that were written', () => {
  it.each([['reported', null], ['ordered', '2026-12-09']] as const)('lead back to the list they were asked for in: %s', async (state, extension) => {
    act('director')
    const order = { act: 'order', by: 'P9', by_name: '何敏', at: '2026-11-21T00:00:00.000Z', text: '更换', photos: [] }
    const detail = { ...found('d1', { state, extension, deadline: '2026-12-01' }), item: 'A1', requirement: '有效', photos: [], officers: [], steps: [order] }
    vi.spyOn(api, 'detail').mockImplementation(() => Promise.resolve(structuredClone(detail)) as never)
    vi.spyOn(api, 'page').mockResolvedValue({ items: [], next: null } as never)
    vi.spyOn(api, 'order').mockResolvedValue({ state: 'ordered', version: 3 } as never)
    address.query = { hazard: 'd1' }
    const page = mount(OrderPage, { global: { config: { compilerOptions: { isCustomElement: (tag) => tag === 'textarea' } }, stubs: { TDeadline: { emits: ['pick'], template: '<i class="day" @click="$emit(\'pick\', \'2026-12-09\')" />' } } } })
    await flushPromises()
    await page.get('textarea').trigger('input', { detail: { value: '更换' } })
    await page.get('.day').trigger('click')
    await page.get('.btn').trigger('click')
    await flushPromises()
    expect(uni.visited).toEqual([`redirect /pages/hazards/index?state=${state}`])
  })
})

describe('a check on this phone', () => {
  const AT = { duty: 'weekly', due: '2026-11-23', target: '3000' } as const
  const OWNER = 'U1/P1/officer'

  function begun(more: object, items = [item('A1')], answers = {}) {
    act('officer')
    vi.spyOn(useTasks(), 'kept').mockReturnValue(task(items, { ...AT, target: { ...task().target, target: '3000', name: '电梯' } }))
    useDrafts().save(draft(answers, { ...AT, owner: OWNER, ...more }))
    address.query = { ...AT }
  }

  it('left open without a network is not signed over night with a deadline that has passed', async () => {
    begun({}, [item('A1')], { A1: answer({ result: 'fail', handling: 'pending', deadline: '2026-11-23' }) })
    const put = vi.spyOn(useOutbox(), 'put')
    const page = mount(SignPage, { global: { stubs: { TSignature: true } } })
    await flushPromises()
    expect(page.text()).not.toContain('请返回补上')
    vi.setSystemTime('2026-11-24T01:00:00Z')
    await page.get('.btn').trigger('click')
    await flushPromises()
    expect(put).not.toHaveBeenCalled()
    expect(page.text()).toContain('还有 1 项没有查完或要改，请返回补上')
  })

  it('come back to the next day without a network is not offered to be signed', async () => {
    begun({}, [item('A1')], { A1: answer({ result: 'fail', handling: 'pending', deadline: '2026-11-23' }) })
    expect(useSession().today).toBe('2026-11-23')
    vi.setSystemTime('2026-11-24T01:00:00Z')
    const page = mount(SignPage, { global: { stubs: { TSignature: true } } })
    await flushPromises()
    expect(page.text()).toContain('请返回补上')
  })

  it('is judged by the unit\'s day where that is the later', () => {
    act('officer')
    const session = useSession()
    session.today = '2026-11-25'
    session.readClock()
    expect(session.signingDay).toBe('2026-11-25')
  })

  it.each([[true, 1], [false, 0]])('has no empty row on its wall for what was taken back, 无此项 %s', async (na_allowed, rows) => {
    begun({ correction: { version: 2, reason: '看错了', since: 1, reported: [], takenBack: ['A1'] } }, [item('A1', { na_allowed })], { A1: answer() })
    const page = mount(ItemPage)
    await flushPromises()
    expect(page.findAll('.wall-row:not(.verdict-foot)')).toHaveLength(rows)
  })
})
