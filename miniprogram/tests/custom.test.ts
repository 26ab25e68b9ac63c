import { describe, expect, it } from 'vitest'
import type { CustomList, CustomListItem, ListedItem } from '@/api'
import { EMPTY_ITEM, endHint, endOptions, fixedItems, itemBadges, itemFaults, itemMeta, listMeta, mayRaise, ownCount, ownItems, raiseOptions, toItem } from '@/rules/custom'

const TODAY = '2026-11-27'
const item = (code: string, more: Partial<ListedItem> = {}): ListedItem =>
  ({ code, group: '环境', text: '门口有人引导', hazard: '人车混行', grade: 'general', released: 'general', na_allowed: true, custom: true, ends: null, ...more })
const list = { items: [item('FV-D-01', { custom: false }), item('ZDY-D-01', { ends: '2026-11-20' }), item('ZDY-D-02')] } as CustomList

describe('a list', () => {
  it('is told in the unit’s own items, the ended ones last, and the fixed ones', () => {
    expect(ownItems(list).map(({ code }) => code)).toEqual(['ZDY-D-02', 'ZDY-D-01'])
    expect(fixedItems(list).map(({ code }) => code)).toEqual(['FV-D-01'])
  })
  it('says of each item what became of it', () => {
    const words = (one: ListedItem) => itemBadges(one, TODAY).map(({ text, kind }) => text ?? kind)
    expect(words(item('A'))).toEqual(['general'])
    expect(words(item('A', { grade: 'major' }))).toEqual(['major', '由一般调高'])
    expect(words(item('A', { ends: '2027-01-01' }))).toEqual(['general', '自 2027-01-01 起停用'])
    expect(itemMeta(item('A', { na_allowed: false }))).toEqual(['A·环境·不能选无此项', '隐患：人车混行'])
  })
})

describe('the overview', () => {
  const of = (duty: string, own: number, raised = 0) => ({ duty, kind: '3000', name: '电梯', fixed: 14, own, raised }) as CustomListItem

  it('counts what is the unit’s own, and says nothing of what is not', () => {
    expect(listMeta(of('daily', 0))).toBe('固定 14 项')
    expect(listMeta(of('daily', 2, 1))).toBe('固定 14 项，自定义 2 项，等级调高 1 项')
    expect(['daily', 'weekly', 'monthly'].map((duty) => ownCount([of('daily', 2), of('daily', 1), of('weekly', 0, 3)], duty as 'daily'))).toEqual([3, 0, 0])
  })
})

describe('a grade', () => {
  it('is only raised', () => {
    expect(raiseOptions('serious').map(({ blocked }) => blocked ?? '')).toEqual(['只能调高，不能调低', '现在就是这个等级', ''])
    expect([mayRaise(item('A')), mayRaise(item('A', { grade: 'major' })), mayRaise(item('A', { ends: TODAY }))]).toEqual([true, false, false])
  })
})

describe('an item ends', () => {
  const days = (...args: Parameters<typeof endOptions>) => endOptions(...args).map(({ value }) => value)

  it('where a task begins: a day, a Monday, the first of a month', () => {
    expect(days('daily', TODAY)).toEqual(['2026-11-28', '2026-11-30', '2026-12-01'])
    expect(days('weekly', TODAY)).toEqual(['2026-11-30', '2026-12-07'])
    expect(days('monthly', TODAY)).toEqual(['2026-12-01', '2027-01-01'])
  })
  it('not on the Monday or the first that is on already, and no day is offered twice', () => {
    expect(days('weekly', '2026-11-30')).toEqual(['2026-12-07', '2026-12-14'])
    expect(days('daily', '2026-11-29')).toEqual(['2026-11-30', '2026-12-01'])
    expect(days('monthly', '2026-12-01')).toEqual(['2027-01-01', '2027-02-01'])
    expect(endHint('weekly')).toBe('本周的任务已经派发，不能再改；最早从下一次派发起停用。')
  })
})

describe('a new item', () => {
  const written = { ...EMPTY_ITEM, group: '环境', text: ' 门口有人引导\u200b', hazard: '人车混行', naAllowed: false }

  it('says where it belongs, what is checked and which hazard a 不合格 is', () => {
    expect(Object.keys(itemFaults(EMPTY_ITEM))).toEqual(['group', 'text', 'hazard'])
    expect(itemFaults(written)).toEqual({})
    expect(toItem(written)).toEqual({ group: '环境', text: '门口有人引导', hazard: '人车混行', grade: 'general', na_allowed: false })
  })
})
