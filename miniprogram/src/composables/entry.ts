import type { Todo } from '@/api'
import { open } from '@/platform/places'
import { isOfKind, isReport, meets, reportPage } from '@/rules/buckets'
import { taskKey, type TaskAt } from '@/rules/tasks'
import { useOutbox } from '@/stores/outbox'
import { useReports } from '@/stores/reports'

/** The way on from a row of any list: to what is to be done, or to what became of it. */
export function useEntry(go = open) {
  const outbox = useOutbox()
  const reports = useReports()

  return (todo: TaskAt & Partial<Todo>) => {
    const { duty, due, target } = todo
    const key = taskKey(todo)
    if (isReport(duty)) {
      const minutes = reports.coveredBy(todo)
      if (minutes) return go('/pages/reports/minutes', { minutes: minutes.minutes })
      return outbox.standing(todo) === 'received' ? go('/pages/reports/history', { duty, kind: target }) : go(reportPage(duty), meets(duty) ? { due } : { duty, due, kind: target })
    }
    const record = outbox.receiptOf(key)?.record
    switch (outbox.standing(todo)) {
      case 'refused': return go('/pages/outbox/index', { asked: key })
      case 'waiting': return go('/pages/outbox/index')
      case 'received': return record ? go('/pages/records/detail', { target, record }) : go('/pages/records/target', { duty, target })
      // Of a kind nothing is asked before its first item.
      default: return go(isOfKind(duty) ? '/pages/inspections/item' : '/pages/inspections/target', { duty, due, target })
    }
  }
}
