import type { InspectionRequest, UnitKind } from '@/api'
import { bucketShort, dutyWord, isOn } from './buckets'
import { timeOf } from './dates'
import { countResults, type Draft } from './draft'
import { suspendedWord, type Badge } from './looks'

/** What a target is shown as where nothing else is known of it. */
export interface TargetLooks { name: string; kind: string; unit_kind: UnitKind }

/** A signed inspection that the unit may not have yet. Only the server's receipt takes it out of the outbox. */
export interface Parcel extends TargetLooks {
  owner: string
  key: string
  draft: Draft
  signature?: string
  signedAt: string
  state: 'waiting' | 'sending' | 'refused'
  /** Frozen before the first try: sent again it must be the same to the letter, or it would be another submission. */
  request?: InspectionRequest
  trouble?: { code: string; sentence: string; at: string }
}

/** Where a waiting parcel stands, as far as this phone can know. */
export function parcelBadge(parcel: Parcel, phone: { online: boolean; expired: boolean }): Badge {
  if (parcel.state === 'sending') return { kind: 'due', text: '正在上传', icon: 'cloud' }
  if (!phone.online) return { kind: 'late', text: '等网络', icon: 'offline' }
  if (phone.expired) return { kind: 'late', text: '等待登录', icon: 'lock' }
  return parcel.trouble ? { kind: 'late', text: '等待再传', icon: 'retry' } : { kind: 'late', text: '等待上传', icon: 'clock' }
}

/** 日管控 of which day, 周排查 of which week, or the 更正 of it; signed when; what is in it. */
export function parcelLines(parcel: Parcel, today: string, photos: { sent: number; all: number }): string[] {
  const bucket = isOn(parcel.draft, today) ? '' : `${bucketShort(parcel.draft, today)} `
  const signed = `${bucket}${what(parcel.draft)}·${timeOf(parcel.signedAt)} ${parcel.signature ? '签字' : '确认'}`
  return [signed, [contents(parcel), photos.all ? `照片已传 ${photos.sent}/${photos.all}` : ''].filter(Boolean).join('·')]
}

const what = ({ duty, correction }: Draft) => `${dutyWord(duty)}${correction ? '更正' : ''}`

function contents({ draft, unit_kind }: Parcel): string {
  if (draft.state === 'suspended') return suspendedWord(unit_kind)
  const { pass, fail } = countResults(draft)
  return fail ? `${fail} 项不合格` : `${pass} 项合格`
}
