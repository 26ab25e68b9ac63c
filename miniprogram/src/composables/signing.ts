import { computed, ref, watch } from 'vue'
import { useUploads } from '@/stores/uploads'
import { useKept } from './kept'

/** What a pad can do, wherever it is drawn. */
export interface Pad { picture(): Promise<string>; clear(): void }

/**
 * A signature as it goes with what is sent. `sent` is what went with it, and `known` what the unit had before: whoever has no
 * answer finds out by them whether it arrived.
 */
export interface Signed { signature: string; performedAt: string; sent: string; known: string[] }
const UNSIGNED: Signed = { signature: '', performedAt: '', sent: '', known: [] }

/** Taken from the pad once and kept until the unit has it: what is sent again is the same to the letter. */
export function useSigning() {
  const uploads = useUploads()
  const { value, open, change, drop: forget } = useKept(UNSIGNED)
  const pad = ref<Pad | null>(null)
  const onPad = ref(false)
  /** One that the unit refused, or the phone has lost, has to be made anew. */
  const kept = computed(() => {
    const { signature } = value.value
    return uploads.held[signature] && !uploads.isRefused(signature) ? signature : ''
  })
  // Where one was kept there is no pad, and the next pad is a blank one.
  watch(kept, () => (onPad.value = false), { flush: 'sync' })
  const signed = computed(() => onPad.value || Boolean(kept.value))

  async function take(): Promise<Signed> {
    if (!kept.value) {
      const signature = await uploads.add(await pad.value!.picture(), 'signature')
      change({ signature, performedAt: new Date().toISOString() })
    }
    return value.value
  }

  /** The server's id of it, once it is found good. */
  const file = () => uploads.ensure(value.value.signature)
  /** What is about to be sent with it, the same when it is sent again. */
  const sends = (request: object, known: string[]) => change({ sent: JSON.stringify(request), known })
  /** The unit has said no to it: nothing is on its way. */
  const unsent = () => change({ sent: '', known: [] })

  function again() {
    const { sent, known } = value.value
    drop()
    // What has no answer yet may have arrived under the one before.
    if (sent) change({ sent, known })
  }
  function drop() {
    const { signature } = value.value
    if (signature) void uploads.remove(signature)
    forget()
    onPad.value = false
    pad.value?.clear()
  }
  return { value, open, pad, onPad, kept, signed, take, file, sends, unsent, again, drop }
}
