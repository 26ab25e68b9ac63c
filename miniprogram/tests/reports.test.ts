import { enableAutoUnmount, flushPromises, mount } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { minutes as minutesApi, reports as api, type MinutesDetail, type MinutesItem, type MonthlyKind, type ReportDetail, type ReportItem, type WeeklyDraft } from '@/api'
import { Refused } from '@/api/door'
import TChoice from '@/components/TChoice.vue'
import TChecks from '@/components/TChecks.vue'
import TTodoRow from '@/components/TTodoRow.vue'
import HomeDeed from '@/pages/home/HomeDeed.vue'
import HomeGlance from '@/pages/home/HomeGlance.vue'
import DetailPage from '@/pages/reports/detail.vue'
import HistoryPage from '@/pages/reports/history.vue'
import IndexPage from '@/pages/reports/index.vue'
import MinutesPage from '@/pages/reports/minutes.vue'
import WeeklyPage from '@/pages/reports/weekly.vue'
import {
  changes, compared, daysWord, EMPTY_MEETING, EMPTY_WEEK, evaluationOptions, figures, glanceLines, isComplete, isMine, isPast, kindsWord, mayRevise, meetingAt, meetingDays, meetingFaults, minutesTimeline,
  numberRows, openKinds, openMeta, reportBadge, reportFacts, sight, toMeeting, toWeekly, unsettled, weekFaults,
} from '@/rules/reports'
import { useReports } from '@/stores/reports'
import { useSession } from '@/stores/session'
import { useTodos } from '@/stores/todos'
import { FakeReports, MONTH, numbers, WEEK } from './fakes/reports'
import { member } from './fakes/tean'
import { todo } from './fakes/things'
import { FakeUni, install } from './fakes/uni'

const TODAY = '2026-11-23'
const draft = (more: Partial<WeeklyDraft> = {}): WeeklyDraft => ({ ...new FakeReports(() => []).week(member('director'), '3000'), ...more })
const blocked = draft({ evaluations: [{ evaluation: 'under_control', sentence: '可控', blocked: '有 1 条重大隐患' }, { evaluation: 'at_risk', sentence: '有风险', blocked: null }] })
const form = (more = {}, of = draft()) => ({ ...EMPTY_WEEK, ...sight(of), evaluation: 'at_risk', focus: '清零', ...more })
const item = (more: Partial<ReportItem> = {}): ReportItem => ({
  report: 'weekly_report.2026-11-23.director.01', number: 'N1', duty: 'weekly_report', due: WEEK, kind: '3000', unit_kind: 'use', person: 'P1', person_name: '王建国', role: 'director',
  received_at: '2026-11-23T01:40:00.000Z', late: false, evaluation: 'at_risk', meeting_at: null, ...more,
})
const minutes = (more: Partial<MinutesDetail> = {}): MinutesDetail => ({
  minutes: `${MONTH}.M0`, due: MONTH, version: 1, state: 'submitted', kinds: ['3000', '5000'], meeting_at: '2026-11-19T06:30:00.000Z', by: 'P1', by_name: '王建国', at: '2026-11-19T07:00:00.000Z', reason: null, late: false,
  late_until: '2026-12-02T16:05:00.000Z', signer: '主要负责人', photos: [], text: '会上定了三件事', focus: '清零', of: [], steps: [{ act: 'submit', version: 1, by: 'P1', by_name: '王建国', at: '2026-11-19T07:00:00.000Z', text: null }], ...more,
})

describe('the numbers of a report', () => {
  it('lead with the three a week is judged by, in the words of the side', () => {
    expect(figures(numbers(), 'use').map(({ word, value }) => [word, value])).toEqual([['排查台数', '2'], ['发现隐患', '2'], ['整改完成', '1']])
    expect((['production', 'filling'] as const).map((side) => figures(numbers({ targets: null }), side)[0])).toMatchObject([{ word: '排查许可', value: '–' }, { word: '排查工位', value: '–' }])
  })

  it('tell what the officers inspected of what they were asked, by their title', () => {
    const row = (side: 'use' | 'production') => numberRows(numbers(), 'weekly_report', side).find(({ key }) => key === 'officers')
    expect([row('use'), row('production')]).toMatchObject([{ word: '安全员周排查', value: '3/4' }, { word: '质量安全员周排查', value: '3/4' }])
  })

  it('leave out what nobody counts', () => {
    const keys = numberRows(numbers({ targets: null, officers: null, expiring: null }), 'monthly_report', 'use').map(({ key }) => key)
    expect(['targets', 'officers', 'expiring'].filter((key) => keys.includes(key))).toEqual([])
  })

  it('say what is otherwise, and nothing when all is as it was', () => {
    expect(changes(numbers(), numbers({ rectified: 2, open: { serious: 1 } }), 'weekly_report', 'use')).toEqual(['整改完成 1 → 2', '未整改 0 → 1', '其中较大 0 → 1'])
    expect(changes(numbers(), numbers(), 'weekly_report', 'use')).toEqual([])
  })

  it('stand side by side, and mark what has moved since', () => {
    const rows = compared([numbers(), numbers({ overdue: 1 }), numbers({ overdue: 5 })], 'monthly_report', 'use')
    expect(rows.filter(({ moved }) => moved)).toEqual([{ key: 'overdue', word: '逾期', cells: ['0', '1', '5'], moved: true }])
  })

  it('are told of a month at a glance, with what is grave and what ends', () => {
    expect(glanceLines(numbers({ open: { major: 1 }, expiring: 2 }))).toEqual([
      ['日管控', '应查 14，漏检 1，补录 2'], ['零风险', '0 次'], ['隐患', '发现 2，整改 1，逾期 0'], ['重大隐患', '1 条没有整改完成'], ['检验到期', '30 天内 2 项'],
    ])
  })

  it('say of which days they are, and whether they may still change', () => {
    expect([daysWord(numbers(), TODAY), daysWord(numbers({ since: MONTH, until: MONTH }), TODAY), daysWord(numbers({ since: MONTH, until: '2026-10-31' }), TODAY)]).toEqual(['11-16 ～ 11-22', '11-01', '会议前一天还没有到这个月'])
    expect([unsettled(numbers(), TODAY), unsettled(numbers({ provisional: true }), TODAY), unsettled(numbers({ uncounted: ['2026-11-21', '2026-11-22'] }), TODAY)]).toEqual(['', '补录期还没有过，数字还可能变', '11-21、11-22还没有统计'])
  })
})

describe('a weekly report', () => {
  it('wants a summary, an evaluation and what comes next; the drafted summary will do', () => {
    expect(Object.keys(weekFaults({ ...EMPTY_WEEK, ...sight(draft()) }))).toEqual(['evaluation', 'focus'])
    expect(Object.keys(weekFaults(form({ summary: ' ' })))).toEqual(['summary'])
    expect(weekFaults(form())).toEqual({})
  })

  it('wants a reason for what is blocked, and sends none for what is not', () => {
    expect(Object.keys(weekFaults(form({ evaluation: 'under_control' }, blocked)))).toEqual(['override'])
    const chosen = form({ evaluation: 'under_control', override: ' 设专人看守 ' }, blocked)
    expect(toWeekly('3000', chosen)).toMatchObject({ override: '设专人看守', evaluation: 'under_control' })
    expect(toWeekly('3000', { ...chosen, evaluation: 'at_risk' })).not.toHaveProperty('override')
  })

  it('is whole once nothing but the signature is missing, and not while its numbers have moved unseen', () => {
    expect([isComplete(null), isComplete(EMPTY_WEEK), isComplete(form()), isComplete(form({ moved: true })), isComplete(form({ focus: '' }))]).toEqual([false, false, true, false, false])
  })

  it('shows the blocked evaluation with what stands against it, and lets it be picked', async () => {
    expect(evaluationOptions(blocked)).toEqual([{ value: 'under_control', word: '可控', guarded: '有 1 条重大隐患' }, { value: 'at_risk', word: '有风险' }])
    const shown = mount(TChoice, { props: { options: evaluationOptions(blocked), value: '', label: '评价' } })
    const [first] = shown.findAll('[role=radio]')
    expect([first!.text(), first!.attributes('aria-disabled'), first!.classes()]).toEqual(['可控有 1 条重大隐患', 'false', expect.arrayContaining(['is-blocked'])])
    await first!.trigger('click')
    expect(shown.emitted('pick')).toEqual([['under_control']])
  })

  it('is over when late entry is', () => expect([isPast({ late_until: '2026-11-23T01:00:00Z' }, Date.now()), isPast({ late_until: '2026-12-01T16:05:00Z' }, Date.now())]).toEqual([true, false]))

  it('tells of what is open where, since when and until when', () => {
    const open = { hazard: 'H', duty: 'daily', sentence: '', grade: 'serious', state: 'ordered', target_name: '1 号客梯', found_at: '2026-11-12T01:00:00Z', deadline: '2026-11-22', overdue: true, carried: true } as WeeklyDraft['open'][number]
    expect(openMeta(open, TODAY)).toEqual(['1 号客梯·日管控 11-12 发现', '期限 11-22，逾期 1 天'])
    expect(openMeta({ ...open, deadline: null }, TODAY)[1]).toBe('待整改')
  })

  it('of a row is open, written here, done or late', () => {
    const badge = (state: 'open' | 'missed' | 'done' | 'late', standing: 'left' | 'written' | 'received') => reportBadge({ state }, standing).text ?? reportBadge({ state }, standing).kind
    expect([badge('open', 'left'), badge('missed', 'left'), badge('open', 'written'), badge('done', 'received'), badge('late', 'received')]).toEqual(['due', 'missed', '草稿', 'done', 'late'])
  })
})

describe('a meeting', () => {
  const filled = { ...EMPTY_MEETING, date: '2026-11-19', time: '14:30', text: '定了三件事', focus: '清零' }
  const faults = (more = {}, chosen = ['3000'], refused = 0) => Object.keys(meetingFaults({ ...filled, ...more }, chosen, { refused, now: Date.now() }))

  it('was in Beijing time, and is not to come', () => {
    expect(meetingAt(filled)).toBe('2026-11-19T06:30:00.000Z')
    expect([meetingAt({ date: '', time: '14:30' }), faults({ date: '2026-11-24' })]).toEqual([undefined, ['time']])
  })

  it('is told in photos or in words, for one kind at least', () => {
    expect([faults(), faults({ text: '', photos: ['a'] }), faults({ text: '' }), faults({}, []), faults({ photos: ['a'] }, ['3000'], 1), faults({ focus: '' })]).toEqual([[], [], ['text'], ['kinds'], ['photos'], ['focus']])
  })

  it('is sent with the numbers that were seen of each kind', () => {
    const kinds = [{ kind: '3000', seen: 's' }] as MonthlyKind[]
    expect(toMeeting(MONTH, { ...filled, text: '' }, kinds, ['f'])).toEqual({ due: MONTH, kinds: [{ kind: '3000', seen: 's' }], meeting_at: '2026-11-19T06:30:00.000Z', photos: ['f'], text: null, focus: '清零' })
  })

  it('was on a day since the 1st', () => expect(meetingDays(MONTH, '2026-11-03')).toEqual(['2026-11-03', '2026-11-02', '2026-11-01']))

  it('covers what is still asked for', () => {
    const kind = (state: MonthlyKind['state']) => ({ state }) as MonthlyKind
    expect(openKinds([kind('open'), kind('missed'), kind('done'), kind('late')])).toHaveLength(2)
  })

  it('is signed by the principal, gone over by who drafted it, and by nobody else', () => {
    const who = [{ role: 'principal', person: 'P3' }, { role: 'director', person: 'P1' }, { role: 'director', person: 'P2' }] as const
    expect(who.map((one) => isMine(minutes(), one))).toEqual([true, false, false])
    expect(who.map((one) => isMine(minutes({ state: 'returned' }), one))).toEqual([false, true, false])
    expect(who.map((one) => mayRevise(minutes(), one))).toEqual([false, true, false])
    expect(mayRevise(minutes({ state: 'signed' }), who[1])).toBe(false)
  })

  it('tells each step, and whose turn it is', () => {
    expect(minutesTimeline(minutes(), TODAY).map(({ title, next }) => [title, next])).toEqual([['王建国提交负责人', undefined], ['等主要负责人签字', true]])
    expect(minutesTimeline(minutes({ state: 'returned' }), TODAY).pop()!.title).toBe('等王建国修改后再提交')
    expect(minutesTimeline(minutes({ state: 'signed' }), TODAY)).toHaveLength(1)
  })

  it('names a few kinds, and counts many', () => {
    expect([kindsWord(['3000', '5000']), kindsWord(['3000', '5000', '4000', '1000'])]).toEqual(['电梯、场车', '电梯、场车等 4 类'])
    expect(kindsWord(['filling'])).toBe('工位')
  })
})

const address = vi.hoisted(() => ({ query: {} as Record<string, string> }))
vi.mock('@dcloudio/uni-app', () => ({
  onLoad: (act: (query: object) => void) => act(address.query), onShow: (act: () => void) => act(), onPullDownRefresh: () => undefined, onReachBottom: () => undefined, onHide: () => undefined, onUnload: () => undefined,
}))

describe('on the glass', () => {
  let uni: FakeUni
  beforeEach(() => {
    vi.spyOn(console, 'warn')
    uni = install(new FakeUni())
  })
  enableAutoUnmount(afterEach)
  afterEach(() => {
    expect(vi.mocked(console.warn).mock.calls).toEqual([])
    vi.restoreAllMocks()
  })

  const GLOBAL = { global: { stubs: { TSignature: { render: () => null, methods: { clear: () => undefined } } }, config: { compilerOptions: { isCustomElement: (tag: string) => ['textarea', 'picker'].includes(tag) } } } }
  const week = (target: string, more = {}) => todo(target, { duty: 'weekly_report', due: WEEK, name: '电梯', kind: target, ...more })
  const month = (target: string, more = {}) => todo(target, { duty: 'monthly_report', due: MONTH, name: '电梯', kind: target, ...more })
  /** Somebody in a post, with these rows and minutes. */
  function as(role: 'director' | 'principal', rows = [week('3000'), week('5000'), month('3000')], drafted: MinutesItem[] = []) {
    const session = useSession()
    session.held = { answer: { membership: member(role) }, since: 0 } as never
    session.session = { menu: [{ key: 'weekly_report', title: '周报告' }, { key: 'monthly_report', title: '月报告' }], inspected: [{ kind: '3000', name: '电梯', unit_kind: 'use' }] } as never
    session.today = TODAY
    useTodos().items = rows
    useTodos().loaded = true
    useReports().minutes = drafted
    vi.spyOn(useTodos(), 'load').mockResolvedValue()
    vi.spyOn(session, 'load').mockResolvedValue()
    vi.spyOn(minutesApi, 'ofMonth').mockResolvedValue({ items: drafted })
  }
  const row = (of: ReturnType<typeof week>) => mount(TTodoRow, { props: { todo: of } }).get('.cell').attributes('aria-label')

  it('a row of the week says which week it is about, a late one which it was, and leads to the report', async () => {
    as('director')
    expect([row(week('3000')), row(week('3000', { due: '2026-11-16', state: 'missed' }))]).toEqual(['电梯，第 47 周 11-16 ～ 11-22', '电梯，第 46 周 周报告'])
    const shown = mount(TTodoRow, { props: { todo: week('3000') } })
    await shown.get('.cell').trigger('click')
    expect(uni.visited).toEqual([`/pages/reports/weekly?duty=weekly_report&due=${WEEK}&kind=3000`])
  })

  it('a row that is done leads to what there was, one whose minutes are under way to those', async () => {
    as('director', [], [minutes()])
    await mount(TTodoRow, { props: { todo: week('3000', { state: 'done', closed_by_name: '何敏', closed_at: '2026-11-23T01:40:00Z' }) } }).get('.cell').trigger('click')
    const handed = mount(TTodoRow, { props: { todo: month('3000', { state: 'done' }) } })
    expect(handed.text()).toContain('待负责人签字')
    await handed.get('.cell').trigger('click')
    expect(uni.visited).toEqual(['/pages/reports/history?duty=weekly_report&kind=3000', `/pages/reports/minutes?minutes=${MONTH}.M0`])
  })

  it('the list of the week names each kind, and begins with what was begun', async () => {
    as('director')
    useReports().drop({ duty: 'weekly_report', due: WEEK, kind: '3000' })
    address.query = { duty: 'weekly_report' }
    uni.setStorageSync(useReports().weekKey({ duty: 'weekly_report', due: WEEK, kind: '5000' }), JSON.stringify({ at: 1, value: form() }))
    const page = mount(IndexPage)
    await flushPromises()
    expect(page.text()).toMatch(/第 47 周.*已完成 0 \/ 2.*余 2.*草稿.*历次周报告/)
    await page.get('.wall .btn').trigger('click')
    expect(uni.visited).toEqual([`/pages/reports/weekly?duty=weekly_report&due=${WEEK}&kind=5000`])
  })

  it('the list of the month leads with what waits for a signature', async () => {
    as('principal', [month('3000'), month('5000')], [minutes()])
    address.query = { duty: 'monthly_report' }
    const page = mount(IndexPage)
    await flushPromises()
    expect(page.text()).toMatch(/等您签字.*11 月调度会议纪要.*王建国起草·电梯、场车.*待负责人签字/)
    expect(page.get('.wall .btn').text()).toBe('签 11 月月报告')
  })

  it('home says what is left of each report, and whose turn the minutes are', () => {
    const words = () => mount(HomeGlance).findAll('.glance-row').map((one) => one.attributes('aria-label'))
    as('director')
    expect(words().slice(0, 2)).toEqual(['周报告，余 2', '月报告，余 1'])
    expect(mount(HomeDeed).text()).toBe('填周报告（余 2）')
    as('director', [month('3000', { state: 'done' }), month('5000', { state: 'done' })], [minutes()])
    expect([words()[1], mount(HomeDeed).text()]).toEqual(['月报告，等签字', '看日管控记录'])
    as('director', [month('3000', { state: 'done' })], [minutes({ state: 'returned' })])
    expect([words()[1], mount(HomeDeed).text()]).toEqual(['月报告，退回', '改 11 月月报告'])
    as('principal', [month('3000')], [minutes()])
    expect([words()[1], mount(HomeDeed).text()]).toEqual(['月报告，待签', '签 11 月月报告'])
  })

  it('a report that is saved already is not begun anew by itself', async () => {
    as('director')
    vi.spyOn(api, 'draftWeek').mockResolvedValue(draft({ state: 'done', reports: [item()] }))
    address.query = { duty: 'weekly_report', due: WEEK, kind: '3000' }
    const page = mount(WeeklyPage, GLOBAL)
    await flushPromises()
    expect([page.text(), page.findAll('textarea').length]).toEqual([expect.stringContaining('这一期的周报告已经保存'), 0])
    await page.get('.wall .btn').trigger('click')
    expect(page.findAll('textarea').length).toBeGreaterThan(0)
  })

  it('one whose time is over is told so', async () => {
    as('director')
    vi.spyOn(api, 'draftWeek').mockResolvedValue(draft({ late_until: '2026-11-01T00:00:00Z' }))
    address.query = { duty: 'weekly_report', due: WEEK, kind: '3000' }
    const page = mount(WeeklyPage, GLOBAL)
    await flushPromises()
    expect(page.text()).toContain('补录期已过，不能再填了')
  })

  it('the reason is asked for once the blocked evaluation was picked', async () => {
    as('director')
    vi.spyOn(api, 'draftWeek').mockResolvedValue(blocked)
    address.query = { duty: 'weekly_report', due: WEEK, kind: '3000' }
    const page = mount(WeeklyPage, GLOBAL)
    await flushPromises()
    const fields = () => page.findAll('.field').map((field) => field.attributes('aria-label'))
    expect(fields()).not.toContain('仍判为可控的理由')
    await page.get('[role=radio]').trigger('click')
    expect(fields()).toContain('仍判为可控的理由')
  })

  it('a saved report tells what has become otherwise since, and why it was judged so', async () => {
    as('director')
    const report = { ...item(), title: '每周电梯安全排查治理报告', numbers: numbers(), live: numbers({ rectified: 2 }), before: null, text: '都查过了', evaluation_sentence: '安全风险可控', override: '设专人看守', focus: '清零', photos: [], signature: 'f', seq: 1, sha256: 'a'.repeat(64), previous: null } as unknown as ReportDetail
    vi.spyOn(api, 'detail').mockResolvedValue(report)
    address.query = { kind: '3000', report: report.report }
    const page = mount(DetailPage)
    await flushPromises()
    expect(page.text()).toMatch(/1 项现在不一样了，报告上的不改.*都查过了.*安全风险可控.*理由：设专人看守/)
    expect(page.get('.is-moved').text()).toBe('变2')
    expect(reportFacts(report)).toContainEqual(['签字', '王建国（安全总监）'])
    await page.get('.cell').trigger('click')
    expect(uni.visited).toEqual([`/pages/reports/weekly?duty=weekly_report&due=${WEEK}&kind=3000&again=1`])
  })

  it('the history of a kind has what was missed in its place', async () => {
    as('director')
    vi.spyOn(api, 'page').mockResolvedValue({ items: [item(), item({ due: '2026-11-09', late: true })], missed: [{ duty: 'weekly_report', due: '2026-11-16', closed_at: '', asked: true, role: 'director', names: ['何敏'] }], next: null })
    address.query = { duty: 'weekly_report', kind: '3000' }
    const page = mount(HistoryPage)
    await flushPromises()
    expect(page.findAll('.cell').map((one) => one.attributes('aria-label'))).toEqual([
      expect.stringContaining('第 47 周'), '第 46 周　11-09 ～ 11-15，没有报告，可补录至 11-24 24:00，应由何敏（安全总监）填写', expect.stringContaining('应 第 45 周，实 11-23'),
    ])
  })

  it('minutes are read by the principal with two plates, and by nobody else with either', async () => {
    vi.spyOn(minutesApi, 'detail').mockResolvedValue(minutes())
    address.query = { minutes: `${MONTH}.M0` }
    const plates = async () => {
      const page = mount(MinutesPage, GLOBAL)
      await flushPromises()
      return page.findAll('.wall .btn').map((one) => one.text())
    }
    as('principal')
    expect(await plates()).toEqual(['退回修改', '生成月调度报告'])
    as('director')
    expect(await plates()).toEqual(['改这份纪要'])
    vi.spyOn(minutesApi, 'detail').mockResolvedValue(minutes({ by: 'P9', state: 'returned' }))
    expect(await plates()).toEqual([])
  })

  it('minutes that cannot be sent back any more say why, and are shown as they are now', async () => {
    vi.spyOn(minutesApi, 'detail').mockResolvedValueOnce(minutes()).mockResolvedValue(minutes({ version: 2, text: '改过的' }))
    vi.spyOn(minutesApi, 'sendBack').mockRejectedValue(new Refused(409, 'minutes.moved', '会议纪要刚刚有了变化，请看过最新的再办。'))
    address.query = { minutes: `${MONTH}.M0` }
    as('principal')
    const page = mount(MinutesPage, GLOBAL)
    await flushPromises()
    await page.findAll('.wall .btn')[0]!.trigger('click')
    await page.get('[role=dialog] textarea').trigger('input', { detail: { value: '看不清' } })
    await page.findAll('[role=dialog] .btn').pop()!.trigger('click')
    await flushPromises()
    expect([page.find('[role=dialog]').exists(), page.text()]).toEqual([false, expect.stringMatching(/会议纪要刚刚有了变化[\s\S]*起草人改过了[\s\S]*改过的/)])
  })

  it('minutes that were changed can be read as they were, and not acted on', async () => {
    const step = (version: number) => ({ act: 'revise' as const, version, by: 'P1', by_name: '王建国', at: '2026-11-19T07:00:00.000Z', text: null })
    const read = vi.spyOn(minutesApi, 'detail').mockResolvedValue(minutes({ version: 1, text: '原来的', steps: [step(1), step(2)] }))
    address.query = { minutes: `${MONTH}.M0`, version: '1' }
    as('principal')
    const page = mount(MinutesPage, GLOBAL)
    await flushPromises()
    expect([read.mock.calls[0], page.findAll('.wall .btn'), page.text()]).toEqual([[`${MONTH}.M0`, 1], [], expect.stringContaining('原来的')])
    await page.findAll('.cell').find((cell) => cell.text().includes('第 2 版'))!.trigger('click')
    expect(uni.visited).toEqual([`redirect /pages/reports/minutes?minutes=${MONTH}.M0`])
  })

  it('some of several are ticked one by one', async () => {
    const shown = mount(TChecks, { props: { options: [{ value: 'a', word: '电梯' }, { value: 'b', word: '场车', note: '纪要在办' }], values: ['b'], label: '种类' } })
    expect(shown.findAll('[role=checkbox]').map((one) => [one.attributes('aria-checked'), one.attributes('aria-label')])).toEqual([['false', '电梯'], ['true', '场车，纪要在办']])
    await shown.get('[role=checkbox]').trigger('click')
    expect(shown.emitted('toggle')).toEqual([['a']])
  })
})
