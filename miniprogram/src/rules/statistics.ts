import type { Age, Duty, FoundCounts, Grade, HazardState, KindCounted, OpenCounts, Role, Statistics } from '@/api'
import { TARGET_KINDS, WORDS } from '@/api/words'
import { dutyWord, ALL_DUTIES, isOfKind, monthName, OF_TARGETS } from './buckets'
import { addDays, daysBetween, firstOfMonth, lastOfMonth, monthsFrom, shortDate } from './dates'
import { postWord } from './hazards'
import { GRADES, kindName, suspendedWord, type ChipKind, type Tab } from './looks'
import type { RingPart } from './ring'

/** The arithmetic of 管控统计. `kind`: of one target kind, or of all when it is empty. */

/** Where there is nothing to divide by, nothing is told: 0 % would be a reproach. */
export const NOTHING = '–'

/** Days, both ends included. */
export interface Span { since: string; until: string }

/** 本月, 上月, 本季, 近一年: whole months, because people are told of those. */
export function spans(today: string): (Tab & Span)[] {
  const until = lastOfMonth(today)
  const intoQuarter = (Number(today.slice(5, 7)) - 1) % 3
  return [
    { value: 'month', word: '本月', since: firstOfMonth(today), until },
    { value: 'last', word: '上月', since: monthsFrom(today, -1), until: lastOfMonth(monthsFrom(today, -1)) },
    { value: 'quarter', word: '本季', since: monthsFrom(today, -intoQuarter), until },
    { value: 'year', word: '近一年', since: monthsFrom(today, -11), until },
  ]
}
/** Any other days. */
export const OWN_SPAN: Tab = { value: 'own', word: '选时段' }

const LONGEST = 366
/** Why these days cannot be asked for; empty when they can. */
export function spanFault({ since, until }: Span, today: string): string {
  if (!since || !until) return '请选择开始和结束日期'
  if (since > until) return '开始日期不能晚于结束日期'
  if (since >= today) return '请从今天以前的日期开始，今天的还没有统计'
  const days = daysBetween(since, until) + 1
  return days > LONGEST ? `时段最长一年，现在是 ${days} 天` : ''
}

/** As far as it is over: 11-01 ～ 11-22; empty when none of it is. */
export function spanWords({ since, until }: Span, today: string): string {
  const last = until < today ? until : addDays(today, -1)
  return since > last ? '' : daysWords({ since, until: last }, today)
}
const daysWords = ({ since, until }: Span, today: string) => (since === until ? shortDate(since, today) : `${shortDate(since, today)} ～ ${shortDate(until, today)}`)

/** So many rows of days are told, then how many days there are. */
const MOST_ROWS = 3
/** 11-03 ～ 11-05、11-09: what is in a row by its first and last. */
export function daysInWords(days: string[], today: string): string {
  const rows: Span[] = []
  for (const day of [...days].sort()) {
    const last = rows[rows.length - 1]
    if (last && addDays(last.until, 1) === day) last.until = day
    else rows.push({ since: day, until: day })
  }
  const words = rows.slice(0, MOST_ROWS).map((row) => daysWords(row, today)).join('、')
  return rows.length > MOST_ROWS ? `${words}等 ${days.length} 天` : words
}

// --- what became of what was asked -----------------------------------------------------------------------------------

export type Counts = Pick<KindCounted, 'due' | 'on_time' | 'late' | 'missed' | 'suspended' | 'zero_risk'>
const NONE: Counts = { due: 0, on_time: 0, late: 0, missed: 0, suspended: 0, zero_risk: 0 }

const isOf = (kind: string) => (row: { kind: string }) => !kind || row.kind === kind
/** Number by number, those that the first has. */
const each = <T extends object>(one: T, other: T, reckon: (one: number, other: number) => number) =>
  Object.fromEntries(Object.keys(one).map((field) => [field, reckon(one[field as keyof T] as number, other[field as keyof T] as number)])) as T
const plus = (one: number, other: number) => one + other
const minus = (one: number, other: number) => one - other

export const sum = (rows: KindCounted[], kind = ''): Counts => rows.filter(isOf(kind)).reduce<Counts>((all, row) => each(all, row, plus), NONE)
const rowOf = ({ duties }: Pick<Statistics, 'duties'>, duty: Duty) => duties.find((one) => one.duty === duty)
export const countsOf = (answer: Pick<Statistics, 'duties'>, duty: Duty, kind = '') => sum(rowOf(answer, duty)?.kinds ?? [], kind)

export const done = ({ on_time, late }: Counts) => on_time + late
/** What was suspended had not to be done. */
export const asked = ({ due, suspended }: Counts) => due - suspended
export const share = (counts: Counts) => (asked(counts) ? done(counts) / asked(counts) : 0)

/** 98.7; cut off, not rounded: 100 is only what is whole. Empty when nothing had to be done. */
export function percent(counts: Counts): string {
  if (!asked(counts)) return ''
  const tenths = Math.floor((1000 * done(counts)) / asked(counts))
  return tenths % 1000 ? (tenths / 10).toFixed(1) : String(tenths / 10)
}
export const rateWords = (counts: Counts) => (percent(counts) ? `${percent(counts)}%` : NOTHING)

export const ringOf = ({ on_time, late, missed, suspended }: Counts): RingPart[] => [
  { state: 'pass', count: on_time }, { state: 'late', count: late }, { state: 'missed', count: missed }, { state: 'suspended', count: suspended },
]

/** 停用; of a unit that makes things and does nothing else, 当日无生产. */
export function stoppedWord(answer: Pick<Statistics, 'duties'>, kind = ''): string {
  const [side, ...others] = new Set((rowOf(answer, OF_TARGETS)?.kinds ?? []).filter(isOf(kind)).map(({ unit_kind }) => unit_kind))
  return suspendedWord(side && !others.length ? side : 'use')
}

/** How the rate is reckoned, with its numbers. */
export const formula = ({ due, suspended }: Counts, stopped: string) => `完成率 =（按时 + 补录）÷（应查 ${due} − ${stopped} ${suspended}）`

const spokenRate = (counts: Counts) => `完成率${percent(counts) ? ` ${rateWords(counts)}` : '算不出来'}`
/** A picture of them in a sentence: 应查 638，按时 612，补录 12，漏检 8，停用 6，完成率 98.7% */
export const countsSentence = (counts: Counts, stopped = suspendedWord('use')) =>
  counts.due ? `应查 ${counts.due}，按时 ${counts.on_time}，补录 ${counts.late}，漏检 ${counts.missed}，${stopped} ${counts.suspended}，${spokenRate(counts)}` : '没有到期的'
/** 漏检 4，补录 5，完成率 98% */
export const troubleSentence = (counts: Counts) => `漏检 ${counts.missed}，补录 ${counts.late}，${spokenRate(counts)}`

/** 漏 2, 补录 1: what of it was not done on time. */
export function leftWords({ due, missed, late }: Counts): string[] {
  if (!due) return ['没有到期']
  const left = [missed ? `漏 ${missed}` : '', late ? `补录 ${late}` : ''].filter(Boolean)
  return left.length ? left : ['全部按时']
}

/** What stands in a small ring, and beside it when it is too long for that. */
const MOST_IN_RING = 5
export function inRing(counts: Counts): { big: string; of: string; beside: string } {
  const [part, whole] = [String(done(counts)), String(asked(counts))]
  if (!asked(counts)) return { big: NOTHING, of: '', beside: '' }
  if (`${part}/${whole}`.length <= MOST_IN_RING) return { big: part, of: whole, beside: '' }
  return { big: rateWords(counts), of: '', beside: `${part}/${whole}` }
}

/** A duty that is done by whole kinds: in numbers and, where both have it, the officers' part apart from that of those above them. */
export interface DutyCard { duty: Duty; counts: Counts; parts: string[] }

export const dutyCards = (answer: Pick<Statistics, 'duties'>, kind = ''): DutyCard[] =>
  ALL_DUTIES.filter(isOfKind).map((duty) => {
    const counts = countsOf(answer, duty, kind)
    const row = rowOf(answer, duty)
    return { duty, counts, parts: postParts(counts, sum(row?.officers ?? [], kind), (row?.kinds ?? []).filter((one) => !kind || one.kind === kind)) }
  })

/** Where all of it is production, the titles are those of production. */
function postParts(all: Counts, officers: Counts, kinds: KindCounted[]): string[] {
  const above = each(all, officers, minus)
  if (!officers.due || !above.due) return []
  const words = (counts: Counts) => `${done(counts)}/${asked(counts)}${counts.missed ? `，漏 ${counts.missed}` : ''}`
  const side = kinds.every(({ unit_kind }) => unit_kind === 'production') ? 'production' : 'use'
  return [`${postWord('officer', side)} ${words(officers)}`, `总监、负责人 ${words(above)}`]
}

// --- people ----------------------------------------------------------------------------------------------------------

export interface PersonBar { key: string; person: string; role: Role; name: string; post: string; counts: Counts; sentence: string }

/** Who missed most comes first, then who did least. */
export function peopleBars({ people }: Pick<Statistics, 'people'>, duty: Duty, kind = ''): PersonBar[] {
  const bars = people.filter((one) => one.duty === duty).map(({ person, name, role, kinds }) => {
    const counts = sum(kinds, kind)
    const post = postWord(role, (kinds.find((one) => one.kind === kind) ?? kinds[0])?.unit_kind ?? 'use')
    return { key: `${person} ${role}`, person, role, name, post, counts, sentence: `${name}（${post}），${dutyWord(duty)}${countsSentence(counts)}` }
  })
  return bars.filter(({ counts }) => counts.due).sort((one, other) => other.counts.missed - one.counts.missed || share(one.counts) - share(other.counts))
}

/** The duties that people are told of. */
export const dutiesOfPeople = ({ people }: Pick<Statistics, 'people'>): Duty[] => ALL_DUTIES.filter((duty) => people.some((one) => one.duty === duty))

/** From the first to the last of the whole months that people are told of. */
export function monthsSpan({ months }: Pick<Statistics, 'months'>): Span | null {
  const sorted = [...months].sort()
  return sorted.length ? { since: sorted[0]!, until: lastOfMonth(sorted[sorted.length - 1]!) } : null
}

/** 11 月; 9 月 ～ 11 月 */
export function monthsWords(answer: Pick<Statistics, 'months' | 'today'>): string {
  const span = monthsSpan(answer)
  if (!span) return ''
  const [first, last] = [monthName(span.since, answer.today), monthName(span.until, answer.today)]
  return first === last ? first : `${first} ～ ${last}`
}

// --- hazards ---------------------------------------------------------------------------------------------------------

export type Found = Pick<FoundCounts, Grade | 'on_site' | 'rectified' | 'minutes'>
const NOTHING_FOUND: Found = { general: 0, serious: 0, major: 0, on_site: 0, rectified: 0, minutes: 0 }

export const foundIn = (rows: FoundCounts[], kind = ''): Found => rows.filter(isOf(kind)).reduce<Found>((all, row) => each(all, row, plus), NOTHING_FOUND)
export const foundAll = ({ general, serious, major }: Found) => general + serious + major

const HOUR = 60
const DAY = 24 * HOUR
/** How long it took on average until they were gone: 2.6 天, 5 小时. */
export function meanWords({ rectified, minutes }: Found): string {
  if (!rectified) return NOTHING
  const mean = minutes / rectified
  if (mean < HOUR) return '不到 1 小时'
  return mean < DAY ? `${Math.floor(mean / HOUR)} 小时` : `${(mean / DAY).toFixed(1)} 天`
}

/** A bar for the hazards that are alike. */
export interface HazardBar { value: string; word: string; looks: ChipKind; count: number }

export const foundBars = (all: Found): HazardBar[] => GRADES.map((grade) => ({ value: grade, word: WORDS.Grade[grade], looks: grade, count: all[grade] }))

/** By what open hazards are told apart: each value with how it looks. */
const STATES: Partial<Record<HazardState, ChipKind>> = { reported: 'due', ordered: 'late' }
const AGES: Record<Age, ChipKind> = { week: 'plain', month: 'late', older: 'overdue' }

export interface OpenNumbers { all: number; overdue: number; grade: HazardBar[]; state: HazardBar[]; age: HazardBar[] }

export function openNumbers(rows: OpenCounts[], kind = ''): OpenNumbers {
  const count = (is: (row: OpenCounts) => boolean) => rows.filter(isOf(kind)).filter(is).reduce((all, row) => all + row.count, 0)
  const bars = <V extends string>(looks: Partial<Record<V, ChipKind>>, words: Record<V, string>, of: (row: OpenCounts) => string): HazardBar[] =>
    (Object.entries(looks) as [V, ChipKind][]).map(([value, kind]) => ({ value, word: words[value], looks: kind, count: count((row) => of(row) === value) }))
  return {
    all: count(() => true),
    overdue: count((row) => row.overdue),
    grade: bars({ general: 'general', serious: 'serious', major: 'major' }, WORDS.Grade, (row) => row.grade),
    state: bars(STATES, WORDS.HazardState, (row) => row.state),
    age: bars(AGES, WORDS.Age, (row) => row.age),
  }
}

/** Whether there is anything to tell of these days. */
export const isEmpty = ({ duties, hazards }: Pick<Statistics, 'duties' | 'hazards'>) => !hazards.length && !duties.some(({ kinds }) => sum(kinds).due)

// --- kinds -----------------------------------------------------------------------------------------------------------

/** 电梯; every week and month all filling is inspected as one. */
export const kindChoice = (kind: string) => kindName(kind) || '充装（周、月）'

/** The kinds that occur, after all of them. */
export function kindsIn(answer: Pick<Statistics, 'duties' | 'hazards'> | null, open: OpenCounts[] = []): Tab[] {
  const rows = [...(answer?.duties.flatMap(({ kinds }) => kinds) ?? []), ...(answer?.hazards ?? []), ...open]
  const occur = new Set(rows.map(({ kind }) => kind))
  const known = Object.keys(TARGET_KINDS).filter((kind) => occur.has(kind))
  const others = [...occur].filter((kind) => !known.includes(kind))
  return [{ value: '', word: '全部种类' }, ...[...known, ...others].map((kind) => ({ value: kind, word: kindChoice(kind) }))]
}
