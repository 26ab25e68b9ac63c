import type { RecordItem, UnitKind } from '@/api'
import { WORDS } from '@/api/words'
import { addDays } from './dates'
import { CHIPS, suspendedWord, type ChipKind } from './looks'

interface Look { kind: ChipKind; icon: string; words: string }
export interface Day extends Look { date: string; number: string }

const CLEAN: Look = { kind: 'zero', icon: CHIPS.zero.icon, words: WORDS.Result.pass }
const HAZARD: Look = { kind: 'overdue', icon: 'hazard', words: '有隐患' }
const LATE: Look = { kind: 'late', icon: CHIPS.late.icon, words: CHIPS.late.word }
const NOTHING: Look = { kind: 'plain', icon: '', words: '没有记录' }
const suspended = (side: UnitKind): Look => ({ kind: 'suspended', icon: CHIPS.suspended.icon, words: suspendedWord(side) })

/** What became of each of the last fourteen days, oldest first. A day without a record says nothing: it may not have been owed. */
export function fortnight(records: RecordItem[], today: string, side: UnitKind): Day[] {
  const firsts = new Map(records.filter((record) => !record.supplement).map((record) => [record.due, record]))
  return Array.from({ length: 14 }, (_, index) => {
    const date = addDays(today, index - 13)
    return { date, number: String(Number(date.slice(8))), ...look(side, firsts.get(date)) }
  })
}

function look(side: UnitKind, record?: RecordItem): Look {
  if (!record) return NOTHING
  if (record.state === 'suspended') return suspended(side)
  if (record.fails) return HAZARD
  return record.late ? LATE : CLEAN
}

/** What the drawings mean. */
export const legend = (side: UnitKind): Look[] => [CLEAN, HAZARD, LATE, suspended(side)]
