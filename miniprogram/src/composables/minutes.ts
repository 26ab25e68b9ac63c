import { computed, ref, shallowRef, type Ref } from 'vue'
import { minutes as api, type ReportReceipt } from '@/api'
import { Refused } from '@/api/door'
import { MEETING } from '@/rules/buckets'
import { isMine } from '@/rules/reports'
import { useReports } from '@/stores/reports'
import { useSession } from '@/stores/session'
import { useTodos } from '@/stores/todos'
import { useDeed } from './deed'
import { useLoading } from './loading'
import { movedLines } from './meeting'
import { useSigning } from './signing'

/** Minutes that a director handed in: read, signed as they are or sent back. */
export function useMinutes(id: Ref<string>) {
  const session = useSession()
  const reports = useReports()
  const todos = useTodos()
  const { value: minutes, trouble, load } = useLoading(() => api.detail(id.value))
  const signing = useSigning()
  const moved = ref<string[]>([])
  const receipts = shallowRef<ReportReceipt[]>([])

  const mine = computed(() => Boolean(minutes.value && isMine(minutes.value, session)))
  /** Those of its kinds that are still asked for. */
  const kinds = computed(() => (minutes.value?.of ?? []).filter(({ kind }) => minutes.value!.kinds.includes(kind)))

  async function reload(): Promise<void> {
    await load()
    if (minutes.value) signing.open(reports.signingKey(`${MEETING}/${minutes.value.minutes}.${minutes.value.version}`))
  }

  const sign = useDeed(async () => {
    const seen = minutes.value
    if (!seen) return
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
      if (error instanceof Refused && error.status === 409) await readAgain()
      throw error
    }
  })

  async function readAgain(): Promise<void> {
    const before = kinds.value
    await reload()
    moved.value = movedLines(before, kinds.value)
  }

  /** Sent back, here or by another; or not as it was shown. */
  async function changed(): Promise<void> {
    signing.drop()
    await Promise.all([reload(), reports.load().catch(() => undefined)])
  }
  return { minutes, mine, kinds, moved, receipts, signing, sign, trouble, reload, changed }
}
