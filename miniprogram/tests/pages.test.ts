import { enableAutoUnmount, flushPromises, mount } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { records, type RecordDetail, type RecordPage, type TargetFacts } from '@/api'
import DevicesField from '@/pages/inspections/DevicesField.vue'
import RefusedSheet from '@/pages/outbox/RefusedSheet.vue'
import CorrectSheet from '@/pages/records/CorrectSheet.vue'
import DetailPage from '@/pages/records/detail.vue'
import IndexPage from '@/pages/records/index.vue'
import TargetPage from '@/pages/records/target.vue'
import type { Draft } from '@/rules/draft'
import type { Parcel } from '@/rules/parcel'
import { useDrafts } from '@/stores/drafts'
import { OTHER_LIST, useOutbox } from '@/stores/outbox'
import { useSession } from '@/stores/session'
import { LOOKS } from './fakes/signed'
import { member } from './fakes/tean'
import { answer, draft, task } from './fakes/things'
import { FakeUni, install } from './fakes/uni'

const address = vi.hoisted(() => ({ query: {} as Record<string, string>, pull: () => undefined as unknown }))
vi.mock('@dcloudio/uni-app', () => ({
  onLoad: (act: (query: object) => void) => act(address.query), onShow: (act: () => void) => act(),
  onPullDownRefresh: (act: () => void) => (address.pull = act), onReachBottom: () => undefined, onHide: () => undefined, onUnload: () => undefined,
}))

let uni: FakeUni
beforeEach(() => {
  vi.spyOn(console, 'warn')
  uni = install(Object.assign(new FakeUni(), { stopPullDownRefresh: () => undefined }))
  useSession().held = { answer: { membership: member() }, since: 0 } as never
})
enableAutoUnmount(afterEach)
afterEach(() => {
  expect(vi.mocked(console.warn).mock.calls).toEqual([])
  vi.restoreAllMocks()
})

const FIRST = 'daily.2026-11-23.v01'
const record = (more: Partial<RecordDetail> = {}): RecordDetail => ({
  record: FIRST, number: '1', duty: 'daily', due: '2026-11-23', target: 'E1', target_name: '1 号客梯', kind: '3000', unit_kind: 'use', title: '电梯日管控', state: 'in_use',
  person: 'P1', person_name: '王建国', role: 'officer', version: 1, received_at: '2026-11-23T00:46:00.000Z', reason: null, items: [], seq: 1, sha256: 'a'.repeat(64),
  versions: [{ record: FIRST, version: 1, received_at: '2026-11-23T00:46:00.000Z' }], ...more,
} as unknown as RecordDetail)
const correction = (version = 1) => ({ version, reason: '看错了', since: 1, reported: [] })
const correcting = (more: Partial<Draft> = {}) => draft({ A1: answer() }, { owner: 'U1/P1/officer', correction: correction(), ...more })

describe('更正', () => {
  const sheet = (more: Partial<RecordDetail> = {}) => mount(CorrectSheet, { props: { record: record(more) }, global: { config: { compilerOptions: { isCustomElement: (tag) => tag === 'textarea' } } } })
  const typed = (of: ReturnType<typeof sheet>) => of.findAll('textarea').map((field) => field.attributes('value') ?? (field.element as unknown as { value?: string }).value)

  it('keeps the reason that is being typed when the sheet is put away', async () => {
    const first = sheet({ state: 'suspended', reason: '维保' })
    const [why, stop] = first.findAll('textarea')
    await why!.trigger('input', { detail: { value: '原因写错了' } })
    await stop!.trigger('input', { detail: { value: '停产检修' } })
    first.unmount()
    expect(typed(sheet({ state: 'suspended', reason: '维保' }))).toEqual(['原因写错了', '停产检修'])
    expect(typed(sheet({ record: 'daily.2026-11-23.v02' }))).toEqual([''])
  })

  it('is not begun beside one that waits, signed in another tab even: it leads to that', async () => {
    const shown = sheet()
    useOutbox().put(correcting(), LOOKS)
    await shown.vm.$nextTick()
    expect([shown.find('textarea').exists(), shown.get('.notice-title').text()]).toEqual([false, '已有一份更正签过字，还在本机'])
    await shown.get('.notice').trigger('click')
    expect(uni.visited).toEqual([`/pages/outbox/index?asked=${encodeURIComponent('daily/2026-11-23/E1')}`])
  })

  it('begun on a version that was corrected since is not gone on with', () => {
    useDrafts().save(correcting())
    expect(sheet().findAll('.btn').map((one) => one.text())).toEqual(['接着更正', '放弃更正'])
    expect(sheet({ version: 2 }).findAll('.btn').map((one) => one.text())).toEqual(['放弃更正'])
  })
})

describe('a correction that the unit did not take', () => {
  const parcel = (state: Draft['state']): Parcel => ({ owner: 'U1/P1/officer', key: 'daily/2026-11-23/E1', ...LOOKS, draft: correcting({ state }), signedAt: '2026-11-23T01:00:00.000Z', state: 'refused' })

  it.each([['in_use', 'summary'], ['suspended', 'sign']] as const)('of one %s is changed on the page of its %s', async (state, page) => {
    const shown = mount(RefusedSheet, { props: { parcel: parcel(state) } })
    await shown.get('.cell').trigger('click')
    await flushPromises()
    expect(uni.visited).toEqual([`/pages/inspections/${page}?duty=daily&due=2026-11-23&target=E1`])
  })
})

describe('a record whose list was refused', () => {
  const shown = (draft: Draft) => mount(RefusedSheet, { props: { parcel: { owner: 'U1/P1/officer', key: 'daily/2026-11-23/E1', ...LOOKS, draft, signedAt: '2026-11-23T01:00:00.000Z', state: 'refused', trouble: { code: OTHER_LIST, sentence: '清单已更换。', at: '2026-11-23T01:00:00.000Z' } } } })

  it('is gone on with by the list that holds', async () => {
    const sheet = shown(draft({ A1: answer() }, { owner: 'U1/P1/officer' }))
    expect(sheet.get('.cell').text()).toContain('没有变的项保留')
    await sheet.get('.cell').trigger('click')
    await flushPromises()
    expect(uni.visited).toEqual(['/pages/inspections/target?duty=daily&due=2026-11-23&target=E1'])
  })

  it('is not gone on with when it corrects another: it is begun anew', async () => {
    const sheet = shown(correcting())
    expect(sheet.get('.cell').text()).toContain('清单已更换，请删除这份，到记录里重新更正')
    await sheet.get('.cell').trigger('click')
    await flushPromises()
    expect([uni.visited, useDrafts().find('daily/2026-11-23/E1')]).toEqual([[], undefined])
  })
})

describe('on which of a kind something was found', () => {
  it.each([['use', '涉及设备', '选好 2 台'], ['production', '涉及许可', '选好 2 项许可'], ['filling', '涉及工位', '选好 2 个工位']] as const)('is asked in the words of its side: %s', async (unit_kind, label, deed) => {
    vi.spyOn(records, 'targets').mockResolvedValue({ items: [], next: null })
    const kind = { ...task().target, unit_kind }
    const shown = mount(DevicesField, { props: { kind, chosen: ['1', '2'], room: 8 } })
    await shown.get('.cell').trigger('click')
    expect([shown.get('.field-label').text(), shown.get('.btn').text()]).toEqual([expect.stringContaining(label), deed])
  })
})

describe('records', () => {
  const TARGETS = [{ target: 'E-CC-01', name: '1 号叉车', kind: '5000', unit_kind: 'use', identifiers: {} }] as unknown as TargetFacts[]
  const item = { code: 'A1', group: '设备', text: '完好', hazard: '损坏', result: 'fail', photos: [], devices: ['E-CC-01'] } as unknown as RecordDetail['items'][number]

  it('reached by a link name the devices of a finding, whom nothing was read of before', async () => {
    vi.spyOn(records, 'detail').mockResolvedValue(record({ duty: 'weekly', items: [item] }))
    vi.spyOn(records, 'targets').mockResolvedValue({ items: TARGETS, next: null })
    address.query = { target: '5000', record: 'weekly.2026-11-23.officer-P1.v01' }
    const page = mount(DetailPage)
    await flushPromises()
    expect(page.text()).toContain('涉及：1 号叉车')
  })

  it('tell of what was passed by a correction that its hazard goes on', async () => {
    vi.spyOn(records, 'detail').mockResolvedValue(record({ version: 2, items: [{ ...item, result: 'pass', devices: [], hazard_id: 'H1' }] }))
    const page = mount(DetailPage)
    await flushPromises()
    await page.get('.answered .link').trigger('click')
    expect(uni.visited).toEqual(['/pages/hazards/detail?hazard=H1'])
  })

  it('of kinds are looked for by name, which is all there is of a kind', async () => {
    useSession().session = { inspected: Array.from({ length: 7 }, (_, index) => ({ kind: `${index}`, name: `种类${index}`, unit_kind: 'use' })) } as never
    vi.spyOn(useSession(), 'load').mockResolvedValue(undefined as never)
    address.query = { duty: 'weekly' }
    const page = mount(IndexPage)
    await flushPromises()
    expect(page.html()).toContain('名称')
    expect(page.html()).not.toMatch(/位置|代码/)
  })

  it('that three posts have missed are three rows, each with its post', async () => {
    const missed = (['officer', 'director', 'principal'] as const).map((role) => ({ duty: 'weekly', due: '2026-11-16', asked: true, role, names: ['周建国'], closed_at: '' }))
    const before = { target: TARGETS[0]!, items: [record({ duty: 'weekly', due: '2026-11-16' })], missed: [] } as unknown as RecordPage
    vi.spyOn(records, 'page').mockResolvedValueOnce(before).mockResolvedValueOnce({ ...before, items: [], missed } as unknown as RecordPage)
    address.query = { duty: 'weekly', target: '5000' }
    const page = mount(TargetPage)
    await flushPromises()
    // Rows that go by one name are told of when they take the place of others.
    address.pull()
    await flushPromises()
    expect(page.findAll('.cell').slice(1).map((cell) => cell.attributes('aria-label')?.split('，').pop())).toEqual([
      '应由周建国（安全员）检查', '应由周建国（安全总监）检查', '应由周建国（主要负责人）检查',
    ])
  })
})
