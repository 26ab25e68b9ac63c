import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Receipt, Session, Todo } from '@/api'
import { CHIPS, kindName, nameplate, RESULTS, targetIcon, todoBadge } from '@/rules/looks'
import { menuPlaces, menuUrl } from '@/rules/menu'
import type { Parcel } from '@/rules/parcel'
import { ringGradient } from '@/rules/ring'
import type { Draft } from '@/rules/draft'
import { standingOf, type Held } from '@/rules/tasks'
import { answer, draft, task, todo } from './fakes/things'

const drawn = new Set([...readFileSync('src/styles/icons.css', 'utf8').matchAll(/\.i-([\w-]+)/g)].map(([, name]) => name))
const pages = (JSON.parse(readFileSync('src/pages.json', 'utf8')) as { pages: { path: string }[] }).pages.map(({ path }) => `/${path}`)

describe('what is shown of a to-do', () => {
  const badge = (more: Partial<Todo>, held: Held = {}) => todoBadge(todo('E1', more), standingOf(todo('E1', more), held), held.draft)
  const three = draft({ A1: answer(), A2: answer(), A3: answer() })

  it.each([
    ['open', {}, { kind: 'due' }],
    ['suspended and open', { suspended: true }, { kind: 'suspended', text: '停用中' }],
    ['missed', { state: 'missed' }, { kind: 'missed' }],
    ['done without a hazard', { state: 'done', stamp: 'zero_risk' }, { kind: 'zero', text: '零风险' }],
    ['done while an older hazard is open', { state: 'done', stamp: 'no_new_hazard' }, { kind: 'zero', text: '无新增隐患' }],
    ['done with hazards', { state: 'done', fails: 2 }, { kind: 'overdue', text: '2 条隐患', icon: 'hazard' }],
    ['done as suspended', { state: 'done', suspended: true }, { kind: 'suspended', text: '停用' }],
    ['done without production', { state: 'done', suspended: true, unit_kind: 'production' }, { kind: 'suspended', text: '当日无生产' }],
    ['late', { state: 'late' }, { kind: 'late' }],
  ] as [string, Partial<Todo>, object][])('%s', (_, more, shown) => expect(badge(more)).toEqual(shown))

  it('begun: how far it is, even when its day is over', () => {
    expect(badge({}, { draft: three })).toMatchObject({ text: '已查 3 项' })
    expect(badge({ state: 'missed' }, { draft: three })).toMatchObject({ text: '已查 3 项' })
  })

  it('begun as suspended: that only the signature is missing', () => {
    expect(badge({}, { draft: draft({}, { state: 'suspended' }) })).toEqual({ kind: 'suspended', text: '停用待签字', icon: 'pen' })
  })

  it('signed and not yet with the unit: never as done', () => {
    expect(badge({ state: 'done' }, { parcel: { state: 'waiting', draft: three } as Parcel })).toEqual({ kind: 'late', text: '待上传', icon: 'cloud' })
  })

  it('signed and refused: never as waiting, nor as done because an earlier one was received', () => {
    const held = { parcel: { state: 'refused', draft: three } as Parcel, receipt: {} as Receipt, draft: three }
    expect(badge({}, held)).toMatchObject({ text: '没有交上' })
    expect(standingOf(todo(), held)).toBe('refused')
  })

  it('corrected: with the unit all the while, whatever becomes of the correction', () => {
    const correction = { version: 1, reason: '看错了', since: 1, reported: [] }
    const held = { draft: { ...three, correction } as Draft }
    for (const state of ['waiting', 'sending', 'refused'] as const) expect(standingOf(todo(), { parcel: { ...held, state } as unknown as Parcel })).toBe('received')
    expect(standingOf(todo(), held)).toBe('received')
    expect(standingOf(todo(), { ...held, parcel: { draft: three, state: 'refused' } as Parcel })).toBe('refused')
  })

  it('received, though the list that was read does not know of it yet', () => {
    expect(standingOf(todo(), { receipt: {} as Receipt })).toBe('received')
  })
})

describe('every look', () => {
  it('has its drawing', () => {
    const icons = [...Object.values(CHIPS), ...Object.values(RESULTS)].map(({ icon }) => icon).filter(Boolean)
    const targets = ['1000', '2000', '3000', '4000', '5000', '6000', '8000', '9000', '0000'].map((kind) => targetIcon(kind, 'use'))
    expect([...icons, ...targets, targetIcon('', 'production'), targetIcon('', 'filling')].filter((icon) => !drawn.has(icon))).toEqual([])
  })

  it('has a word beside its colour', () => {
    expect(Object.entries(CHIPS).filter(([kind, { word }]) => !word && kind !== 'plain')).toEqual([])
  })

  it('names the kinds of targets, and says nothing of one it does not know', () => {
    expect([kindName('3000'), kindName('?')]).toEqual(['电梯', ''])
  })

  it('puts what is known on the plate', () => {
    const { target } = task()
    target.identifiers = { device_code: '3100', certificate: '梯11' }
    expect(nameplate(target)).toEqual(expect.arrayContaining([['设备代码', '3100'], ['使用登记证', '梯11'], ['位置', '1 号楼']]))
  })
})

describe('the menu', () => {
  const session = { menu: [{ key: 'todos', title: '我的待办' }, { key: 'weekly', title: '周排查' }, { key: 'people', title: '人员' }, { key: 'monthly_records', title: '月调度记录' }, { key: 'daily_hazards', title: '日隐患管理' }] } as Session

  it('leads only to places there are, with what waits there', () => {
    const places = menuPlaces(session, { todos: 3, weekly: 2, daily_hazards: 1 })
    expect(places.map(({ key, count, urgent }) => [key, count, urgent])).toEqual([['todos', 3, false], ['weekly', 2, false], ['monthly_records', undefined, false], ['daily_hazards', 1, true]])
    expect(places.filter(({ icon }) => !drawn.has(icon))).toEqual([])
    expect(places.map(({ key }) => menuUrl(key)).filter((url) => !pages.includes(url.split('?')[0]!))).toEqual([])
  })

  it('leads home from where nothing is', () => expect(menuUrl('nowhere')).toBe('/pages/home/index'))
})

describe('the ring', () => {
  const degrees = (gradient: string) => [...gradient.matchAll(/([\d.]+)deg/g)].map(([, number]) => Number(number))

  it('is at rest when there is nothing', () => expect(ringGradient([{ state: 'due', count: 0 }])).toBe('var(--c-rest)'))

  it('has a segment for each thing, in order, with gaps between', () => {
    const gradient = ringGradient([{ state: 'zero', count: 2 }, { state: 'fail', count: 1 }, { state: 'due', count: 1 }])
    expect([...gradient.matchAll(/var\(--[\w-]+\)|transparent/g)].map(([colour]) => colour)).toEqual([
      'var(--c-done)', 'transparent', 'var(--c-done)', 'transparent', 'var(--c-overdue)', 'transparent', 'var(--c-rest)', 'transparent',
    ])
    expect(degrees(gradient).slice(0, 4)).toEqual([1.1, 88.9, 88.9, 91.1])
  })

  it('has plain arcs that fill it when there are many', () => {
    const gradient = ringGradient([{ state: 'zero', count: 75 }, { state: 'due', count: 25 }])
    expect(gradient).toBe('conic-gradient(var(--c-done) 0.00deg 270.00deg,var(--c-rest) 270.00deg 360.00deg)')
  })

  it.each([1, 2, 7, 24, 25, 80])('of %i goes once round and never back', (count) => {
    const stops = degrees(ringGradient([{ state: 'pass', count }]))
    expect(stops).toEqual([...stops].sort((one, other) => one - other))
    expect(Math.abs((stops.pop() ?? 0) - 360)).toBeLessThan(2.3)
  })
})
