import { defineStore } from 'pinia'
import { computed, ref, watch } from 'vue'
import { hazards as api, type HazardItem, type HazardState } from '@/api'
import { useSession } from './session'

interface Waiting { items: HazardItem[]; more: boolean }
const NOTHING: Waiting = { items: [], more: false }
const MOST_PAGES = 5

/** What waits for somebody: the head of each list, for the home page and its badges. */
export const useHazards = defineStore('hazards', () => {
  const session = useSession()
  const reported = ref<Waiting>(NOTHING)
  const ordered = ref<Waiting>(NOTHING)
  const known = ref(false)
  /** Grows with every step taken here: a page that shows hazards reads anew when it comes back to the front. */
  const changes = ref(0)
  watch(() => session.owner, () => {
    reported.value = ordered.value = NOTHING
    known.value = false
  })

  /** The server filters a page after it was read: an empty one may have others behind it. */
  async function head(state: HazardState): Promise<Waiting> {
    let page = await api.page(state)
    for (let read = 1; !page.items.length && page.next && read < MOST_PAGES; read += 1) page = await api.page(state, page.next)
    return { items: page.items, more: Boolean(page.next) }
  }

  async function load(): Promise<void> {
    const mine = session.owner
    const [first, second] = await Promise.all([head('reported'), head('ordered')])
    if (mine !== session.owner) return
    reported.value = first
    ordered.value = second
    known.value = true
  }

  /** A step was taken. */
  async function changed(): Promise<void> {
    changes.value += 1
    await load().catch(() => undefined)
  }

  /** The head of the same list without this one: what to go on with. */
  const others = (list: Waiting, hazard: string): Waiting => ({ ...list, items: list.items.filter((one) => one.hazard !== hazard) })

  const overdue = computed(() => ordered.value.items.filter((hazard) => hazard.overdue))
  /** What this membership itself is waited for: the director orders, the officer rectifies. */
  const waiting = computed(() => (session.role === 'director' ? reported.value : session.role === 'officer' ? ordered.value : NOTHING))
  const count = (list: Waiting) => (list.more ? `${list.items.length}+` : String(list.items.length))
  return { reported, ordered, known, changes, overdue, waiting, count, others, load, changed }
})
