import { describe, expect, it } from 'vitest'
import type { Gap, GapItem, Gaps, Lacking, UnitKind } from '@/api'
import { WORDS } from '@/api/words'
import { asGap, asSide, filledShare, filledWords, gapEffect, gapIcon, gapKind, gapMeta, gapRemedy, gapTitle, gapWords, lackingBadge, lackingMeta, rosterWords } from '@/rules/gaps'

const TODAY = '2026-11-27'
const GAPS = Object.keys(WORDS.Gap) as Gap[]
const thing = (name: string, more: Partial<Lacking> = {}): Lacking => ({ code: 'E-DT-01', name, kind: '3000', location: null, due: null, ...more })
const item = (gap: Gap, unit_kind: UnitKind, count: number, ...names: string[]): GapItem => ({ gap, unit_kind, count, first: names.map((name) => thing(name)) })

describe('a gap on the home page', () => {
  it('names the one that has it, and what comes of it', () => {
    const one = item('unattended', 'use', 1, '货梯 3#')
    expect([gapTitle(one), gapMeta(one)]).toEqual(['货梯 3# 没有安全员', '不会生成日管控任务'])
    expect(gapTitle(item('undated', 'use', 1, '1 号客梯'))).toBe('1 号客梯没有下次检验日期')
  })
  it('counts several, and names the first of them', () => {
    const two = item('undated', 'use', 2, '储气罐 B-04', '储气罐 B-05')
    expect([gapTitle(two), gapMeta(two)]).toEqual(['2 台设备没有下次检验日期', '储气罐 B-04、储气罐 B-05'])
    expect(gapMeta(item('undated', 'use', 9, '一', '二', '三'))).toBe('一、二、三等')
  })
  it('speaks of each side in its own words', () => {
    expect([item('expired', 'use', 2), item('expired', 'production', 2)].map(gapTitle)).toEqual(['2 台设备检验已过期', '2 项许可已过期'])
    expect([item('undirected', 'filling', 2), item('undirected', 'production', 1, '电梯制造')].map(gapTitle)).toEqual(['2 类工位没有安全总监', '电梯制造没有质量安全总监'])
    expect([item('idle', 'production', 1, '周示七'), item('idle', 'filling', 2)].map(gapTitle)).toEqual(['质量安全员周示七没有负责的许可', '2 位安全员没有负责的工位'])
    expect(gapTitle(item('doubled', 'production', 1, '吴示八'))).toBe('吴示八兼任质量安全总监和质量安全员')
    expect(gapTitle(item('no_targets', 'filling', 1, '充装单位'))).toBe('没有登记工位')
  })
  it.each(GAPS)('%s says on every side what it means and what to write', (gap) => {
    for (const side of ['use', 'production', 'filling'] as const) {
      const words = [gapWords(gap, side), gapEffect(gap, side), gapRemedy(gap, side)]
      expect(words.every(Boolean) && new Set(words).size === 3, words.join()).toBe(true)
    }
  })
  it('that has expired stops a licence alone; what is filled is no production', () => {
    const sides = ['use', 'production', 'filling'] as const
    expect(sides.map((side) => gapEffect('expired', side))).toEqual(['检验合格以前，建议停用', '延续以前，不能继续生产', '更新日期以前，建议停用'])
    expect(sides.map((side) => gapRemedy('expired', side).includes('许可证'))).toEqual([false, true, false])
  })
  it('names the order it goes by unbroken', () => expect(gapEffect('doubled', 'production')).toBe('总局令第\u00A073\u00A0号：不得兼任'))
  it('looks like what it is about, red where no task is made or a date has passed', () => {
    expect(GAPS.filter((gap) => gapKind(gap) === 'overdue')).toEqual(['no_targets', 'unattended', 'expired'])
    expect([gapIcon('undated', 'use', thing('')), gapIcon('idle', 'use', thing('')), gapIcon('no_targets', 'use', thing('', { kind: null }))]).toEqual(['elevator', 'user', 'building'])
  })
  it('that an address makes up is none that breaks the page', () => {
    expect([asGap('idle'), asGap('nonsense'), asSide('filling'), asSide('moon')]).toEqual(['idle', 'no_targets', 'filling', 'use'])
  })
})

describe('what has a gap', () => {
  it('is named as the roster names it', () => {
    expect(lackingMeta(thing('1 号客梯', { location: 'A 座' }), 'undated', 'use', TODAY)).toEqual(['编号 DT-01·A 座'])
    expect(lackingMeta(thing('张示一', { code: 'E-01' }), 'idle', 'use', TODAY)).toEqual(['工号 E-01'])
    expect(lackingMeta(thing('锅炉', { code: '1000' }), 'undirected', 'use', TODAY)).toEqual([])
  })
  it('tells since when it has expired', () => {
    const one = thing('1 号客梯', { due: '2026-11-15' })
    expect([lackingMeta(one, 'expired', 'use', TODAY), lackingBadge(one, 'use', TODAY)]).toEqual([['编号 DT-01', '下次检验 11-15'], '已过期 12 天'])
    expect(lackingBadge(thing('1 号客梯'), 'use', TODAY)).toBe('')
  })
})

describe('how complete a unit is', () => {
  const gaps = (filled: Gaps['filled'], items: GapItem[] = []): Gaps => ({ today: TODAY, people: 5, filled, items })
  it('is counted over all sides', () => {
    const filled = [{ unit_kind: 'use' as const, targets: 20, complete: 18 }, { unit_kind: 'filling' as const, targets: 3, complete: 3 }]
    expect(filledShare(gaps(filled))).toEqual({ targets: 23, complete: 21, percent: 91 })
    expect(filled.map(filledWords)).toEqual([{ noun: '设备', text: '20 台，18 台资料齐全' }, { noun: '工位', text: '3 个，资料都齐全' }])
  })
  it('is never rounded up to whole, and nothing where there is nothing', () => {
    expect(filledShare(gaps([{ unit_kind: 'use', targets: 1000, complete: 999 }])).percent).toBe(99)
    expect(filledShare(gaps([{ unit_kind: 'use', targets: 0, complete: 0 }]))).toEqual({ targets: 0, complete: 0, percent: 0 })
    expect(filledWords({ unit_kind: 'use', targets: 0, complete: 0 }).text).toBe('还没有')
  })
  it('is kept in a roster of which only its own sides are named', () => {
    const side = (unit_kind: UnitKind) => ({ unit_kind, targets: 0, complete: 0 })
    expect([[], [side('filling')], [side('use'), side('production'), side('filling')]].map((filled) => rosterWords(gaps(filled)))).toEqual(['人员', '人员和工位', '人员、设备、许可和工位'])
  })
})
