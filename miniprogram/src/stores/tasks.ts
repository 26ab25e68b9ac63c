import { defineStore } from 'pinia'
import { ref } from 'vue'
import { todos as api, type Task } from '@/api'
import { Elsewhere, passing, Refused, Trouble } from '@/api/door'
import { cache, forget, keysFrom, recall } from '@/platform/storage'
import { isInspection, isOver } from '@/rules/buckets'
import { unasked, type Draft } from '@/rules/draft'
import { isOpen, taskKey, taskOf, type TaskAt } from '@/rules/tasks'
import { useDrafts } from './drafts'
import { useSession } from './session'
import { useTodos } from './todos'

/** Whether an item is asked in the same words and as grave by both. */
function askedAlike(one: Task, other: Task): (code: string) => boolean {
  const words = ({ checklist }: Task, code: string) => {
    const item = checklist.items.find((item) => item.code === code)
    return item && JSON.stringify([item.text, item.hazard, item.grade, item.na_allowed])
  }
  return (code) => words(other, code) !== undefined && words(one, code) === words(other, code)
}

/** Tasks with their lists, kept on the phone so that they can be done without a network. */
export const useTasks = defineStore('tasks', () => {
  const session = useSession()
  const todos = useTodos()
  const drafts = useDrafts()
  const keyOf = (at: TaskAt) => `task:${session.owner}:${taskKey(at)}`
  /** Where the list lies that the unit did not take. */
  const refusedOf = (at: TaskAt) => `task:${session.owner}:refused:${taskKey(at)}`

  /** Grows with every list that comes: whoever shows what is kept shows it anew. */
  const arrived = ref(0)
  function kept(at: TaskAt): Task | null {
    void arrived.value
    return recall<Task>(keyOf(at))
  }

  /** From the server; as it was opened before when nobody answers or the session has ended. */
  async function open(at: TaskAt): Promise<Task> {
    const mine = session.owner
    try {
      const found = await api.open(at.duty, at.due, at.target)
      if (mine !== session.owner) throw new Elsewhere()
      const task = asBegun(at, found)
      cache(keyOf(at), task)
      arrived.value += 1
      return task
    } catch (error) {
      const ended = error instanceof Refused && error.status === 401
      const task = mine === session.owner && (passing(error) || ended) ? kept(at) : null
      if (!task) throw error
      return task
    }
  }

  /** What was begun is finished with the list it was begun with: the unit takes that one too. */
  function asBegun(at: TaskAt, found: Task): Task {
    const draft = drafts.find(taskKey(at))
    if (!draft) return found
    if (draft.checklist === found.checklist.sha256) {
      drafts.change(draft, ({ answers }) => unasked(draft, found.checklist.items).forEach((code) => delete answers[code]))
      return found
    }
    const before = kept(at)
    if (before?.checklist.sha256 === draft.checklist) return { ...found, checklist: before.checklist }
    // Whoever corrects a record must be told: nobody asks him for it anew.
    if (draft.correction) throw new Trouble('清单已换了新版，这次更正接不上了。请到那条记录里放弃更正，再重新更正。', 'correction.list_changed')
    const refused = recall<Task>(refusedOf(at))
    forget(refusedOf(at))
    const stays = refused?.checklist.sha256 === draft.checklist ? Object.keys(draft.answers).filter(askedAlike(refused, found)) : []
    if (!stays.length) drafts.remove(draft)
    else drafts.change(draft, (one) => Object.assign(one, { checklist: found.checklist.sha256, answers: Object.fromEntries(stays.map((code) => [code, one.answers[code]])) }))
    return found
  }

  /** The unit does not take the list it was begun with: it goes on with the one that holds, and what that asks in the same words keeps its answer. */
  function forgetList(at: TaskAt) {
    const before = kept(at)
    if (before) cache(refusedOf(at), before)
    forget(keyOf(at))
  }

  /** False when nobody answers: the others would not come either. Whoever opens one himself is told why it does not. */
  const opens = (at: TaskAt) => open(at).then(() => true, (error) => !passing(error))

  let fetching = false
  /** The lists of what is on, one after the other, so that they are there when the network is not. */
  async function fetchCurrent(): Promise<void> {
    if (fetching) return
    fetching = true
    const mine = session.owner
    try {
      for (const todo of todos.current.filter((one) => isInspection(one.duty) && isOpen(one))) {
        if (session.owner !== mine) return
        // What was begun is not begun anew behind his back.
        const isWanted = !kept(todo) && !drafts.find(taskKey(todo))
        if (isWanted && !(await opens(todo))) return
      }
    } finally {
      fetching = false
    }
  }

  function sweep(today: string) {
    // A record is corrected long after its day: what is begun keeps its list.
    const isBegun = (key: string) => Boolean(recall<Draft>(`draft:${key.slice('task:'.length)}`))
    const isGone = (key: string) => isOver(taskOf(key.slice(key.lastIndexOf(':') + 1)), today) && !isBegun(key)
    keysFrom('task:').filter(isGone).forEach(forget)
  }

  return { kept, open, forgetList, fetchCurrent, sweep }
})
