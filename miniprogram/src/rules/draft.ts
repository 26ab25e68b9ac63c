import type { Duty, Grade, InspectionRequest, Item, Result, Task } from '@/api'
import { isOfKind } from './buckets'
import { GRADES } from './looks'

/** An inspection being filled in. Photos and the signature are names of files on this phone until they are sent. */
export interface Draft {
  /** Whose it is: the membership it was begun under. */
  owner: string
  duty: Duty
  due: string
  target: string
  state: 'in_use' | 'suspended'
  reason: string
  /** The list it was begun with, and is finished with even if that is released anew meanwhile. */
  checklist: string
  answers: Record<string, DraftAnswer>
  /** By item, whatever its verdict, and before it has one. */
  remarks: Record<string, string>
  /** The item the person is at. */
  at: number
  /** On a 重大 left pending: stopped with this check, or not and why. Neither is there before it is decided. */
  stopUse?: boolean
  keptInUse?: string
  /** 更正: of which version this is the next, and why. */
  correction?: Correction
}

/**
 * `reported`: items whose hazard goes its own way; how grave it is, where and until when is not changed here.
 * `takenBack`: items that an earlier correction passed, whose hazard is there all the same; they do not fail again.
 */
export interface Correction { version: number; reason: string; since: number; reported: string[]; takenBack?: string[] }

export interface DraftAnswer {
  result: Result
  grade?: Grade
  handling?: 'on_site' | 'pending'
  outcome?: string
  photos: string[]
  /** Of a kind: on which of it; none is all of them, or no certain one. */
  devices?: string[]
  /** Of a kind, left pending: until when it is to be put right. */
  deadline?: string
  /** Seconds the person spent on the item. */
  seconds: number
}

export const MOST_PHOTOS = 9
/** Devices that one item may name, and all items of a submission together. */
export const MOST_DEVICES = 8
const MOST_DEVICES_IN_ALL = 20
/** Files one submission may cite, the signature among them. */
export const MOST_FILES = 60

export function newDraft(task: Task, owner: string): Draft {
  return {
    owner, duty: task.duty, due: task.due, target: task.target.target, state: 'in_use', reason: '',
    checklist: task.checklist.sha256, answers: {}, remarks: {}, at: 0,
  }
}

/** The check itself, or the same correction of it. */
export const isOfOne = (one: Draft, other: Draft) => one.correction?.since === other.correction?.since

/** Answers to what the list no longer asks: the same list asks other things of a target whose sub-type was changed. */
export function unasked(draft: Draft, items: Item[]): string[] {
  const asked = new Set(items.map((item) => item.code))
  return Object.keys(draft.answers).filter((code) => !asked.has(code))
}

/** The grade of a failed item: the list's, unless it was raised. */
export function gradeOf(item: Item, answer?: DraftAnswer): Grade {
  return answer?.grade ?? item.grade
}

/** Grades the officer may choose: he raises, never lowers. */
export function gradesFrom(grade: Grade): Grade[] {
  return GRADES.slice(GRADES.indexOf(grade))
}

/** What is missing before a failed item is whole; empty when nothing is. */
export interface Missing { handling?: string; outcome?: string; photos?: string; grade?: string; stop?: string }

/** Whether the unit has looked at a photo and does not take it. */
export type IsRefused = (photo: string) => boolean

export function missing(item: Item, answer: DraftAnswer, isRefused: IsRefused): Missing {
  const found: Missing = {}
  if (!answer.handling) found.handling = '请选择立即处理或待处理'
  if (answer.handling === 'on_site' && !clean(answer.outcome)) found.outcome = '写清做了什么、现在是什么状态'
  const refused = answer.photos.filter(isRefused).length
  if (refused) found.photos = `${refused} 张照片没有通过核验，请删去或重拍`
  else if (gradeOf(item, answer) === 'major' && !answer.photos.length) found.photos = '重大隐患至少 1 张照片'
  if (answer.photos.length > MOST_PHOTOS) found.photos = `照片最多 ${MOST_PHOTOS} 张`
  if (!gradesFrom(item.grade).includes(gradeOf(item, answer))) found.grade = '隐患等级只能调高，不能调低'
  return found
}

/** What is checked, and by which list. */
export type Asked = Pick<Task, 'duty' | 'target' | 'checklist'>

/** 重大 and left pending: it proposes to stop the target. A licence is not stopped, nor a whole kind. */
export function isGrave({ duty, target }: Asked, item: Item, answer?: DraftAnswer): boolean {
  return !isOfKind(duty) && target.unit_kind !== 'production' && answer?.result === 'fail' && answer.handling === 'pending' && gradeOf(item, answer) === 'major'
}

const hasGrave = (asked: Asked, draft: Draft) => asked.checklist.items.some((item) => isGrave(asked, item, draft.answers[item.code]))

/** What is missing of the decision whether the target is stopped; empty when nothing is. */
export function undecided({ target }: Asked, draft: Draft): string {
  if (draft.stopUse) return ''
  if (draft.stopUse === undefined) return '请选择是否停用'
  if (target.state === 'suspended') return '有重大隐患，不能恢复在用，请选继续停用'
  return clean(draft.keptInUse) ? '' : '写明为什么暂不停用'
}

/** Without a decision that nothing asks for any more: a grade may be raised and taken back. */
export function settled(asked: Asked, draft: Draft): Draft {
  const { stopUse, keptInUse, ...rest } = draft
  if (draft.state === 'suspended' || !hasGrave(asked, draft)) return rest
  return stopUse ? { ...rest, stopUse } : { ...rest, stopUse, keptInUse }
}

/** Why the day until when it is to be put right does not hold any more; empty when it does. One that was reported is not changed here. */
export function lapsed({ answers, correction }: Draft, code: string, today: string): string {
  const { result, handling, deadline } = answers[code] ?? {}
  const isOver = result === 'fail' && handling === 'pending' && Boolean(deadline) && deadline! < today
  return isOver && !correction?.reported.includes(code) ? '选的整改期限已经过了，请重新选，或选不定' : ''
}

/** What an item is judged by besides itself: photos that the unit does not take, and the day it is. */
export interface Now { isRefused: IsRefused; today: string }

/** Items not checked yet, or failed and not whole, by their place. */
export function unfinished(asked: Asked, draft: Draft, { isRefused, today }: Now): number[] {
  return asked.checklist.items.flatMap((item, index) => {
    const answer = draft.answers[item.code]
    const open = (isGrave(asked, item, answer) && undecided(asked, draft)) || lapsed(draft, item.code, today)
    return answer && isWhole(item, answer, isRefused) && !open ? [] : [index]
  })
}

function isWhole(item: Item, answer: DraftAnswer, isRefused: IsRefused): boolean {
  if (answer.result === 'not_applicable') return item.na_allowed
  return answer.result === 'pass' || !Object.keys(missing(item, answer, isRefused)).length
}

/** How many devices an item may still name, its own among them: the unit counts each once. */
export function roomForDevices(draft: Draft, item: string): number {
  const others = Object.entries(draft.answers).flatMap(([code, { result, devices = [] }]) => (code === item || result !== 'fail' ? [] : devices))
  return MOST_DEVICES_IN_ALL - new Set(others).size
}

export function countResults(draft: Draft): Record<Result, number> {
  const counts: Record<Result, number> = { pass: 0, fail: 0, not_applicable: 0 }
  for (const answer of Object.values(draft.answers)) counts[answer.result] += 1
  return counts
}

/** How many items have a verdict. */
export const checked = (draft?: Draft | null) => Object.keys(draft?.answers ?? {}).length

/** Every file the draft cites, the signature last. */
export function filesOf(draft: Draft, signature?: string): string[] {
  return filesOfAnswers(draft, (answer) => draft.state === 'in_use' && answer.result === 'fail', signature)
}

/** Every picture kept on this phone for it, cited or not. */
export function picturesOf(draft: Draft, signature?: string): string[] {
  return filesOfAnswers(draft, () => true, signature)
}

function filesOfAnswers(draft: Draft, which: (answer: DraftAnswer) => boolean, signature?: string): string[] {
  const photos = Object.values(draft.answers).filter(which).flatMap((answer) => answer.photos)
  return signature ? [...photos, signature] : photos
}

/** Why it cannot be sent with so many photos; empty when it can. */
export function tooManyFiles(draft: Draft): string {
  const over = filesOf(draft).length + 1 - MOST_FILES
  return over > 0 ? `一次最多 ${MOST_FILES} 个文件（含签名），请删去 ${over} 张照片。` : ''
}

/** What is sent. `files` gives the server's id for a file of this phone. */
export function toRequest(draft: Draft, sent: { signature?: string; performedAt: string; files: Record<string, string> }): InspectionRequest {
  const request = {
    target: draft.target, duty: draft.duty, due: draft.due, state: draft.state, performed_at: sent.performedAt,
    ...(sent.signature ? { signature: sent.files[sent.signature] } : {}),
    ...(draft.correction ? { correction: { version: draft.correction.version, reason: clean(draft.correction.reason) } } : {}),
  }
  if (draft.state === 'suspended') return { ...request, reason: clean(draft.reason) } as InspectionRequest
  const answers = Object.entries(draft.answers).map(([item, answer]) => toAnswer(item, answer, draft.remarks[item], sent.files))
  return { ...request, checklist: draft.checklist, answers, ...decision(draft) } as InspectionRequest
}

function decision({ stopUse, keptInUse }: Draft): Partial<InspectionRequest> {
  if (stopUse === undefined) return {}
  return stopUse ? { stop_use: true } : { kept_in_use: clean(keptInUse) }
}

function toAnswer(item: string, answer: DraftAnswer, said: string | undefined, files: Record<string, string>) {
  const remark = clean(said)
  const base = { item, result: answer.result, seconds: whole(answer.seconds), ...(remark ? { remark } : {}) }
  if (answer.result !== 'fail') return base
  const outcome = answer.handling === 'on_site' ? clean(answer.outcome) : undefined
  return {
    ...base,
    handling: answer.handling,
    ...(answer.grade ? { grade: answer.grade } : {}),
    ...(outcome ? { outcome } : {}),
    ...(answer.devices?.length ? { devices: answer.devices } : {}),
    ...(answer.handling === 'pending' && answer.deadline ? { deadline: answer.deadline } : {}),
    ...(answer.photos.length ? { photos: answer.photos.map((photo) => files[photo]) } : {}),
  }
}

/** A phone's clock may have been set back while somebody looked at an item. */
const whole = (seconds: number) => Math.min(Math.max(Math.round(seconds) || 0, 0), 86_400)

/** Without the characters nobody sees, which keyboards write and the server refuses. */
export function clean(text = ''): string {
  return text.replace(/(?![\n\t])[\p{Cc}\p{Cf}\p{Cs}\p{Co}]/gu, '').trim()
}
