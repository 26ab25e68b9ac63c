import type { UnitKind } from '@/api'
import { TARGET_NOUN } from '@/rules/looks'

interface Words {
  /** What is typed, as the title says it. */
  code: string
  /** All that a target is found by. */
  label: string
  digits: string
  text: string
  example: string
}

const WORDS: Record<UnitKind, Words> = {
  use: {
    code: '设备代码', label: '设备代码、单位编号或名称', example: '如 0001',
    digits: '铭牌上的代码，空格不用输入；后 4 位以上也可以', text: '单位自己的编号或现场的叫法，如 KT-1、1 号客梯',
  },
  production: {
    code: '许可证编号', label: '许可证编号、单位编号或名称', example: '如 TS2399001',
    digits: '编号末尾 4 位以上的数字，横线不用输入', text: '许可证编号可以不输年份；也可以输名称，如“电梯制造”',
  },
  filling: {
    code: '工位编号', label: '工位编号或名称', example: '如 GW-01',
    digits: '编号里有字母时，请改用文字', text: '单位自己的编号或现场的叫法，如 GW-01、1 号充装台',
  },
}
const SEVERAL: Words = {
  code: '编号', label: '代码、编号或名称', example: '如 0001',
  digits: '设备代码的后 4 位以上，空格不用输入', text: '设备、许可或工位的编号，或现场的叫法',
}

/** How the page speaks of what this person looks after: who works on several sides hears of all of them. */
export function codeWords(sides: UnitKind[]): Words & { noun: string; one: string; codesAreDigits: boolean } {
  const [side] = sides
  if (!side || sides.length > 1) return { ...SEVERAL, noun: '检查对象', one: '这个检查对象', codesAreDigits: sides.includes('use') }
  const { noun, counter } = TARGET_NOUN[side]
  return { ...WORDS[side], noun, one: `这${counter}${noun}`, codesAreDigits: side === 'use' }
}
