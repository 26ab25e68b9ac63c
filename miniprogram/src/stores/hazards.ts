import { defineStore } from 'pinia'
import { computed, ref, watch } from 'vue'
import { hazards as api, type Grade, type HazardItem, type HazardState } from '@/api'
import { byDeadline, confirms, deedOf, statesOf, type HazardDeed } from '@/rules/hazards'
import { INSPECTIONS, isOrdered, type InspectionDuty } from '@/rules/buckets'
import { useSession } from './session'

export interface Waiting { items: HazardItem[]; more: boolean }
const NOTHING: Waiting = { items: [], more: false }
const MOST_PAGES = 5
/** Where a hazard is until it is gone. */
export const OPEN_STATES = ['reported', 'ordered'] as const
export type OpenState = (typeof OPEN_STATES)[number]

/** The heads of a duty's lists. `grave`: 重大 among what is ordered; by deadline it may stand far down that list. */
type Heads = Record<OpenState | 'grave', Waiting>
type ByDuty<T> = Record<InspectionDuty, T>
const byDuty = <T>(make: (duty: InspectionDuty) => T) => Object.fromEntries(INSPECTIONS.map((duty) => [duty, make(duty)])) as ByDuty<T>
const NO_HEADS: Heads = { reported: NOTHING, ordered: NOTHING, grave: NOTHING }

export const joined = (lists: Waiting[]): Waiting => ({ items: lists.flatMap(({ items }) => items), more: lists.some(({ more }) => more) })
/** That there are more counts only where what is looked for stands at the head of that very list. */
function only(list: Waiting, test: (hazard: HazardItem) => boolean): Waiting {
  const items = list.items.filter(test)
  return items.length ? { items, more: list.more } : NOTHING
}
/** Of a list that has all of these first: there are more only where it has nothing else. */
function leading(list: Waiting, test: (hazard: HazardItem) => boolean): Waiting {
  const found = only(list, test)
  return { ...found, more: found.more && found.items.length === list.items.length }
}
const isGrave = ({ grade }: HazardItem) => grade === 'major'
const urgentFirst = (list: Waiting): Waiting => ({ ...list, items: [...list.items].sort(byDeadline) })

/** What waits for somebody, whichever duty found it: the head of each list, for the home page, the to-dos and their badges. */
export const useHazards = defineStore('hazards', () => {
  const session = useSession()
  const heads = ref(byDuty(() => NO_HEADS))
  const known = ref(false)
  /** Grows with every step taken here: a page that shows hazards reads anew when it comes back to the front. */
  const changes = ref(0)
  watch(() => session.owner, () => {
    heads.value = byDuty(() => NO_HEADS)
    known.value = false
  })

  /** The server filters a page after it was read: an empty one may have others behind it. */
  async function head(duty: InspectionDuty, state: HazardState, grade?: Grade): Promise<Waiting> {
    let page = await api.page(duty, state, undefined, grade)
    for (let read = 1; !page.items.length && page.next && read < MOST_PAGES; read += 1) page = await api.page(duty, state, page.next, grade)
    return { items: page.items, more: Boolean(page.next) }
  }

  /** Director and principal are told of every 重大 until it is gone. */
  const leads = computed(() => session.role === 'director' || session.role === 'principal')
  /** Whether what this duty left is looked after by this post. */
  const follows = (duty: InspectionDuty) => isOrdered(duty) || confirms(duty, session)

  async function headsOf(duty: InspectionDuty): Promise<Heads> {
    const [reported, { ordered, grave }] = await Promise.all([
      statesOf(duty).includes('reported') ? head(duty, 'reported') : NOTHING,
      orderedOf(duty),
    ])
    return { reported, ordered, grave }
  }

  async function orderedOf(duty: InspectionDuty): Promise<Pick<Heads, 'ordered' | 'grave'>> {
    const ordered = follows(duty) ? await head(duty, 'ordered') : NOTHING
    if (!leads.value) return { ordered, grave: NOTHING }
    // A whole list is not asked for its 重大 again.
    const isWhole = follows(duty) && !ordered.more
    return { ordered, grave: isWhole ? only(ordered, isGrave) : await head(duty, 'ordered', 'major') }
  }

  async function load(): Promise<void> {
    const mine = session.owner
    const found = await Promise.all(INSPECTIONS.map(headsOf))
    if (mine !== session.owner) return
    heads.value = byDuty((duty) => found[INSPECTIONS.indexOf(duty)]!)
    known.value = true
  }

  /** A step was taken. */
  async function changed(): Promise<void> {
    changes.value += 1
    await load().catch(() => undefined)
  }

  /** The head of the same list without this one: what to go on with. */
  const others = (list: Waiting, hazard: string): Waiting => ({ ...list, items: list.items.filter((one) => one.hazard !== hazard) })
  const count = (list: Waiting) => (list.more ? `${list.items.length}+` : String(list.items.length))

  const every = (list: (duty: InspectionDuty) => Waiting) => joined(INSPECTIONS.map(list))
  const reported = computed(() => every((duty) => heads.value[duty].reported))
  const overdue = computed(() => byDuty((duty) => leading(heads.value[duty].ordered, (hazard) => hazard.overdue)))
  const grave = computed(() =>
    byDuty((duty) => ({ reported: leading(heads.value[duty].reported, isGrave), ordered: heads.value[duty].grave })),
  )

  const waitsIn = (duty: InspectionDuty, state: OpenState, deed?: HazardDeed) =>
    only(heads.value[duty][state], (hazard) => {
      const asked = deedOf(hazard, session)
      return deed ? asked === deed : asked !== null
    })
  /** What this membership itself is waited for, by which duty found it; `rest`: of which list there is more than is here. */
  const waiting = computed(() =>
    byDuty((duty) => {
      const lists = OPEN_STATES.map((state) => ({ state, ...waitsIn(duty, state) }))
      return { ...joined(lists), rest: lists.find(({ more }) => more)?.state }
    }),
  )
  const toOrder = computed(() => every((duty) => waitsIn(duty, 'reported', 'order')))
  /** Ordered already, but more time is asked for: the answer is a new order. */
  const toAnswer = computed(() => urgentFirst(every((duty) => waitsIn(duty, 'ordered', 'answer'))))
  /** Whatever waits for measures, new or again. */
  const toWrite = computed(() => joined([toOrder.value, toAnswer.value]))
  const toRectify = computed(() => urgentFirst(every((duty) => waitsIn(duty, 'ordered', 'rectify'))))
  return { heads, reported, grave, overdue, waitsIn, waiting, toOrder, toAnswer, toWrite, toRectify, known, changes, follows, count, others, load, changed }
})
