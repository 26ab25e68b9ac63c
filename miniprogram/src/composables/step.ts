import { computed, ref } from 'vue'
import type { Trouble } from '@/api/door'
import { say } from '@/platform/device'
import { useHazards } from '@/stores/hazards'
import { useDeed } from './deed'
import { useKept } from './kept'
import { isStale } from './rectification'

/** A step of a hazard, as it is filled in on a sheet. */
interface Form<T extends object, F extends object> {
  /** Under which it is kept on the phone until the unit has it. */
  name: string
  empty: T
  faults: (draft: T) => F
  take: (draft: T) => Promise<unknown>
  said: string
}

/** `leave`: the step was taken; or the hazard is not as it was shown, and that is why. */
export function useStep<T extends object, F extends object>(form: Form<T, F>, leave: (why: Trouble | null) => void) {
  const hazards = useHazards()
  const { value: draft, open, change, drop } = useKept(form.empty)
  const tried = ref(false)
  const faults = computed<F>(() => (tried.value ? form.faults(draft.value) : ({} as F)))
  open(form.name)

  const send = useDeed(async () => {
    tried.value = true
    if (Object.keys(faults.value).length) return
    try {
      await form.take(draft.value)
      drop()
      say(form.said)
      await hazards.changed()
      leave(null)
    } catch (error) {
      if (isStale(error)) leave(error as Trouble)
      throw error
    }
  })
  return { draft, change, faults, send }
}
