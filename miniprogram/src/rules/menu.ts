import type { Session } from '@/api'

/** A place the menu leads to. */
export interface MenuPlace { key: string; title: string; icon: string; mini?: string; count?: number; urgent?: boolean }

/** The places there are; an entry of the session's menu that is not here is left out rather than shown dead. */
const PLACES: Record<string, { icon: string; url: string; mini?: string }> = {
  todos: { icon: 'todo', url: '/pages/todos/index' },
  daily: { icon: 'daily', url: '/pages/daily/index' },
  daily_hazards: { icon: 'hazard', mini: '日', url: '/pages/hazards/index' },
  weekly_hazards: { icon: 'hazard', mini: '周', url: '/pages/hazards/index?duty=weekly' },
  monthly_hazards: { icon: 'hazard', mini: '月', url: '/pages/hazards/index?duty=monthly' },
  daily_records: { icon: 'record', mini: '日', url: '/pages/records/index' },
}

export interface MenuCounts { todos?: number; daily?: number; daily_hazards?: number }

export function menuPlaces(session: Session, counts: MenuCounts): MenuPlace[] {
  return session.menu.flatMap((entry) => {
    const place = PLACES[entry.key]
    if (!place) return []
    const count = counts[entry.key as keyof MenuCounts]
    return [{ key: entry.key, title: entry.title, icon: place.icon, mini: place.mini, count, urgent: entry.key === 'daily_hazards' }]
  })
}

export function menuUrl(key: string): string {
  return PLACES[key]?.url ?? '/pages/home/index'
}
