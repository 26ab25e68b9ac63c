import { defineStore } from 'pinia'
import { computed, ref, watch } from 'vue'
import { inspections as api, type InspectionRequest, type Membership, type Receipt, type Todo } from '@/api'
import { passing, Refused, Trouble, Unreachable } from '@/api/door'
import { exclusively } from '@/platform/exclusive'
import { cache, forget, NO_ROOM, recall, recallAll, remember, whenChangedElsewhere } from '@/platform/storage'
import { whenNetworkReturns } from '@/platform/network'
import { dateOf } from '@/rules/dates'
import { filesOf, isOfOne, picturesOf, toRequest, type Draft } from '@/rules/draft'
import { todoBadge, type Badge } from '@/rules/looks'
import type { Parcel, TargetLooks } from '@/rules/parcel'
import { isOpen, standingOf, taskKey, type Standing, type TaskAt } from '@/rules/tasks'
import { useDrafts } from './drafts'
import { ownerOf, useSession } from './session'
import { useTasks } from './tasks'
import { useTodos } from './todos'
import { useUploads } from './uploads'

export interface Received extends TargetLooks { owner: string; key: string; receipt: Receipt; /** Which version of it, when it was a correction. */ version?: number }

/** A network that has just come back often fails once more: soon at first, then ever less often. */
const TRY_AGAIN = [4_000, 15_000, 60_000]
/** The list itself was refused: the check goes on with the one that holds. */
export const OTHER_LIST = 'inspection.checklist_unknown'

/** One is signed already and waits; another one of it would take its place. */
export const WAITS = 'outbox.waits'

const parcelKey = (parcel: { owner: string; key: string }) => `parcel:${parcel.owner}:${parcel.key}`
/** The very one: at the same place another may have been signed since. */
const isSame = (one: Parcel, other: Parcel) => parcelKey(one) === parcelKey(other) && one.signedAt === other.signedAt
export const receivedKey = (one: { owner: string; key: string }) => `received:${one.owner}:${one.key}`

/** What waits on this phone, and what the unit has received: each under a key of its own, for tabs side by side. */
export const useOutbox = defineStore('outbox', () => {
  const session = useSession()
  const todos = useTodos()
  const tasks = useTasks()
  const drafts = useDrafts()
  const uploads = useUploads()
  const parcels = ref<Parcel[]>([])
  const received = ref<Received[]>([])
  reread()
  whenChangedElsewhere('parcel:', reread)
  whenChangedElsewhere('received:', reread)

  /** As another tab may have left it; what is on its way from here stays as it is. */
  function reread() {
    const onTheWay = parcels.value.filter((parcel) => parcel.state === 'sending')
    const kept = recallAll<Parcel>('parcel:').map((parcel) => onTheWay.find((one) => isSame(one, parcel)) ?? parcel)
    parcels.value = kept.sort((one, other) => one.signedAt.localeCompare(other.signedAt))
    received.value = recallAll<Received>('received:').sort((one, other) => other.receipt.received_at.localeCompare(one.receipt.received_at))
    todos.close(received.value.filter((one) => one.owner === session.owner).map((one) => one.receipt))
  }

  /** Nobody sends it once the app is gone: kept as waiting. */
  const keep = (parcel: Parcel) => remember(parcelKey(parcel), parcel.state === 'sending' ? { ...parcel, state: 'waiting' } : parcel)

  const mine = computed(() => parcels.value.filter((parcel) => parcel.owner === session.owner))
  const waiting = computed(() => mine.value.filter((parcel) => parcel.state !== 'refused'))
  const refused = computed(() => mine.value.filter((parcel) => parcel.state === 'refused'))
  const receivedToday = computed(() => received.value.filter((one) => one.owner === session.owner && dateOf(one.receipt.received_at) === session.today))
  /** How many of what waits can be handed in by whoever has these memberships. */
  const heldBy = (members: Membership[]) => parcels.value.filter((parcel) => members.some((member) => ownerOf(member) === parcel.owner)).length
  const find = (key: string) => mine.value.find((parcel) => parcel.key === key)
  const receivedOf = (key: string) => received.value.find((one) => one.owner === session.owner && one.key === key)
  const receiptOf = (key: string) => receivedOf(key)?.receipt

  /** How a task stands: what every list, page and number goes by. */
  function standing(todo: TaskAt & Partial<Todo>): Standing {
    const key = taskKey(todo)
    const row = todo.state ? (todo as Todo) : todos.items.find((one) => taskKey(one) === key)
    return standingOf(row, { parcel: find(key), receipt: receiptOf(key), draft: drafts.find(key) })
  }

  /** What the chip of a row says. */
  const badge = (todo: Todo): Badge => todoBadge(todo, standing(todo), drafts.find(taskKey(todo)))

  /** The unit has a check of it, whatever became of a second one here. */
  const isWithUnit = (todo: Todo) => !isOpen(todo) || standing(todo) === 'received'

  /** Still to be done: the unit has nothing of it, and nothing signed waits here. What was refused is to be done again. */
  const isLeft = (todo: Todo) => !isWithUnit(todo) && standing(todo) !== 'waiting'

  /**
   * Take over a signed draft. A second tap finds the same parcel; one that was refused gives way to the new. Another that waits
   * is not lost for it: whoever signed the second, in another tab, is told.
   */
  function put(draft: Draft, { name, kind, unit_kind }: TargetLooks, signature?: string): Parcel {
    const key = taskKey(draft)
    // Another tab may have signed since this one was told of anything.
    if (recall<Parcel>(parcelKey({ owner: draft.owner, key }))?.signedAt !== find(key)?.signedAt) reread()
    const there = find(key)
    if (there && JSON.stringify(there.draft) === JSON.stringify(draft) && there.state !== 'refused') return there
    if (there && (there.state !== 'refused' || !isOfOne(there.draft, draft))) throw new Trouble(`${there.draft.correction ? '这条记录的另一份更正' : '这项检查的另一份'}已经签字，还在本机；请先到“待上传”处理那一份。`, WAITS)
    const parcel: Parcel = {
      owner: draft.owner, key, name, kind, unit_kind, draft: JSON.parse(JSON.stringify(draft)) as Draft, signature, signedAt: new Date().toISOString(), state: 'waiting',
    }
    if (!keep(parcel)) throw new Trouble(NO_ROOM, 'phone.full')
    parcels.value = [...parcels.value.filter((one) => one !== there), parcel]
    if (there) dropPictures(there, picturesOf(draft, signature))
    drafts.remove(draft)
    return find(key)!
  }

  const draining = ref(false)
  let begun: Promise<void> | null = null
  let asked = false
  let timer: ReturnType<typeof setTimeout> | undefined
  /** Send what waits, one after the other, oldest first; once more when somebody asks meanwhile. */
  function drain(): Promise<void> {
    asked = draining.value = true
    begun ??= exclusively('outbox', rounds).finally(() => {
      begun = null
      draining.value = false
    })
    return begun
  }

  let tries = 0
  async function rounds() {
    clearTimeout(timer)
    while (asked) {
      asked = false
      reread()
      uploads.reread()
      await sendAll()
    }
    if (!waiting.value.length) tries = 0
    else if (!session.expired) timer = setTimeout(() => void drain(), TRY_AGAIN[Math.min(tries++, TRY_AGAIN.length - 1)])
  }

  /** A round ends when nobody answers: each of the others would wait as long for the same. */
  async function sendAll() {
    const tried = new Set<string>()
    for (;;) {
      const next = waiting.value.find((parcel) => !tried.has(parcel.key))
      if (!next) return
      tried.add(next.key)
      if ((await send(next)) instanceof Unreachable) return
    }
  }

  /** What went wrong, if anything did. */
  async function send(parcel: Parcel): Promise<Trouble | void> {
    parcel.state = 'sending'
    try {
      parcel.request ??= await frozen(parcel)
      // Sent before it is kept, it could be frozen otherwise the next time.
      if (isThere(parcel) && !keep(parcel)) throw new Trouble(NO_ROOM, 'phone.full')
      if (!isThere(parcel)) return
      take(parcel, await api.submit(parcel.request, parcel.owner))
    } catch (error) {
      refuse(parcel, error as Trouble)
      return error as Trouble
    }
  }

  /** Not thrown away meanwhile, here or in another tab. */
  const isThere = (parcel: Parcel) => recall<Parcel>(parcelKey(parcel))?.signedAt === parcel.signedAt

  async function frozen(parcel: Parcel): Promise<InspectionRequest> {
    const files: Record<string, string> = {}
    for (const name of filesOf(parcel.draft, parcel.signature)) files[name] = await uploads.ensure(name)
    return toRequest(parcel.draft, { signature: parcel.signature, performedAt: parcel.signedAt, files })
  }

  function take(parcel: Parcel, receipt: Receipt) {
    const { owner, key, name, kind, unit_kind } = parcel
    const { correction } = parcel.draft
    const one: Received = { owner, key, name, kind, unit_kind, receipt, ...(correction ? { version: correction.version + 1 } : {}) }
    received.value = [one, ...received.value.filter((other) => receivedKey(other) !== receivedKey(one))]
    cache(receivedKey(one), one)
    if (isThere(parcel)) discard(parcel)
    // Killed while it was taken over, the app may have kept the draft beside the parcel.
    drafts.remove(parcel.draft)
    if (owner === session.owner) todos.close([receipt])
  }

  /** Only what the server said no to for good needs the person; whoever is offline or logged out is not refused. */
  function refuse(parcel: Parcel, trouble: Trouble) {
    const final = trouble instanceof Refused && !passing(trouble) && trouble.status !== 401
    parcel.state = final ? 'refused' : 'waiting'
    parcel.trouble = { code: trouble.code ?? 'app.error', sentence: trouble.sentence ?? '没有交上去，请再试一次。', at: new Date().toISOString() }
    if (isThere(parcel)) cache(parcelKey(parcel), parcel)
  }

  /** Back to the draft, to change what was refused. */
  function reopen(parcel: Parcel) {
    if (!drafts.save(parcel.draft)) throw new Trouble(NO_ROOM, 'phone.full')
    if (parcel.trouble?.code === OTHER_LIST) tasks.forgetList(parcel.draft)
    drop(parcel)
    dropPictures(parcel, picturesOf(parcel.draft))
  }

  /** Away with it, and with its files on this phone. */
  function discard(parcel: Parcel) {
    drop(parcel)
    dropPictures(parcel)
  }

  function drop(parcel: Parcel) {
    parcels.value = parcels.value.filter((one) => !isSame(one, parcel))
    if (isThere(parcel)) forget(parcelKey(parcel))
  }

  function dropPictures(parcel: Parcel, but: string[] = []) {
    const names = picturesOf(parcel.draft, parcel.signature).filter((name) => !but.includes(name))
    for (const name of names) void uploads.remove(name)
  }

  whenNetworkReturns(() => {
    tries = 0
    void drain()
  })
  watch(() => session.owner, reread)
  watch(() => (session.expired ? '' : session.owner), (who) => { if (who) void drain() })
  return { parcels, mine, waiting, refused, draining, receivedToday, heldBy, standing, badge, isWithUnit, isLeft, find, receivedOf, receiptOf, put, drain, reopen, discard }
})
