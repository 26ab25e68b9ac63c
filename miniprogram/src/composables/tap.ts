import { onMounted, ref } from 'vue'

/** Nobody has seen what comes next: a second tap so soon is a glove that touched twice. */
const BLINK = 300

/** One tap counts; the next only after a while. */
export function useOneTap() {
  const turning = ref(false)

  function turn() {
    turning.value = true
    setTimeout(() => (turning.value = false), BLINK)
  }
  function oneTap(then: () => void) {
    if (turning.value) return
    turn()
    then()
  }
  return { turning, turn, oneTap }
}

/** True while what has just been opened lies under a finger that is still tapping on what was there before. */
export function useFirstSight() {
  const { turning, turn } = useOneTap()
  onMounted(turn)
  return turning
}
