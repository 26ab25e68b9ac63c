import type { Filled, Gap, GapItem, Gaps, Lacking, UnitKind } from '@/api'
import { WORDS } from '@/api/words'
import { inspectionClock } from './clocks'
import { postWord } from './hazards'
import { TARGET_NOUN, targetIcon, type ChipKind } from './looks'

/** What a unit's set-up lacks: in words, with what comes of it and what is to be done. */

/** How whatever the unit has is changed: not in the app. */
export const KEPT_BY_ROSTER = '改好名册文件，由运维人员核对后写入，当天生效。'

/** How grave a gap looks, and what has it. */
const LOOKS: Record<Gap, { kind: ChipKind; of: 'target' | 'person' | 'kind' | 'side' }> = {
  no_targets: { kind: 'overdue', of: 'side' },
  unattended: { kind: 'overdue', of: 'target' },
  expired: { kind: 'overdue', of: 'target' },
  undirected: { kind: 'late', of: 'kind' },
  doubled: { kind: 'late', of: 'person' },
  undated: { kind: 'late', of: 'target' },
  untyped: { kind: 'plain', of: 'target' },
  idle: { kind: 'plain', of: 'person' },
}

export const gapKind = (gap: Gap) => LOOKS[gap].kind
export const asGap = (text: string): Gap => (text in LOOKS ? (text as Gap) : 'no_targets')
export const asSide = (text: string): UnitKind => (text in TARGET_NOUN ? (text as UnitKind) : 'use')

export function gapIcon(gap: Gap, side: UnitKind, item?: Lacking): string {
  if (LOOKS[gap].of === 'person') return 'user'
  return item?.kind ? targetIcon(item.kind, side) : 'building'
}

/** 没有下次检验日期 */
export function gapWords(gap: Gap, side: UnitKind): string {
  const { noun } = TARGET_NOUN[side]
  switch (gap) {
    case 'no_targets': return `没有登记${noun}`
    case 'unattended': return `没有${postWord('officer', side)}`
    case 'expired': return side === 'use' ? '检验已过期' : '已过期'
    case 'undirected': return `没有${postWord('director', side)}`
    case 'doubled': return `兼任${postWord('director', side)}和${postWord('officer', side)}`
    case 'idle': return `没有负责的${noun}`
    default: return WORDS.Gap[gap]
  }
}

/** What it means while nobody puts it right. */
const EFFECTS: Record<Exclude<Gap, 'expired'>, string> = {
  no_targets: '不会有日管控任务',
  unattended: '不会生成日管控任务',
  undirected: '暂由主要负责人代行',
  doubled: '总局令第\u00A073\u00A0号：不得兼任',
  undated: '到期不会提醒',
  untyped: '会列出这类设备的全部巡查项',
  idle: '没有日管控任务',
}
/** An expired date: what it keeps from being done, and by what it is made good. */
const EXPIRED: Record<UnitKind, { effect: string; remedy: string }> = {
  use: { effect: '检验合格以前，建议停用', remedy: '检验合格后，按检验报告改“下次检验日期”。' },
  production: { effect: '延续以前，不能继续生产', remedy: '延续后，按新的许可证改“有效期至”。' },
  filling: { effect: '更新日期以前，建议停用', remedy: '日期更新后，请运维人员把新的日期写入。' },
}
export const gapEffect = (gap: Gap, side: UnitKind) => (gap === 'expired' ? EXPIRED[side].effect : EFFECTS[gap])

/** What to write in the roster, by its own headings. */
export function gapRemedy(gap: Gap, side: UnitKind): string {
  const { noun } = TARGET_NOUN[side]
  const director = postWord('director', side)
  switch (gap) {
    case 'no_targets': return `在名册的“${noun}”里写上；不再是${WORDS.UnitKind[side]}的，从“单位类型”里删去。`
    case 'unattended': return '名册可能没有写完：请运维人员把最近的名册再写入一次。'
    case 'expired': return EXPIRED[side].remedy
    case 'undirected': return `任命后，在“人员”的“职务”里写上${director}；只管其中几种的，写在“负责种类”里。`
    case 'doubled': return '请把其中一职交给另一个人，再改“人员”的“职务”。'
    case 'undated': return '按检验报告填写“下次检验日期”。'
    case 'untyped': return '填写“品种”，以后只列出这个品种要查的项。'
    case 'idle': return `在“${noun}”的“安全员”里写上他的工号；不再任${postWord('officer', side)}的，从“职务”里删去。`
  }
}

/** How many have it: 2 台设备, 3 类许可, 2 位安全员. */
function many(gap: Gap, side: UnitKind, count: number): string {
  const { noun, counter } = TARGET_NOUN[side]
  switch (LOOKS[gap].of) {
    case 'person': return gap === 'idle' ? `${count} 位${postWord('officer', side)}` : `${count} 人`
    case 'kind': return `${count} 类${noun}`
    default: return `${count} ${counter}${noun}`
  }
}

/** A name that ends like 3# does not run into what is said of it. */
const spaced = (name: string) => (/[\x21-\x7e]$/.test(name) ? `${name} ` : name)

/** One is named, 货梯 3# 没有安全员; several are counted, 2 台设备没有下次检验日期. */
export function gapTitle({ gap, unit_kind: side, count, first }: GapItem): string {
  const words = gapWords(gap, side)
  if (LOOKS[gap].of === 'side') return words
  if (count > 1) return `${many(gap, side, count)}${words}`
  const post = gap === 'idle' ? postWord('officer', side) : ''
  return `${post}${spaced(first[0]?.name ?? '')}${words}`
}

/** Who they are, of several; what comes of it, of one. */
export function gapMeta({ gap, unit_kind: side, count, first }: GapItem): string {
  if (count === 1) return gapEffect(gap, side)
  return `${first.map(({ name }) => name).join('、')}${count > first.length ? '等' : ''}`
}

/** How it is called in the roster, where it is, and until when it was good. */
export function lackingMeta(item: Lacking, gap: Gap, side: UnitKind, today: string): string[] {
  if (LOOKS[gap].of === 'person') return [`工号 ${item.code}`]
  if (LOOKS[gap].of !== 'target') return []
  const due = inspectionClock({ next_inspection: item.due, unit_kind: side }, today)
  return [[`编号 ${item.code.replace(/^[ELS]-/, '')}`, item.location].filter(Boolean).join('·'), due?.text ?? ''].filter(Boolean)
}

/** How long it has expired. */
export const lackingBadge = (item: Lacking, side: UnitKind, today: string) => inspectionClock({ next_inspection: item.due, unit_kind: side }, today)?.words ?? ''

/** 人员、设备和工位: what of this unit stands in its roster. */
export function rosterWords({ filled }: Gaps): string {
  const nouns = ['人员', ...filled.map(({ unit_kind: side }) => TARGET_NOUN[side].noun)]
  return nouns.join('、').replace(/、(?=[^、]*$)/, '和')
}

/** 设备: 6 台，5 台资料齐全. */
export function filledWords({ unit_kind: side, targets, complete }: Filled): { noun: string; text: string } {
  const { noun, counter } = TARGET_NOUN[side]
  const how = complete === targets ? '资料都齐全' : `${complete} ${counter}资料齐全`
  return { noun, text: targets ? `${targets} ${counter}，${how}` : '还没有' }
}

/** How much of the whole unit is filled in; nothing is to be told of a unit that has nothing. */
export function filledShare({ filled }: Gaps): { targets: number; complete: number; percent: number } {
  const targets = filled.reduce((sum, side) => sum + side.targets, 0)
  const complete = filled.reduce((sum, side) => sum + side.complete, 0)
  return { targets, complete, percent: targets ? Math.floor((100 * complete) / targets) : 0 }
}
