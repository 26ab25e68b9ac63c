import type { Progress, Todo } from '@/api'
import type { RingPart } from './ring'

/** Today's daily control as a ring: how many are dealt with of how many, and what came of them. */
export interface Glance { total: number; done: number; left: number; waiting: number; parts: RingPart[] }

/** An officer's own rows. What is signed and waits on this phone is checked, but not with the unit. */
export function glanceOfRows(rows: Todo[], isLeft: (todo: Todo) => boolean, isWithUnit: (todo: Todo) => boolean): Glance {
  const closed = rows.filter(isWithUnit)
  const left = rows.filter(isLeft).length
  const waiting = rows.length - closed.length - left
  const fail = closed.filter((todo) => todo.fails).length
  const suspended = closed.filter((todo) => todo.suspended).length
  return glance(rows.length, left, [
    { state: 'zero', count: closed.length - fail - suspended },
    { state: 'fail', count: fail },
    { state: 'suspended', count: suspended },
    { state: 'late', count: waiting },
  ], waiting)
}

/** Everybody's, for those who answer for others. */
export function glanceOfDay(day: Progress): Glance {
  const left = Math.max(0, day.owed - day.done - day.suspended)
  return glance(day.owed, left, [{ state: 'zero', count: day.done }, { state: 'suspended', count: day.suspended }])
}

function glance(total: number, left: number, parts: RingPart[], waiting = 0): Glance {
  return { total, left, waiting, done: total - left, parts: [...parts, { state: 'due', count: left }] }
}
