import type { TargetFacts, UnitKind } from '@/api'
import { hasEnded } from './clocks'

/** Under which kind a target is inspected weekly and monthly: its own, or all filling as one. */
export const inspectedAs = ({ unit_kind, kind }: Pick<TargetFacts, 'unit_kind' | 'kind'>) => (unit_kind === 'filling' ? 'filling' : kind)

/** The names of these, 1 号叉车、2 号叉车; whoever is not known by his code. */
export const namesOf = (codes: string[], known: Pick<TargetFacts, 'target' | 'name'>[]) =>
  codes.map((code) => known.find(({ target }) => target === code)?.name ?? code).join('、')

/** What has to be done first, and what for. A station has no inspection date of its own. */
const RESTART: Record<UnitKind, { expired: string; deed: string }> = {
  use: { expired: '检验已过期，检验合格并更新日期后', deed: '恢复在用' },
  production: { expired: '许可已过期，延续后', deed: '生产' },
  filling: { expired: '有效期已过，更新日期后', deed: '恢复充装' },
}

export const RESTART_TITLE: Record<UnitKind, string> = { use: '现在不能恢复在用', production: '现在不能生产', filling: '现在不能恢复充装' }

/** Why a suspended target cannot go back into use now; empty when it can (design: valid inspection, no open 重大). */
export function restartBlocked(target: Pick<TargetFacts, 'next_inspection' | 'unit_kind'>, openHazards: { [grade: string]: number }, today: string): string {
  const { expired, deed } = RESTART[target.unit_kind]
  if (hasEnded(target, today)) return `${expired}才能${deed}。`
  if (openHazards.major) return `有 ${openHazards.major} 条重大隐患没有整改完成，改完后才能${deed}。`
  return ''
}
