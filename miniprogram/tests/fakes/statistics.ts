import type { KindCounted, OpenHazards, Statistics, WeekCounts } from '@/api'

/** Numbers of a unit, as the server would tell them. */
export const counted = (kind: string, more: Partial<KindCounted> = {}): KindCounted => ({
  due: 0, on_time: 0, late: 0, missed: 0, suspended: 0, withdrawn: 0, zero_risk: 0, fails: 0, kind, unit_kind: 'use', ...more,
})

export const week = (monday: string, kinds: KindCounted[], more: Partial<WeekCounts> = {}): WeekCounts => ({ monday, days: 7, kinds, unchecked: {}, ...more })

/** Lifts: 638 asked, of which 612 in time; cars: 40, all of them. */
export const LIFTS = counted('3000', { due: 638, on_time: 612, late: 12, missed: 8, suspended: 6, zero_risk: 589 })
export const CARS = counted('5000', { due: 40, on_time: 40, zero_risk: 40 })

export const numbers = (more: Partial<Statistics> = {}): Statistics => ({
  today: '2026-11-23', since: '2026-11-01', until: '2026-11-30', months: ['2026-11-01'], provisional: [], unasked: [], uncounted: [],
  duties: [
    { duty: 'daily', kinds: [LIFTS, CARS], officers: [] },
    {
      duty: 'weekly', kinds: [counted('3000', { due: 21, on_time: 18, late: 1, missed: 2 })],
      officers: [counted('3000', { due: 14, on_time: 11, late: 1, missed: 2 })],
    },
  ],
  weeks: [week('2026-11-09', [counted('3000', { due: 84, on_time: 75, late: 5, missed: 4 }), counted('5000', { due: 14, on_time: 13, missed: 1 })]), week('2026-11-16', [counted('3000', { due: 84, on_time: 81, late: 3 })])],
  hazards: [
    { duty: 'daily', kind: '3000', unit_kind: 'use', general: 20, serious: 13, major: 3, on_site: 9, rectified: 10, minutes: 37_440 },
    { duty: 'weekly', kind: '5000', unit_kind: 'use', general: 1, serious: 0, major: 0, on_site: 0, rectified: 0, minutes: 0 },
  ],
  people: [
    { person: 'P1', name: '周建国', role: 'officer', duty: 'daily', kinds: [counted('3000', { due: 258, on_time: 256, missed: 2 })] },
    { person: 'P2', name: '刘芳', role: 'officer', duty: 'daily', kinds: [counted('3000', { due: 176, on_time: 173, missed: 3 })] },
    { person: 'P3', name: '邓志强', role: 'officer', duty: 'daily', kinds: [counted('3000', { due: 198, on_time: 190, late: 5, missed: 3 })] },
    { person: 'P4', name: '李红梅', role: 'director', duty: 'weekly', kinds: [counted('3000', { due: 4, on_time: 4 })] },
  ],
  ...more,
})

export const open = (more: Partial<OpenHazards> = {}): OpenHazards => ({
  today: '2026-11-23', items: [], more: false, next: null,
  counts: [
    { kind: '3000', unit_kind: 'use', grade: 'general', state: 'reported', age: 'week', overdue: false, count: 2 },
    { kind: '3000', unit_kind: 'use', grade: 'major', state: 'ordered', age: 'older', overdue: true, count: 1 },
    { kind: '5000', unit_kind: 'use', grade: 'general', state: 'ordered', age: 'month', overdue: false, count: 4 },
  ],
  ...more,
})
