import type { RecordItem } from '@/api'
import { addDays } from './dates'
import { CHIPS, type ChipKind } from './looks'

export interface Day { date: string; number: string; kind: ChipKind; icon: string; words: string }

/** What became of each of the last fourteen days, oldest first. A day without a record says nothing: it may not have been owed. */
export function fortnight(records: RecordItem[], today: string): Day[] {
  const firsts = new Map(records.filter((record) => !record.supplement).map((record) => [record.due, record]))
  return Array.from({ length: 14 }, (_, index) => {
    const date = addDays(today, index - 13)
    return { date, number: String(Number(date.slice(8))), ...look(firsts.get(date)) }
  })
}

function look(record?: RecordItem): Pick<Day, 'kind' | 'icon' | 'words'> {
  if (!record) return { kind: 'plain', icon: '', words: '没有记录' }
  if (record.state === 'suspended') return of('suspended')
  if (record.fails) return { kind: 'overdue', icon: 'hazard', words: '有隐患' }
  return record.late ? of('late') : of('zero')
}

function of(kind: ChipKind): Pick<Day, 'kind' | 'icon' | 'words'> {
  return { kind, icon: CHIPS[kind].icon, words: CHIPS[kind].word }
}

export const LEGEND = [
  { icon: 'zero', words: '合格' },
  { icon: 'hazard', words: '有隐患' },
  { icon: 'late', words: '补录' },
  { icon: 'pause', words: '停用' },
]
