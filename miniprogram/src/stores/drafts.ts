import { defineStore } from 'pinia'
import { ref, watch } from 'vue'
import type { Task } from '@/api'
import { forget, keysFrom, recall, remember } from '@/platform/storage'
import { fits, newDraft, type Draft, type DraftAnswer } from '@/rules/draft'
import { useSession } from './session'
import { taskKey } from './todos'

/** Inspections being filled in. Every change is on the phone before the next screen. */
export const useDrafts = defineStore('drafts', () => {
  const session = useSession()
  const held = ref<Record<string, Draft>>({})
  const prefix = () => `draft:${session.owner}:`
  watch(() => session.owner, restore, { immediate: true })

  function restore() {
    const keys = session.owner ? keysFrom(prefix()) : []
    held.value = Object.fromEntries(keys.flatMap((key) => {
      const draft = recall<Draft>(key)
      return draft ? [[taskKey(draft), draft]] : []
    }))
  }

  const find = (key: string): Draft | undefined => held.value[key]

  /** The draft of a task; begun anew when its list has been released anew. */
  function of(task: Task): Draft {
    const key = taskKey({ duty: task.duty, due: task.due, target: task.target.target })
    const kept = held.value[key]
    if (kept && fits(kept, task)) return kept
    held.value[key] = newDraft(task)
    // Read back: only what comes out of `held` is watched.
    return held.value[key]!
  }

  function save(draft: Draft) {
    held.value[taskKey(draft)] = draft
    remember(prefix() + taskKey(draft), draft)
  }

  function answer(draft: Draft, item: string, given: DraftAnswer) {
    draft.answers[item] = given
    save(draft)
  }

  function remove(draft: Draft) {
    delete held.value[taskKey(draft)]
    forget(prefix() + taskKey(draft))
  }

  return { held, find, of, save, answer, remove }
})
