import type { TargetFacts, UnitKind } from '@/api'
import { daysBetween, shortDate } from './dates'
import type { ChipKind } from './looks'

/** Under which kind a target is inspected weekly and monthly: its own, or all filling as one. */
export const inspectedAs = ({ unit_kind, kind }: Pick<TargetFacts, 'unit_kind' | 'kind'>) => (unit_kind === 'filling' ? 'filling' : kind)

/** The names of these, 1 号叉车、2 号叉车; whoever is not known by his code. */
export const namesOf = (codes: string[], known: Pick<TargetFacts, 'target' | 'name'>[]) =>
  codes.map((code) => known.find(({ target }) => target === code)?.name ?? code).join('、')

export interface Clock { kind: ChipKind; words: string; text: string; icon: string }

/** How the inspection date of a target stands: quiet beyond 60 days, a warning within, red when past. */
export function inspectionClock(target: Pick<TargetFacts, 'next_inspection' | 'unit_kind'>, today: string): Clock | null {
  if (!target.next_inspection) return null
  const what = target.unit_kind === 'production' ? '许可有效期至' : '下次检验'
  const days = daysBetween(today, target.next_inspection)
  const text = `${what} ${shortDate(target.next_inspection, today)}`
  if (days < 0) return { kind: 'overdue', words: `已过期 ${-days} 天`, text, icon: 'overdue' }
  if (days <= 60) return { kind: 'late', words: days ? `还有 ${days} 天` : '今天到期', text, icon: 'clock' }
  return { kind: 'plain', words: '', text, icon: 'calendar' }
}

/** What has to be done first, and what for. A station has no inspection date of its own. */
const RESTART: Record<UnitKind, { expired: string; deed: string }> = {
  use: { expired: '检验已过期，检验合格并更新日期后', deed: '恢复在用' },
  production: { expired: '许可已过期，延续后', deed: '生产' },
  filling: { expired: '有效期已过，更新日期后', deed: '恢复充装' },
}

export const RESTART_TITLE: Record<UnitKind, string> = { use: '现在不能恢复在用', production: '现在不能生产', filling: '现在不能恢复充装' }

/** What is advised of one whose date has passed while it is in use. */
export function expiredWords(unitKind: UnitKind): { title: string; text: string } {
  if (unitKind === 'production') return { title: '许可已过期，不能继续生产', text: '仍可检查；没有生产请在“开始巡查”里选择' }
  return { title: unitKind === 'use' ? '检验已过期，建议停用' : '有效期已过，建议停用', text: '仍可检查；停用请在“开始巡查”里选择' }
}

/** Why a suspended target cannot go back into use now; empty when it can (design: valid inspection, no open 重大). */
export function restartBlocked(target: Pick<TargetFacts, 'inspection_expired' | 'unit_kind'>, openHazards: { [grade: string]: number }): string {
  const { expired, deed } = RESTART[target.unit_kind]
  if (target.inspection_expired) return `${expired}才能${deed}。`
  if (openHazards.major) return `有 ${openHazards.major} 条重大隐患没有整改完成，改完后才能${deed}。`
  return ''
}
