import { readdirSync, readFileSync } from 'node:fs'
import { mount } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import TButton from '@/components/TButton.vue'
import TCell from '@/components/TCell.vue'
import TChip from '@/components/TChip.vue'
import TChoice from '@/components/TChoice.vue'
import type { UnitKind } from '@/api'
import HomeGlance from '@/pages/home/HomeGlance.vue'
import HomeWelcome from '@/pages/home/HomeWelcome.vue'
import FortnightGrid from '@/pages/inspections/FortnightGrid.vue'
import StateSheet from '@/pages/inspections/StateSheet.vue'
import { useHazards } from '@/stores/hazards'
import { useSession } from '@/stores/session'
import { member } from './fakes/tean'
import { draft, task } from './fakes/things'
import { FakeUni, install } from './fakes/uni'

const warned = vi.spyOn(console, 'warn')
beforeEach(() => void install(new FakeUni()))
afterEach(() => {
  expect(warned.mock.calls).toEqual([])
  warned.mockClear()
})

describe('a button', () => {
  const press = async (props: { off?: boolean; busy?: boolean }) => {
    const button = mount(TButton, { props: { text: '立即提交', icon: 'pen', ...props } })
    await button.trigger('click')
    await button.trigger('click')
    return button
  }

  it('lets every tap through', async () => expect((await press({})).emitted('press')).toHaveLength(2))

  it.each([['off', { off: true }], ['busy', { busy: true }]])('that is %s lets none through, and says so', async (_, props) => {
    const button = await press(props)
    expect(button.emitted('press')).toBeUndefined()
    expect(button.attributes('aria-disabled')).toBe('true')
    expect(button.text()).toBe('立即提交')
  })

  it('that is busy shows it in place of its drawing', async () => {
    const button = await press({ busy: true })
    expect([button.find('.btn-spin').exists(), button.find('.i').exists(), button.attributes('aria-busy')]).toEqual([true, false, 'true'])
  })
})

describe('a choice', () => {
  const options = [{ value: 'in_use', word: '在用' }, { value: 'suspended', word: '停用', note: '写明原因', blocked: '有重大隐患' }]
  const choice = () => mount(TChoice, { props: { options, value: 'in_use', label: '设备状态' } })

  it('says what is chosen', () => {
    const radios = choice().findAll('[role=radio]')
    expect(radios.map((radio) => radio.attributes('aria-checked'))).toEqual(['true', 'false'])
  })

  it('shows what is blocked, says why, and does not let it be picked', async () => {
    const shown = choice()
    const [free, blocked] = shown.findAll('[role=radio]')
    expect([blocked!.attributes('aria-disabled'), blocked!.text()]).toEqual(['true', '停用有重大隐患'])
    await blocked!.trigger('click')
    expect(shown.emitted('pick')).toBeUndefined()
    await free!.trigger('click')
    expect(shown.emitted('pick')).toEqual([['in_use']])
  })
})

describe('a row', () => {
  it('is read out with all it says', () => {
    const cell = mount(TCell, { props: { title: '1 号客梯', meta: ['1 号楼大堂', '08:46 已查'] } })
    expect([cell.attributes('role'), cell.attributes('aria-label')]).toEqual(['button', '1 号客梯，1 号楼大堂，08:46 已查'])
  })

  it('is read out in its own words when it has some', () => {
    expect(mount(TCell, { props: { title: '1 号客梯', label: '1 号客梯，待完成' } }).attributes('aria-label')).toBe('1 号客梯，待完成')
  })

  it('that only tells cannot be opened', async () => {
    const cell = mount(TCell, { props: { title: '没有未整改的隐患', still: true } })
    await cell.trigger('click')
    expect([cell.emitted('open'), cell.attributes('role'), cell.attributes('tabindex')]).toEqual([undefined, 'group', '-1'])
  })

  it('opens at a tap', async () => {
    const cell = mount(TCell, { props: { title: '1 号客梯' } })
    await cell.trigger('click')
    expect(cell.emitted('open')).toHaveLength(1)
  })
})

describe('a chip', () => {
  it('has a drawing and a word', () => {
    const chip = mount(TChip, { props: { kind: 'missed' } })
    expect([chip.text(), chip.find('.i-missed').exists()]).toEqual(['漏检', true])
  })
})

describe('the last fourteen days', () => {
  const grid = (props: object) => mount(FortnightGrid, { props: { records: [], today: '2026-11-23', unitKind: 'use', known: true, ...props } })

  it('that could not be read are not said to be empty', () => {
    const unread = grid({ known: false })
    expect(unread.text()).toBe('没有读到近 14 天的记录，有网后下拉再看')
    expect([unread.findAll('[role=listitem]').length, grid({}).findAll('[role=listitem]').length]).toEqual([0, 14])
  })

  it('are explained in the words of their side', () => {
    expect(grid({ unitKind: 'production' }).text()).toMatch(/当日无生产$/)
    expect(grid({ unitKind: 'filling' }).text()).toMatch(/停用$/)
  })
})

describe('the question whether it is in use', () => {
  const sheet = (side: UnitKind, more: object = {}) => {
    const asked = task()
    asked.target.unit_kind = side
    return mount(StateSheet, { props: { task: { ...asked, ...more }, draft: draft(), suspend: true } })
  }

  it('asks a licence whether there is production, and never stops it', async () => {
    const shown = sheet('production')
    await shown.find('.btn').trigger('click')
    expect(shown.text()).not.toMatch('停用')
    expect(shown.text()).toMatch('写明当日无生产的原因')
    expect(shown.find('.field').attributes('aria-label')).toBe('原因')
  })

  it('is asked of the day it is about', () => {
    const title = (side: UnitKind, late: boolean) => sheet(side, { late }).find('.title').text()
    expect([title('use', false), title('production', true), title('filling', true)]).toEqual(['今天这台电梯在用吗？', '那天有生产吗？', '那天这个工位在用吗？'])
  })

  it('tells what is typed as it is typed', async () => {
    const shown = sheet('use')
    await shown.findAll('.quick-word')[0]!.trigger('click')
    expect(shown.emitted('type')).toEqual([['检修']])
    await shown.find('.btn').trigger('click')
    expect(shown.emitted('chosen')).toEqual([[expect.objectContaining({ state: 'suspended', reason: '检修' })]])
  })

  it('is in use unless it was asked to stop it', () => {
    const on = mount(StateSheet, { props: { task: task(), draft: draft() } })
    expect(on.findAll('[role=radio]').map((radio) => radio.attributes('aria-checked'))).toEqual(['true', 'false'])
  })
})

describe('today at a glance', () => {
  it('counts no hazards before they were read', async () => {
    const hazards = useHazards()
    const rows = () => mount(HomeGlance).findAll('.glance-row').map((row) => row.attributes('aria-label'))
    useSession().held = { answer: { membership: member('director') }, since: 0 } as never
    expect(rows()).toEqual(['日待下达，还没有读到', '日待整改，还没有读到'])
    expect(mount(HomeGlance).text()).not.toMatch('0 条')
    hazards.known = true
    expect(rows()).toEqual(['日待下达，0 条', '日待整改，0 条'])
  })

  it('names each list of hazards by the duty that found them', () => {
    useSession().held = { answer: { membership: member('director') }, since: 0 } as never
    const hazards = useHazards()
    hazards.known = true
    hazards.heads.weekly = { ...hazards.heads.weekly, ordered: { items: [{}, {}] as never, more: true } }
    expect(mount(HomeGlance).findAll('.glance-row').map((row) => row.attributes('aria-label'))).toEqual(['日待下达，0 条', '日待整改，0 条', '周待整改，2+ 条'])
  })
})

describe('the way in', () => {
  it('asks each person anew whether he agrees', async () => {
    const open = () => mount(HomeWelcome, { props: { binding: true } })
    const first = open()
    await first.find('[role=checkbox]').trigger('click')
    expect(first.find('[role=checkbox]').attributes('aria-checked')).toBe('true')
    expect(open().find('[role=checkbox]').attributes('aria-checked')).toBe('false')
  })
})

describe('drawings', () => {
  const source = readdirSync('src', { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.(vue|ts)$/.test(path) && !path.startsWith('api'))
    .map((path) => readFileSync(`src/${path}`, 'utf8')).join('\n')
  const drawn = new Set([...readFileSync('src/styles/icons.css', 'utf8').matchAll(/^\.i-([\w-]+)/gm)].map(([, name]) => name!))

  it('are shipped only when something shows them', () => {
    expect([...drawn].filter((name) => !new RegExp(`['"\`]${name}['"\`]`).test(source))).toEqual([])
  })

  it('that are named are shipped', () => {
    const named = [...source.matchAll(/(?:[ {]icon: | icon=|<TIcon (?:[^>]* )?name=)['"]([\w-]+)['"]/g)].map(([, name]) => name!)
    expect(named.length).toBeGreaterThan(50)
    // A toast has none.
    expect(named.filter((name) => !drawn.has(name) && name !== 'none')).toEqual([])
  })
})
