import { defineStore } from 'pinia'
import { computed, ref, watch } from 'vue'
import { forget, recall, recallAll, remember, whenChangedElsewhere } from '@/platform/storage'
import { checked, isOfOne, type Draft, type DraftAnswer } from '@/rules/draft'
import { taskKey } from '@/rules/tasks'
import { useSession } from './session'

/** Inspections being filled in. Every change is on the phone before the next screen. */
export const useDrafts = defineStore('drafts', () => {
  const session = useSession()
  const held = ref<Record<string, Draft>>({})
  const keyOf = (draft: Draft) => `draft:${draft.owner}:${taskKey(draft)}`
  watch(() => session.owner, restore, { immediate: true, flush: 'sync' })
  whenChangedElsewhere('draft:', restore)

  function restore() {
    const mine = session.owner ? recallAll<Draft>(`draft:${session.owner}:`) : []
    held.value = Object.fromEntries(mine.map((draft) => [taskKey(draft), draft]))
  }

  const find = (key: string): Draft | undefined => held.value[key]
  const begun = computed(() => Object.values(held.value).filter(checked).length)

  /** Begin it, or take it up again; whether it is on the phone. Nothing of one membership is kept under another. */
  function save(draft: Draft): boolean {
    if (draft.owner !== session.owner) return false
    held.value[taskKey(draft)] = draft
    return remember(keyOf(draft), draft)
  }

  /** Change what is being filled in; what was signed or thrown away meanwhile does not come back by it. */
  function change(draft: Draft, act: (draft: Draft) => void) {
    const kept = held.value[taskKey(draft)]
    if (!kept || kept.owner !== draft.owner) return
    act(kept)
    save(kept)
  }

  const answer = (draft: Draft, item: string, given: DraftAnswer) => change(draft, ({ answers }) => (answers[item] = given))
  const remark = (draft: Draft, item: string, words: string) => change(draft, ({ remarks }) => (remarks[item] = words))
  const goTo = (draft: Draft, at: number) => change(draft, (one) => (one.at = at))

  /** Away with it; what was begun since in its place, a correction, stays. */
  function remove(draft: Draft) {
    const kept = recall<Draft>(keyOf(draft))
    if (kept && !isOfOne(kept, draft)) return
    if (draft.owner === session.owner) delete held.value[taskKey(draft)]
    forget(keyOf(draft))
  }

  return { held, begun, find, save, change, answer, remark, goTo, remove }
})
