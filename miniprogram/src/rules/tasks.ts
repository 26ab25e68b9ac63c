import type { Duty, Receipt, Task, Todo } from '@/api'
import { checked, type Draft } from './draft'
import type { Parcel } from './parcel'

/** Which task: what names it everywhere on this phone. */
export interface TaskAt { duty: Duty; due: string; target: string }

export const taskKey = (task: TaskAt) => `${task.duty}/${task.due}/${task.target}`

/** The task that a key names. */
export function taskOf(key: string): TaskAt {
  const [duty, due, target] = key.split('/')
  return { duty: duty as Duty, due: due ?? '', target: target ?? '' }
}

/** The unit has nothing of it yet. */
export const isOpen = (todo: Pick<Todo, 'state'>) => todo.state === 'open' || todo.state === 'missed'

/**
 * How a task stands, as far as this phone can know:
 *
 *   refused    signed here, and the unit said no: to be changed, or thrown away
 *   waiting    signed here, not with the unit yet
 *   received   the unit has it
 *   begun      being filled in
 *   left       nothing was done yet
 */
export type Standing = 'refused' | 'waiting' | 'received' | 'begun' | 'left'

export interface Held { parcel?: Parcel; receipt?: Receipt; draft?: Draft }

/** What waits here comes first: nothing else may say received before it is. What is being corrected is with the unit already. */
export function standingOf(todo: Pick<Todo, 'state'> | undefined, { parcel, receipt, draft }: Held): Standing {
  if (parcel && !parcel.draft.correction) return parcel.state === 'refused' ? 'refused' : 'waiting'
  if (parcel || receipt || draft?.correction || (todo && !isOpen(todo))) return 'received'
  return checked(draft) || draft?.state === 'suspended' ? 'begun' : 'left'
}

export interface DoneLines { name: string; at: string; record: string }

/** Who closed it, when, and the record; what the unit has just received, the task that was read before does not know yet. */
export function doneLines(done: Task['done'] | undefined, receipt: Receipt | undefined, me: string): DoneLines | null {
  if (receipt) return { name: receipt.first?.person_name ?? me, at: receipt.first?.received_at ?? receipt.received_at, record: receipt.record }
  return done ? { name: done.person_name, at: done.received_at, record: done.record } : null
}
