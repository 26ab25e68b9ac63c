import { defineStore } from 'pinia'
import { computed, ref, watch } from 'vue'
import { progress as api, type Duty, type Progress } from '@/api'
import type { Trouble } from '@/api/door'
import { ALL_DUTIES, INSPECTIONS, isReport, lateUntil, MEETING, type InspectionDuty } from '@/rules/buckets'
import { menuPlaces } from '@/rules/menu'
import { useClocks } from './clocks'
import { useGaps } from './gaps'
import { useHazards } from './hazards'
import { useOutbox } from './outbox'
import { useReports } from './reports'
import { sweep } from './sweep'
import { useTasks } from './tasks'
import { useSession } from './session'
import { useStatistics } from './statistics'
import { useTodos, type TodoRow } from './todos'

/** What the home page says: today's state, what waits, the menu. */
export const useHome = defineStore('home', () => {
  const session = useSession()
  const todos = useTodos()
  const hazards = useHazards()
  const clocks = useClocks()
  const gaps = useGaps()
  const outbox = useOutbox()
  const tasks = useTasks()
  const statistics = useStatistics()
  const reports = useReports()
  const trouble = ref<Trouble | null>(null)
  /** How far the officers are with each duty, in all that director or principal answer for. */
  const progress = ref<Partial<Record<InspectionDuty, Progress>>>({})
  const loaded = ref(false)
  watch(() => session.owner, () => {
    progress.value = {}
    trouble.value = null
    loaded.value = false
  })

  const isOfficer = computed(() => session.role === 'officer')
  const seesHazards = computed(() => session.role !== 'administrator')
  const leads = computed(() => session.role === 'director' || session.role === 'principal')

  async function load(): Promise<void> {
    if (!session.owner) return
    const mine = session.owner
    // Which hazards are the principal's depends on whether he stands in, and that the session says.
    const known = session.load()
    void clocks.load()
    const waiting = seesHazards.value ? known.then(hazards.load) : gaps.load()
    // The home does without the month's figures.
    if (session.role === 'principal') void known.then(statistics.load).catch(() => undefined)
    // Whether minutes are his business the menu says.
    const parts = [known, todos.load(), waiting, ...(leads.value ? [...INSPECTIONS.map(loadProgress), known.then(reports.load)] : [])]
    const failed = (await Promise.allSettled(parts)).find((part) => part.status === 'rejected')
    if (mine !== session.owner) return
    trouble.value = failed ? (failed as PromiseRejectedResult).reason : todos.trouble
    loaded.value = !trouble.value
    if (todos.trouble) return
    sweep(session.today)
    void tasks.fetchCurrent()
  }

  async function loadProgress(duty: InspectionDuty): Promise<void> {
    const mine = session.owner
    const found = await api.read(duty)
    if (mine === session.owner) progress.value = { ...progress.value, [duty]: found }
  }

  type ByDuty = Record<Duty, TodoRow[]>
  const byDuty = (rows: TodoRow[]) => Object.fromEntries(ALL_DUTIES.map((duty) => [duty, rows.filter((todo) => todo.duty === duty)])) as ByDuty
  /** A report that minutes are under way for is counted with them. */
  const isLeft = (todo: TodoRow) => (isReport(todo.duty) ? reports.isLeft(todo) : outbox.isLeft(todo))
  /** Own rows of the day, the week and the month that are on; and what is left of them. */
  const rows = computed(() => byDuty(todos.current))
  const left = computed(() => byDuty(todos.current.filter(isLeft)))
  /** Earlier ones that can still be entered. */
  const lateLeft = computed(() => todos.earlier.filter((todo) => isLeft(todo) && lateUntil(todo) >= session.today))
  /** How much of a duty waits: its rows, and minutes that are his turn. */
  const waits = computed(() => Object.fromEntries(ALL_DUTIES.map((duty) => [duty, left.value[duty].length + (duty === MEETING ? reports.waiting.length : 0)])) as Record<Duty, number>)
  /** How much waits for this membership: its rows, and the hazards it has to act on. */
  const count = computed(() => {
    const found = INSPECTIONS.reduce((sum, duty) => sum + hazards.waiting[duty].items.length, lateLeft.value.length)
    return ALL_DUTIES.reduce((sum, duty) => sum + waits.value[duty], found)
  })
  const menu = computed(() =>
    session.session
      ? menuPlaces(session.session, { todos: count.value, ...waits.value, ...Object.fromEntries(INSPECTIONS.map((duty) => [`${duty}_hazards`, hazards.waiting[duty].items.length])) })
      : [],
  )
  return { trouble, loaded, progress, isOfficer, leads, seesHazards, rows, left, lateLeft, waits, isLeft, count, menu, load, loadProgress }
})
