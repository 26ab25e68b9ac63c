import type { Grade, Receipt, Result, Task, Todo, UnitKind } from '@/api'
import { TARGET_KINDS, WORDS } from '@/api/words'
import { checked, type Draft } from './draft'
import type { Standing } from './tasks'

/** How the server's words look: icons, chips, colours. */
export type ChipKind =
  | 'due' | 'done' | 'zero' | 'late' | 'missed' | 'overdue' | 'suspended' | 'plain' | Grade

export const CHIPS: Record<ChipKind, { icon: string; word: string }> = {
  due: { icon: 'due', word: '待完成' },
  done: { icon: 'done', word: '已完成' },
  zero: { icon: 'zero', word: WORDS.Stamp.zero_risk },
  late: { icon: 'late', word: WORDS.TaskState.late },
  missed: { icon: 'missed', word: WORDS.TaskState.missed },
  overdue: { icon: 'overdue', word: '已逾期' },
  suspended: { icon: 'pause', word: WORDS.TargetState.suspended },
  plain: { icon: '', word: '' },
  general: { icon: 'grade1', word: WORDS.Grade.general },
  serious: { icon: 'grade2', word: WORDS.Grade.serious },
  major: { icon: 'grade3', word: WORDS.Grade.major },
}

export const RESULTS: Record<Result, { kind: ChipKind; icon: string; word: string }> = {
  pass: { kind: 'done', icon: 'check', word: WORDS.Result.pass },
  fail: { kind: 'overdue', icon: 'cross', word: WORDS.Result.fail },
  not_applicable: { kind: 'suspended', icon: 'na', word: WORDS.Result.not_applicable },
}

export const GRADES: Grade[] = ['general', 'serious', 'major']

export interface Tab { value: string; word: string; count?: number | string }
/** `blocked`: why it cannot be picked. `guarded`: what stands against it; picked all the same, it asks for a reason. */
export interface Option { value: string; word: string; note?: string; blocked?: string; guarded?: string }
export interface GridItem { code: string; result?: Result }
export interface TimelineStep {
  title: string
  meta: string
  icon?: string
  kind?: ChipKind
  text?: string
  photos?: string[]
  next?: boolean
}

const CATEGORY_ICONS: Record<string, string> = {
  '1000': 'boiler', '2000': 'vessel', '3000': 'elevator', '4000': 'crane', '5000': 'vehicle',
  '6000': 'ride', '8000': 'pipe', '9000': 'ropeway',
}

/** What a target looks like: its equipment category, a licence, a filling station. */
export function targetIcon(kind: string, unitKind: UnitKind): string {
  if (unitKind === 'production') return 'licence'
  if (unitKind === 'filling') return 'station'
  return CATEGORY_ICONS[kind] ?? 'elevator'
}

/** What a thing to check is called on this side of a unit. */
export const TARGET_NOUN: Record<UnitKind, { noun: string; counter: string }> = {
  use: { noun: '设备', counter: '台' },
  production: { noun: '许可', counter: '项' },
  filling: { noun: '工位', counter: '个' },
}

/** 2 台, 3 个工位, 2 项许可 */
export function counted(many: number, unitKind: UnitKind): string {
  const { noun, counter } = TARGET_NOUN[unitKind]
  return `${many} ${counter}${unitKind === 'use' ? '' : noun}`
}

/** What a check without a list records: a licence is not stopped, there is no production that day. */
export const suspendedWord = (unitKind: UnitKind) => (unitKind === 'production' ? '当日无生产' : WORDS.TargetState.suspended)

export function kindName(kind: string): string {
  return TARGET_KINDS[kind]?.short ?? TARGET_KINDS[kind]?.name ?? ''
}

/** What is inspected by its kind, in a sentence: 电梯, 电梯制造, 工位. */
export const inspectedName = ({ kind, unit_kind }: { kind: string; unit_kind: UnitKind }) => kindName(kind) || TARGET_NOUN[unit_kind].noun

export interface Badge { kind: ChipKind; text?: string; icon?: string }

/** The chip of a to-do: what is left of it, or how it ended. */
export function todoBadge(todo: Todo, standing: Standing, draft?: Draft): Badge {
  switch (standing) {
    case 'refused': return { kind: 'overdue', text: '没有交上', icon: 'cloud' }
    case 'waiting': return { kind: 'late', text: '待上传', icon: 'cloud' }
    case 'begun':
      if (draft?.state === 'suspended') return { kind: 'suspended', text: `${suspendedWord(todo.unit_kind)}待签字`, icon: 'pen' }
      return { kind: 'due', text: `已查 ${checked(draft)} 项`, icon: 'pen' }
    case 'received': return closedBadge({ ...todo, suspended: Boolean(todo.suspended), late: todo.state === 'late' })
    case 'left':
      if (todo.state === 'missed') return { kind: 'missed' }
      return todo.suspended ? { kind: 'suspended', text: '停用中' } : { kind: 'due' }
  }
}

interface Closed { fails?: number | null; stamp?: Todo['stamp']; suspended: boolean; late: boolean; unit_kind: UnitKind }

/** The chip of what the unit has: hazards found, the stamp, suspended, entered late. */
function closedBadge(closed: Closed): Badge {
  if (closed.fails) return { kind: 'overdue', text: `${closed.fails} 条隐患`, icon: 'hazard' }
  if (closed.stamp) return { kind: 'zero', text: WORDS.Stamp[closed.stamp] }
  if (closed.suspended) return { kind: 'suspended', text: suspendedWord(closed.unit_kind) }
  return closed.late ? { kind: 'late' } : { kind: 'done' }
}

export function receiptBadge(receipt: Receipt, unitKind: UnitKind): Badge {
  return closedBadge({ ...receipt, suspended: receipt.state === 'suspended', unit_kind: unitKind })
}

/** Facts for the nameplate. */
export function nameplate(target: Task['target']): [string, string][] {
  const rows = Object.entries(target.identifiers).map(([key, value]): [string, string] => [IDENTIFIERS[key] ?? key, value])
  const place: [string, string][] = target.location ? [['位置', target.location]] : []
  return [...(rows.length ? rows : [['编号', target.target] as [string, string]]), ...place]
}

const IDENTIFIERS: Record<string, string> = {
  device_code: '设备代码',
  certificate: '使用登记证',
  inner_number: '内部编号',
  licence_number: '许可证编号',
}
