import { enableAutoUnmount, flushPromises, mount } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { clocks, todos, type ClockLevel, type Page, type Role, type TargetFacts } from '@/api'
import { Unreachable } from '@/api/door'
import TClock from '@/components/TClock.vue'
import ListPage from '@/pages/clocks/index.vue'
import HomeExpiring from '@/pages/home/HomeExpiring.vue'
import HomeExpiringFigure from '@/pages/home/HomeExpiringFigure.vue'
import { applyWords, clockAdvice, endingWord, expiring, expiryFigure, expiryGroups, expiryNotice, hasEnded, inspectionClock } from '@/rules/clocks'
import { addDays } from '@/rules/dates'
import { useClocks } from '@/stores/clocks'
import { useSession } from '@/stores/session'
import { useTodos } from '@/stores/todos'
import { member } from './fakes/tean'
import { todo } from './fakes/things'
import { FakeUni, install } from './fakes/uni'

const address = vi.hoisted(() => ({ query: {} as Record<string, string> }))
vi.mock('@dcloudio/uni-app', () => ({ onLoad: (act: (query: object) => void) => act(address.query), onShow: (act: () => void) => act(), onPullDownRefresh: () => undefined, onReachBottom: () => undefined, onHide: () => undefined, onUnload: () => undefined }))

const TODAY = '2026-11-23'
const LEVELS: [number, ClockLevel][] = [[7, 'within_7'], [15, 'within_15'], [30, 'within_30'], [60, 'within_60']]
const levelAt = (days: number) => (days < 0 ? 'ended' : days === 0 ? 'today' : (LEVELS.find(([within]) => days <= within)?.[1] ?? null))
/** As the server would tell it today. */
function ending(name: string, days: number | null, more: Partial<TargetFacts> = {}): TargetFacts {
  const next_inspection = days === null ? null : addDays(TODAY, days)
  const apply_by = next_inspection && (more.unit_kind ?? 'use') === 'use' ? addDays(next_inspection, -30) : null
  const clock = days === null ? null : { days, level: levelAt(days), apply_by }
  return { target: `E-${name}`, name, unit_kind: 'use', kind: '3000', kind_name: '电梯', location: 'A 座', state: 'in_use', next_inspection, clock, identifiers: {}, ...more } as TargetFacts
}
const licence = (name: string, days: number, more: Partial<TargetFacts> = {}) => ending(name, days, { unit_kind: 'production', kind: 'EL_MFG', ...more })

describe('the date of a target', () => {
  const told = (days: number, more: Partial<TargetFacts> = {}) => inspectionClock(ending('1 号', days, more), TODAY)

  it('is quiet beyond 60 days, ochre within, red when past; the day itself is not past', () => {
    expect([61, 60, 1, 0, -1].map((days) => [told(days)!.kind, told(days)!.words])).toEqual([
      ['plain', ''], ['late', '还有 60 天'], ['late', '还有 1 天'], ['late', '今天到期'], ['overdue', '已过期 1 天'],
    ])
    expect([0, -1].map((days) => hasEnded(ending('1 号', days), TODAY))).toEqual([false, true])
    expect(inspectionClock(ending('1 号', null), TODAY)).toBeNull()
  })
  it('is told as what it is on its side', () => {
    expect(told(220)!.text).toBe('下次检验 2027-07-01')
    expect(told(8, { unit_kind: 'production' })!.text).toBe('许可有效期至 12-01')
    expect(told(8, { unit_kind: 'filling' })!.text).toBe('有效期至 12-01')
  })
  it('fills a bar of one year', () => expect([400, 365, 38, 0, -9].map((days) => told(days)!.percent)).toEqual([0, 0, 90, 100, 100]))
  it('is counted by the day it is looked at, not the day it was read', () => {
    expect(inspectionClock(ending('1 号', 1), addDays(TODAY, 3))!.words).toBe('已过期 2 天')
  })
})

describe('what is advised', () => {
  const advice = (target: TargetFacts, checks = true) => clockAdvice(target, TODAY, checks)

  it('is nothing as long as there is time', () => expect([advice(ending('1 号', 61)), advice(ending('1 号', null))]).toEqual([{ text: '' }, { text: '' }]))
  it('is to apply a month before, in time or at once', () => {
    expect(advice(ending('1 号', 38)).text).toBe('到期前一个月应提出检验申请（12-01 前）。')
    expect(advice(ending('1 号', 30)).text).toBe('到期前一个月应提出检验申请（11-23 前）。')
    expect(advice(ending('1 号', 0)).text).toBe('检验申请应在 10-24 前提出，还没有申请的请马上申请。')
    expect([38, 0, 61].map((days) => applyWords(ending('1 号', days), TODAY))).toEqual(['12-01 前申请检验', '', ''])
  })
  it('is to stop equipment that has expired, by who checks it', () => {
    expect(advice(ending('1 号', -1))).toEqual({ title: '检验已过期，建议停用', text: '仍可检查；停用请在“开始巡查”里选择。' })
    expect(advice(ending('1 号', -1), false).text).toBe('停用由安全员在巡查时提交。')
    expect(advice(ending('1 号', -1, { unit_kind: 'filling' })).title).toBe('有效期已过，建议停用')
  })
  it('is nothing more of what is stopped already', () => expect(advice(ending('1 号', -1, { state: 'suspended' }))).toEqual({ text: '' }))
  it('never stops a licence, and never speaks of an inspection of it', () => {
    const words = [licence('L', 20), licence('L', -1), licence('L', -1, { state: 'suspended' })].flatMap((one) => [advice(one), advice(one, false)])
    expect(words[0]!.text).toBe('到期后不能继续生产，请提前办好延续。')
    expect(words.slice(2).map(({ title }) => title)).toEqual(Array(4).fill('许可已过期，不能继续生产'))
    expect(JSON.stringify(words)).not.toMatch(/停用|检验/)
  })
})

describe('the panel of a target', () => {
  const panel = (target: TargetFacts) => mount(TClock, { props: { target, today: TODAY, checks: true } })

  it('tells the date, how long, how far, what to do', () => {
    const shown = panel(ending('1 号', 38))
    expect(shown.text()).toContain('下次检验 12-31')
    expect([shown.get('.chip').text(), shown.get('.clock-gone').attributes('style'), shown.get('.sub').text()]).toEqual(['还有 38 天', 'width: 90%;', '到期前一个月应提出检验申请（12-01 前）。'])
    expect(shown.get('.clock').classes()).toContain('k-late')
  })
  it('cries out only when it has ended', () => {
    expect(panel(ending('1 号', -12)).get('.clock').attributes()).toMatchObject({ role: 'alert', 'aria-label': '下次检验 11-11，已过期 12 天，检验已过期，建议停用' })
    expect(panel(ending('1 号', 0)).get('.clock').attributes('role')).toBe('group')
  })
  it('is quiet, or not there', () => {
    expect([panel(ending('1 号', 200)).find('.clock-bar').exists(), panel(ending('1 号', null)).find('.clock').exists()]).toEqual([false, false])
  })
})

describe('the list', () => {
  it('groups by the warning that was reached, what ends today within the week', () => {
    const items = [-3, 0, 7, 8, 15, 30, 31, 60].map((days) => ending(String(days), days))
    expect(expiryGroups(items).map(({ word, kind, items: of }) => [word, kind, of.map(({ name }) => name)])).toEqual([
      ['已过期', 'overdue', ['-3']], ['7 天内', 'late', ['0', '7']], ['15 天内', 'late', ['8', '15']], ['30 天内', 'late', ['30']], ['60 天内', 'late', ['31', '60']],
    ])
    expect(expiryGroups([ending('far', 90)])).toEqual([])
  })
})

describe('what the home page tells', () => {
  const notice = (items: TargetFacts[], more = false) => expiryNotice(expiring(items, more, TODAY), TODAY)

  it('is nothing where nothing ends', () => expect(notice([])).toBeNull())
  it('is how many end soon, the most urgent by name', () => {
    expect(notice([ending('1 号', 0), ending('2 号', 12), ending('3 号', 40)])).toEqual({
      kind: 'late', icon: 'calendar', title: '3 台设备检验将到期', lines: ['1 号：今天到期', '2 号：还有 12 天'],
    })
  })
  it('is red for what has ended, with how many more will', () => {
    expect(notice([ending('1 号', -2), ending('2 号', 12)])).toMatchObject({ kind: 'overdue', title: '1 台设备检验已过期，1 台将到期', lines: ['1 号：已过期 2 天', '2 号：还有 12 天'] })
  })
  it('speaks of licences as such, and of both where a unit has both', () => {
    expect(notice([licence('电梯制造', 20)])!.title).toBe('1 项许可将到期')
    expect(notice([licence('电梯制造', -20), ending('1 号', 3)])).toMatchObject({ title: '1 项许可已过期，1 台设备检验将到期', lines: ['电梯制造：已过期 20 天', '1 号：还有 3 天'] })
    expect(notice([licence('电梯制造', 2), ending('1 号', 3)])!.title).toBe('2 项检验和许可将到期')
    expect(endingWord([])).toBe('检验')
  })
  it('says where the list goes on', () => {
    expect(notice([ending('1 号', -2), ending('2 号', 12)], true)!.title).toBe('1 台设备检验已过期，1+ 台将到期')
    expect(notice([ending('1 号', -2)], true)!.title).toBe('1+ 台设备检验已过期')
  })
  it('is not red for what waits for its inspection out of use', () => {
    expect(notice([ending('1 号', -2, { state: 'suspended' }), ending('2 号', 9, { state: 'suspended' })])).toMatchObject({ kind: 'late', title: '1 台设备检验将到期' })
    expect(notice([licence('电梯制造', -2, { state: 'suspended' })])!.kind).toBe('overdue')
  })
  it('is one figure for who answers for all', () => {
    const figure = (items: TargetFacts[], more = false) => expiryFigure(expiring(items, more, TODAY))
    expect(figure([ending('1 号', 3), ending('2 号', 9)])).toEqual({ count: '2', kind: 'late', caption: '检验将到期', note: '' })
    expect(figure([ending('1 号', -3), ending('2 号', 9)])).toEqual({ count: '2', kind: 'overdue', caption: '检验将到期', note: '其中已过期 1' })
    expect(figure([licence('电梯制造', -3)], true)).toEqual({ count: '1+', kind: 'overdue', caption: '许可已过期', note: '' })
    expect(figure([])).toEqual({ count: '0', kind: 'plain', caption: '检验将到期', note: '' })
  })
})

describe('the pages', () => {
  let uni: FakeUni
  const act = (role: Role, items: TargetFacts[], next?: string) => {
    const session = useSession()
    session.held = { answer: { membership: member(role) }, since: 0 } as never
    session.today = TODAY
    return vi.spyOn(clocks, 'page').mockResolvedValue({ today: TODAY, until: TODAY, items, next } as never)
  }
  beforeEach(() => {
    uni = install(new FakeUni())
    vi.spyOn(todos, 'page').mockResolvedValue({ today: TODAY, items: [todo('E-1')], names: {} } as never)
  })
  enableAutoUnmount(afterEach)
  afterEach(() => vi.restoreAllMocks())

  it('the list leads to the check where it is his today, else to the records', async () => {
    act('officer', [ending('1', -3), ending('2', 7)])
    const shown = mount(ListPage)
    await flushPromises()
    expect(shown.findAll('.section-title').map((one) => one.text())).toEqual(['已过期', '7 天内'])
    for (const row of shown.findAll('.cell')) await row.trigger('click')
    expect(uni.visited).toEqual(['/pages/inspections/target?duty=daily&due=2026-11-23&target=E-1', '/pages/records/target?duty=daily&target=E-2'])
  })

  it('leads an administrator nowhere, and tells him how dates are changed', async () => {
    act('administrator', [ending('1', -3)])
    const shown = mount(ListPage)
    await flushPromises()
    await shown.get('.cell').trigger('click')
    expect([uni.visited, shown.get('.notice-title').text()]).toEqual([[], '检验合格或延续后，请更新日期'])
  })

  it('the list says so when nothing ends, and where it goes on', async () => {
    act('principal', [])
    const empty = mount(ListPage)
    await flushPromises()
    expect(empty.text()).toContain('60 天内没有到期的')
    act('principal', [ending('1', -3), ending('2', 9)], 'next')
    const shown = mount(ListPage)
    await flushPromises()
    expect(shown.findAll('.section-note').map((one) => one.text())).toEqual(['1 项', '1+ 项'])
  })

  it('home leads to the list; what has ended, an administrator reads among what is lacking', async () => {
    act('officer', [ending('1', -3), ending('2', 9)])
    await useClocks().load()
    const shown = mount(HomeExpiring)
    expect(shown.get('.notice-title').text()).toBe('1 台设备检验已过期，1 台将到期')
    await shown.get('.notice').trigger('click')
    expect(uni.visited).toEqual(['/pages/clocks/index'])
    act('administrator', [ending('1', -3), ending('2', 9)])
    await useClocks().load()
    expect(mount(HomeExpiring).get('.notice-title').text()).toBe('1 台设备检验将到期')
  })

  it('the figure stands for itself, and says when it was not read', async () => {
    act('principal', [ending('1', -3), ending('2', 9)])
    const figure = mount(HomeExpiringFigure)
    expect([figure.get('.num').text(), figure.get('.figure').attributes('aria-label')]).toEqual(['–', '检验将到期，还没有读到'])
    await useClocks().load()
    await flushPromises()
    expect([figure.get('.num').text(), figure.get('.figure').attributes('aria-label')]).toEqual(['2', '检验将到期 2，其中已过期 1'])
  })

  it('home says nothing where it cannot be read, and nothing of another membership', async () => {
    act('officer', [ending('1', 3)])
    const store = useClocks()
    await store.load()
    vi.mocked(clocks.page).mockRejectedValue(new Unreachable('没有网络'))
    await store.load()
    expect(store.told.coming.map(({ name }) => name)).toEqual(['1'])
    act('director', [])
    await flushPromises()
    expect((store.page as Page<TargetFacts> | null)?.items).toBeUndefined()
    expect(mount(HomeExpiring).find('.notice').exists()).toBe(false)
    expect(useTodos().trouble).toBeNull()
  })
})
