import { defineStore } from 'pinia'
import { computed, ref, watch } from 'vue'
import { progress as api, type Progress } from '@/api'
import type { Trouble } from '@/api/door'
import { INSPECTIONS, isInspection, lateUntil, type InspectionDuty } from '@/rules/buckets'
import { menuPlaces } from '@/rules/menu'
import { useClocks } from './clocks'
import { useGaps } from './gaps'
import { useHazards } from './hazards'
import { useOutbox } from './outbox'
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
    const parts = [known, todos.load(), waiting, ...(leads.value ? INSPECTIONS.map(loadProgress) : [])]
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

  type ByDuty = Record<InspectionDuty, TodoRow[]>
  const byDuty = (rows: TodoRow[]) => Object.fromEntries(INSPECTIONS.map((duty) => [duty, rows.filter((todo) => todo.duty === duty)])) as ByDuty
  /** Own rows of the day, the week and the month that are on; and what is left of them. */
  const rows = computed(() => byDuty(todos.current))
  const left = computed(() => byDuty(todos.current.filter(outbox.isLeft)))
  /** Earlier ones that can still be entered. */
  const lateLeft = computed(() => todos.earlier.filter((todo) => isInspection(todo.duty) && outbox.isLeft(todo) && lateUntil(todo) >= session.today))
  /** How much waits for this membership: its rows, and the hazards it has to act on. */
  const count = computed(() => INSPECTIONS.reduce((sum, duty) => sum + left.value[duty].length + hazards.waiting[duty].items.length, lateLeft.value.length))
  const menu = computed(() =>
    session.session
      ? menuPlaces(session.session, {
          todos: count.value,
          ...Object.fromEntries(INSPECTIONS.flatMap((duty) => [[duty, left.value[duty].length], [`${duty}_hazards`, hazards.waiting[duty].items.length]])),
        })
      : [],
  )
  return { trouble, loaded, progress, isOfficer, leads, seesHazards, rows, left, lateLeft, count, menu, load, loadProgress }
})
