import type { ClockLevel, TargetFacts, UnitKind } from '@/api'
import { WORDS } from '@/api/words'
import { daysBetween, shortDate } from './dates'
import { TARGET_NOUN, type ChipKind } from './looks'

/** How long inspections and licences still last. Counted on the phone: what it keeps is looked at on later days too. */

type Dated = Pick<TargetFacts, 'next_inspection' | 'unit_kind'>

/** What ends, and what its last day is called. A station has no inspection of its own. */
const ENDS: Record<UnitKind, { what: string; day: string }> = {
  use: { what: '检验', day: '下次检验' },
  production: { what: '许可', day: '许可有效期至' },
  filling: { what: '有效期', day: '有效期至' },
}
/** Days before its end from which a date is warned of. */
const AHEAD = 60
/** The bar is a year long. */
const YEAR = 365

export interface Clock { kind: ChipKind; words: string; text: string; icon: string; days: number; percent: number }

/** How the date of a target stands: quiet beyond 60 days, a warning within, red when past; how much of the last year is gone. */
export function inspectionClock(target: Dated, today: string): Clock | null {
  if (!target.next_inspection) return null
  const days = daysBetween(today, target.next_inspection)
  const percent = Math.min(100, Math.max(0, Math.round(100 - (100 * days) / YEAR)))
  const text = `${ENDS[target.unit_kind].day} ${shortDate(target.next_inspection, today)}`
  if (days < 0) return { kind: 'overdue', words: `已过期 ${-days} 天`, text, icon: 'overdue', days, percent }
  if (days <= AHEAD) return { kind: 'late', words: days ? `还有 ${days} 天` : '今天到期', text, icon: 'clock', days, percent }
  return { kind: 'plain', words: '', text, icon: 'calendar', days, percent }
}

export const hasEnded = (target: Dated, today: string) => Boolean(target.next_inspection && target.next_inspection < today)

/** What is to be done about a date: of what has ended in a title, and what comes of it. `checks`: by who checks it himself. */
export function clockAdvice(target: TargetFacts, today: string, checks: boolean): { title?: string; text: string } {
  const clock = inspectionClock(target, today)
  if (!clock?.words) return { text: '' }
  if (clock.days < 0) return target.state === 'suspended' && target.unit_kind !== 'production' ? { text: '' } : endedAdvice(target.unit_kind, checks)
  const apply = target.clock?.apply_by
  if (!apply) return { text: target.unit_kind === 'production' ? '到期后不能继续生产，请提前办好延续。' : '' }
  const day = shortDate(apply, today)
  return { text: apply < today ? `检验申请应在 ${day} 前提出，还没有申请的请马上申请。` : `到期前一个月应提出检验申请（${day} 前）。` }
}

function endedAdvice(unitKind: UnitKind, checks: boolean): { title: string; text: string } {
  if (unitKind === 'production') return { title: '许可已过期，不能继续生产', text: checks ? '仍可检查；没有生产请在“开始巡查”里选择。' : '延续以前，由质量安全员每天记录当日无生产。' }
  return { title: unitKind === 'use' ? '检验已过期，建议停用' : '有效期已过，建议停用', text: checks ? '仍可检查；停用请在“开始巡查”里选择。' : '停用由安全员在巡查时提交。' }
}

/** Until when to apply, as long as that is still to come: 11-30 前申请检验. */
export function applyWords({ clock }: TargetFacts, today: string): string {
  return clock?.apply_by && clock.apply_by >= today && clock.level ? `${shortDate(clock.apply_by, today)} 前申请检验` : ''
}

export interface ExpiryGroup { level: ClockLevel; word: string; kind: ChipKind; items: TargetFacts[] }

/** What ends, by the warning that was reached; what ends today is within the week. */
export function expiryGroups(items: TargetFacts[]): ExpiryGroup[] {
  const levels = (Object.keys(WORDS.ClockLevel) as ClockLevel[]).filter((level) => level !== 'today')
  const groups = levels.map((level): ExpiryGroup => ({
    level, word: WORDS.ClockLevel[level], kind: level === 'ended' ? 'overdue' : 'late', items: items.filter(({ clock }) => (clock?.level === 'today' ? 'within_7' : clock?.level) === level),
  }))
  return groups.filter((group) => group.items.length)
}

/** What is out of use may well wait for its inspection: it is not restarted before. A licence has only days without production. */
const isPressing = (target: TargetFacts, today: string) => !(hasEnded(target, today) && target.state === 'suspended' && target.unit_kind !== 'production')

export interface Expiring { ended: TargetFacts[]; coming: TargetFacts[]; more: boolean }

/** What the home page tells of: what has ended and is still in use, and what ends soon; the most urgent first. `more`: the list goes on. */
export function expiring(items: TargetFacts[], more: boolean, today: string): Expiring {
  const pressing = items.filter((target) => isPressing(target, today))
  return { ended: pressing.filter((target) => hasEnded(target, today)), coming: pressing.filter((target) => !hasEnded(target, today)), more }
}

/** How many there are; a + where the list goes on beyond those. */
const many = (items: TargetFacts[], more: boolean) => `${items.length}${more ? '+' : ''}`

type Sided = Pick<TargetFacts, 'unit_kind'>
const sidesOf = (items: Sided[]) => [...new Set(items.map(({ unit_kind }) => unit_kind))]

/** 检验, 许可, or both. */
export function endingWord(items: Sided[]): string {
  const [side = 'use', ...others] = sidesOf(items)
  return others.length ? '检验和许可' : ENDS[side].what
}

function counterOf(items: Sided[]): string {
  const [side = 'use', ...others] = sidesOf(items)
  return TARGET_NOUN[others.length ? 'production' : side].counter
}

/** 2 台设备检验, 1 项许可, 3 项检验和许可 */
function subject(items: TargetFacts[], more: boolean): string {
  const sides = sidesOf(items)
  const noun = sides.length > 1 || sides[0] === 'production' ? '' : TARGET_NOUN[sides[0]!].noun
  return `${many(items, more)} ${counterOf(items)}${noun}${endingWord(items)}`
}

const MOST = 2

export interface ExpiryNotice { kind: ChipKind; icon: string; title: string; lines: string[] }

/** The notice on the home page: how many have ended, how many will soon, and the most urgent by name. */
export function expiryNotice({ ended, coming, more }: Expiring, today: string): ExpiryNotice | null {
  const all = [...ended, ...coming]
  if (!all.length) return null
  const past = ended.length ? `${subject(ended, more && !coming.length)}已过期` : ''
  const alike = ended.length > 0 && endingWord(ended) === endingWord(coming)
  const soon = coming.length ? `${alike ? `${many(coming, more)} ${counterOf(coming)}` : subject(coming, more)}将到期` : ''
  return {
    kind: ended.length ? 'overdue' : 'late', icon: ended.length ? 'overdue' : 'calendar', title: [past, soon].filter(Boolean).join('，'),
    lines: all.slice(0, MOST).map((target) => `${target.name}：${inspectionClock(target, today)!.words}`),
  }
}

export interface ExpiryFigure { count: string; kind: ChipKind; caption: string; note: string }

/** The same as one figure, for who answers for the whole unit. */
export function expiryFigure({ ended, coming, more }: Expiring): ExpiryFigure {
  const all = [...ended, ...coming]
  return {
    count: many(all, more), kind: ended.length ? 'overdue' : all.length ? 'late' : 'plain', caption: `${endingWord(all)}${coming.length || !ended.length ? '将到期' : '已过期'}`,
    note: ended.length && coming.length ? `其中已过期 ${ended.length}` : '',
  }
}
