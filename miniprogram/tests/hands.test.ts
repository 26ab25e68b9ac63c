import { mount } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import TSheet from '@/components/TSheet.vue'
import TTextArea from '@/components/TTextArea.vue'
import CodeAnswer from '@/pages/daily/CodeAnswer.vue'
import { codeWords } from '@/pages/daily/words'
import TDeadline from '@/components/TDeadline.vue'
import RemarkSheet from '@/pages/inspections/RemarkSheet.vue'
import { small, takePhotos } from '@/platform/camera'
import { watchKeyboard } from '@/platform/keyboard'
import { findTargets } from '@/rules/find'
import { fitting, roomWords, withSentence } from '@/rules/text'
import { FakeUni, install } from './fakes/uni'

let uni: FakeUni
beforeEach(() => (uni = install(new FakeUni())))
const FAMILY = '👨‍👩‍👧'
const THUMB = '👍🏽'
const FLAG = '🇨🇳'

describe('what somebody types', () => {
  it('is kept to its longest without a letter cut in the middle', () => {
    for (const letter of [FAMILY, THUMB, FLAG, '😀', '1️⃣', 'é', '字']) {
      for (let room = 0; room <= letter.length; room += 1) expect(fitting(`好${letter}`, 1 + room)).toBe(room < letter.length ? '好' : `好${letter}`)
    }
    expect(fitting(`${FLAG}${FLAG}`, 7)).toBe(FLAG)
  })

  it('loses the half of a letter that a phone has cut', () => expect(fitting('好😀'.slice(0, 2), 600)).toBe('好'))

  it('counts as the phone does, which is never less than the server does', () => expect(fitting('😀'.repeat(400), 600)).toBe('😀'.repeat(300)))

  it('is told of its room when it becomes little', () => {
    const words = (length: number) => roomWords('字'.repeat(length), 600)
    expect([words(550), words(551), words(599), words(600)]).toEqual(['', '还能写 49 字', '还能写 1 字', '最多 600 字，已经写满'])
  })

  it('takes a sentence whole or not at all', () => {
    expect([withSentence(' ', '已修复', 3), withSentence('已清理', '已修复', 7), withSentence('已清理', '已修复', 6)]).toEqual(['已修复', '已清理；已修复', null])
  })
})

describe('a field for sentences', () => {
  const field = (value: string, more = {}) => mount(TTextArea, { props: { value, label: '备注', words: ['已通知维保'], ...more }, global: { config: { compilerOptions: { isCustomElement: (tag) => tag === 'textarea' } } } })

  it('says how much room is left, and that it is full', () => {
    expect(field('字'.repeat(500)).find('[role=status]').exists()).toBe(false)
    expect(field('字'.repeat(580)).get('[role=status]').text()).toBe('还能写 20 字')
    expect(field('字'.repeat(600)).get('[role=status]').text()).toBe('最多 600 字，已经写满')
  })

  it('adds a word where it fits, and says so where it does not', async () => {
    const room = field('字'.repeat(594))
    await room.get('.quick-word').trigger('click')
    expect(room.emitted('type')).toEqual([[`${'字'.repeat(594)}；已通知维保`]])
    const none = field('字'.repeat(595))
    await none.get('.quick-word').trigger('click')
    expect([none.emitted('type'), uni.toasts]).toEqual([undefined, ['最多 600 字，“已通知维保”写不下了']])
  })

  it('passes on what is typed, cut between letters', async () => {
    const shown = field('')
    await shown.get('textarea').trigger('input', { detail: { value: `${'字'.repeat(599)}${FAMILY}` } })
    expect(shown.emitted('type')).toEqual([['字'.repeat(599)]])
  })
})

describe('a remark', () => {
  it('is the page\'s as it is typed, before anything is pressed', async () => {
    const sheet = mount(RemarkSheet, { props: { value: '' } })
    await sheet.get('textarea').trigger('input', { detail: { value: '钥匙在' } })
    await sheet.get('textarea').trigger('input', { detail: { value: '钥匙在门卫处 ' } })
    expect([sheet.emitted('type'), sheet.emitted('save')]).toEqual([[['钥匙在'], ['钥匙在门卫处 ']], undefined])
    await sheet.get('.btn').trigger('click')
    expect(sheet.emitted('save')).toEqual([['钥匙在门卫处']])
  })
})

describe('a deadline', () => {
  const stub = { picker: { name: 'picker', props: ['mode', 'range', 'value'], template: '<div><slot /></div>' } }
  const field = (value: string) => mount(TDeadline, { props: { value, today: '2026-11-25' }, global: { stubs: stub } })

  it('is any day from today on, a year long, with its weekday', () => {
    const range = field('').getComponent({ name: 'picker' }).props('range') as string[]
    expect([range[0], range[37], range[365], range.length]).toEqual(['11-25 周三', '2027-01-01 周五', '2027-11-25 周四', 366])
  })

  it('is the day that was picked', async () => {
    const shown = field('2026-12-24')
    const picker = shown.getComponent({ name: 'picker' })
    expect([picker.props('value'), shown.get('[aria-label=选日期，12-24]').text()]).toEqual([29, '12-24'])
    expect(field('').find('[aria-label=选日期]').exists()).toBe(true)
    picker.vm.$emit('change', { detail: { value: '30' } })
    expect(shown.emitted('pick')).toEqual([['2026-12-25']])
  })

  it('that has passed is shown from today', () => expect(field('2026-11-20').getComponent({ name: 'picker' }).props('value')).toBe(0))
})

describe('photos in a browser', () => {
  const made: string[] = []
  const let_go: string[] = []
  beforeEach(() => {
    made.length = let_go.length = 0
    vi.stubGlobal('fetch', async () => ({ blob: async () => new Blob(['a picture']) }))
    vi.stubGlobal('createImageBitmap', async () => ({ width: 4000, height: 3000, close: () => undefined }))
    vi.spyOn(URL, 'createObjectURL').mockImplementation(() => (made.push(`blob:${made.length}`), made[made.length - 1]!))
    vi.spyOn(URL, 'revokeObjectURL').mockImplementation((path) => void let_go.push(path))
    vi.spyOn(HTMLCanvasElement.prototype, 'toBlob').mockImplementation((tell) => tell(new Blob(['small'])))
    vi.spyOn(HTMLCanvasElement.prototype, 'getContext').mockImplementation((() => null) as never)
  })
  afterEach(() => {
    vi.unstubAllGlobals()
    vi.restoreAllMocks()
  })
  const take = async (most: number) => {
    const taken = takePhotos(most)
    await vi.advanceTimersByTimeAsync(100)
    return taken
  }

  it('that are more than fit are let go and counted', async () => {
    uni.pictures = ['blob:a', 'blob:b', 'blob:c']
    expect(await take(2)).toEqual({ paths: ['blob:a', 'blob:b'], over: 1 })
    expect([let_go, uni.chosen]).toEqual([['blob:c'], [99]])
  })

  it('are one where there is room for one', async () => {
    uni.pictures = ['blob:a']
    expect([await take(1), uni.chosen]).toEqual([{ paths: ['blob:a'], over: 0 }, [1]])
  })

  it('hold no more memory than the small one', async () => {
    expect(await small('blob:large')).toBe('blob:0')
    expect(let_go).toEqual(['blob:large'])
  })

  it('that are no pictures stay as they are, for the server to say so', async () => {
    vi.stubGlobal('createImageBitmap', () => Promise.reject(new Error('no picture')))
    expect([await small('blob:words'), let_go]).toEqual(['blob:words', []])
  })
})

describe('what is looked for', () => {
  it('is called what the unit calls it', () => {
    const said = (...sides: Parameters<typeof codeWords>[0]) => [codeWords(sides).code, codeWords(sides).noun, codeWords(sides).one]
    expect([said('use'), said('production'), said('filling'), said('use', 'filling'), said()]).toEqual([
      ['设备代码', '设备', '这台设备'], ['许可证编号', '许可', '这项许可'], ['工位编号', '工位', '这个工位'], ['编号', '检查对象', '这个检查对象'], ['编号', '检查对象', '这个检查对象'],
    ])
    expect([codeWords(['production']).codesAreDigits, codeWords(['use', 'filling']).codesAreDigits]).toEqual([false, true])
  })

  it('is a licence by the beginning of its number, which ends in a year', () => {
    const licence = (target: string, licence_number: string) => ({ target, name: target, identifiers: { licence_number } })
    const all = [licence('L-1', 'TS2399001-2029'), licence('L-2', 'TS3499002-2028')]
    const found = (typed: string) => findTargets(typed, all).map(({ target }) => target)
    expect([found('ts2399001'), found('TS34'), found('99001-2029'), found('TS9')]).toEqual([['L-1'], ['L-2'], ['L-1'], []])
  })

  it('and is not there, in those words', () => {
    const shown = mount(CodeAnswer, { props: { typed: '999', found: [] } })
    expect(shown.text()).toContain('您负责的检查对象里没有这个编号或名称')
  })
})

describe('a keyboard', () => {
  const pressed = vi.fn()
  let put: HTMLElement[] = []
  watchKeyboard()
  const place = (html: string) => {
    const box = document.createElement('div')
    box.innerHTML = html
    document.body.append(box)
    put.push(box)
    const element = box.firstElementChild as HTMLElement
    element.addEventListener('click', pressed)
    element.focus()
    return element
  }
  const key = (type: 'keydown' | 'keyup', key: string, more: KeyboardEventInit = {}) => {
    const event = new KeyboardEvent(type, { key, bubbles: true, cancelable: true, ...more })
    document.activeElement!.dispatchEvent(event)
    return event.defaultPrevented
  }
  const hit = (name: string) => [key('keydown', name), key('keyup', name)][0]
  beforeEach(() => void pressed.mockClear())
  afterEach(() => put.splice(0).forEach((box) => box.remove()))

  it.each(['button', 'link', 'tab', 'radio', 'checkbox', 'switch'])('presses what is a %s by its role', (role) => {
    place(`<div role="${role}" tabindex="0"></div>`)
    expect([hit('Enter'), hit(' '), hit('a'), pressed.mock.calls.length]).toEqual([true, true, false, 2])
  })

  it.each(['<div tabindex="0"></div>', '<div role="dialog" tabindex="0"></div>', '<input role="switch">', '<textarea></textarea>'])('leaves %s alone', (html) => {
    place(html)
    expect([hit('Enter'), hit(' '), pressed.mock.calls.length]).toEqual([false, false, 0])
  })

  it('leaves a real button to the browser', () => {
    place('<button role="button"></button>')
    expect([hit('Enter'), pressed.mock.calls.length]).toEqual([false, 0])
  })

  it.each([[false, 1], [true, 0]])('closes a sheet by Escape, unless it is fixed (%s)', (fixed, times) => {
    const sheet = mount(TSheet, { props: { title: '备注', fixed }, attachTo: document.body })
    expect(document.activeElement?.getAttribute('role')).toBe('dialog')
    key('keydown', 'Escape', { isComposing: true })
    expect(sheet.emitted('close')).toBeUndefined()
    key('keydown', 'Escape')
    expect(sheet.emitted('close') ?? []).toHaveLength(times)
    sheet.unmount()
  })

  it('is not taken by the sheet of a page that is not shown', () => {
    const button = place('<div role="button" tabindex="0"></div>')
    mount(TSheet, { props: { title: '请重新登录' } })
    expect([document.activeElement === button, document.querySelector('[inert]')]).toEqual([true, null])
  })

  it('held is one press', () => {
    place('<div role="button" tabindex="0"></div>')
    key('keydown', 'Enter')
    for (let turn = 0; turn < 5; turn += 1) key('keydown', 'Enter', { repeat: true })
    key('keyup', 'Enter')
    expect(pressed).toHaveBeenCalledTimes(1)
  })

  it('that came down elsewhere presses nothing where it comes up', () => {
    place('<div role="button" tabindex="0"></div>')
    key('keydown', 'Enter')
    place('<div role="button" tabindex="0"></div>')
    key('keyup', 'Enter')
    expect(pressed).not.toHaveBeenCalled()
  })
})
