import type { Session } from '@/api'
import { dutyIcon, INSPECTIONS, isOfKind, miniWord, REPORTS, type InspectionDuty } from './buckets'

/** A place the menu leads to. */
export interface MenuPlace { key: string; title: string; icon: string; mini?: string; count?: number; urgent?: boolean }

interface Place { icon: string; url: string; mini?: string }

/** Of each duty: what is to be done, the hazards it found, its records. */
const placesOf = (duty: InspectionDuty): [key: string, place: Place][] => [
  [duty, { icon: duty, url: isOfKind(duty) ? `/pages/kinds/index?duty=${duty}` : '/pages/daily/index' }],
  [`${duty}_hazards`, { icon: 'hazard', mini: miniWord(duty), url: `/pages/hazards/index?duty=${duty}` }],
  [`${duty}_records`, { icon: 'record', mini: miniWord(duty), url: `/pages/records/index?duty=${duty}` }],
]

/** The places there are; an entry of the session's menu that is not here is left out rather than shown dead. */
const PLACES: Record<string, Place> = {
  todos: { icon: 'todo', url: '/pages/todos/index' },
  ...Object.fromEntries(INSPECTIONS.flatMap(placesOf)),
  ...Object.fromEntries(REPORTS.map((duty) => [duty, { icon: dutyIcon(duty), url: `/pages/reports/index?duty=${duty}` }])),
  statistics: { icon: 'stats', url: '/pages/statistics/index' },
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
