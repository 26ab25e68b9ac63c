import { describe, expect, it } from 'vitest'
import type { OutcomeItem } from '@/api'
import { dayNotices, firstWhat, outcomeBadge, outcomeMeta, openWords, whatsOf, type What } from '@/rules/outcomes'
import {
  countsOf, countsSentence, daysInWords, dutiesOfPeople, dutyCards, formula, foundAll, foundIn, inRing, isEmpty, kindsIn, leftWords, meanWords, monthsSpan, monthsWords, openNumbers,
  peopleBars, percent, rateWords, ringOf, share, spanFault, spans, spanWords, stoppedWord, sum,
} from '@/rules/statistics'
import { columns, isByMonth, uncheckedIn } from '@/rules/trend'
import { CARS, counted, LIFTS, numbers, open, week } from './fakes/statistics'

const TODAY = '2026-11-23'

describe('a range', () => {
  const told = (today: string) => spans(today).map(({ word, since, until }) => [word, since, until])

  it('is of whole months, so that it holds whole months of people', () => {
    expect(told(TODAY)).toEqual([
      ['本月', '2026-11-01', '2026-11-30'], ['上月', '2026-10-01', '2026-10-31'], ['本季', '2026-10-01', '2026-11-30'], ['近一年', '2025-12-01', '2026-11-30'],
    ])
  })

  it('goes over the turn of the year, and over February', () => {
    expect(told('2028-01-31')).toEqual([
      ['本月', '2028-01-01', '2028-01-31'], ['上月', '2027-12-01', '2027-12-31'], ['本季', '2028-01-01', '2028-01-31'], ['近一年', '2027-02-01', '2028-01-31'],
    ])
    expect(told('2028-03-31')[1]).toEqual(['上月', '2028-02-01', '2028-02-29'])
  })

  it('is at most a year, by the same days as the server counts, and begins before today', () => {
    const fault = (since: string, until: string) => spanFault({ since, until }, TODAY)
    expect([fault('2025-11-22', '2026-11-22'), fault('2026-11-22', '2026-11-22'), fault('2026-11-22', '2026-11-30')]).toEqual(['', '', ''])
    expect(fault('2025-11-21', '2026-11-22')).toBe('时段最长一年，现在是 367 天')
    expect(fault('2026-11-02', '2026-11-01')).toBe('开始日期不能晚于结束日期')
    expect(fault('2026-11-23', '2026-11-30')).toBe('请从今天以前的日期开始，今天的还没有统计')
    expect(fault('', '2026-11-01')).toBe('请选择开始和结束日期')
  })

  it('is told as far as it is over', () => {
    expect([spanWords(spans(TODAY)[0]!, TODAY), spanWords(spans(TODAY)[3]!, TODAY), spanWords({ since: '2026-11-22', until: '2026-11-30' }, TODAY)]).toEqual(['11-01 ～ 11-22', '2025-12-01 ～ 11-22', '11-22'])
    expect(spanWords({ since: '2026-12-01', until: '2026-12-31' }, '2026-12-01')).toBe('')
  })

  it('names days in a row by their first and last', () => {
    expect(daysInWords(['2026-11-05', '2026-11-03', '2026-11-04', '2026-11-09'], TODAY)).toBe('11-03 ～ 11-05、11-09')
    expect(daysInWords(['2026-10-31', '2026-11-01'], TODAY)).toBe('10-31 ～ 11-01')
    expect(daysInWords(['2026-11-01', '2026-11-03', '2026-11-05', '2026-11-07', '2026-11-08'], TODAY)).toBe('11-01、11-03、11-05等 5 天')
  })
})

describe('a completion rate', () => {
  const all = countsOf(numbers(), 'daily')

  it('is what was done of what had to be done, of one kind or all', () => {
    expect(all).toEqual({ due: 678, on_time: 652, late: 12, missed: 8, suspended: 6, zero_risk: 629 })
    // (612 + 12) / (638 - 6) = 98.73…, (652 + 12) / (678 - 6) = 98.80…
    expect([percent(LIFTS), percent(all), percent(countsOf(numbers(), 'daily', '5000'))]).toEqual(['98.7', '98.8', '100'])
    expect(formula(LIFTS, '停用')).toBe('完成率 =（按时 + 补录）÷（应查 638 − 停用 6）')
  })

  it('is not rounded up to what it is not', () => {
    expect(percent({ ...CARS, due: 3000, on_time: 2999, missed: 1 })).toBe('99.9')
    expect([percent({ ...CARS, due: 50, on_time: 49, missed: 1 }), percent({ ...CARS, due: 4, on_time: 0, missed: 4 })]).toEqual(['98.0', '0'])
  })

  it('is not told of nothing, nor of what was suspended throughout', () => {
    expect([rateWords(sum([])), rateWords(counted('3000', { due: 6, suspended: 6 })), share(sum([]))]).toEqual(['–', '–', 0])
    expect([countsSentence(sum([])), countsSentence(counted('3000', { due: 6, suspended: 6 }))]).toEqual(['没有到期的', '应查 6，按时 0，补录 0，漏检 0，停用 6，完成率算不出来'])
  })

  it('is drawn with all that it is made of, and spoken', () => {
    expect(ringOf(LIFTS).map(({ state, count }) => [state, count])).toEqual([['pass', 612], ['late', 12], ['missed', 8], ['suspended', 6]])
    expect(countsSentence(LIFTS)).toBe('应查 638，按时 612，补录 12，漏检 8，停用 6，完成率 98.7%')
  })

  it('of licences says 当日无生产, which is no stop of anything', () => {
    const made = numbers({ duties: [{ duty: 'daily', kinds: [counted('LIFT_MFG', { unit_kind: 'production', due: 1 })], officers: [] }] })
    const both = numbers({ duties: [{ duty: 'daily', kinds: [counted('LIFT_MFG', { unit_kind: 'production', due: 1 }), LIFTS], officers: [] }] })
    expect([stoppedWord(made), stoppedWord(both), stoppedWord(both, 'LIFT_MFG'), stoppedWord(numbers())]).toEqual(['当日无生产', '停用', '当日无生产', '停用'])
  })
})

describe('what is done by whole kinds', () => {
  it('has a card for each duty, the officers apart from those above them', () => {
    expect(dutyCards(numbers()).map(({ duty, counts, parts }) => [duty, counts.due, parts])).toEqual([
      ['weekly', 21, ['安全员 12/14，漏 2', '总监、负责人 7/7']], ['weekly_report', 0, []], ['monthly', 0, []], ['monthly_report', 0, []],
    ])
    expect(dutyCards(numbers(), '5000')[0]!.counts.due).toBe(0)
  })

  it('says what is left, and that nothing was due yet', () => {
    const [card] = dutyCards(numbers())
    expect([leftWords(card!.counts), leftWords(CARS), leftWords(sum([]))]).toEqual([['漏 2', '补录 1'], ['全部按时'], ['没有到期']])
  })

  it('fits into its ring, or stands beside it', () => {
    expect([inRing(dutyCards(numbers())[0]!.counts), inRing(LIFTS), inRing(sum([]))]).toEqual([
      { big: '19', of: '21', beside: '' }, { big: '98.7%', of: '', beside: '624/632' }, { big: '–', of: '', beside: '' },
    ])
  })
})

describe('the trend', () => {
  it('has a column a week, of one kind or all', () => {
    expect(columns(numbers()).map(({ word, missed, late, rate }) => [word, missed, late, rate])).toEqual([['46 周', 5, 5, '94.8%'], ['47 周', 0, 3, '100%']])
    expect(columns(numbers(), '5000').map(({ missed, late, rate }) => [missed, late, rate])).toEqual([[1, 0, '92.8%'], [0, 0, '–']])
  })

  it('asks for the days of a week that are in the range, and marks what is not whole and what may change', () => {
    const told = columns(numbers({ weeks: [week('2026-10-26', [], { days: 1 }), week('2026-11-16', [LIFTS]), week('2026-11-23', [], { days: 0 })], provisional: ['2026-11-21', '2026-11-22'] }))
    expect(told.map(({ since, until, note }) => [since, until, note])).toEqual([['2026-11-01', '2026-11-01', '1 天'], ['2026-11-16', '2026-11-22', '未定']])
    expect(told.map(({ sentence }) => sentence)).toEqual([
      '第 44 周，10-26 ～ 11-01，1 天，漏检 0，补录 0，完成率算不出来', '第 47 周，11-16 ～ 11-22，漏检 8，补录 12，完成率 98.7%，补录期没有过，数字还会变',
    ])
  })

  it('of more weeks than fit is told by months, each week in the month of its Thursday', () => {
    const weeks = Array.from({ length: 15 }, (_, index) => week(new Date(Date.UTC(2026, 7, 10 + 7 * index)).toISOString().slice(0, 10), [counted('3000', { due: 10, on_time: 8, late: 1, missed: 1 })]))
    const told = columns(numbers({ since: '2026-08-12', until: '2026-11-22', weeks }))
    expect([isByMonth(numbers({ weeks })), isByMonth(numbers({ weeks: weeks.slice(1) }))]).toEqual([true, false])
    // 10, 17, 24 August; 31 August (Thursday 3 September) to 21 September; 28 September (1 October) to 26 October; the rest.
    expect(told.map(({ word, missed, since, until }) => [word, missed, since, until])).toEqual([
      ['8 月', 3, '2026-08-12', '2026-08-30'], ['9 月', 4, '2026-08-31', '2026-09-27'], ['10 月', 5, '2026-09-28', '2026-11-01'], ['11 月', 3, '2026-11-02', '2026-11-22'],
    ])
  })

  it('counts what was looked at on no day of a week', () => {
    const weeks = [week('2026-11-09', [], { unchecked: { 3000: 2, 5000: 1 } }), week('2026-11-16', [], { unchecked: { 3000: 1 } })]
    expect([uncheckedIn({ weeks }), uncheckedIn({ weeks }, '3000'), uncheckedIn({ weeks }, '4000')]).toEqual([4, 3, 0])
  })
})

describe('people', () => {
  it('are told with who missed most first, then who did least', () => {
    expect(peopleBars(numbers(), 'daily').map(({ name, post, counts }) => [name, post, counts.missed])).toEqual([['刘芳', '安全员', 3], ['邓志强', '安全员', 3], ['周建国', '安全员', 2]])
    expect(peopleBars(numbers(), 'weekly').map(({ name, post }) => [name, post])).toEqual([['李红梅', '安全总监']])
    expect([peopleBars(numbers(), 'daily', '5000'), dutiesOfPeople(numbers())]).toEqual([[], ['daily', 'weekly']])
  })

  it('are told of the whole months that lie in the range', () => {
    const of = (...months: string[]) => ({ months, today: TODAY })
    expect([monthsWords(of('2026-11-01')), monthsWords(of('2026-10-01', '2026-11-01', '2026-09-01')), monthsWords(of('2025-12-01', '2026-01-01')), monthsWords(of())]).toEqual(['11 月', '9 月 ～ 11 月', '2025 年 12 月 ～ 1 月', ''])
    expect([monthsSpan(of('2026-02-01', '2026-01-01')), monthsSpan(of())]).toEqual([{ since: '2026-01-01', until: '2026-02-28' }, null])
  })
})

describe('hazards', () => {
  it('that were found are counted by grade, whoever found them, with how long they took', () => {
    const all = foundIn(numbers().hazards)
    expect([foundAll(all), all.general, all.on_site, all.rectified]).toEqual([37, 21, 9, 10])
    // 37,440 minutes for ten: 2.6 days each.
    expect([meanWords(all), meanWords(foundIn(numbers().hazards, '5000'))]).toEqual(['2.6 天', '–'])
    expect([meanWords({ ...all, rectified: 2, minutes: 119 }), meanWords({ ...all, rectified: 2, minutes: 601 })]).toEqual(['不到 1 小时', '5 小时'])
  })

  it('that are open are counted by grade, state and age', () => {
    const { all, overdue, grade, state, age } = openNumbers(open().counts)
    expect([all, overdue]).toEqual([7, 1])
    expect([grade, state, age].map((bars) => bars.map(({ word, count }) => `${word} ${count}`))).toEqual([
      ['一般 6', '较大 0', '重大 1'], ['待下达 2', '待整改 5'], ['7 天以内 2', '8～30 天 4', '30 天以上 1'],
    ])
    expect(openNumbers(open().counts, '5000').grade.map(({ count }) => count)).toEqual([4, 0, 0])
  })
})

describe('the kinds to choose from', () => {
  it('are those that occur, filling as one last', () => {
    const filled = numbers({ duties: [{ duty: 'weekly', kinds: [counted('filling', { unit_kind: 'filling' })], officers: [] }] })
    expect(kindsIn(filled, open().counts).map(({ word }) => word)).toEqual(['全部种类', '电梯', '场车', '充装（周、月）'])
    expect(kindsIn(null).map(({ value }) => value)).toEqual([''])
  })

  it('and numbers are nothing where nothing was due and nothing found', () => {
    expect([isEmpty(numbers()), isEmpty(numbers({ duties: [], hazards: [] })), isEmpty(numbers({ duties: [{ duty: 'daily', kinds: [counted('3000', { withdrawn: 2 })], officers: [] }], hazards: [] }))]).toEqual([false, true, true])
  })
})

describe('the list behind a number', () => {
  const item = (more: Partial<OutcomeItem> = {}): OutcomeItem => ({
    what: 'missed', zero_risk: false, duty: 'daily', due: '2026-11-14', target: 'E1', name: '1 号客梯', unit_kind: 'use', kind: '3000', role: 'officer', people: [{ person: 'P1', name: '周建国' }, { person: 'P2', name: '刘芳' }], at: null, never: false, ...more,
  })
  const said = (what: What, more: Partial<OutcomeItem> = {}) => outcomeMeta(item({ what: what === 'zero_risk' ? 'on_time' : what, ...more }), what, TODAY)

  it('says of what was missed whose it was, and until when it can be entered', () => {
    expect(said('missed')).toEqual(['11-14　周六·补录期已过', '应由周建国、刘芳检查'])
    expect(said('missed', { due: '2026-11-22' })[0]).toBe('11-22　周日·可补录至 11-24 24:00')
    expect(said('missed', { duty: 'weekly', due: '2026-11-09', role: 'director', people: [{ person: 'P4', name: '李红梅' }] })).toEqual(['第 46 周　11-09 ～ 11-15', '补录期已过', '应由李红梅（安全总监）检查'])
    expect(said('missed', { duty: 'monthly_report', due: '2026-10-01', role: 'principal', people: [] })).toEqual(['10 月', '补录期已过', '应由主要负责人填写'])
    expect(said('missed', { people: [] })).toEqual(['11-14　周六·补录期已过'])
  })

  it('says when it was entered, or found suspended, and by whom', () => {
    expect(said('late', { at: '2026-11-16T00:20:00.000Z' })).toEqual(['应 11-14，实 11-16 08:20', '周建国'])
    expect(said('suspended', { at: '2026-11-14T00:20:00.000Z' })).toEqual(['11-14　周六', '08:20 周建国'])
    expect(said('suspended', { at: '2026-11-15T00:20:00.000Z' })[1]).toBe('11-15 08:20 周建国')
    expect([outcomeBadge(item(), 'suspended'), outcomeBadge(item({ unit_kind: 'production' }), 'suspended')?.text, outcomeBadge(item({ unit_kind: 'production' }), 'missed')]).toEqual([null, '当日无生产', null])
  })

  it('says when it was done, by whom and with which stamp', () => {
    const at = '2026-11-14T00:20:00.000Z'
    expect(said('on_time', { at })).toEqual(['11-14　周六', '08:20 周建国'])
    expect(said('on_time', { at, duty: 'weekly', due: '2026-11-09' })).toEqual(['第 46 周　11-09 ～ 11-15', '11-14 08:20 周建国（安全员）'])
    expect(said('zero_risk', { at: '2026-11-16T00:20:00.000Z', what: 'late' })[0]).toBe('应 11-14，实 11-16 08:20')
    const badge = (what: What, more: Partial<OutcomeItem>) => outcomeBadge(item({ at, ...more }), what)?.text
    expect([badge('on_time', { what: 'on_time' }), badge('on_time', { what: 'on_time', zero_risk: true }), badge('late', { what: 'late', zero_risk: true })]).toEqual([undefined, '零风险', '零风险'])
    expect([badge('zero_risk', { what: 'on_time', zero_risk: true }), badge('zero_risk', { what: 'late', zero_risk: true })]).toEqual([undefined, '补录'])
  })

  it('opens where something went wrong, if anything did', () => {
    const none = { missed: 0, late: 0, on_time: 0, suspended: 0 }
    expect([{ missed: 1, late: 1, on_time: 1 }, { late: 1, on_time: 1 }, { on_time: 1, suspended: 1 }, { suspended: 1 }, {}].map((some) => firstWhat({ ...none, ...some }))).toEqual(['missed', 'late', 'on_time', 'suspended', undefined])
  })

  it('names the week of what was looked at on no day of it', () => {
    expect(said('unchecked', { duty: 'weekly', due: '2026-11-09' })).toEqual(['第 46 周　11-09 ～ 11-15', '应由周建国、刘芳检查'])
    expect([outcomeBadge(item(), 'unchecked'), outcomeBadge(item({ never: true }), 'unchecked')?.text]).toEqual([null, '从未检查'])
  })

  it('of a kind knows only what can become of a kind', () => {
    expect([whatsOf('daily'), whatsOf('weekly'), whatsOf('monthly_report')].map((all) => all.map(({ value }) => value))).toEqual([['missed', 'late', 'on_time', 'zero_risk', 'suspended', 'unchecked'], ['missed', 'late', 'on_time', 'zero_risk'], ['missed', 'late', 'on_time']])
  })

  it('says to what it is narrowed', () => {
    expect([openWords({ kind: '3000', state: 'ordered', age: 'month', overdue: true }), openWords({})]).toEqual(['电梯·待整改·已有 8～30 天·已逾期', ''])
  })
})

describe('the days themselves', () => {
  it('are told of where their numbers may change, nobody was asked, or nothing is counted yet', () => {
    const told = dayNotices(numbers({ provisional: ['2026-11-21', '2026-11-22'], unasked: ['2026-11-03'], uncounted: ['2026-11-20'] }))
    expect(told.map(({ title }) => title)).toEqual(['11-20 到期的，还没有统计', '11-03 到期的，系统没有派发', '11-21 ～ 11-22 到期的，还能补录'])
    expect(dayNotices(numbers())).toEqual([])
  })
})
