import type { Duty, ExceptionItem, ExceptionQuery, OpenQuery } from '@/api'
import { WORDS } from '@/api/words'
import { isInspection, isOfKind, weekName } from './buckets'
import { dateOf, shortDate, timeOf } from './dates'
import { postWord } from './hazards'
import { CHIPS, suspendedWord, type Badge, type ChipKind, type Tab } from './looks'
import { bucketTitle, lateWords, owedBy, roomWords } from './records'
import { daysInWords, kindChoice } from './statistics'

/** The lists behind the numbers, in words. */

export type What = ExceptionQuery['what']
const WHATS: Record<What, string> = { missed: CHIPS.missed.word, late: CHIPS.late.word, suspended: CHIPS.suspended.word, unchecked: '整周未检' }
export const asWhat = (text: string): What => (text in WHATS ? (text as What) : 'missed')

/** What there can be of a duty: a kind is not suspended, and only a target is looked for week by week. */
export const whatsOf = (duty: Duty): (Tab & { value: What })[] =>
  (Object.keys(WHATS) as What[]).filter((what) => !isOfKind(duty) || what === 'missed' || what === 'late').map((value) => ({ value, word: WHATS[value] }))

export const noneWords = (what: What) => (what === 'unchecked' ? '没有整周未检的' : `没有${WHATS[what]}的`)

/** What a row says of itself that its list does not: of a licence that was not used, of a target without any record. */
export function exceptionBadge({ unit_kind, never }: ExceptionItem, what: What): Badge | null {
  if (never) return { kind: 'missed', text: '从未检查' }
  return what === 'suspended' && unit_kind === 'production' ? { kind: 'suspended', text: suspendedWord(unit_kind) } : null
}
export const exceptionTint = (what: What): ChipKind => (what === 'unchecked' ? 'missed' : what)

/** Of which bucket, how it stands, whose it was. */
export function exceptionMeta(item: ExceptionItem, what: What, today: string): string[] {
  const { duty, due, at, people, role, unit_kind } = item
  const names = people.map(({ name }) => name).join('、')
  const post = isOfKind(duty) && what !== 'unchecked' ? postWord(role, unit_kind) : ''
  const owed = owedBy(names, post, isInspection(duty) ? '检查' : '填写')
  const bucket = what === 'unchecked' ? weekName(due, today) : bucketTitle(item, today)
  if (what === 'missed') return [isOfKind(duty) ? [bucket, roomWords(item, today)] : `${bucket}·${roomWords(item, today)}`, owed].flat().filter(Boolean)
  if (what === 'late' && at) return [lateWords({ duty, due, received_at: at }, today), post && names ? `${names}（${post}）` : names].filter(Boolean)
  if (what === 'suspended') return [bucket, [at ? moment(at, due, today) : '', names].filter(Boolean).join(' ')].filter(Boolean)
  return [bucket, owed].filter(Boolean)
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
