import type { Item, Task, Todo } from '@/api'
import type { Draft, DraftAnswer } from '@/rules/draft'

export function item(code: string, more: Partial<Item> = {}): Item {
  return { code, group: '轿厢', text: `${code} 完好`, hazard: `${code} 损坏`, grade: 'general', basis: [], na_allowed: true, stop_use: false, custom: false, ...more }
}

export function task(items: Item[] = [item('A1'), item('A2', { grade: 'major' })], more: Partial<Task> = {}): Task {
  return {
    duty: 'daily', due: '2026-11-23', state: 'open', late: false, late_until: '2026-11-25T16:05:00.000Z',
    target: { target: 'E1', name: '1 号客梯', unit_kind: 'use', kind: '3000', kind_name: '电梯', location: '1 号楼', state: 'in_use', identifiers: {} } as Task['target'],
    checklist: { sha256: 'a'.repeat(64), title: '电梯日管控', version: 1, items }, open_hazards: {}, ...more,
  } as Task
}

export function todo(target = 'E1', more: Partial<Todo> = {}): Todo {
  return { owner: 'U1/P1/officer', duty: 'daily', due: '2026-11-23', target, name: '1 号客梯', unit_kind: 'use', kind: '3000', state: 'open', ...more } as Todo
}

export function answer(more: Partial<DraftAnswer> = {}): DraftAnswer {
  return { result: 'pass', photos: [], seconds: 5, ...more }
}

export function draft(answers: Record<string, DraftAnswer> = {}, more: Partial<Draft> = {}): Draft {
  return { duty: 'daily', due: '2026-11-23', target: 'E1', state: 'in_use', reason: '', checklist: 'a'.repeat(64), answers, remarks: {}, at: 0, ...more } as Draft
}
