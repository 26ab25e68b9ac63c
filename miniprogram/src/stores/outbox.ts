import { defineStore } from 'pinia'
import { computed, ref, watch } from 'vue'
import { inspections as api, type InspectionRequest, type Receipt, type Todo } from '@/api'
import { passing, Refused, type Trouble } from '@/api/door'
import { recall, remember } from '@/platform/storage'
import { whenNetworkReturns } from '@/platform/network'
import { dateOf } from '@/rules/dates'
import { filesOf, picturesOf, toRequest, type Draft } from '@/rules/draft'
import type { Parcel } from '@/rules/parcel'
import { useDrafts } from './drafts'
import { useSession } from './session'
import { taskKey, useTodos } from './todos'
import { useUploads } from './uploads'

export type { Parcel }

export interface Received { owner: string; key: string; name: string; icon: string; receipt: Receipt }

/** A network that has just come back often fails once more: soon at first, then ever less often. */
const TRY_AGAIN = [4_000, 15_000, 60_000]

/** What waits on this phone, and what the unit has received today. */
export const useOutbox = defineStore('outbox', () => {
  const session = useSession()
  const todos = useTodos()
  const drafts = useDrafts()
  const uploads = useUploads()
  const parcels = ref<Parcel[]>(restored())
  const received = ref<Received[]>(recall<Received[]>('received') ?? [])

  const save = () => remember('outbox', parcels.value)
  const mine = computed(() => parcels.value.filter((parcel) => parcel.owner === session.owner))
  const waiting = computed(() => mine.value.filter((parcel) => parcel.state !== 'refused'))
  const refused = computed(() => mine.value.filter((parcel) => parcel.state === 'refused'))
  const receivedToday = computed(() => received.value.filter((one) => one.owner === session.owner && dateOf(one.receipt.received_at) === session.today))
  const find = (key: string) => mine.value.find((parcel) => parcel.key === key)
  const receiptOf = (key: string) => received.value.find((one) => one.owner === session.owner && one.key === key)?.receipt

  /** Still to be done: the unit has nothing of it, and nothing signed waits here. What was refused is to be done again. */
  const isLeft = (todo: Todo) => todos.isLeft(todo) && (find(taskKey(todo))?.state ?? 'refused') === 'refused'

  /** Take over a signed draft. A second tap finds the same parcel; one that was refused gives way to the new. */
  function put(draft: Draft, looks: { name: string; icon: string }, signature?: string): Parcel {
    const key = taskKey(draft)
    const there = find(key)
    if (there && there.state !== 'refused') return there
    const others = parcels.value.filter((one) => one !== there)
    parcels.value = [...others, {
      owner: session.owner, key, ...looks, draft: JSON.parse(JSON.stringify(draft)) as Draft, signature, signedAt: new Date().toISOString(), state: 'waiting',
    }]
    save()
    if (there) dropPictures(there, picturesOf(draft, signature))
    drafts.remove(draft)
    return find(key)!
  }

  let draining: Promise<void> | null = null
  let asked = false
  let timer: ReturnType<typeof setTimeout> | undefined
  /** Send what waits, one after the other, oldest first; once more when somebody asks meanwhile. */
  function drain(): Promise<void> {
    asked = true
    draining ??= rounds().finally(() => (draining = null))
    return draining
  }

  let tries = 0
  async function rounds() {
    clearTimeout(timer)
    while (asked) {
      asked = false
      await sendAll()
    }
    if (!waiting.value.length) tries = 0
    else if (!session.expired) timer = setTimeout(() => void drain(), TRY_AGAIN[Math.min(tries++, TRY_AGAIN.length - 1)])
  }

  async function sendAll() {
    const tried = new Set<Parcel>()
    for (;;) {
      const next = waiting.value.find((parcel) => !tried.has(parcel))
      if (!next) return
      tried.add(next)
      await send(next)
    }
  }

  async function send(parcel: Parcel) {
    parcel.state = 'sending'
    try {
      parcel.request ??= await frozen(parcel)
      save()
      // Thrown away meanwhile, or not his who acts now: it is not to be sent.
      if (!mine.value.includes(parcel)) return void (parcel.state = 'waiting')
      take(parcel, await api.submit(parcel.request))
    } catch (error) {
      refuse(parcel, error as Trouble)
    }
  }

  async function frozen(parcel: Parcel): Promise<InspectionRequest> {
    const files: Record<string, string> = {}
    for (const name of filesOf(parcel.draft, parcel.signature)) files[name] = await uploads.ensure(name)
    return toRequest(parcel.draft, { signature: parcel.signature, performedAt: parcel.signedAt, files })
  }

  function take(parcel: Parcel, receipt: Receipt) {
    received.value = [
      { owner: parcel.owner, key: parcel.key, name: parcel.name, icon: parcel.icon, receipt },
      ...received.value.filter((one) => one.owner !== parcel.owner || one.key !== parcel.key),
    ].slice(0, 200)
    remember('received', received.value)
    discard(parcel)
    if (parcel.owner !== session.owner) return
    // Killed while it was taken over, the app may have kept the draft beside the parcel.
    drafts.remove(parcel.draft)
    todos.close(receipt)
  }

  function refuse(parcel: Parcel, trouble: Trouble) {
    // Whoever is logged out or offline is not refused; only what the server said no to needs the person.
    const waits = passing(trouble) || (trouble instanceof Refused && trouble.status === 401)
    parcel.state = waits ? 'waiting' : 'refused'
    parcel.trouble = { code: trouble.code ?? 'app.error', sentence: trouble.sentence ?? '没有交上去，请再试一次。', at: new Date().toISOString() }
    save()
  }

  /** Back to the draft, to change what was refused. */
  function reopen(parcel: Parcel) {
    drafts.save(parcel.draft)
    parcels.value = parcels.value.filter((one) => one !== parcel)
    save()
    dropPictures(parcel, picturesOf(parcel.draft))
  }

  /** Away with it, and with its files on this phone. */
  function discard(parcel: Parcel) {
    parcels.value = parcels.value.filter((one) => one.owner !== parcel.owner || one.key !== parcel.key)
    save()
    dropPictures(parcel)
  }

  function dropPictures(parcel: Parcel, but: string[] = []) {
    const names = picturesOf(parcel.draft, parcel.signature).filter((name) => !but.includes(name))
    for (const name of names) void uploads.remove(name)
  }

  whenNetworkReturns(() => {
    tries = 0
    void drain()
  })
  watch(() => (session.expired ? '' : session.owner), (who) => { if (who) void drain() })
  const held = computed(() => parcels.value.length)
  return { parcels, mine, waiting, refused, receivedToday, held, isLeft, find, receiptOf, put, drain, reopen, discard }
})

function restored(): Parcel[] {
  const kept = recall<Parcel[]>('outbox') ?? []
  return kept.map((parcel) => (parcel.state === 'sending' ? { ...parcel, state: 'waiting' } : parcel))
}
