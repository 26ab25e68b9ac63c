import type { KeptForm } from '@/composables/kept'
import { forget, keysFrom, recall, recallAll } from '@/platform/storage'
import { isOver } from '@/rules/buckets'
import { addDays, dateOf } from '@/rules/dates'
import { picturesOf, type Draft } from '@/rules/draft'
import type { Parcel } from '@/rules/parcel'
import { useDrafts } from './drafts'
import { receivedKey, type Received } from './outbox'
import { useTasks } from './tasks'
import { useUploads } from './uploads'

const DAY = 86_400_000
/** Days that a receipt is kept at least; the record itself is with the unit. */
const KEPT_DAYS = 4
/** A picture is in no draft yet while it is being taken. */
const NEW = 2 * DAY
/** Whoever has not come back to a form for so long: the hazard has gone its way without him. */
const OLD = 60 * DAY

/** Out of this phone with what nobody can hand in any more, whoever began it. `today` is the unit's, not the phone's. */
export function sweep(today: string): void {
  const drafts = useDrafts()
  // What is corrected was handed in long ago: it is not over with its day.
  const isGone = (draft: Draft) => (draft.correction ? draft.correction.since < Date.now() - OLD : isOver(draft, today))
  recallAll<Draft>('draft:').filter(isGone).forEach(drafts.remove)
  const isOld = ({ receipt }: Received) => isOver(receipt, today) && dateOf(receipt.received_at) < addDays(today, -KEPT_DAYS)
  recallAll<Received>('received:').filter(isOld).forEach((one) => forget(receivedKey(one)))
  formKeys().filter((key) => (recall<KeptForm>(key)?.at ?? 0) < Date.now() - OLD).forEach(forget)
  useTasks().sweep(today)
  sweepPictures()
}

const FORMS = ['rectify:', 'order:', 'extension:', 'grade:', 'custom:', 'correction:', 'report:', 'meeting:', 'signing:', 'return:']
const formKeys = () => FORMS.flatMap((kind) => keysFrom(kind))

interface Cites { photos?: string[]; signature?: string }
const citedIn = ({ photos = [], signature }: Cites) => (signature ? [...photos, signature] : photos)

function sweepPictures() {
  const uploads = useUploads()
  const cited = new Set([
    ...recallAll<Draft>('draft:').flatMap((draft) => picturesOf(draft)),
    ...recallAll<Parcel>('parcel:').flatMap((parcel) => picturesOf(parcel.draft, parcel.signature)),
    ...formKeys().flatMap((key) => citedIn(recall<KeptForm<Cites>>(key)?.value ?? {})),
  ])
  const left = Object.values(uploads.held).filter((upload) => upload.since < Date.now() - NEW && !cited.has(upload.name))
  for (const upload of left) void uploads.remove(upload.name)
}
