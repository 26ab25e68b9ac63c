import { ref } from 'vue'

/** Nobody has seen what comes next: a second tap so soon is a glove that touched twice. */
const BLINK = 350

/** One tap counts; the next only after a while. */
export function useOneTap(pause = BLINK) {
  const turning = ref(false)

  function oneTap(then: () => void) {
    if (turning.value) return
    turning.value = true
    setTimeout(() => (turning.value = false), pause)
    then()
  }
  return { turning, oneTap }
}
