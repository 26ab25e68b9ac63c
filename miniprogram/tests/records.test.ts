import { describe, expect, it } from 'vitest'
import type { MissedItem, RecordDetail, RecordItem, Result, TargetFacts, UnitKind } from '@/api'
import { fortnight, legend } from '@/rules/fortnight'
import { bucketTitle, folded, grouped, groupedShort, historyRows, historySummary, kindAsTarget, matches, missedMeta, numbered, periods, recordBadge, recordBadges, recordFacts, recordMeta, targetBadge, targetMeta } from '@/rules/records'
import { restartBlocked } from '@/rules/targets'

const TODAY = '2026-11-23'
const plain = (words?: string) => words?.replace(/\u00A0/g, ' ')

function record(more: Partial<RecordItem> = {}): RecordItem {
  return {
    record: 'daily.2026-11-22.v01', number: '20261122-E1-01', duty: 'daily', due: '2026-11-22', state: 'in_use', person: 'P1', person_name: '周建国',
    role: 'officer', received_at: '2026-11-22T00:14:07.000Z', late: false, fails: 0, stamp: 'zero_risk', supplement: false, ...more,
  } as RecordItem
}
const answered = (results: Result[]) =>
  results.map((result, index) => ({ code: `A${index + 1}`, group: '设备', text: '完好', hazard: '损坏', result, photos: [] })) as unknown as RecordDetail['items']
const whole = (more: Partial<RecordDetail> = {}) =>
  ({ ...record(), unit_kind: 'use', items: answered(['pass', 'pass', 'fail', 'not_applicable']), ...more }) as RecordDetail
const fact = (of: RecordDetail, key: string) => plain(recordFacts(of).find(([name]) => name === key)?.[1])

describe('months', () => {
  it.each([
    ['2026-11-23', ['2026-11-01', '2026-11-30'], ['2026-10-01', '2026-10-31']],
    ['2026-03-31', ['2026-03-01', '2026-03-31'], ['2026-02-01', '2026-02-28']],
    ['2028-02-29', ['2028-02-01', '2028-02-29'], ['2028-01-01', '2028-01-31']],
    ['2027-01-01', ['2027-01-01', '2027-01-31'], ['2026-12-01', '2026-12-31']],
  ])('of %s are whole', (today, now, before) => {
    const [first, second, third] = periods(today, 'daily')
    expect([first!.since, first!.until]).toEqual(now)
    expect([second!.since, second!.until]).toEqual(before)
    expect(third).toEqual({ value: 'all', word: '全部' })
  })
})

describe('a record in a list', () => {
  it('tells in one chip how it ended', () => {
    const words = (more: Partial<RecordItem> = {}, side: UnitKind = 'use') => recordBadge(record(more), side).text
    expect(words()).toBe('零风险')
    expect(words({ stamp: 'no_new_hazard' })).toBe('无新增隐患')
    expect(words({ stamp: null, fails: 2 })).toBe('2 条隐患')
    expect(words({ stamp: null, state: 'suspended' })).toBe('停用')
    expect(words({ stamp: null, state: 'suspended' }, 'production')).toBe('当日无生产')
    expect(words({ stamp: null })).toBe('已检查')
  })
  it('tells day, time and person, and both days when it was late', () => {
    expect(bucketTitle(record(), TODAY)).toBe('11-22　周日')
    expect(recordMeta(record(), TODAY, 'use')).toEqual(['08:14 周建国'])
    expect(recordMeta(record({ due: '2026-11-20', late: true }), TODAY, 'use')).toEqual(['应 11-20，实 11-22 08:14', '周建国'])
  })
  it('tells that it was late, or came second', () => {
    expect(recordBadges(record({ late: true }), 'use').map((badge) => badge.kind)).toEqual(['zero', 'late'])
    expect(recordBadges(record({ supplement: true, stamp: null }), 'use').map((badge) => badge.text)).toEqual(['已检查', '补充记录'])
  })
  it('is counted with the others', () => {
    const rows = (...records: RecordItem[]) => records.map((one) => ({ record: one }))
    const all = rows(record(), record(), record({ stamp: null, fails: 1 }), record({ stamp: null, state: 'suspended' }), record({ late: true }))
    expect(historySummary(all, 'use')).toBe('5 条：零风险 3，有隐患 1，停用 1，补录 1')
    expect(historySummary(all, 'production')).toBe('5 条：零风险 3，有隐患 1，当日无生产 1，补录 1')
    expect(historySummary(rows(record({ stamp: null })), 'use')).toBe('1 条')
  })
})

describe('a record of a kind', () => {
  const weekly = record({ record: 'weekly.2026-11-16.officer-P1.v01', duty: 'weekly', due: '2026-11-16' })
  it('tells its week or month, and in which post it was checked', () => {
    expect(bucketTitle(weekly, TODAY)).toBe('第 47 周　11-16 ～ 11-22')
    expect(bucketTitle({ duty: 'monthly', due: '2025-12-01' }, TODAY)).toBe('2025 年 12 月')
    expect(recordMeta(weekly, TODAY, 'use')).toEqual(['11-22 08:14 周建国（安全员）'])
    expect(recordMeta({ ...weekly, role: 'director', late: true }, TODAY, 'production')).toEqual(['应 第 47 周，实 11-22 08:14', '周建国（质量安全总监）'])
    expect(recordMeta({ ...weekly, role: 'principal' }, TODAY, 'production')).toEqual(['11-22 08:14 周建国（主要负责人）'])
  })
  it('is asked for by years where there is one a month', () => {
    const [now, before, all] = periods(TODAY, 'monthly')
    expect([now, before, all].map((one) => [one!.word, one!.since, one!.until])).toEqual([['今年', '2026-01-01', '2026-12-31'], ['去年', '2025-01-01', '2025-12-31'], ['全部', undefined, undefined]])
    expect(periods(TODAY, 'weekly')[0]!.word).toBe('本月')
    // A week that begins in the month before is this month's too.
    expect(periods('2026-12-03', 'weekly').map(({ since }) => since)).toEqual(['2026-11-30', '2026-10-26', undefined])
  })
  it('is listed by kinds, which have no plate', () => {
    expect(kindAsTarget({ kind: 'filling', name: '工位巡查', unit_kind: 'filling' })).toMatchObject({ target: 'filling', name: '工位巡查', kind: 'filling' })
  })
})

describe('what was missed', () => {
  const missed = (more: Partial<MissedItem> = {}): MissedItem => ({ duty: 'daily', due: '2026-11-21', closed_at: '2026-11-21T16:05:00.000Z', asked: true, role: 'officer', names: ['周建国'], ...more })
  it('stands in its place by date, newest first', () => {
    const items = ['2026-11-22', '2026-11-20'].map((due) => record({ due }))
    expect(historyRows({ items, missed: [missed()] }).map((row) => (row.record ? row.record.due : `漏检 ${row.missed.due}`))).toEqual(['2026-11-22', '漏检 2026-11-21', '2026-11-20'])
    expect(historySummary(historyRows({ items, missed: [missed()] }), 'use')).toBe('3 条：零风险 2，漏检 1')
  })
  it('tells who was to do it, and until when it still can be', () => {
    expect(missedMeta(missed(), TODAY, 'use')).toEqual(['没有记录，可补录至 11-23 24:00', '应由周建国检查'])
    expect(missedMeta(missed({ due: '2026-11-20' }), TODAY, 'use')[0]).toBe('没有记录，补录期已过')
    expect(missedMeta(missed({ duty: 'weekly', due: '2026-11-16' }), TODAY, 'use')[0]).toBe('没有记录，可补录至 11-24 24:00')
  })
  it('by several of a kind tells the post of each, in the words of its side', () => {
    const posts = (['officer', 'director', 'principal'] as const).map((role) => missedMeta(missed({ duty: 'weekly', due: '2026-11-16', role }), TODAY, 'production')[1])
    expect(posts).toEqual(['应由周建国（质量安全员）检查', '应由周建国（质量安全总监）检查', '应由周建国（主要负责人）检查'])
    expect(missedMeta(missed({ duty: 'weekly', due: '2026-11-16', role: 'director', names: [] }), TODAY, 'use')[1]).toBe('应由安全总监检查')
  })
  it('is no fault of anybody when it was never asked for', () => {
    expect(missedMeta(missed({ asked: false }), TODAY, 'use')).toEqual(['系统当天没有派发，不算个人漏检'])
    expect(missedMeta(missed({ asked: false, duty: 'monthly', role: 'principal' }), TODAY, 'use')).toEqual(['系统当月没有派发给主要负责人，不算个人漏检'])
  })
})

describe('a target', () => {
  const target = { target: 'E1', name: '1 号客梯', unit_kind: 'use', kind: '3000', kind_name: '电梯', location: '综合楼', state: 'in_use', identifiers: { device_code: '31103500020190017' } } as unknown as TargetFacts
  it('is found by name, place, code, whatever the case', () => {
    for (const text of ['客梯', '综合', ' e1 ', '2019']) expect(matches(target, text)).toBe(true)
    expect(matches(target, '锅炉')).toBe(false)
  })
  it('tells what it is and where', () => {
    expect(targetMeta(target)).toBe('电梯·综合楼')
    expect(targetMeta({ ...target, location: null })).toBe('电梯')
    expect(targetMeta({ ...target, name: '电梯', location: null, identifiers: { licence_number: 'TS2399001-2029' } })).toBe('TS2399001-2029')
    expect(targetBadge(target, TODAY).text).toBe('在用')
    expect(targetBadge({ ...target, state: 'suspended' }, TODAY).text).toBe('停用')
    expect(targetBadge({ ...target, state: 'suspended', unit_kind: 'production' }, TODAY).text).toBe('当日无生产')
  })
  it('that is a licence is valid or not, never in use', () => {
    const licence = { ...target, unit_kind: 'production' as const }
    expect(targetBadge({ ...licence, next_inspection: TODAY }, TODAY)).toEqual({ kind: 'plain', text: '有效' })
    expect(targetBadge({ ...licence, next_inspection: '2026-11-22' }, TODAY)).toEqual({ kind: 'overdue', text: '已过期' })
  })
  it('is kept from starting again in the words of its side', () => {
    const why = (unit_kind: UnitKind, ended: boolean, major = 0) => restartBlocked({ unit_kind, next_inspection: ended ? '2026-11-22' : TODAY }, { major }, TODAY)
    expect(why('use', true)).toBe('检验已过期，检验合格并更新日期后才能恢复在用。')
    expect(why('production', true)).toBe('许可已过期，延续后才能生产。')
    expect([why('use', false, 2), why('production', false, 1), why('filling', false, 1)]).toEqual([
      '有 2 条重大隐患没有整改完成，改完后才能恢复在用。', '有 1 条重大隐患没有整改完成，改完后才能生产。', '有 1 条重大隐患没有整改完成，改完后才能恢复充装。',
    ])
    for (const side of ['production', 'filling'] as const) expect(why(side, true) + why(side, false, 1)).not.toMatch(/检验|停用/)
    expect(why('use', false)).toBe('')
  })
})

describe('the last fourteen days', () => {
  const days = (side: UnitKind, ...records: RecordItem[]) => fortnight(records, TODAY, side)

  it('end today, and say nothing of a day without a record', () => {
    const all = days('use')
    expect([all.length, all[0]!.date, all[13]!.date]).toEqual([14, '2026-11-10', TODAY])
    expect(new Set(all.map((day) => day.words))).toEqual(new Set(['没有记录']))
  })
  it('tell what became of each in the words below them', () => {
    const found = (more: Partial<RecordItem>, side: UnitKind = 'use') => days(side, record({ due: TODAY, ...more }))[13]!.words
    const words = [found({}), found({ fails: 1 }), found({ late: true }), found({ state: 'suspended' })]
    expect(words).toEqual(legend('use').map((one) => one.words))
    expect(words).toEqual(['合格', '有隐患', '补录', '停用'])
    expect([found({ state: 'suspended' }, 'production'), legend('production')[3]!.words]).toEqual(['当日无生产', '当日无生产'])
  })
  it('are those of who came first', () => expect(days('use', record({ due: TODAY, fails: 1, supplement: true }))[13]!.words).toBe('没有记录'))
})

describe('a whole record', () => {
  it('tells its facts with seconds, the day only when it was another', () => {
    expect(fact(whole(), '检查人')).toBe('周建国（安全员）')
    expect(fact(whole({ unit_kind: 'production' }), '检查人')).toBe('周建国（质量安全员）')
    expect(fact(whole(), '提交时间')).toBe('08:14:07')
    expect(fact(whole({ due: '2026-11-21', late: true }), '提交时间')).toBe('2026-11-22 08:14:07')
    expect(fact(whole({ due: '2026-11-21', late: true }), '补录')).toBe('应 11-21，实 11-22 08:14')
    expect(fact(whole(), '结果')).toBe('合格 2·不合格 1·无此项 1')
  })
  it('tells the phone’s time when it is worth telling', () => {
    expect(fact(whole({ performed_at: '2026-11-22T00:13:50.000Z' }), '手机上完成')).toBeUndefined()
    expect(fact(whole({ performed_at: '2026-11-21T23:30:00.000Z' }), '手机上完成')).toBe('07:30:00')
  })
  it('of a suspended target tells why', () => {
    const suspended = whole({ state: 'suspended', items: [], reason: '维保' })
    expect([fact(suspended, '状态'), fact({ ...suspended, unit_kind: 'production' }, '状态')]).toEqual(['停用', '当日无生产'])
    expect(fact(suspended, '原因')).toBe('维保')
    expect(fact(suspended, '结果')).toBeUndefined()
  })
  it('folds a long list, and never what failed', () => {
    const results = Array<Result>(13).fill('pass')
    results[10] = 'fail'
    expect(folded(numbered(answered(results)), 6).map(({ n }) => n)).toEqual([1, 2, 3, 4, 5, 11])
    expect(folded(numbered(answered(['fail', 'fail', 'pass'])), 1).map(({ n }) => n)).toEqual([1, 2])
    expect(folded(numbered(answered(['pass'])), 6)).toHaveLength(1)
  })
  it('can have its number read aloud', () => {
    expect(grouped('3f9a1c078be2')).toBe('3f9a 1c07 8be2')
    expect(groupedShort(`3f9a1c078be244d5${'0'.repeat(40)}c6e10b92`)).toBe('3f9a 1c07 8be2 44d5 … c6e1 0b92')
  })
})
