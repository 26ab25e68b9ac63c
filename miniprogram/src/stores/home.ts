import { defineStore } from 'pinia'
import { computed, ref, watch } from 'vue'
import { progress as api, type Progress } from '@/api'
import type { Trouble } from '@/api/door'
import { lateUntil } from '@/rules/dates'
import { menuPlaces } from '@/rules/menu'
import { useHazards } from './hazards'
import { useOutbox } from './outbox'
import { sweep } from './sweep'
import { useTasks } from './tasks'
import { useSession } from './session'
import { useTodos } from './todos'

/** What the home page says: today's state, what waits, the menu. */
export const useHome = defineStore('home', () => {
  const session = useSession()
  const todos = useTodos()
  const hazards = useHazards()
  const outbox = useOutbox()
  const tasks = useTasks()
  const trouble = ref<Trouble | null>(null)
  /** How far today's daily control is in all that director or principal answer for. */
  const day = ref<Progress | null>(null)
  const loaded = ref(false)
  watch(() => session.owner, () => {
    day.value = trouble.value = null
    loaded.value = false
  })

  const isOfficer = computed(() => session.role === 'officer')
  const seesHazards = computed(() => session.role !== 'administrator')
  const seesDay = computed(() => session.role === 'director' || session.role === 'principal')

  async function load(): Promise<void> {
    if (!session.owner) return
    const mine = session.owner
    const parts = [session.load(), todos.load(), ...(seesHazards.value ? [hazards.load()] : []), ...(seesDay.value ? [loadDay()] : [])]
    const failed = (await Promise.allSettled(parts)).find((part) => part.status === 'rejected')
    if (mine !== session.owner) return
    trouble.value = failed ? (failed as PromiseRejectedResult).reason : todos.trouble
    loaded.value = !trouble.value
    if (todos.trouble) return
    sweep(session.today)
    void tasks.fetchToday()
  }

  async function loadDay(): Promise<void> {
    const mine = session.owner
    const found = await api.read('daily')
    if (mine === session.owner) day.value = found
  }

  const daily = computed(() => todos.current.filter((todo) => todo.duty === 'daily'))
  const dailyLeft = computed(() => daily.value.filter(outbox.isLeft))
  /** Earlier days that can still be entered. */
  const lateLeft = computed(() => todos.earlier.filter((todo) => outbox.isLeft(todo) && lateUntil(todo.due) >= session.today))
  /** All that waits for this membership: its rows, and the hazards it has to act on. */
  const left = computed(() => dailyLeft.value.length + lateLeft.value.length + hazards.waiting.items.length)
  const menu = computed(() =>
    session.session
      ? menuPlaces(session.session, {
          todos: left.value,
          daily: dailyLeft.value.length,
          daily_hazards: hazards.waiting.items.length,
        })
      : [],
  )
  return { trouble, loaded, day, isOfficer, seesHazards, seesDay, daily, dailyLeft, lateLeft, left, menu, load }
})
