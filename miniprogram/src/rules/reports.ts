import type { Evaluation, Grade, MinutesDetail, MinutesItem, MonthlyKind, Numbers, OpenHazard, ReportDetail, ReportItem, Role, Todo, UnitKind, WeeklyDraft, WeeklyReportRequest } from '@/api'
import { TARGET_KINDS, WORDS } from '@/api/words'
import { bucketShort, dutyWord, EVERY_DAY, lateUntil, MEETING, summedUp, type ReportDuty } from './buckets'
import { addDays, dateOf, deadlineWords, moment, secondsOf, shortDate, timeOf, weekday } from './dates'
import { clean } from './draft'
import { postWord } from './hazards'
import { inspectedName, suspendedWord, TARGET_NOUN, type Badge, type Option, type TimelineStep } from './looks'
import { lateWords } from './records'
import { isOpen } from './tasks'

/** Characters of a text that the unit takes (schemas/base.py, LongText). */
export const MOST_TEXT = 2000
/** The same of the minutes of a meeting, which may cover every kind (schemas/reports.py, MinutesText). */
export const MOST_MINUTES = 6000

/** All filling as one bears the name of its side. */
export const sideOf = (kind: string) => (TARGET_KINDS[kind]?.unit_kind ?? (kind in TARGET_NOUN ? kind : 'use')) as UnitKind
export const kindWord = (kind: string) => inspectedName({ kind, unit_kind: sideOf(kind) })
/** 电梯、起重机械等 4 类 */
export function kindsWord(kinds: readonly string[]): string {
  const names = kinds.map(kindWord)
  return names.length > 3 ? `${names.slice(0, 2).join('、')}等 ${names.length} 类` : names.join('、')
}

// --- numbers -------------------------------------------------------------------------------------------------------

/** A number of a report, in words that fit a table. */
export interface NumberRow { key: string; word: string; value: string }

const sum = (byGrade: { [grade: string]: number } = {}) => Object.values(byGrade).reduce((all, one) => all + one, 0)
const settledOf = ({ on_time, late }: { on_time: number; late: number }) => on_time + late
const orDash = (value: number | null | undefined) => (value === null || value === undefined ? '–' : String(value))

/** 排查台数, of licences and stations 排查许可, 排查工位. */
const targetsWord = (side: UnitKind) => (side === 'use' ? '排查台数' : `排查${TARGET_NOUN[side].noun}`)
/** 安全员周排查 */
const officersWord = (duty: ReportDuty, side: UnitKind) => `${postWord('officer', side)}${dutyWord(summedUp(duty))}`

/** The three that a week is judged by. */
export const figures = (numbers: Numbers, side: UnitKind): NumberRow[] => [
  { key: 'targets', word: targetsWord(side), value: orDash(numbers.targets) },
  { key: 'found', word: '发现隐患', value: String(sum(numbers.found)) },
  { key: 'rectified', word: '整改完成', value: String(numbers.rectified) },
]

/** All of them, in the order they are checked in. */
export function numberRows(numbers: Numbers, duty: ReportDuty, side: UnitKind): NumberRow[] {
  const { [EVERY_DAY]: day, officers, open } = numbers
  const grave = (['serious', 'major'] as Grade[]).map((grade): [string, string, number] => [grade, `其中${WORDS.Grade[grade]}`, open?.[grade] ?? 0])
  const [targets, found, rectified] = figures(numbers, side)
  const row = (key: string, word: string, value: number | string): NumberRow => ({ key, word, value: String(value) })
  return [
    ...(numbers.targets === null || numbers.targets === undefined ? [] : [targets!]),
    row('due', `${dutyWord(EVERY_DAY)}应查`, day.due), row('on_time', '按时', day.on_time), row('late', WORDS.TaskState.late, day.late),
    row('missed', WORDS.TaskState.missed, day.missed), row('suspended', suspendedWord(side), day.suspended), row('zero_risk', WORDS.Stamp.zero_risk, day.zero_risk),
    ...(officers ? [row('officers', officersWord(duty, side), `${settledOf(officers)}/${officers.due}`)] : []),
    found!, rectified!, row('open', '未整改', sum(open)), ...grave.map(([key, word, value]) => row(key, word, value)),
    row('carried', '其中以前发现', numbers.carried), row('overdue', '逾期', numbers.overdue),
    ...(numbers.expiring === null || numbers.expiring === undefined ? [] : [row('expiring', '30 天内到期', numbers.expiring)]),
  ]
}

/** 发现隐患 3 → 4: what is no longer as it was. */
export function changes(before: Numbers, after: Numbers, duty: ReportDuty, side: UnitKind): string[] {
  const old = new Map(numberRows(before, duty, side).map(({ key, value }) => [key, value]))
  return numberRows(after, duty, side).flatMap(({ key, word, value }) => (old.get(key) === value ? [] : [`${word} ${old.get(key) ?? '–'} → ${value}`]))
}

/** A row of a table, with its cells side by side; `moved` when the second is not as the first. */
export interface CompareRow { key: string; word: string; cells: string[]; moved: boolean }

export function compared(columns: Numbers[], duty: ReportDuty, side: UnitKind): CompareRow[] {
  const tables = columns.map((numbers) => numberRows(numbers, duty, side))
  return (tables[0] ?? []).map(({ key, word }) => {
    const cells = tables.map((rows) => rows.find((row) => row.key === key)?.value ?? '–')
    return { key, word, cells, moved: cells.length > 1 && cells[0] !== cells[1] }
  })
}

/** Lines of one kind at a glance: 应查 520，漏检 8，补录 11; 发现 31，整改 28，逾期 1. */
export function glanceLines({ [EVERY_DAY]: day, found, rectified, overdue, open, expiring }: Numbers): [string, string][] {
  const major = open?.major ?? 0
  const lines: [string, string][] = [
    [dutyWord(EVERY_DAY), `应查 ${day.due}，漏检 ${day.missed}，补录 ${day.late}`],
    [WORDS.Stamp.zero_risk, `${day.zero_risk} 次`],
    ['隐患', `发现 ${sum(found)}，整改 ${rectified}，逾期 ${overdue}`],
  ]
  return [...lines, ...(major ? [['重大隐患', `${major} 条没有整改完成`] as [string, string]] : []), ...(expiring ? [['检验到期', `30 天内 ${expiring} 项`] as [string, string]] : [])]
}

/** From which day to which, both included: 11-16 ～ 11-22. */
export function daysWord({ since, until }: Numbers, today: string): string {
  if (until < since) return '会议前一天还没有到这个月'
  return since === until ? shortDate(since, today) : `${shortDate(since, today)} ～ ${shortDate(until, today)}`
}

/** What is to be known of numbers that are not final; empty when they are. */
export function unsettled({ uncounted, provisional }: Numbers, today: string): string {
  const days = (uncounted ?? []).map((day) => shortDate(day, today))
  if (days.length) return `${days.length > 3 ? `${days.slice(0, 3).join('、')}等 ${days.length} 天` : days.join('、')}还没有统计`
  return provisional ? '补录期还没有过，数字还可能变' : ''
}

// --- a week --------------------------------------------------------------------------------------------------------

/**
 * A weekly report being filled in. `summary` is null while it is the drafted text; `seen`, `drafted`, `numbers` and `blocked`
 * are what he had before his eyes; `moved`: it is no longer so, and he has not looked since.
 */
export interface WeekForm {
  summary: string | null
  evaluation: string
  override: string
  focus: string
  seen: string
  drafted: string
  numbers: Numbers | null
  blocked: string[]
  moved: boolean
}
export const EMPTY_WEEK: WeekForm = { summary: null, evaluation: '', override: '', focus: '', seen: '', drafted: '', numbers: null, blocked: [], moved: false }

/** What of a draft goes with the form. */
export const sight = ({ seen, summary, numbers, evaluations }: WeeklyDraft): Partial<WeekForm> => ({
  seen, drafted: summary, numbers, blocked: evaluations.filter(({ blocked }) => blocked).map(({ evaluation }) => evaluation), moved: false,
})

/** Something was filled in, and is on the phone. */
export const isBegun = (form: WeekForm | null): form is WeekForm => Boolean(form?.seen)
export const summaryOf = (form: WeekForm, drafted = form.drafted) => form.summary ?? drafted

export interface WeekFaults { summary?: string; evaluation?: string; override?: string; focus?: string }

export function weekFaults(form: WeekForm): WeekFaults {
  const found: WeekFaults = {}
  if (!clean(summaryOf(form))) found.summary = '写明主要隐患和整改情况'
  if (!form.evaluation) found.evaluation = '请选择一项评价'
  if (needsReason(form) && !clean(form.override)) found.override = '有较大或重大隐患未整改，写明为什么仍判为可控'
  if (!clean(form.focus)) found.focus = '写明下周重点做什么'
  return found
}

/** He has chosen the evaluation that open hazards stand against. */
export const needsReason = ({ evaluation, blocked }: WeekForm) => blocked.includes(evaluation)

/** All but the signature. */
export const isComplete = (form: WeekForm | null): form is WeekForm => isBegun(form) && !form.moved && !Object.keys(weekFaults(form)).length

/** The two evaluations; one that is blocked is to be had for a reason. */
export const evaluationOptions = ({ evaluations }: WeeklyDraft): Option[] =>
  evaluations.map(({ evaluation, sentence, blocked }) => ({ value: evaluation, word: sentence, ...(blocked ? { guarded: blocked } : {}) }))

export function toWeekly(kind: string, form: WeekForm): WeeklyReportRequest {
  return {
    kind, seen: form.seen, summary: clean(summaryOf(form)), evaluation: form.evaluation as Evaluation, focus: clean(form.focus),
    ...(needsReason(form) ? { override: clean(form.override) } : {}),
  } as WeeklyReportRequest
}

/** Why nothing can be filed for it; empty when something can. `now` in milliseconds. */
export const isPast = ({ late_until }: { late_until: string }, now: number) => Date.parse(late_until) <= now

/** 待整改，期限 11-24 逾期 2 天；日管控 */
export function openMeta({ duty, state, deadline, found_at, target_name }: OpenHazard, today: string): string[] {
  const limit = deadline ? `期限 ${shortDate(deadline, today)}，${deadlineWords(deadline, today)}` : WORDS.HazardState[state]
  return [`${target_name}·${dutyWord(duty)} ${shortDate(dateOf(found_at), today)} 发现`, limit]
}

// --- what there is of a bucket -------------------------------------------------------------------------------------

/** How a report's row stands on this phone: the unit has one, it is being filled in, its minutes are on their way, or nothing. */
export type ReportStanding = 'received' | 'written' | 'left'

export function reportBadge(todo: Pick<Todo, 'state'>, standing: ReportStanding): Badge {
  if (standing === 'received') return todo.state === 'late' ? { kind: 'late' } : { kind: 'done' }
  if (standing === 'written') return { kind: 'due', text: '草稿', icon: 'pen' }
  return todo.state === 'missed' ? { kind: 'missed' } : { kind: 'due' }
}

export const reportStanding = (todo: Pick<Todo, 'state'>, written: boolean): ReportStanding => (isOpen(todo) ? (written ? 'written' : 'left') : 'received')

/** 何敏（安全总监）09:40; both days when late; the meeting it is of; how the week was judged. */
export function reportMeta(report: ReportItem, today: string): string[] {
  const who = `${report.person_name}（${postWord(report.role, report.unit_kind)}）`
  const at = report.late ? lateWords(report, today) : moment(report.received_at, today)
  const meeting = report.meeting_at ? `会议 ${moment(report.meeting_at, today)}` : ''
  return [`${at} ${who}`, meeting].filter(Boolean)
}

/** How the week was judged, in a chip. */
export function evaluationBadge({ evaluation }: ReportItem): Badge | null {
  if (!evaluation) return null
  return evaluation === 'under_control' ? { kind: 'done', text: '可控' } : { kind: 'late', icon: 'info', text: '有风险' }
}

/** The facts of a report, as they are printed: seconds, because it is evidence. */
export function reportFacts(report: ReportDetail): [string, string][] {
  const exact = (instant: string) => `${dateOf(instant)} ${secondsOf(instant)}`
  const facts: [string, string][] = [['编号', report.number]]
  if (report.meeting_at) facts.push(['会议时间', `${dateOf(report.meeting_at)}（${weekday(dateOf(report.meeting_at))}）${timeOf(report.meeting_at)}`])
  if (report.drafted_by_name) facts.push(['起草', report.drafted_by_name])
  facts.push(['签字', `${report.person_name}（${postWord(report.role, report.unit_kind)}）`], ['单位收到', exact(report.received_at)])
  if (report.late) facts.push([WORDS.TaskState.late, lateWords(report, report.due)])
  return facts
}

// --- a month -------------------------------------------------------------------------------------------------------

/** A meeting being written down. `kinds` null: all that are open. Photos are names of files on this phone. */
export interface MeetingForm {
  kinds: string[] | null
  date: string
  time: string
  photos: string[]
  text: string
  focus: string
  begun: boolean
  /** When it was sent without an answer yet, in milliseconds; 0: not on its way. */
  sentAt: number
}
export const EMPTY_MEETING: MeetingForm = { kinds: null, date: '', time: '', photos: [], text: '', focus: '', begun: false, sentAt: 0 }

/** The instant of a meeting, as it is sent; undefined while it is not known. */
export const meetingAt = ({ date, time }: Pick<MeetingForm, 'date' | 'time'>) => (date && time ? new Date(`${date}T${time}:00+08:00`).toISOString() : undefined)

export interface MeetingFaults { kinds?: string; time?: string; text?: string; photos?: string; focus?: string }

/** `refused`: photos that cannot be sent as they are; `now` in milliseconds. */
export function meetingFaults(form: MeetingForm, chosen: string[], { refused, now }: { refused: number; now: number }): MeetingFaults {
  const found: MeetingFaults = {}
  const at = meetingAt(form)
  if (!chosen.length) found.kinds = '至少选一个种类'
  if (!at) found.time = '请选会议的日期和时间'
  else if (Date.parse(at) > now) found.time = '会议时间不能晚于现在'
  if (refused) found.photos = `${refused} 张照片没有通过核验，请删掉重拍`
  else if (!form.photos.length && !clean(form.text)) found.text = '拍下会议纪要，或写成文字'
  if (!clean(form.focus)) found.focus = '写明下月重点做什么'
  return found
}

/** What minutes and reports of a meeting are sent with. */
export function toMeeting(due: string, form: MeetingForm, kinds: MonthlyKind[], files: string[]) {
  const text = clean(form.text)
  return {
    due, kinds: kinds.map(({ kind, seen }) => ({ kind, seen })), meeting_at: meetingAt(form)!, photos: files, focus: clean(form.focus),
    ...(text ? { text } : { text: null }),
  }
}

/** The minutes that were sent back, to be gone over. */
export function meetingOf(found: MinutesDetail): MeetingForm {
  return {
    kinds: [...found.kinds], date: dateOf(found.meeting_at), time: timeOf(found.meeting_at), photos: [...(found.photos ?? [])],
    text: found.text ?? '', focus: found.focus, begun: true, sentAt: 0,
  }
}

/** Days a meeting may have been on: from the 1st on, never one that is to come; the latest first. */
export function meetingDays(due: string, last: string): string[] {
  const days: string[] = []
  for (let day = last; day >= due && days.length < 62; day = addDays(day, -1)) days.push(day)
  return days
}

/** Which kinds a meeting can still be written down for: those nobody has a report of. */
export const openKinds = (kinds: readonly MonthlyKind[]) => kinds.filter(({ state }) => state === 'open' || state === 'missed')

/** What was drafted for all of them, a paragraph each. */
export const draftedText = (kinds: readonly MonthlyKind[]) => kinds.map(({ text }) => text).join('\n')

/** Who holds the phone. */
export interface Reader { role?: Role; person?: string }

/** Whose turn minutes are: submitted, the principal's; sent back, his who drafted them. */
export function isMine({ state, by }: Pick<MinutesItem, 'state' | 'by'>, { role, person }: Reader): boolean {
  return role === 'principal' ? state === 'submitted' : state === 'returned' && by === person
}

/** Who drafted them changes them until they are signed, whether or not they were sent back. */
export const mayRevise = ({ state, by }: Pick<MinutesItem, 'state' | 'by'>, { role, person }: Reader) => state !== 'signed' && role === 'director' && by === person

/** Minutes on their way: neither signed nor given up. */
export const isUnderWay = ({ state }: Pick<MinutesItem, 'state'>) => state !== 'signed'

export function minutesBadge({ state }: Pick<MinutesItem, 'state'>): Badge {
  if (state === 'signed') return { kind: 'done', text: WORDS.MinutesState.signed }
  return state === 'returned' ? { kind: 'late', icon: 'pen', text: WORDS.MinutesState.returned } : { kind: 'due', icon: 'pen', text: WORDS.MinutesState.submitted }
}

/** 11 月调度会议纪要 */
export const minutesTitle = ({ due }: Pick<MinutesItem, 'due'>, today: string) => `${bucketShort({ duty: MEETING, due }, today)}调度会议纪要`

/** Who wrote it and of what. */
export function minutesMeta(item: MinutesItem, today: string): string[] {
  const reason = item.state === 'returned' && item.reason ? `退回原因：${item.reason}` : ''
  return [`${item.by_name}起草·${kindsWord(item.kinds)}`, `会议 ${moment(item.meeting_at, today)}`, reason].filter(Boolean)
}

type Step = MinutesDetail['steps'][number]
const STEPS: Record<Step['act'], Pick<TimelineStep, 'icon' | 'kind'>> = {
  submit: { icon: 'send', kind: 'due' }, revise: { icon: 'send', kind: 'due' }, return: { icon: 'retry', kind: 'late' }, sign: { icon: 'check', kind: 'done' },
}

/** Every step of minutes, and the one that is waited for. */
export function minutesTimeline(found: MinutesDetail, today: string): TimelineStep[] {
  const steps = found.steps.map((step): TimelineStep => ({
    title: `${step.by_name}${WORDS.MinutesAct[step.act]}`, meta: `${moment(step.at, today)}${step.act === 'revise' ? `·第 ${step.version} 版` : ''}`, text: step.text ?? '', ...STEPS[step.act],
  }))
  const next = { submitted: `等${found.signer}签字`, returned: `等${found.by_name}修改后再提交`, signed: '' }[found.state]
  return next ? [...steps, { title: next, meta: '', next: true }] : steps
}

/** Every version that was submitted, the newest first; the last step names the newest. */
export function versionsOf({ steps }: MinutesDetail): number[] {
  const newest = Math.max(1, ...steps.map(({ version }) => version))
  return Array.from({ length: newest }, (_, index) => newest - index)
}

/** 可补录至 12-02 24:00 */
export const lateNote = (duty: ReportDuty, due: string, today: string) => `可补录至 ${shortDate(lateUntil({ duty, due }), today)} 24:00，会注明实际时间`
