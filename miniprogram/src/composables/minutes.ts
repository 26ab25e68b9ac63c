import { computed, ref, shallowRef, watch, type Ref } from 'vue'
import { minutes as api, type MinutesDetail, type ReportReceipt } from '@/api'
import { Refused } from '@/api/door'
import { showTop } from '@/platform/device'
import { MEETING } from '@/rules/buckets'
import { isMine } from '@/rules/reports'
import { useReports } from '@/stores/reports'
import { useSession } from '@/stores/session'
import { useTodos } from '@/stores/todos'
import { useDeed } from './deed'
import { useLoading } from './loading'
import { movedLines } from './meeting'
import { useSigning } from './signing'

/** What somebody has before his eyes when he signs. */
const sightOf = ({ version, of }: MinutesDetail) => JSON.stringify([version, of.map(({ kind, seen }) => [kind, seen])])

/** Minutes that a director handed in: read, signed as they are or sent back. */
export function useMinutes(id: Ref<string>, version: Ref<number | undefined> = ref()) {
  const session = useSession()
  const reports = useReports()
  const todos = useTodos()
  const { value: minutes, trouble, load } = useLoading(() => api.detail(id.value, version.value))
  const signing = useSigning()
  const moved = ref<string[]>([])
  const receipts = shallowRef<ReportReceipt[]>([])

  const mine = computed(() => Boolean(minutes.value && !version.value && isMine(minutes.value, session)))
  /** Those of its kinds that are still asked for. */
  const kinds = computed(() => (minutes.value?.of ?? []).filter(({ kind }) => minutes.value!.kinds.includes(kind)))

  // What was drawn for other words or numbers is not under these.
  watch(minutes, (now, before) => {
    if (!now) return
    signing.open(reports.signingKey(`${MEETING}/${now.minutes}.${now.version}`))
    if (!before || sightOf(now) === sightOf(before)) return
    signing.drop()
    moved.value = [...(now.version === before.version ? [] : ['起草人改过了']), ...movedLines(before.of, now.of)]
  })
  const reload = load

  const sign = useDeed(async () => {
    const seen = minutes.value
    if (!seen || !signing.signed.value) return
    const { owner } = session
    const { performedAt } = await signing.take()
    try {
      const body = { version: seen.version, kinds: kinds.value.map(({ kind, seen }) => ({ kind, seen })), performed_at: performedAt }
      const answer = await api.sign(seen.minutes, { ...body, signature: await signing.file() }, owner)
      signing.drop()
      receipts.value = answer.reports
      void todos.load()
      void reports.load().catch(() => undefined)
    } catch (error) {
      if (error instanceof Refused && error.status === 409) {
        signing.drop()
        await reload()
      }
      showTop()
      throw error
    }
  })

  /** Sent back, here or by another; or not as it was shown. */
  async function changed(): Promise<void> {
    signing.drop()
    await Promise.all([reload(), reports.load().catch(() => undefined)])
  }
  return { minutes, mine, kinds, moved, receipts, signing, sign, trouble, reload, changed }
}
