import { computed, ref, type Ref } from 'vue'
import { hazards as api, type HazardDetail } from '@/api'
import { Refused, Unreachable, type Trouble } from '@/api/door'
import { say, showFault } from '@/platform/device'
import { EMPTY_RECTIFY, isSamePerson, mayRectify, rectifyFaults, toRectification } from '@/rules/hazards'
import { useHazards } from '@/stores/hazards'
import { useSession } from '@/stores/session'
import { useUploads, type UploadState } from '@/stores/uploads'
import { useDeed } from './deed'
import { useKept } from './kept'

/** Answers that say the hazard is not as it was shown: it has to be read anew before anything else. */
const STALE = ['hazard.moved', 'hazard.not_this_step', 'hazard.not_yours']

/** Whether what the person saw is no longer so. */
export const isStale = (error: unknown) => error instanceof Refused && STALE.includes(error.code)

/** What is said of a step that was not taken. Sent again it does no harm: the unit takes it once. */
export function stepTrouble(trouble: Trouble | null, refused: string): { title: string; text: string } | null {
  if (!trouble) return null
  if (trouble instanceof Unreachable) return { title: '没有收到单位的回执', text: `${trouble.sentence}再点一次不会重复。` }
  return { title: isStale(trouble) ? '' : refused, text: trouble.sentence }
}

/** 确认完成整改: what is typed and photographed stays on the phone until the unit has it. */
export function useRectification(hazard: Ref<HazardDetail | null>, reload: () => Promise<void>) {
  const session = useSession()
  const hazards = useHazards()
  const uploads = useUploads()
  const { value: draft, open, change, drop } = useKept(EMPTY_RECTIFY)
  const tried = ref(false)
  const asking = ref(false)

  const mine = computed(() => Boolean(hazard.value && mayRectify(hazard.value, session)))
  const samePerson = computed(() => Boolean(hazard.value && isSamePerson(hazard.value, session)))
  const among = (...states: (UploadState | undefined)[]) => draft.value.photos.filter((name) => states.includes(uploads.held[name]?.state)).length
  /** Photos that waiting does not help: the unit has refused them, or the phone has lost them. */
  const refused = computed(() => among('refused', undefined))
  const found = computed(() => rectifyFaults(draft.value, refused.value, samePerson.value))
  const faults = computed(() => (tried.value ? found.value : {}))
  const unsent = computed(() => draft.value.photos.length - refused.value - among('sent'))

  /** To be called whenever the hazard was read: what was kept for it comes back, or goes once it is over. */
  function settle() {
    if (!hazard.value) return
    open(`rectify:${session.owner}:${hazard.value.hazard}`)
    if (hazard.value.state === 'rectified') discard()
  }

  function discard() {
    const { photos } = draft.value
    if (!photos.length && !draft.value.result && !draft.value.reason) return
    drop()
    for (const name of photos) void uploads.remove(name)
  }

  function ask() {
    tried.value = true
    deed.trouble.value = null
    asking.value = !Object.keys(found.value).length
    if (!asking.value) showFault()
  }

  const deed = useDeed(async () => {
    const seen = hazard.value
    if (!seen) return
    const { owner } = session
    try {
      const files = await Promise.all(draft.value.photos.map((name) => uploads.ensure(name)))
      const answer = await api.rectify(seen.hazard, toRectification(seen, draft.value, files, samePerson.value), owner)
      // It is done, whether or not the history can be read anew.
      hazard.value = { ...seen, state: answer.state, version: answer.version }
      discard()
      say('已确认完成整改')
      await hazards.changed()
      await reload()
      asking.value = false
    } catch (error) {
      if (isStale(error)) await reload().then(() => (asking.value = false))
      // What is to be photographed anew is on the page, not on the sheet.
      if (refused.value) asking.value = false
      throw error
    }
  })

  return { draft, change, mine, samePerson, faults, unsent, asking, settle, ask, confirm: deed }
}
