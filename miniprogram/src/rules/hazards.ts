import type { ExtensionRequest, Grade, HazardDetail, HazardItem, HazardState, OrderRequest, RectificationRequest, RegradeRequest, Role, UnitKind } from '@/api'
import { WORDS } from '@/api/words'
import { isInspection, isOrdered, miniWord, settledBy, type InspectionDuty } from './buckets'
import { addDays, dateOf, daysBetween, deadlineWords, moment, shortDate } from './dates'
import { clean } from './draft'
import { counted, GRADES, type Badge, type ChipKind, type Option, type Tab, type TimelineStep } from './looks'

/** Which states the hazards of a duty pass through. */
export const statesOf = (duty: InspectionDuty): HazardState[] => (isOrdered(duty) ? ['reported', 'ordered', 'rectified'] : ['ordered', 'rectified'])

/** 日隐患 */
export const hazardWord = (duty: InspectionDuty) => `${miniWord(duty)}隐患`

/** What waits for somebody of this role. */
export function firstState(duty: InspectionDuty, orders: Orders): HazardState {
  return isOrdered(duty) && directs(orders) ? 'reported' : 'ordered'
}

export function asState(text: string, duty: InspectionDuty, orders: Orders): HazardState {
  return statesOf(duty).find((state) => state === text) ?? firstState(duty, orders)
}

/** In units that make things the posts are called 质量安全员 and 质量安全总监. */
export function postWord(role: Role, side: UnitKind): string {
  const isQuality = side === 'production' && (role === 'officer' || role === 'director')
  return `${isQuality ? '质量' : ''}${WORDS.Role[role]}`
}

type Place = Pick<HazardItem, 'kind' | 'unit_kind'>

/** Who directs, as he is called: where there is no director, the principal does his work. */
export const directorWord = ({ kind, unit_kind }: Place, { standsIn }: Orders) => postWord(standsIn.includes(kind) ? 'principal' : 'director', unit_kind)

/** Who settles what a duty finds, as he is called. */
const leaderWord = (duty: InspectionDuty, of: Place, orders: Orders) => (settledBy[duty] === 'director' ? directorWord(of, orders) : postWord(settledBy[duty], of.unit_kind))

/** What becomes of a hazard that is left pending: daily it is ordered, else who leads confirms that it was put right. */
export function pendingWords(duty: InspectionDuty, of: Place, orders: Orders): string {
  const who = leaderWord(duty, of, orders)
  return isOrdered(duty) ? `报${who}，等下达整改措施` : `待整改，由${who}确认`
}

/** Whose turn an order is: the director's, of all he sees; where there is none, the principal's. `standsIn` are those kinds, whoever asks. */
export interface Orders { role?: Role; standsIn: string[] }

export const directs = ({ role, standsIn }: Orders) => role === 'director' || (role === 'principal' && standsIn.length > 0)

/** Whether what this duty finds is for this post to confirm. */
export function confirms(duty: InspectionDuty, orders: Orders): boolean {
  if (isOrdered(duty)) return false
  return settledBy[duty] === 'director' ? directs(orders) : orders.role === settledBy[duty]
}

/** Whether this one is settled by who holds the phone: where there is no director, the principal does his work. */
function leads({ duty, kind }: HazardItem, { role, standsIn }: Orders): boolean {
  if (isInspection(duty) && settledBy[duty] === 'principal') return role === 'principal'
  return role === 'director' || (role === 'principal' && standsIn.includes(kind))
}

/** More time was asked for, and nobody has answered yet. */
export const asksForTime = (hazard: HazardItem) => hazard.state === 'ordered' && Boolean(hazard.extension)

/** Measures are ordered once it is reported, and anew when more time is asked for. */
export function mayOrder(hazard: HazardItem, orders: Orders): boolean {
  return isOrdered(hazard.duty) && (hazard.state === 'reported' || asksForTime(hazard)) && leads(hazard, orders)
}

/** Who holds the phone, as far as hazards go. */
export interface Holder extends Orders { person?: string }

/** Only while it waits for that: daily the assignee confirms, weekly the director, monthly the principal. */
export function mayRectify(hazard: HazardItem, holder: Holder): boolean {
  if (hazard.state !== 'ordered') return false
  return isOrdered(hazard.duty) ? holder.role === 'officer' && hazard.assignee === holder.person : leads(hazard, holder)
}

/** The most urgent first; without a deadline last. */
export const byDeadline = (one: HazardItem, other: HazardItem) => (one.deadline ?? '9').localeCompare(other.deadline ?? '9')

/** What a hazard waits for: measures, an answer to who asks for more time, or that somebody confirms it was put right. */
export type HazardDeed = 'order' | 'answer' | 'rectify'

/** What it waits for from who holds the phone. */
export function deedOf(hazard: HazardItem, holder: Holder): HazardDeed | null {
  if (mayOrder(hazard, holder)) return asksForTime(hazard) ? 'answer' : 'order'
  return mayRectify(hazard, holder) ? 'rectify' : null
}

/** How a deed is called: on the home, on a list that begins with it, on its hazard, and in a line that says what waits. */
interface DeedLooks { icon: string; deed: string; home: string; list: string; waits: string }
const DEEDS: Record<HazardDeed, DeedLooks> = {
  order: { icon: 'send', deed: '下达整改措施', home: '下达整改措施', list: '从最重的一条开始', waits: '下达' },
  answer: { icon: 'send', deed: '答复延期，重新下达', home: '答复延期申请', list: '答复延期申请', waits: '答复延期' },
  rectify: { icon: 'check', deed: '确认完成整改', home: '确认隐患整改', list: '从最急的一条开始', waits: '确认' },
}
/** An officer puts right himself what he confirms. */
const OFFICERS: Partial<Record<HazardDeed, DeedLooks>> = { rectify: { ...DEEDS.rectify, home: '去整改隐患', waits: '整改' } }
export const deedLooks = (deed: HazardDeed, { role }: Holder): DeedLooks => (role === 'officer' && OFFICERS[deed]) || DEEDS[deed]

/** How that is called which it waits for from who holds the phone. */
export function looksOf(hazard: HazardItem, holder: Holder): DeedLooks | null {
  const deed = deedOf(hazard, holder)
  return deed && deedLooks(deed, holder)
}

/** Measures are written on their own page, all else on the hazard's. */
export const deedPage = (hazard: HazardItem, holder: Holder) => (mayOrder(hazard, holder) ? '/pages/hazards/order' : '/pages/hazards/detail')

/** 等您下达、答复延期: what a list of hazards waits for. */
export function deedWords(hazards: HazardItem[], holder: Holder): string {
  return `等您${[...new Set(hazards.flatMap((hazard) => looksOf(hazard, holder)?.waits ?? []))].join('、')}`
}

/** Who found it; the first step is the report itself. */
export const finderOf = (hazard: HazardDetail) => hazard.steps[0]?.by ?? ''

/** While it is not over: an officer of daily ones that he found or is to rectify, else who leads. */
export function mayRegrade(hazard: HazardDetail, holder: Holder): boolean {
  if (hazard.state === 'rectified') return false
  if (holder.role === 'officer') return isOrdered(hazard.duty) && (finderOf(hazard) === holder.person || hazard.assignee === holder.person)
  return leads(hazard, holder)
}

/** The assignee asks for more time while nobody has been asked yet. */
export const mayAskForTime = (hazard: HazardItem, holder: Holder) => isOrdered(hazard.duty) && !asksForTime(hazard) && mayRectify(hazard, holder)

/** 同一人: weekly and monthly, who confirms approves; found by himself, he says why. */
export function isSamePerson(hazard: HazardDetail, { person }: Holder): boolean {
  return !isOrdered(hazard.duty) && Boolean(person) && finderOf(hazard) === person
}

/** Born rectified: handled by who found it, before anybody ordered anything. */
const onSite = (hazard: HazardItem) => hazard.state === 'rectified' && hazard.version === 1

/** Its chips in a list: what is over needs no grade any more. */
export function rowBadges(hazard: HazardItem, today: string): Badge[] {
  const badges = hazardBadges(hazard, today)
  return hazard.state === 'rectified' ? badges.slice(0, 1) : badges
}

/** The chips of a hazard: what became of it or how late it is, then its grade. */
export function hazardBadges(hazard: HazardItem, today: string): Badge[] {
  const grade: Badge = { kind: hazard.grade }
  if (hazard.state === 'rectified') return [{ kind: 'done', text: WORDS.HazardState.rectified }, grade]
  const late: Badge[] = hazard.overdue && hazard.deadline ? [{ kind: 'overdue', text: deadlineWords(hazard.deadline, today) }] : []
  const asked: Badge[] = asksForTime(hazard) ? [{ kind: 'late', icon: 'clock', text: `申请延期至 ${shortDate(hazard.extension!, today)}` }] : []
  return [...late, grade, ...asked]
}

/** How its deadline stands today. */
export const clockWords = ({ deadline }: HazardItem, today: string) => (deadline ? deadlineWords(deadline, today) : '没有定期限')

/** What is said beside the chips in a list. */
export function hazardNote(hazard: HazardItem, today: string, orders: Orders): string {
  if (hazard.state === 'reported') {
    return orders.role === 'officer' ? awaitedOrder(hazard, orders) : reportedAt(hazard, today)
  }
  if (hazard.state === 'rectified') return rectifiedNote(hazard, today)
  const clock = clockWords(hazard, today)
  if (!hazard.deadline) return clock
  return hazard.overdue ? until(hazard.deadline, today) : `${shortDate(hazard.deadline, today)} 前，${clock}`
}

function rectifiedNote(hazard: HazardItem, today: string): string {
  const date = dateOf(hazard.rectified_at ?? hazard.found_at)
  if (onSite(hazard)) return `${shortDate(date, today)}，${WORDS.Handling.on_site}`
  const days = daysBetween(dateOf(hazard.found_at), date)
  return `${shortDate(date, today)}，${days ? `用时 ${days} 天` : '当天改完'}`
}

const awaitedOrder = (hazard: HazardItem, orders: Orders) => `等${directorWord(hazard, orders)}下达整改措施`
/** Does not break across lines. */
const reportedAt = (hazard: HazardItem, today: string) => `${moment(hazard.found_at, today)} 上报`.replace(/ /g, '\u00A0')

/** Where it is; who found it for those who did not, when it was reported for who did. */
export function hazardMeta(hazard: HazardItem, today: string, role?: Role): string {
  const mine = hazard.state === 'reported' ? reportedAt(hazard, today) : hazard.location
  const devices = hazard.devices.length ? `涉及 ${counted(hazard.devices.length, hazard.unit_kind)}` : ''
  return [hazard.target_name, devices, role === 'officer' ? mine : hazard.finder_name].filter(Boolean).join('·')
}

export function hazardTint(hazard: HazardItem): ChipKind | undefined {
  if (hazard.state === 'rectified') return 'done'
  return hazard.overdue || hazard.grade === 'major' ? 'overdue' : undefined
}

type Step = HazardDetail['steps'][number]

/** The order that holds: the latest. */
export function lastOrder(hazard: HazardDetail): Step | undefined {
  return hazard.steps.filter((step) => step.act === 'order').pop()
}

export function assigneeName(hazard: HazardDetail): string {
  return hazard.steps.filter((step) => step.assignee_name).pop()?.assignee_name ?? hazard.finder_name
}

/** Who is waited for; empty when it is over. */
export function awaited(hazard: HazardDetail, orders: Orders): string {
  if (hazard.state === 'reported') return awaitedOrder(hazard, orders)
  if (hazard.state === 'rectified') return ''
  if (isInspection(hazard.duty) && !isOrdered(hazard.duty)) return `等${leaderWord(hazard.duty, hazard, orders)}确认完成整改`
  return asksForTime(hazard) ? `等${directorWord(hazard, orders)}答复延期` : `等${assigneeName(hazard)}完成整改`
}

/** 期限 11-21，逾期 2 天 */
export function deadlineLine(deadline: string, today: string): string {
  return `${until(deadline, today)}，${deadlineWords(deadline, today)}`
}

/** Does not break between word and day. */
const until = (deadline: string, today: string) => `期限\u00A0${shortDate(deadline, today)}`

/** Every step there was, and the one that is waited for. The order that holds is told above it, so it is not told twice. */
export function hazardTimeline(hazard: HazardDetail, today: string, orders: Orders): TimelineStep[] {
  const holding = hazard.state === 'ordered' ? lastOrder(hazard) : undefined
  const steps = hazard.steps.map((step) => taken(hazard, step, today, step === holding))
  const words = awaited(hazard, orders)
  if (!words) return steps
  const deadline = hazard.state === 'ordered' && hazard.deadline ? deadlineLine(hazard.deadline, today) : ''
  const kind = hazard.overdue ? 'overdue' : undefined
  return [...steps, { title: words, meta: deadline, next: true, icon: kind, kind }]
}

function taken(hazard: HazardDetail, step: Step, today: string, told: boolean): TimelineStep {
  const at = moment(step.at, today)
  const same = step.same_person_reason ? `同一人（${isOrdered(hazard.duty) ? '发现人和下达人' : '发现人和确认人'}）：${step.same_person_reason}` : ''
  switch (step.act) {
    case 'report': return report(hazard, step, at)
    case 'order': {
      const meta = [at, step.assignee_name ? `责任人\u00A0${step.assignee_name}` : '', step.deadline ? until(step.deadline, today) : '']
      return {
        title: `${step.by_name}${isFirst(hazard, step) ? '' : '重新'}下达整改措施`, meta: meta.filter(Boolean).join('·'),
        icon: 'send', kind: 'due', text: [told ? '' : step.text, same].filter(Boolean).join('\n'), photos: step.photos,
      }
    }
    case 'extension': return { title: `${step.by_name}${WORDS.Act.extension}至\u00A0${shortDate(step.deadline ?? '', today)}`, meta: at, icon: 'clock', kind: 'late', text: step.text }
    case 'regrade': return { title: `${step.by_name}把等级调为${WORDS.Grade[step.grade ?? hazard.grade]}`, meta: at, icon: 'switch', kind: step.grade ?? 'plain', text: step.text }
    // By a changed roster, to whoever takes over from somebody who has left; the order stays as it was.
    case 'hand_over': return { title: `人员变动，改由${step.assignee_name ?? '接手人'}负责`, meta: `${at}·${step.by_name}`, icon: 'switch', kind: 'plain', text: step.text }
    case 'rectification':
      return { title: `${step.by_name}确认完成整改`, meta: at, icon: 'check', kind: 'done', text: [step.text, same].filter(Boolean).join('\n'), photos: step.photos }
  }
}

const isFirst = (hazard: HazardDetail, order: Step) => hazard.steps.find(({ act }) => act === 'order') === order

function report(hazard: HazardDetail, step: Step, when: string): TimelineStep {
  const handled = hazard.handling === 'on_site'
  return {
    title: handled ? `${step.by_name}发现并${WORDS.Handling.on_site}` : `${step.by_name}发现并上报`,
    meta: `${when}·${WORDS.Duty[hazard.duty]} ${hazard.item} ${WORDS.Result.fail}`,
    icon: 'hazard', kind: handled ? 'done' : 'overdue', photos: step.photos,
  }
}

/** What the wall says beside the plate: the field that is meant may be out of sight. */
export function faultNote(faults: object): string {
  const words: string[] = Object.values(faults)
  return words.length > 1 ? `还有 ${words.length} 处要补，见红字` : words[0] ?? ''
}

/** Words to tap for measures and for results. A licence has no part to change and nothing to stop. */
interface QuickWords { measures: string[]; results: string[] }
const MACHINE: QuickWords = {
  measures: ['通知维保单位处理', '更换部件', '停用整改'],
  results: ['已修复，试运行正常', '已更换部件', '维保单位已处理', '已清理'],
}
export const QUICK_WORDS: Record<UnitKind, QuickWords> = {
  use: MACHINE,
  filling: MACHINE,
  production: {
    measures: ['返工，重新检验', '补齐资料', '暂停生产整改'],
    results: ['已返工，检验合格', '已补齐资料', '已重新培训', '已清理'],
  },
}

/** 确认完成整改, being filled in. Photos are names of files on this phone; the reason is that of 同一人. */
export interface RectifyDraft { result: string; photos: string[]; reason: string }
export const EMPTY_RECTIFY: RectifyDraft = { result: '', photos: [], reason: '' }

export interface RectifyFaults { result?: string; photos?: string; reason?: string }

/** `refused`: how many of its photos cannot be sent as they are. */
export function rectifyFaults(draft: RectifyDraft, refused = 0, samePerson = false): RectifyFaults {
  const found: RectifyFaults = {}
  if (!clean(draft.result)) found.result = '写清做了什么、现在是什么状态'
  if (!draft.photos.length) found.photos = '至少 1 张整改后的照片'
  else if (refused) found.photos = `${refused} 张照片没有通过核验，请删掉重拍`
  if (samePerson && !clean(draft.reason)) found.reason = '发现人和确认人是同一人，请写明原因'
  return found
}

/** What a step says its person had before his eyes. */
const seenOf = ({ version, grade, state, duty, devices }: HazardItem): RectificationRequest['seen'] =>
  ({ version, grade, state, duty, devices })

export function toRectification(hazard: HazardItem, draft: RectifyDraft, files: string[], samePerson = false): RectificationRequest {
  return {
    seen: seenOf(hazard), result: clean(draft.result), photos: files, ...(samePerson ? { same_person_reason: clean(draft.reason) } : {}),
  } as RectificationRequest
}

/** 下达整改措施, being filled in. */
export interface OrderDraft { measures: string; deadline: string; assignee: string; reason: string }
export const EMPTY_ORDER: OrderDraft = { measures: '', deadline: '', assignee: '', reason: '' }

export interface OrderFaults { measures?: string; deadline?: string; reason?: string }

export function orderFaults(draft: OrderDraft, today: string, samePerson: boolean): OrderFaults {
  const found: OrderFaults = {}
  if (!clean(draft.measures)) found.measures = '写清怎么改、改到什么程度'
  if (!draft.deadline) found.deadline = '请选择整改期限'
  else if (draft.deadline < today) found.deadline = '整改期限不能早于今天，请重新选择日期'
  if (samePerson && !clean(draft.reason)) found.reason = '发现人和下达人是同一人，请写明原因'
  return found
}

/** What is sent; the reason only where it is asked for. */
export function toOrder(hazard: HazardItem, draft: OrderDraft, assignee: string | undefined, samePerson: boolean): OrderRequest {
  return {
    seen: seenOf(hazard), measures: clean(draft.measures), deadline: draft.deadline,
    ...(assignee ? { assignee } : {}), ...(samePerson ? { same_person_reason: clean(draft.reason) } : {}),
  } as OrderRequest
}

/** 申请延期, being filled in. */
export interface ExtensionDraft { reason: string; until: string }
export const EMPTY_EXTENSION: ExtensionDraft = { reason: '', until: '' }

/** More time counts from the deadline, or from today once that has passed. */
const longerThan = (hazard: HazardItem, today: string) => (hazard.deadline && hazard.deadline > today ? hazard.deadline : today)

export function extensionFaults(draft: ExtensionDraft, hazard: HazardItem, today: string): { reason?: string; until?: string } {
  const found: { reason?: string; until?: string } = {}
  if (!draft.until) found.until = '请选择要延到哪一天'
  else if (draft.until <= longerThan(hazard, today)) found.until = `要晚于 ${shortDate(longerThan(hazard, today), today)}`
  if (!clean(draft.reason)) found.reason = '写明为什么来不及'
  return found
}

export function extensionChoices(hazard: HazardItem, today: string): Tab[] {
  return [3, 7, 14].map((days) => {
    const value = addDays(longerThan(hazard, today), days)
    return { value, word: `延 ${days} 天 ${shortDate(value, today)}` }
  })
}

export function toExtension(hazard: HazardItem, draft: ExtensionDraft): ExtensionRequest {
  return { seen: seenOf(hazard), reason: clean(draft.reason), until: draft.until } as ExtensionRequest
}

/** What was asked for and is not answered yet. */
export const lastRequest = (hazard: HazardDetail) => (asksForTime(hazard) ? hazard.steps.filter(({ act }) => act === 'extension').pop() : undefined)

/** The answer to it is the same order with another deadline, unless he writes it anew. */
export function orderAgain(hazard: HazardDetail): Partial<OrderDraft> {
  return { measures: lastOrder(hazard)?.text ?? '', assignee: hazard.assignee ?? '', deadline: hazard.extension ?? '' }
}

/** 调整等级, being filled in. */
export interface RegradeDraft { grade: string; reason: string }
export const EMPTY_REGRADE: RegradeDraft = { grade: '', reason: '' }

export function regradeFaults(draft: RegradeDraft, hazard: HazardItem): { grade?: string; reason?: string } {
  const found: { grade?: string; reason?: string } = {}
  if (!draft.grade || draft.grade === hazard.grade) found.grade = '请选择另一个等级'
  if (!clean(draft.reason)) found.reason = '写明为什么调整'
  return found
}

/** The three grades; an officer only raises. */
export function regradeOptions(hazard: HazardItem, orders: Orders): Option[] {
  const at = GRADES.indexOf(hazard.grade)
  const lower = orders.role === 'officer' ? `只能调高；调低请找${directorWord(hazard, orders)}` : undefined
  return GRADES.map((grade, index) => ({ value: grade, word: WORDS.Grade[grade], blocked: index === at ? '现在就是这个等级' : index < at ? lower : undefined }))
}

export function toRegrade(hazard: HazardItem, draft: RegradeDraft): RegradeRequest {
  return { seen: seenOf(hazard), grade: draft.grade as Grade, reason: clean(draft.reason) } as RegradeRequest
}

/** Deadlines at one tap; any other day is picked from the calendar. */
export function deadlineChoices(today: string): Tab[] {
  const tomorrow = addDays(today, 1)
  return [
    { value: today, word: '今天' },
    { value: tomorrow, word: `明天 ${shortDate(tomorrow, today)}` },
    { value: addDays(today, 3), word: '3 天内' },
  ]
}
