import type { Todo } from '@/api'
import { isOfKind } from '@/rules/buckets'
import { counted } from '@/rules/looks'
import { inspectedAs } from '@/rules/targets'
import { useTargets } from '@/stores/targets'
import { useTasks } from '@/stores/tasks'

/** How much a row asks for, as far as this phone knows: 2 台·12 项（自定义 1）, 3 个工位·25 项. */
export function useExtent() {
  const targets = useTargets()
  const tasks = useTasks()

  return (todo: Todo): string => {
    const many = isOfKind(todo.duty) ? targets.items.filter((target) => inspectedAs(target) === todo.target).length : 0
    const items = tasks.kept(todo)?.checklist.items ?? []
    const own = items.filter(({ custom }) => custom).length
    return [many ? counted(many, todo.unit_kind) : '', items.length ? `${items.length} 项${own ? `（自定义 ${own}）` : ''}` : ''].filter(Boolean).join('·')
  }
}
