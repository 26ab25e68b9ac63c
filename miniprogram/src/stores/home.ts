import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import type { Trouble } from '@/api/door'
import { menuPlaces } from '@/rules/menu'
import { useHazards } from './hazards'
import { useSession } from './session'
import { useTodos } from './todos'

/** What the home page says: today's state, what waits, the menu. */
export const useHome = defineStore('home', () => {
  const session = useSession()
  const todos = useTodos()
  const hazards = useHazards()
  const trouble = ref<Trouble | null>(null)

  const isOfficer = computed(() => session.role === 'officer')
  const seesHazards = computed(() => session.role !== 'administrator')

  async function load(): Promise<void> {
    if (!session.owner) return
    const parts = [session.load(), todos.load(), ...(seesHazards.value ? [hazards.load()] : [])]
    const failed = (await Promise.allSettled(parts)).find((part) => part.status === 'rejected')
    trouble.value = failed ? (failed as PromiseRejectedResult).reason : todos.trouble
  }

  const daily = computed(() => todos.current.filter((todo) => todo.duty === 'daily'))
  const dailyLeft = computed(() => daily.value.filter(todos.isLeft))
  const menu = computed(() =>
    session.session
      ? menuPlaces(session.session, {
          todos: todos.left,
          daily: dailyLeft.value.length,
          daily_hazards: hazards.waiting.items.length,
        })
      : [],
  )
  return { trouble, isOfficer, seesHazards, daily, dailyLeft, menu, load }
})
