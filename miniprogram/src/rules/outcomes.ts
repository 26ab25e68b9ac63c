import type { Duty, OutcomeItem, OutcomeQuery, OpenQuery } from '@/api'
import { WORDS } from '@/api/words'
import { isInspection, isOfKind, weekName } from './buckets'
import { dateOf, shortDate, timeOf } from './dates'
import { postWord } from './hazards'
import { CHIPS, suspendedWord, type Badge, type ChipKind, type Tab } from './looks'
import { bucketTitle, lateWords, owedBy, roomWords } from './records'
import { daysInWords, kindChoice, type Counts } from './statistics'

/** The lists behind the numbers, in words. */

export type What = OutcomeQuery['what']
const WHATS: Record<What, string> = {
  missed: WORDS.Fate.missed, late: WORDS.Fate.late, on_time: WORDS.Fate.on_time, zero_risk: WORDS.Stamp.zero_risk, suspended: WORDS.Fate.suspended, unchecked: WORDS.Fate.unchecked,
}
const TINTS: Record<What, ChipKind> = { missed: 'missed', late: 'late', on_time: 'done', zero_risk: 'zero', suspended: 'suspended', unchecked: 'missed' }
export const asWhat = (text: string): What => (text in WHATS ? (text as What) : 'missed')

/** What there can be of a duty: a report is not stamped, a kind not suspended, and only a target is looked for week by week. */
const CAN_BE: Partial<Record<What, (duty: Duty) => boolean>> = { zero_risk: isInspection, suspended: (duty) => !isOfKind(duty), unchecked: (duty) => !isOfKind(duty) }
export const whatsOf = (duty: Duty): (Tab & { value: What })[] =>
  (Object.keys(WHATS) as What[]).filter((what) => CAN_BE[what]?.(duty) ?? true).map((value) => ({ value, word: WHATS[value] }))

/** What of some numbers is looked at first: what went wrong, if anything did; nothing where nothing was due. */
export const firstWhat = (counts: Pick<Counts, 'missed' | 'late' | 'on_time' | 'suspended'>) => (['missed', 'late', 'on_time', 'suspended'] as const).find((what) => counts[what])

/** That nothing went wrong is good; that nothing was done is not. */
export const noneLook = (what: What): { icon: string; kind: ChipKind } => (what === 'on_time' || what === 'zero_risk' ? { icon: 'stats', kind: 'plain' } : { icon: 'done', kind: 'done' })
export const noneWords = (what: What) => (what === 'unchecked' ? '没有整周未检的' : `没有${WHATS[what]}的`)

/** What a row says of itself that its list does not: of a licence that was not used, of a target without any record, how it was stamped, or that it was late. */
export function outcomeBadge({ what: fate, unit_kind, never, zero_risk }: OutcomeItem, what: What): Badge | null {
  if (never) return { kind: 'missed', text: '从未检查' }
  if (what === 'zero_risk') return fate === 'late' ? { kind: 'late', text: CHIPS.late.word } : null
  if (zero_risk) return { kind: 'zero', text: CHIPS.zero.word }
  return what === 'suspended' && unit_kind === 'production' ? { kind: 'suspended', text: suspendedWord(unit_kind) } : null
}
export const outcomeTint = (what: What) => TINTS[what]

/** Of which bucket, how it stands, whose it was; of what was recorded, who did it and when. */
export function outcomeMeta(item: OutcomeItem, what: What, today: string): string[] {
  const { duty, due, people, role, unit_kind } = item
  const post = isOfKind(duty) && what !== 'unchecked' ? postWord(role, unit_kind) : ''
  if (item.at) return recordedMeta(item, item.at, post, today)
  const owed = owedBy(people.map(({ name }) => name).join('、'), post, isInspection(duty) ? '检查' : '填写')
  const bucket = what === 'unchecked' ? weekName(due, today) : bucketTitle(item, today)
  if (what !== 'missed') return [bucket, owed].filter(Boolean)
  return [isOfKind(duty) ? [bucket, roomWords(item, today)] : `${bucket}·${roomWords(item, today)}`, owed].flat().filter(Boolean)
}

function recordedMeta(item: OutcomeItem, at: string, post: string, today: string): string[] {
  const { what, duty, due, people: [by] } = item
  const name = by ? by.name + (post ? `（${post}）` : '') : ''
  if (what === 'late') return [lateWords({ duty, due, received_at: at }, today), name].filter(Boolean)
  return [bucketTitle(item, today), [moment(at, due, today), name].filter(Boolean).join(' ')]
}

/** 08:14; with its day when that is another. */
const moment = (at: string, due: string, today: string) => (dateOf(at) === due ? timeOf(at) : `${shortDate(dateOf(at), today)} ${timeOf(at)}`)

/** What an open list of hazards is narrowed to: 较大·待整改·8～30 天·已逾期 */
export const openWords = ({ kind, grade, state, age, overdue }: OpenQuery): string =>
  [kind ? kindChoice(kind) : '', grade ? WORDS.Grade[grade] : '', state ? WORDS.HazardState[state] : '', age ? `已有 ${WORDS.Age[age]}` : '', overdue ? CHIPS.overdue.word : ''].filter(Boolean).join('·')

/** What is to be known of the days themselves. */
export interface DayNotice { key: string; kind: ChipKind; icon: string; title: string; text: string }
interface Days { today: string; provisional: string[]; unasked: string[]; uncounted: string[] }

export function dayNotices({ today, provisional, unasked, uncounted }: Days): DayNotice[] {
  const words = (days: string[]) => daysInWords(days, today)
  const notices: (DayNotice & { days: string[] })[] = [
    { key: 'uncounted', days: uncounted, kind: 'late', icon: 'clock', title: `${words(uncounted)} 到期的，还没有统计`, text: '已经过完，统计完会自动补上。' },
    { key: 'unasked', days: unasked, kind: 'missed', icon: 'missed', title: `${words(unasked)} 到期的，系统没有派发`, text: '没有记录的也算在漏检里，不是个人漏做。' },
    { key: 'provisional', days: provisional, kind: 'due', icon: 'info', title: `${words(provisional)} 到期的，还能补录`, text: '补录后数字还会变。' },
  ]
  return notices.filter(({ days }) => days.length).map(({ days: _, ...notice }) => notice)
}
