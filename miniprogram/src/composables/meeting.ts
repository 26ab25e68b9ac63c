import { computed, ref, shallowRef, type Ref } from 'vue'
import { minutes as minutesApi, reports as api, type MinutesDetail, type MonthlyDraft, type MonthlyKind, type ReportReceipt } from '@/api'
import { passing, Refused } from '@/api/door'
import { say, showFault, showTop } from '@/platform/device'
import { MEETING } from '@/rules/buckets'
import { changes, EMPTY_MEETING, kindWord, mayRevise as mayReviseThese, meetingAt, meetingFaults, meetingOf, openKinds, toMeeting, type MeetingForm } from '@/rules/reports'
import { useReports } from '@/stores/reports'
import { useSession } from '@/stores/session'
import { useTodos } from '@/stores/todos'
import { useUploads, type UploadState } from '@/stores/uploads'
import { useDeed } from './deed'
import { useKept } from './kept'
import { useLoading } from './loading'
import { useSigning } from './signing'

/** So far may the phone's clock be off. */
const CLOCKS_APART = 120_000

/** Which month; minutes that were sent back; a kind that is written once more. */
export interface MeetingAt { due: string; minutes: string; kind: string }

interface Read { month: MonthlyDraft; revised: MinutesDetail | null }

/** 电梯：漏检 1 → 2 */
export const movedLines = (before: readonly MonthlyKind[], after: readonly MonthlyKind[]) =>
  after.flatMap((now) => {
    const then = before.find(({ kind }) => kind === now.kind)
    const lines = then ? changes(then.numbers, now.numbers, MEETING, now.unit_kind) : []
    return lines.length ? [`${kindWord(now.kind)}：${lines.join('，')}`] : []
  })

/** The minutes of a meeting being written: the director hands them to the principal, the principal signs them himself. */
export function useMeeting(at: Ref<MeetingAt>) {
  const session = useSession()
  const reports = useReports()
  const todos = useTodos()
  const uploads = useUploads()
  const { value: form, open, change: keep, drop } = useKept(EMPTY_MEETING)
  const signing = useSigning()
  const { value: read, trouble, load } = useLoading(readAll)
  const tried = ref(false)
  const moved = ref<string[]>([])
  const receipts = shallowRef<ReportReceipt[]>([])
  const submitted = ref('')

  async function readAll(): Promise<Read> {
    const revised = at.value.minutes ? await minutesApi.detail(at.value.minutes) : null
    begin(revised)
    const when = meetingAt(form.value)
    // One that is to come has no numbers yet, and is told of where it is picked.
    const month = await api.draftMonth(at.value.due, when && Date.parse(when) <= Date.now() ? when : undefined)
    if (!revised) hasArrived(month)
    return { month, revised }
  }

  /** What was sent without an answer is with the unit after all: of the same meeting, by himself, since then. */
  function hasArrived(month: MonthlyDraft) {
    const { sentAt } = form.value
    const when = meetingAt(form.value)
    const isIt = (by: string, meeting?: string | null, at?: string) => by === session.person && meeting === when && Date.parse(at ?? '') > sentAt - CLOCKS_APART
    if (!sentAt) return
    const handedIn = month.minutes?.find((one) => isIt(one.by, one.meeting_at, one.at))
    const saved = month.kinds.flatMap(({ reports = [] }) => reports.filter((one) => isIt(one.person, one.meeting_at, one.received_at)))
    if (!handedIn && !saved.length) return
    settle()
    if (handedIn) submitted.value = handedIn.minutes
    receipts.value = saved
  }

  /** What was typed comes back; what was sent back is gone over as it was. */
  function begin(revised: MinutesDetail | null) {
    // What is written once more is another meeting than the one that may be on this phone for the month.
    const of = revised ? `${revised.minutes}.${revised.version}` : [at.value.due, at.value.kind].filter(Boolean).join('.')
    const typed = form.value
    open(reports.meetingKey(of))
    signing.open(reports.signingKey(`${MEETING}/${of}`))
    if (!revised || form.value.begun) return
    // Somebody handed in another version meanwhile: his own words go on.
    if (typed.begun) return change(typed)
    const before = meetingOf(revised)
    change({ ...before, photos: before.photos.map(uploads.cite) })
  }

  function change(part: Partial<MeetingForm>) {
    keep({ begun: true, ...part })
    reports.reread()
  }

  const signs = computed(() => session.role === 'principal')
  const month = computed(() => read.value?.month ?? null)
  const revised = computed(() => read.value?.revised ?? null)
  /** Not signed meanwhile. */
  const mayRevise = computed(() => !revised.value || mayReviseThese(revised.value, session))
  const kinds = computed(() => (month.value?.kinds ?? []).filter(({ state }) => state && state !== 'withdrawn'))
  const underWay = (kind: MonthlyKind) => (month.value?.minutes ?? []).some((one) => one.state !== 'signed' && one.minutes !== at.value.minutes && one.kinds.includes(kind.kind))
  /** Without a choice all that are open, and not in other minutes; or the one that is written once more. */
  const chosen = computed(() => {
    const asked = form.value.kinds ?? (at.value.kind ? [at.value.kind] : openKinds(kinds.value).filter((kind) => !underWay(kind)).map(({ kind }) => kind))
    return kinds.value.filter(({ kind }) => asked.includes(kind))
  })
  /** What was handed in stays in. */
  const isFixed = (kind: string) => Boolean(revised.value?.kinds.includes(kind))
  function toggle(kind: string) {
    if (isFixed(kind)) return say('已提交的种类不能去掉')
    const now = chosen.value.map((one) => one.kind)
    change({ kinds: now.includes(kind) ? now.filter((one) => one !== kind) : [...now, kind] })
  }

  const among = (...states: (UploadState | undefined)[]) => form.value.photos.filter((name) => states.includes(uploads.held[name]?.state)).length
  const refused = computed(() => among('refused', undefined))
  const unsent = computed(() => form.value.photos.length - refused.value - among('sent'))
  const found = () => meetingFaults(form.value, chosen.value.map(({ kind }) => kind), { refused: refused.value, now: Date.now() })
  const faults = computed(() => (tried.value ? found() : {}))

  /** Another day of the meeting, other numbers. */
  async function meet(part: Pick<Partial<MeetingForm>, 'date' | 'time'>) {
    change(part)
    const when = meetingAt(form.value)
    if (when && Date.parse(when) <= Date.now()) await load()
  }

  const send = useDeed(async () => {
    tried.value = true
    if (Object.keys(found()).length) return showFault()
    if (signs.value && !signing.signed.value) return
    const { owner } = session
    try {
      const files = await Promise.all(form.value.photos.map((name) => uploads.ensure(name)))
      const body = toMeeting(at.value.due, form.value, chosen.value, files)
      change({ sentAt: form.value.sentAt || Date.now() })
      if (signs.value) await sign(body, owner)
      else await submit(body, owner)
    } catch (error) {
      if (error instanceof Refused && !passing(error) && error.status !== 401) change({ sentAt: 0 })
      if (error instanceof Refused && error.status === 409) await readAgain()
      showTop()
      throw error
    }
  })

  type Body = ReturnType<typeof toMeeting>
  async function submit(body: Body, owner: string): Promise<void> {
    const revises = revised.value ? { minutes: revised.value.minutes, version: revised.value.version } : null
    const answer = await minutesApi.submit({ ...body, revises }, owner)
    settle()
    submitted.value = answer.minutes
  }
  async function sign(body: Body, owner: string): Promise<void> {
    const { performedAt } = await signing.take()
    const answer = await api.fileMonth({ ...body, signature: await signing.file(), performed_at: performedAt }, owner)
    settle()
    receipts.value = answer.reports
  }

  function settle() {
    const { photos } = form.value
    drop()
    signing.drop()
    photos.forEach((name) => void uploads.remove(name))
    tried.value = false
    moved.value = []
    reports.reread()
    void todos.load()
    void reports.load().catch(() => undefined)
  }

  async function readAgain(): Promise<void> {
    const before = kinds.value
    await load()
    moved.value = movedLines(before, kinds.value)
  }
  return { form, change, meet, month, revised, mayRevise, kinds, underWay, isFixed, chosen, toggle, signs, faults, moved, receipts, submitted, unsent, signing, send, trouble, load }
}
