import { defineStore } from 'pinia'
import { computed, ref, watch } from 'vue'
import { minutes as api, type MinutesItem, type ReportDuty, type Todo } from '@/api'
import type { KeptForm } from '@/composables/kept'
import { cache, forget, recall } from '@/platform/storage'
import { before, bucketOf, isReport, lateUntil, MEETING, meets } from '@/rules/buckets'
import { isMine, isUnderWay, reportStanding, type MeetingForm, type WeekForm } from '@/rules/reports'
import { isOpen, taskKey, type TaskAt } from '@/rules/tasks'
import { useSession } from './session'

/** Reports being written on this phone, and the minutes that wait for somebody. */
export const useReports = defineStore('reports', () => {
  const session = useSession()
  const minutes = ref<MinutesItem[]>([])
  /** Grows whenever a form was kept or dropped: whoever tells of them looks again. */
  const written = ref(0)
  watch(() => session.owner, restore, { immediate: true, flush: 'sync' })

  function restore() {
    minutes.value = (session.owner && recall<MinutesItem[]>(minutesKey())) || []
  }
  /** Kept, so that whose turn it is stands there without a network too. */
  function minutesKey() {
    return `minutes:${session.owner}`
  }

  const weekKey = (at: { duty: ReportDuty; due: string; kind: string }, owner = session.owner) => `report:${owner}:${taskKey({ ...at, target: at.kind })}`
  /** Of a month; or of minutes that were sent back. */
  const meetingKey = (of: string) => `meeting:${session.owner}:${of}`
  const signingKey = (of: string) => `signing:${session.owner}:${of}`
  const reread = () => void (written.value += 1)

  function weekForm(at: { duty: ReportDuty; due: string; kind: string }, owner = session.owner): WeekForm | null {
    void written.value
    return recall<KeptForm<WeekForm>>(weekKey(at, owner))?.value ?? null
  }
  function change(at: { duty: ReportDuty; due: string; kind: string }, part: Partial<WeekForm>, owner = session.owner) {
    const form = weekForm(at, owner)
    if (form) cache(weekKey(at, owner), { at: Date.now(), value: { ...form, ...part } } satisfies KeptForm<WeekForm>)
    reread()
  }
  function drop(at: { duty: ReportDuty; due: string; kind: string }, owner = session.owner) {
    forget(weekKey(at, owner))
    reread()
  }
  function hasMeeting(due: string): boolean {
    void written.value
    return Boolean(recall<KeptForm<MeetingForm>>(meetingKey(due))?.value.begun)
  }

  /** Something of it is on this phone. */
  function isWritten({ duty, due, target }: Todo): boolean {
    if (!isReport(duty)) return false
    return meets(duty) ? hasMeeting(due) : Boolean(weekForm({ duty, due, kind: target }))
  }
  const standing = (todo: Todo) => reportStanding(todo, isWritten(todo))

  const isAsked = computed(() => Boolean(session.session?.menu.some(({ key }) => key === MEETING)))
  /** The month that is on; the one before while it can be entered late. */
  const months = computed(() => {
    const now = { duty: MEETING, due: bucketOf(MEETING, session.today) }
    const last = before(now)
    return [now, ...(lateUntil(last) >= session.today ? [last] : [])].map(({ due }) => due)
  })

  async function load(): Promise<void> {
    if (!isAsked.value) return
    const mine = session.owner
    const found = await Promise.all(months.value.map((due) => api.ofMonth(due)))
    if (mine !== session.owner) return
    minutes.value = found.flatMap(({ items }) => items)
    cache(minutesKey(), minutes.value)
  }

  const underWay = computed(() => minutes.value.filter(isUnderWay))
  /** What waits for who holds the phone: to be signed, or to be gone over. */
  const waiting = computed(() => underWay.value.filter((one) => isMine(one, session)))
  /** With somebody else meanwhile. */
  const elsewhere = computed(() => underWay.value.filter((one) => !isMine(one, session)))
  const of = (due: string) => minutes.value.filter((one) => one.due === due)
  /** The minutes that a kind's report will come of. */
  const coveredBy = ({ duty, due, target }: TaskAt) => (isReport(duty) && meets(duty) ? underWay.value.find((one) => one.due === due && one.kinds.includes(target)) : undefined)
  /** Still to be begun: minutes that cover it are counted themselves. */
  const isLeft = (todo: Todo) => isOpen(todo) && !coveredBy(todo)

  return { minutes, written, weekKey, meetingKey, signingKey, reread, weekForm, change, drop, hasMeeting, isWritten, standing, load, waiting, elsewhere, of, coveredBy, isLeft }
})
