import { mount } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import TButton from '@/components/TButton.vue'
import TCell from '@/components/TCell.vue'
import TChip from '@/components/TChip.vue'
import TChoice from '@/components/TChoice.vue'
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
