import { defineStore } from 'pinia'
import { computed, ref, watch } from 'vue'
import { hazards as api, type Grade, type HazardItem, type HazardState } from '@/api'
import { asksForTime, confirms, mayOrder, mayRectify } from '@/rules/hazards'
import type { InspectionDuty } from '@/rules/buckets'
import { useSession } from './session'

interface Waiting { items: HazardItem[]; more: boolean }
const NOTHING: Waiting = { items: [], more: false }
const MOST_PAGES = 5

type KindDuty = Exclude<InspectionDuty, 'daily'>
const KIND_DUTIES: KindDuty[] = ['weekly', 'monthly']
const NONE: Record<KindDuty, Waiting> = { weekly: NOTHING, monthly: NOTHING }

/** What waits for somebody: the head of each list, for the home page and its badges. */
export const useHazards = defineStore('hazards', () => {
  const session = useSession()
  const reported = ref<Waiting>(NOTHING)
  const ordered = ref<Waiting>(NOTHING)
  /** 重大 among what was ordered: by deadline, it may stand far down that list. */
  const graveOrdered = ref<Waiting>(NOTHING)
  /** What weeks and months found, as far as this post confirms it. */
  const ofKinds = ref<Record<KindDuty, Waiting>>({ ...NONE })
  const known = ref(false)
  /** Grows with every step taken here: a page that shows hazards reads anew when it comes back to the front. */
  const changes = ref(0)
  watch(() => session.owner, () => {
    reported.value = ordered.value = graveOrdered.value = NOTHING
    ofKinds.value = { ...NONE }
    known.value = false
  })

  /** The server filters a page after it was read: an empty one may have others behind it. */
  async function head(duty: InspectionDuty, state: HazardState, grade?: Grade): Promise<Waiting> {
    let page = await api.page(duty, state, undefined, grade)
    for (let read = 1; !page.items.length && page.next && read < MOST_PAGES; read += 1) page = await api.page(duty, state, page.next, grade)
    return { items: page.items, more: Boolean(page.next) }
  }

  async function load(): Promise<void> {
    const mine = session.owner
    const [first, second, third, weekly, monthly] = await Promise.all([
      head('daily', 'reported'), head('daily', 'ordered'), answers.value ? head('daily', 'ordered', 'major') : NOTHING,
      ...KIND_DUTIES.map((duty) => (confirms(duty, session) ? head(duty, 'ordered') : NOTHING)),
    ])
    if (mine !== session.owner) return
    reported.value = first!
    ordered.value = second!
    graveOrdered.value = third!
    ofKinds.value = { weekly: weekly!, monthly: monthly! }
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
  /** Director and principal are told of every 重大 until it is gone. */
  const answers = computed(() => session.role === 'director' || session.role === 'principal')
  const isGrave = (hazard: HazardItem) => hazard.grade === 'major'
  /** Those not ordered yet stand at the head of their list. */
  const grave = computed<Waiting>(() => ({
    items: [...reported.value.items.filter(isGrave), ...graveOrdered.value.items],
    more: graveOrdered.value.more || (reported.value.more && reported.value.items.every(isGrave)),
  }))
  const toOrder = computed<Waiting>(() => {
    const items = reported.value.items.filter((hazard) => mayOrder(hazard, session))
    return items.length ? { items, more: reported.value.more } : NOTHING
  })
  /** Ordered already, but more time is asked for: the answer is a new order. */
  const toAnswer = computed(() => ordered.value.items.filter((hazard) => asksForTime(hazard) && mayOrder(hazard, session)))
  /** Of what weeks or months found, that which is his to confirm. */
  const toConfirm = (duty: KindDuty) => ofKinds.value[duty].items.filter((hazard) => mayRectify(hazard, session))
  /** What this membership itself is waited for: the director, or who stands in for him, orders; the officer rectifies. */
  const waiting = computed<Waiting>(() =>
    session.role === 'officer' ? ordered.value : { items: [...toOrder.value.items, ...toAnswer.value], more: toOrder.value.more },
  )
  const count = (list: Waiting) => (list.more ? `${list.items.length}+` : String(list.items.length))
  return { reported, ordered, ofKinds, grave, toOrder, toAnswer, toConfirm, known, changes, overdue, waiting, count, others, load, changed }
})
