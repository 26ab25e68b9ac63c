import type { RecordDetail, RecordItem, Result, TargetFacts, UnitKind } from '@/api'
import { WORDS } from '@/api/words'
import { addDays, dateOf, secondsOf, shortDate, timeOf, weekday } from './dates'
import { postWord } from './hazards'
import { kindName, suspendedWord, type Badge, type ChipKind } from './looks'
import { decidedFacts } from './stop'

export interface Period { value: string; word: string; since?: string; until?: string }

/** 本月, 上月, 全部: both ends included, whole months. */
export function periods(today: string): Period[] {
  const first = `${today.slice(0, 7)}-01`
  const lastOfBefore = addDays(first, -1)
  return [
    { value: 'this', word: '本月', since: first, until: lastOfMonth(first) },
    { value: 'last', word: '上月', since: `${lastOfBefore.slice(0, 7)}-01`, until: lastOfBefore },
    { value: 'all', word: '全部' },
  ]
}

function lastOfMonth(first: string): string {
  return addDays(`${addDays(first, 31).slice(0, 7)}-01`, -1)
}

/** How a check ended, in one chip. */
export function recordBadge(record: RecordItem, side: UnitKind): Badge {
  if (record.state === 'suspended') return { kind: 'suspended', text: suspendedWord(side) }
  if (record.fails) return { kind: 'overdue', text: `${record.fails} 条隐患`, icon: 'hazard' }
  if (record.stamp) return { kind: 'zero', text: WORDS.Stamp[record.stamp] }
  return { kind: 'done', text: '已检查' }
}

const SUPPLEMENT: Badge = { kind: 'due', text: '补充记录', icon: 'plus' }

/** What is special about it: entered late, came second. */
export function specialBadges(record: RecordItem): Badge[] {
  return [...(record.late ? [{ kind: 'late' } as Badge] : []), ...(record.supplement ? [SUPPLEMENT] : [])]
}

export function recordBadges(record: RecordItem, side: UnitKind): Badge[] {
  return [recordBadge(record, side), ...specialBadges(record)]
}

/** 11-22 周日 */
export function dayTitle(date: string, today: string): string {
  return `${shortDate(date, today)}　${weekday(date)}`
}

/** 08:14 周建国; both days when it was entered late. */
export function recordMeta(record: RecordItem, today: string): string[] {
  const lines = record.late ? [lateWords(record, today), record.person_name] : [`${timeOf(record.received_at)} ${record.person_name}`]
  return record.first ? [...lines, firstWords(record.first, record.due)] : lines
}

/** 首次由李示二 08:14 提交; with its day when that is another. */
export function firstWords({ person_name, received_at }: { person_name: string; received_at: string }, day: string): string {
  const date = dateOf(received_at) === day ? '' : `${shortDate(dateOf(received_at), day)} `
  return `首次由${person_name} ${date}${timeOf(received_at)} 提交`
}

/** 应 11-14，实 11-16 08:20 */
export function lateWords(record: RecordItem, today: string): string {
  return `应 ${shortDate(record.due, today)}，实 ${shortDate(dateOf(record.received_at), today)} ${timeOf(record.received_at)}`
}

/** 22 条：零风险 17，有隐患 2，停用 1，补录 1 */
export function recordSummary(records: RecordItem[], side: UnitKind): string {
  const count = (is: (record: RecordItem) => boolean) => records.filter(is).length
  const parts: [string, number][] = [
    [WORDS.Stamp.zero_risk, count((record) => record.stamp === 'zero_risk')],
    [WORDS.Stamp.no_new_hazard, count((record) => record.stamp === 'no_new_hazard')],
    ['有隐患', count((record) => record.fails > 0)],
    [suspendedWord(side), count((record) => record.state === 'suspended')],
    [WORDS.TaskState.late, count((record) => record.late)],
    ['补充记录', count((record) => Boolean(record.supplement))],
  ]
  const there = parts.filter(([, number]) => number)
  return `${records.length} 条${there.length ? `：${there.map(([word, number]) => `${word} ${number}`).join('，')}` : ''}`
}

/** By name, place or any of its codes. */
export function matches(target: TargetFacts, text: string): boolean {
  const all = [target.name, target.location, target.target, ...Object.values(target.identifiers)].join(' ')
  return all.toLowerCase().includes(text.trim().toLowerCase())
}

/** What it is and where; of a licence that is called by its kind, the number. */
export function targetMeta(target: TargetFacts): string {
  const kind = kindName(target.kind) || target.kind_name
  return [kind === target.name ? target.identifiers.licence_number : kind, target.location].filter(Boolean).join('·')
}

export const targetTint = (target: TargetFacts): ChipKind | undefined => (target.state === 'suspended' ? 'suspended' : undefined)

export function targetBadge(target: TargetFacts): Badge {
  if (target.state === 'suspended') return { kind: 'suspended', text: suspendedWord(target.unit_kind) }
  return target.unit_kind === 'production' ? licenceBadge(target) : { kind: 'plain', text: WORDS.TargetState.in_use }
}

/** A licence is valid or not; it is not in use. */
const licenceBadge = (licence: TargetFacts): Badge =>
  licence.inspection_expired ? { kind: 'overdue', text: '已过期' } : { kind: 'plain', text: '有效' }

type Answered = RecordDetail['items'][number]

export function countAnswers(items: Answered[]): Record<Result, number> {
  const counts: Record<Result, number> = { pass: 0, fail: 0, not_applicable: 0 }
  for (const item of items) counts[item.result] += 1
  return counts
}

export interface Numbered { n: number; item: Answered }

export const numbered = (items: Answered[]): Numbered[] => items.map((item, index) => ({ n: index + 1, item }))

/** The first few of a long list; what failed is never folded away. */
export function folded(items: Numbered[], most: number): Numbered[] {
  let room = most - items.filter(({ item }) => item.result === 'fail').length
  return items.filter(({ item }) => item.result === 'fail' || room-- > 0)
}

/** More than this between the phone's time and the unit's is worth telling. */
const APART = 60_000

/** The facts of a record, as they are printed. */
export function recordFacts(record: RecordDetail): [string, string][] {
  const facts: [string, string][] = [
    ['检查人', `${record.person_name}（${postWord('officer', record.unit_kind)}）`],
    ['提交时间', exact(record.received_at, record.due)],
  ]
  if (record.performed_at && Math.abs(Date.parse(record.received_at) - Date.parse(record.performed_at)) >= APART) {
    facts.push(['手机上完成', exact(record.performed_at, record.due)])
  }
  if (record.state === 'suspended') facts.push(['状态', suspendedWord(record.unit_kind)], ['原因', record.reason ?? '没有写'])
  else {
    const { pass, fail, not_applicable } = countAnswers(record.items)
    facts.push(['结果', `${WORDS.Result.pass} ${pass}·${WORDS.Result.fail} ${fail}·${WORDS.Result.not_applicable} ${not_applicable}`])
  }
  facts.push(...decidedFacts(record))
  if (record.late) facts.push([WORDS.TaskState.late, lateWords(record, record.due)])
  if (record.remark) facts.push(['备注', record.remark])
  return facts
}

/** Seconds, because it is evidence; the day too unless it is the day it was due. */
function exact(instant: string, due: string): string {
  const date = dateOf(instant)
  return date === due ? secondsOf(instant) : `${date} ${secondsOf(instant)}`
}

/** 3f9a 1c07 …: four by four, to be read aloud. */
export function grouped(hash: string): string {
  return hash.match(/.{1,4}/g)?.join(' ') ?? ''
}

export function groupedShort(hash: string): string {
  return `${grouped(hash.slice(0, 16))} … ${grouped(hash.slice(-8))}`
}
