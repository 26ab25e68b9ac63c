import { enableAutoUnmount, flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { defineComponent, h } from 'vue'
import { records, statistics as api, type OutcomeItem, type HazardItem, type Statistics } from '@/api'
import { Unreachable } from '@/api/door'
import TColumns from '@/components/TColumns.vue'
import TDay from '@/components/TDay.vue'
import HomeFigures from '@/pages/home/HomeFigures.vue'
import RecordsPage from '@/pages/records/target.vue'
import HazardsPage from '@/pages/statistics/hazards.vue'
import StatisticsPage from '@/pages/statistics/index.vue'
import ListPage from '@/pages/statistics/list.vue'
import { useClocks } from '@/stores/clocks'
import { useHome } from '@/stores/home'
import { useSession } from '@/stores/session'
import { useStatistics } from '@/stores/statistics'
import { counted, numbers, open, week } from './fakes/statistics'
import { member } from './fakes/tean'
import { FakeUni, install } from './fakes/uni'

const address = vi.hoisted(() => ({ query: {} as Record<string, string>, reach: () => undefined as unknown }))
vi.mock('@dcloudio/uni-app', async () => {
  const { onBeforeMount } = await import('vue')
  return {
    onLoad: (act: (query: object) => void) => onBeforeMount(() => act(address.query)), onShow: (act: () => void) => onBeforeMount(() => act()),
    onPullDownRefresh: () => undefined, onReachBottom: (act: () => void) => (address.reach = act), onHide: () => undefined, onUnload: () => undefined,
  }
})

let uni: FakeUni
beforeEach(() => {
  vi.spyOn(console, 'warn')
  uni = install(new FakeUni())
  const session = useSession()
  session.held = { answer: { membership: member('principal'), memberships: [member('principal')] }, since: 0 } as never
  session.session = { stands_in: [], menu: [], tabs: [] } as never
  session.today = '2026-11-23'
  vi.spyOn(useHome(), 'loadProgress').mockResolvedValue()
  vi.spyOn(useClocks(), 'load').mockResolvedValue()
})
enableAutoUnmount(afterEach)
afterEach(() => {
  expect(vi.mocked(console.warn).mock.calls).toEqual([])
  vi.restoreAllMocks()
})

/** The platform's own. */
const picker = defineComponent((_, { slots }) => () => h('picker', slots.default?.()))
async function opened(page: unknown, query: Record<string, string> = {}): Promise<VueWrapper> {
  address.query = query
  const shown = mount(page as never, { global: { stubs: { picker } } }) as VueWrapper
  await flushPromises()
  return shown
}
const pick = async (page: VueWrapper, word: string) => {
  await page.findAll('[role=tab]').find((tab) => tab.text() === word)!.trigger('click')
  await flushPromises()
}
const press = async (page: VueWrapper, label: string) => page.findAll('[role=link], [role=button]').find((one) => `${one.attributes('aria-label') ?? ''}${one.text()}`.includes(label))!.trigger('click')
const visited = () => uni.visited.map((url) => decodeURIComponent(url.replace('/pages/statistics/', ''))).pop()

describe('the unit in numbers', () => {
  const read = () => vi.mocked(api.read)
  beforeEach(() => {
    vi.spyOn(api, 'read').mockResolvedValue(numbers())
    vi.spyOn(api, 'open').mockResolvedValue(open())
  })

  it('is of this month until other days are picked, each asked for once', async () => {
    const page = await opened(StatisticsPage)
    await pick(page, '本月')
    await pick(page, '上月')
    await pick(page, '近一年')
    expect(read().mock.calls).toEqual([['2026-11-01', '2026-11-30'], ['2026-10-01', '2026-10-31'], ['2025-12-01', '2026-11-30']])
    expect(page.text()).toContain('2025-12-01 ～ 11-22，今天的不在内')
    await pick(page, '上月')
    expect(page.text()).toContain('10-01 ～ 10-31')
    expect(page.text()).not.toContain('今天的不在内')
  })

  it('tells what ends soon, of the kind that is looked at, and leads to it', async () => {
    const ends = (target: string, kind: string, level: string) => ({ target, kind, unit_kind: 'use', clock: { days: 3, level } }) as never
    useClocks().page = { items: [ends('E-1', '3000', 'ended'), ends('E-2', '3000', 'within_7'), ends('E-3', '4000', 'within_7')], next: null }
    const page = await opened(StatisticsPage)
    const bars = () => page.findAll('[aria-label^=检验和许可]').map((one) => one.attributes('aria-label'))
    expect(bars()).toEqual(['检验和许可已过期 1 项', '检验和许可7 天内 2 项'])
    await pick(page, '电梯')
    expect(bars()).toEqual(['检验和许可已过期 1 项', '检验和许可7 天内 1 项'])
    await press(page, '检验和许可已过期')
    expect(uni.visited.pop()).toBe('/pages/clocks/index')
  })

  it('speaks each picture in a sentence', async () => {
    const page = await opened(StatisticsPage)
    expect(page.findAll('[role=img]').map((picture) => picture.attributes('aria-label')).slice(0, 2)).toEqual([
      '日管控，应查 678，按时 652，补录 12，漏检 8，停用 6，完成率 98.8%', '周排查，应查 21，按时 18，补录 1，漏检 2，停用 0，完成率 90.4%',
    ])
    expect(page.text()).toContain('完成率 =（按时 + 补录）÷（应查 678 − 停用 6）。')
    expect(page.findAll('[role=img]').filter((picture) => !picture.attributes('aria-label'))).toEqual([])
  })

  it('of one kind is reckoned here, without asking again', async () => {
    const page = await opened(StatisticsPage)
    await pick(page, '场车')
    expect(page.get('.ring').attributes('aria-label')).toBe('日管控，应查 40，按时 40，补录 0，漏检 0，停用 0，完成率 100%')
    expect(api.read).toHaveBeenCalledTimes(1)
  })

  it('leads from each number to its list, of the same days and kind', async () => {
    const page = await opened(StatisticsPage)
    await press(page, '漏检 8，看是哪些')
    expect(visited()).toBe('list?since=2026-11-01&until=2026-11-30&duty=daily&what=missed')
    await press(page, '按时 652，看是哪些')
    expect(visited()).toBe('list?since=2026-11-01&until=2026-11-30&duty=daily&what=on_time')
    await press(page, '零风险 629 次')
    expect(visited()).toBe('list?since=2026-11-01&until=2026-11-30&duty=daily&what=zero_risk')
    await press(page, '立即处理 9 条')
    expect(visited()).toBe('hazards?since=2026-11-01&until=2026-11-30&on_site=1')
    await press(page, '确认整改 10 条')
    expect(visited()).toBe('hazards?since=2026-11-01&until=2026-11-30&rectified=1')
    await press(page, '第 46 周')
    expect(visited()).toBe('list?since=2026-11-09&until=2026-11-15&duty=daily&what=missed')
    await press(page, '周排查，应查 21')
    expect(visited()).toBe('list?since=2026-11-01&until=2026-11-30&duty=weekly&what=missed')
    await press(page, '刘芳（安全员）')
    expect(visited()).toBe('list?since=2026-11-01&until=2026-11-30&duty=daily&what=missed&person=P2&role=officer')
    await pick(page, '电梯')
    await press(page, '发现较大隐患 13 条')
    expect(visited()).toBe('hazards?since=2026-11-01&until=2026-11-30&kind=3000&grade=serious')
    await press(page, '没有整改完成的，30 天以上 1 条')
    expect(visited()).toBe('hazards?kind=3000&age=older')
    await press(page, '看逾期隐患（1）')
    expect(visited()).toBe('hazards?kind=3000&overdue=1')
  })

  it('of a week without a miss leads to what was late in it', async () => {
    await press(await opened(StatisticsPage), '第 47 周')
    expect(visited()).toBe('list?since=2026-11-16&until=2026-11-22&duty=daily&what=late')
  })

  it('tells what a person did of another duty', async () => {
    const page = await opened(StatisticsPage)
    await pick(page, '周排查')
    expect(page.text()).toContain('李红梅安全总监')
    expect(page.text()).not.toContain('刘芳')
  })

  it('says what is on of a week or month, which no number holds yet', async () => {
    useHome().progress = { weekly: { owed: 5, done: 2, suspended: 1 } } as never
    const page = await opened(StatisticsPage)
    expect(page.text()).toContain('本周余 2')
    read().mockResolvedValue(numbers({ since: '2026-10-01', until: '2026-10-31' }))
    await pick(page, '上月')
    expect(page.text()).not.toContain('本周余 2')
  })

  it('marks the days that may still change, and those that are missing', async () => {
    read().mockResolvedValue(numbers({ provisional: ['2026-11-21', '2026-11-22'], uncounted: ['2026-11-20'], unasked: ['2026-11-03'] }))
    const page = await opened(StatisticsPage)
    expect(page.findAll('.notice-title').map((title) => title.text())).toEqual(['11-20 到期的，还没有统计', '11-03 到期的，系统没有派发', '11-21 ～ 11-22 到期的，还能补录'])
    expect(page.text()).toContain('未定')
  })

  it('of a unit with nothing is no 0 %', async () => {
    read().mockResolvedValue(numbers({ duties: [], weeks: [], hazards: [], people: [] }))
    vi.mocked(api.open).mockResolvedValue(open({ counts: [] }))
    const page = await opened(StatisticsPage)
    expect(page.text()).toContain('这段时间没有数字')
    expect(page.text()).toContain('隐患都整改完成了')
    expect(page.text()).not.toContain('%')
  })

  it('that are not read are not those of the days before', async () => {
    const page = await opened(StatisticsPage)
    read().mockRejectedValueOnce(new Unreachable())
    await pick(page, '上月')
    expect(page.text()).toContain('没有读出来')
    expect(page.text()).not.toContain('98.8')
    await press(page, '再试一次')
    await flushPromises()
    expect(page.text()).toContain('98.8')
  })

  it('are there without the open hazards, which are asked for again', async () => {
    vi.mocked(api.open).mockRejectedValueOnce(new Unreachable())
    const page = await opened(StatisticsPage)
    expect(page.text()).toContain('98.8')
    await press(page, '没有读到最新的')
    await flushPromises()
    expect(page.text()).toContain('现在没有整改完成的7 条')
  })

  it('say of more open hazards than were counted that they are at least so many', async () => {
    vi.mocked(api.open).mockResolvedValue(open({ more: true }))
    const page = await opened(StatisticsPage)
    expect(page.text()).toContain('现在没有整改完成的7+ 条')
    expect(page.text()).toContain('看逾期隐患（1+）')
  })
})

describe('days of his own choice', () => {
  const days = (page: VueWrapper) => page.findAllComponents(TDay)
  async function choosing() {
    vi.spyOn(api, 'read').mockResolvedValue(numbers())
    vi.spyOn(api, 'open').mockResolvedValue(open())
    const page = await opened(StatisticsPage)
    await pick(page, '选时段')
    return page
  }
  const turn = async (page: VueWrapper, at: number, month: number, day: number) => {
    await days(page)[at]!.get('picker').trigger('change', { detail: { value: [month, day - 1] } })
  }

  it('more than a year are refused, with why', async () => {
    const page = await choosing()
    await turn(page, 0, 23, 1)
    await press(page, '看这段时间')
    expect(page.get('.field-error').text()).toBe('时段最长一年，现在是 419 天')
    expect(api.read).toHaveBeenCalledTimes(1)
    await turn(page, 0, 36, 24)
    expect(page.get('.field-error').text()).toBe('开始日期不能晚于结束日期')
  })

  it('are asked for as they were picked; the 31st of a shorter month is its last', async () => {
    const page = await choosing()
    await turn(page, 0, 27, 31)
    await turn(page, 1, 35, 20)
    await press(page, '看这段时间')
    await flushPromises()
    expect(vi.mocked(api.read).mock.calls.pop()).toEqual(['2026-02-28', '2026-10-20'])
    expect([page.find('.sheet').exists(), page.findAll('[role=tab][aria-selected=true]').map((tab) => tab.text())[0]]).toEqual([false, '选时段'])
  })
})

describe('a column', () => {
  it('is from zero, and one beside a thousand can still be seen', () => {
    const column = (key: string, missed: number, late: number) => ({ key, since: key, until: key, word: '', note: '', rate: '', sentence: key, missed, late, on_time: 0, suspended: 0 })
    const shown = mount(TColumns, { props: { columns: [column('a', 1000, 0), column('b', 1, 0), column('c', 0, 500)], label: '' } })
    const heights = shown.findAll('.column').map((one) => one.findAll('.column-part').map((part) => part.attributes('style')))
    expect(heights).toEqual([['height: 0px;', 'height: 52px;'], ['height: 3px;', 'height: 0px;'], ['height: 104px;', 'height: 0px;']])
  })
})

describe('what became of what was due', () => {
  const item = (target: string, more: Partial<OutcomeItem> = {}): OutcomeItem => ({
    what: 'missed', zero_risk: false, duty: 'daily', due: '2026-10-14', target, name: `${target} 号`, unit_kind: 'use', kind: '3000', role: 'officer', people: [{ person: 'P1', name: '周建国' }, { person: 'P2', name: '刘芳' }], at: null, never: false, ...more,
  })
  const QUERY = { since: '2026-10-01', until: '2026-10-31', duty: 'daily', what: 'missed', kind: '3000', person: 'P2' }

  it('is asked for as the address says, read on to its end, and leads to the records of that month', async () => {
    const asked = vi.spyOn(api, 'outcomes').mockResolvedValueOnce({ items: [item('E1')], next: 'more', cut: false }).mockResolvedValueOnce({ items: [item('E2')], next: null, cut: true })
    const page = await opened(ListPage, QUERY)
    await address.reach()
    await flushPromises()
    expect(asked.mock.calls.map(([query]) => [query.what, query.kind, query.person, query.cursor])).toEqual([['missed', '3000', 'P2', undefined], ['missed', '3000', 'P2', 'more']])
    expect(page.text()).toContain('10-01 ～ 10-31·电梯·刘芳')
    expect(page.text()).toContain('没有全部列出来')
    await press(page, 'E2 号，')
    expect(uni.visited.pop()).toBe('/pages/records/target?duty=daily&due=2026-10-14&target=E2')
  })

  it('of another sort is asked for anew', async () => {
    const asked = vi.spyOn(api, 'outcomes').mockResolvedValue({ items: [], next: null, cut: false })
    const page = await opened(ListPage, QUERY)
    expect(page.text()).toContain('没有漏检的')
    await pick(page, '整周未检')
    expect(page.text()).toContain('没有整周未检的')
    await pick(page, '补录')
    // What no day of a week saw is told in the buckets of weeks.
    expect(asked.mock.calls.map(([{ duty, what: of }]) => [duty, of])).toEqual([['daily', 'missed'], ['weekly', 'unchecked'], ['daily', 'late']])
  })

  it('whatever told it, leads to the records of its own duty', async () => {
    vi.spyOn(api, 'outcomes').mockResolvedValue({ items: [item('E1', { duty: 'weekly', due: '2026-10-05' })], next: null, cut: false })
    await press(await opened(ListPage, { ...QUERY, what: 'unchecked' }), 'E1 号，')
    expect(uni.visited).toEqual(['/pages/records/target?duty=daily&due=2026-10-05&target=E1'])
  })

  it('of a report leads to those of its kind', async () => {
    vi.spyOn(api, 'outcomes').mockResolvedValue({ items: [item('3000', { duty: 'weekly_report', due: '2026-10-05', role: 'director' })], next: null, cut: false })
    const page = await opened(ListPage, { ...QUERY, duty: 'weekly_report' })
    await press(page, '3000 号，')
    expect(uni.visited).toEqual(['/pages/reports/history?duty=weekly_report&kind=3000'])
  })

  it.each([['2026-11-02', 'this'], ['2026-10-14', 'last'], ['2026-03-01', 'all']])('on %s is found in the records of its time', async (due, value) => {
    const page = vi.spyOn(records, 'page').mockResolvedValue({ target: { target: 'E1', name: '1 号客梯', kind: '3000', unit_kind: 'use', identifiers: {} }, items: [], missed: [], next: null } as never)
    await opened(RecordsPage, { duty: 'daily', target: 'E1', due })
    expect(page.mock.calls[0]![1]!.since).toBe({ this: '2026-11-01', last: '2026-10-01', all: undefined }[value])
  })
})

describe('the hazards behind a number', () => {
  const hazard = { hazard: 'H1', duty: 'daily', devices: [], target: 'E1', target_name: '1 号客梯', unit_kind: 'use', kind: '3000', sentence: '门防夹失效', grade: 'serious', state: 'ordered', version: 2, finder_name: '王建国', found_at: '2026-10-20T00:31:00.000Z' } as unknown as HazardItem

  it('that were found are asked for by their days, and lead to each', async () => {
    const asked = vi.spyOn(api, 'found').mockResolvedValue({ items: [hazard], next: null })
    const page = await opened(HazardsPage, { since: '2026-10-01', until: '2026-10-31', grade: 'serious', kind: '3000' })
    expect(asked.mock.calls).toEqual([[{ since: '2026-10-01', until: '2026-10-31', kind: '3000', grade: 'serious', cursor: undefined, on_site: undefined }]])
    expect(page.text()).toContain('10-01 ～ 10-31·电梯')
    await press(page, '门防夹失效')
    expect(uni.visited).toEqual(['/pages/hazards/detail?hazard=H1'])
    await pick(page, '全部等级')
    expect(asked.mock.calls.pop()![0].grade).toBeUndefined()
  })

  it.each([
    ['on_site', 'found', '立即处理的隐患', true],
    ['rectified', 'rectified', '确认整改的隐患', undefined],
  ] as const)('that were %s are asked for by themselves', async (name, ask, title, onSite) => {
    const asked = vi.spyOn(api, ask).mockResolvedValue({ items: [hazard], next: null })
    const page = await opened(HazardsPage, { since: '2026-10-01', until: '2026-10-31', [name]: '1' })
    expect(asked.mock.calls).toEqual([[{ since: '2026-10-01', until: '2026-10-31', kind: undefined, grade: undefined, cursor: undefined, ...(ask === 'found' ? { on_site: onSite } : {}) }]])
    expect(page.html()).toContain(title)
  })

  it('that are open are asked for as they were narrowed; nonsense is left out', async () => {
    const asked = vi.spyOn(api, 'open').mockResolvedValue(open({ items: [hazard] }))
    await opened(HazardsPage, { age: 'older', overdue: '1', grade: 'worst' })
    expect(asked.mock.calls).toEqual([[{ kind: undefined, grade: undefined, state: undefined, age: 'older', overdue: true, cursor: undefined }]])
  })
})

describe("the principal's home", () => {
  const shown = (month: Statistics | null) => {
    useStatistics().month = month
    return mount(HomeFigures)
  }

  it('tells the month so far, and leads to all of it', async () => {
    const panel = shown(numbers())
    expect(panel.findAll('.figure').map((one) => [one.text(), one.attributes('aria-label')])).toEqual([['98.8%本月完成率', '本月日管控完成率 98.8%'], ['8本月漏检', '本月日管控漏检 8 次']])
    await panel.get('.figure').trigger('click')
    expect(uni.visited).toEqual(['/pages/statistics/index'])
  })

  it('tells nothing of a month without a number, and is not there while none was read', () => {
    expect(shown(numbers({ duties: [] })).findAll('.num').map((one) => one.text())).toEqual(['–', '–'])
    expect(shown(null).find('.figures').exists()).toBe(false)
  })

  it('asks once, and does without an answer', async () => {
    const read = vi.spyOn(api, 'read').mockRejectedValueOnce(new Unreachable()).mockResolvedValueOnce(numbers({ weeks: [week('2026-11-16', [counted('3000')])] }))
    await expect(useStatistics().load()).rejects.toThrow()
    expect(useStatistics().month).toBeNull()
    await useStatistics().load()
    expect([read.mock.calls.length, useStatistics().month?.until]).toEqual([2, '2026-11-30'])
  })
})
