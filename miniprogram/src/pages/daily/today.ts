import type { UnitKind } from '@/api'
import { open } from '@/platform/places'
import { isOfKind } from '@/rules/buckets'
import type { Findable } from '@/rules/find'
import { useOutbox } from '@/stores/outbox'
import { useTodos, type TodoRow } from '@/stores/todos'

/** A target as it can be found and shown, from the server's list or from a to-do. */
export interface Place extends Findable { kind: string; unit_kind: UnitKind; location?: string | null }

export function todayOf(place: Place): TodoRow | undefined {
  return useTodos().current.find((todo) => !isOfKind(todo.duty) && todo.target === place.target)
}

/** Today's task of a target that is still to be done; false when there is none. */
export function openToday(place: Place): boolean {
  const todo = todayOf(place)
  if (!todo || !useOutbox().isLeft(todo)) return false
  open('/pages/inspections/target', { duty: todo.duty, due: todo.due, target: todo.target })
  return true
}
