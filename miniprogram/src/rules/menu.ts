import type { Session } from '@/api'
import { miniWord } from './buckets'

/** A place the menu leads to. */
export interface MenuPlace { key: string; title: string; icon: string; mini?: string; count?: number; urgent?: boolean }

/** The places there are; an entry of the session's menu that is not here is left out rather than shown dead. */
const PLACES: Record<string, { icon: string; url: string; mini?: string }> = {
  todos: { icon: 'todo', url: '/pages/todos/index' },
  daily: { icon: 'daily', url: '/pages/daily/index' },
  weekly: { icon: 'weekly', url: '/pages/kinds/index?duty=weekly' },
  monthly: { icon: 'monthly', url: '/pages/kinds/index?duty=monthly' },
  daily_hazards: { icon: 'hazard', mini: miniWord('daily'), url: '/pages/hazards/index' },
  weekly_hazards: { icon: 'hazard', mini: miniWord('weekly'), url: '/pages/hazards/index?duty=weekly' },
  monthly_hazards: { icon: 'hazard', mini: miniWord('monthly'), url: '/pages/hazards/index?duty=monthly' },
  daily_records: { icon: 'record', mini: miniWord('daily'), url: '/pages/records/index?duty=daily' },
  weekly_records: { icon: 'record', mini: miniWord('weekly'), url: '/pages/records/index?duty=weekly' },
  monthly_records: { icon: 'record', mini: miniWord('monthly'), url: '/pages/records/index?duty=monthly' },
  unit_setup: { icon: 'building', url: '/pages/setup/index' },
}

export type MenuCounts = Record<string, number>

export function menuPlaces(session: Session, counts: MenuCounts): MenuPlace[] {
  return session.menu.flatMap((entry) => {
    const place = PLACES[entry.key]
    if (!place) return []
    const count = counts[entry.key]
    return [{ key: entry.key, title: entry.title, icon: place.icon, mini: place.mini, count, urgent: entry.key.endsWith('_hazards') }]
  })
}

export function menuUrl(key: string): string {
  return PLACES[key]?.url ?? '/pages/home/index'
}
