import type { Duty, InspectedKind, MissedItem, RecordDetail, RecordItem, RecordPage, Result, TargetFacts, UnitKind } from '@/api'
import { WORDS } from '@/api/words'
import { bucketName, bucketOf, bucketShort, isOfKind, isReport, lateUntil, leafOf, thatWord } from './buckets'
import { hasEnded } from './clocks'
import { addDays, dateOf, firstOfMonth, lastOfMonth, secondsOf, shortDate, timeOf, weekday, when } from './dates'
import { postWord } from './hazards'
import { kindName, suspendedWord, type Badge, type ChipKind } from './looks'
import { decidedFacts } from './stop'

export interface Period { value: string; word: string; since?: string; until?: string }

/** 本月, 上月, 全部: both ends included, whole months; of what comes once a month, years. */
export function periods(today: string, duty: Duty): Period[] {
  return leafOf(duty) === 'year' ? years(today) : months(today, duty)
}

function years(today: string): Period[] {
  const year = Number(today.slice(0, 4))
  const whole = (one: number) => ({ since: `${one}-01-01`, until: `${one}-12-31` })
  return [{ value: 'this', word: '今年', ...whole(year) }, { value: 'last', word: '去年', ...whole(year - 1) }, { value: 'all', word: '全部' }]
}

/** A week that two months share is found in either. */
function months(today: string, duty: Duty): Period[] {
  const first = firstOfMonth(today)
  const lastOfBefore = addDays(first, -1)
  return [
    { value: 'this', word: '本月', since: bucketOf(duty, first), until: lastOfMonth(first) },
    { value: 'last', word: '上月', since: bucketOf(duty, firstOfMonth(lastOfBefore)), until: lastOfBefore },
    { value: 'all', word: '全部' },
  ]
}

/** The one that a day is in; the last, which is all, when it is in none before. */
export const periodOf = (day: string, among: Period[]): Period | undefined =>
  among.find(({ since = '', until = '9' }) => since <= day && day <= until)

/** How a check ended, in one chip. */
export function recordBadge(record: RecordItem, side: UnitKind): Badge {
  if (record.state === 'suspended') return { kind: 'suspended', text: suspendedWord(side) }
  if (record.fails) return { kind: 'overdue', text: `${record.fails} 条隐患`, icon: 'hazard' }
  if (record.stamp) return { kind: 'zero', text: WORDS.Stamp[record.stamp] }
  return { kind: 'done', text: '已检查' }
}

const versionWord = ({ version }: { version: number }) => `第 ${version} 版`
const SUPPLEMENT: Badge = { kind: 'due', text: '补充记录', icon: 'plus' }

/** What is special about it: entered late, came second. */
export function specialBadges(record: RecordItem): Badge[] {
  return [...(record.late ? [{ kind: 'late' } as Badge] : []), ...(record.supplement ? [SUPPLEMENT] : []), ...(record.version > 1 ? [{ kind: 'plain', icon: 'pen', text: versionWord(record) } as Badge] : [])]
}

export function recordBadges(record: RecordItem, side: UnitKind): Badge[] {
  return [recordBadge(record, side), ...specialBadges(record)]
}

/** What there is of a bucket: a record, or that there is none. */
export type HistoryRow<T = RecordItem> = { record: T; missed?: undefined } | { record?: undefined; missed: MissedItem }

/** Records and what was missed in their places by date, newest first. */
export function historyRows<T extends { due: string } = RecordItem>({ items, missed = [] }: { items: T[]; missed?: RecordPage['missed'] }): HistoryRow<T>[] {
  const rows: HistoryRow<T>[] = [...items.map((record) => ({ record })), ...missed.map((one) => ({ missed: one }))]
  return rows.sort((one, other) => dueOf(other).localeCompare(dueOf(one)))
}

const dueOf = ({ record, missed }: HistoryRow<{ due: string }>) => (record ?? missed).due

/** A kind, where targets are listed. */
export const kindAsTarget = ({ kind, name, unit_kind }: InspectedKind): TargetFacts =>
  ({ target: kind, name, kind, unit_kind, kind_name: name, state: 'in_use', identifiers: {} }) as TargetFacts

/** 11-22 周日; 第 48 周 11-23 ～ 11-29; 11 月 */
export function bucketTitle(of: { duty: Duty; due: string }, today: string): string {
  return isOfKind(of.duty) ? bucketName(of, today) : `${shortDate(of.due, today)}　${weekday(of.due)}`
}

/** 08:14 周建国; both days when it was entered late; in which post, where several check the same; who was first. */
export function recordMeta(record: RecordItem, today: string, side: UnitKind): string[] {
  const ofKind = isOfKind(record.duty)
  const who = ofKind ? `${record.person_name}（${postWord(record.role, side)}）` : record.person_name
  const lines = record.late ? [lateWords(record, today), who] : [`${ofKind ? when(record.received_at, today) : timeOf(record.received_at)} ${who}`]
  return record.first ? [...lines, firstWords(record.first, record.due)] : lines
}

/** 首次由李示二 08:14 提交; with its day when that is another. */
export function firstWords({ person_name, received_at }: { person_name: string; received_at: string }, day: string): string {
  const date = dateOf(received_at) === day ? '' : `${shortDate(dateOf(received_at), day)} `
  return `首次由${person_name} ${date}${timeOf(received_at)} 提交`
}

/** Who was to do it, in which post where several check the same, and until when it can still be; or that it was never asked of anybody. */
export function missedMeta(missed: MissedItem, today: string, side: UnitKind): string[] {
  const post = isOfKind(missed.duty) ? postWord(missed.role, side) : ''
  if (!missed.asked) return [`系统${thatWord(missed.duty)}没有派发${post && `给${post}`}，不算个人漏检`]
  const [what, deed] = isReport(missed.duty) ? ['报告', '填写'] : ['记录', '检查']
  return [`没有${what}，${roomWords(missed, today)}`, owedBy(missed.names.join('、'), post, deed)]
}

/** Until when it can still be entered: 可补录至 11-24 24:00 */
export function roomWords(of: { duty: Duty; due: string }, today: string): string {
  const until = lateUntil(of)
  return until < today ? '补录期已过' : `可补录至 ${shortDate(until, today)} 24:00`
}

/** 应由周建国（安全总监）检查 */
export function owedBy(names: string, post: string, deed = '检查'): string {
  const who = names && post ? `${names}（${post}）` : names || post
  return who && `应由${who}${deed}`
}

/** 应 11-14，实 11-16 08:20 */
export function lateWords(record: Pick<RecordItem, 'duty' | 'due' | 'received_at'>, today: string): string {
  return `应 ${bucketShort(record, today)}，实 ${shortDate(dateOf(record.received_at), today)} ${timeOf(record.received_at)}`
}

/** 22 条：零风险 17，有隐患 2，停用 1，补录 1，漏检 1 */
export function historySummary(rows: HistoryRow[], side: UnitKind): string {
  const records = rows.flatMap(({ record }) => record ?? [])
  const count = (is: (record: RecordItem) => boolean) => records.filter(is).length
  const parts: [string, number][] = [
    [WORDS.Stamp.zero_risk, count((record) => record.stamp === 'zero_risk')],
    [WORDS.Stamp.no_new_hazard, count((record) => record.stamp === 'no_new_hazard')],
    ['有隐患', count((record) => record.fails > 0)],
    [suspendedWord(side), count((record) => record.state === 'suspended')],
    [WORDS.TaskState.late, count((record) => record.late)],
    ['补充记录', count((record) => Boolean(record.supplement))],
    [WORDS.TaskState.missed, rows.length - records.length],
  ]
  const there = parts.filter(([, number]) => number)
  return `${rows.length} 条${there.length ? `：${there.map(([word, number]) => `${word} ${number}`).join('，')}` : ''}`
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

export function targetBadge(target: TargetFacts, today: string): Badge {
  if (target.state === 'suspended') return { kind: 'suspended', text: suspendedWord(target.unit_kind) }
  return target.unit_kind === 'production' ? licenceBadge(target, today) : { kind: 'plain', text: WORDS.TargetState.in_use }
}

/** A licence is valid or not; it is not in use. */
const licenceBadge = (licence: TargetFacts, today: string): Badge =>
  hasEnded(licence, today) ? { kind: 'overdue', text: '已过期' } : { kind: 'plain', text: '有效' }

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
    ['检查人', `${record.person_name}（${postWord(record.role, record.unit_kind)}）`],
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
  if (record.correction) facts.push(['更正原因', record.correction])
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
