import type { Duty, ReportDuty, Role } from '@/api'
import { WORDS } from '@/api/words'
import { addDays, daysBetween, firstOfMonth, monthsFrom, shortDate, weekday } from './dates'

/** What is filled in item by item, as against a report. */
export type InspectionDuty = Extract<Duty, 'daily' | 'weekly' | 'monthly'>
export type { ReportDuty }

const monday = (day: string) => addDays(day, -((new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7))
const nextDay = (first: string) => addDays(first, 1)
const nextWeek = (first: string) => addDays(first, 7)
const nextMonth = (first: string) => monthsFrom(first, 1)
const lastWeek = (first: string) => addDays(first, -7)

/** How a duty recurs, and what its bucket is called: the day, the week from its Monday, the month from the 1st. */
interface Period {
  first: (day: string) => string
  next: (first: string) => string
  name: (first: string, today: string) => string
  /** The next days on which one begins that are worth a tap, with their words. */
  starts: (today: string) => [day: string, word: string][]
  now: string
  this: string
  that: string
  mini: string
  begins: string
  /** By what its records are leafed through. */
  leaf: 'month' | 'year'
}

const DAYS: Period = {
  first: (day) => day, next: nextDay, name: shortDate,
  starts: (today) => [[nextDay(today), '明天'], [nextWeek(monday(today)), '下周一'], [nextMonth(firstOfMonth(today)), '下月 1 日']],
  now: '今日', this: '这一天', that: '当天', mini: '日', begins: '每日', leaf: 'month',
}
const WEEKS: Period = {
  first: monday, next: nextWeek,
  name: (first, today) => `第 ${weekOf(first)} 周　${shortDate(first, today)} ～ ${shortDate(addDays(first, 6), today)}`,
  starts: (today) => [[nextWeek(monday(today)), '下周一'], [nextWeek(nextWeek(monday(today))), '再下周一']],
  now: '本周', this: '这一周', that: '当周', mini: '周', begins: '每周一', leaf: 'month',
}
const MONTHS: Period = {
  first: firstOfMonth, next: nextMonth,
  name: (first, today) => `${first.slice(0, 4) === today.slice(0, 4) ? '' : `${first.slice(0, 4)} 年 `}${Number(first.slice(5, 7))} 月`,
  starts: (today) => [[nextMonth(firstOfMonth(today)), '下月 1 日'], [nextMonth(nextMonth(firstOfMonth(today))), '再下月 1 日']],
  now: '本月', this: '这个月', that: '当月', mini: '月', begins: '每月 1 号', leaf: 'year',
}

/** What is written on a Monday is about the week that has ended, and is called by it. */
const WEEKS_BEFORE: Period = { ...WEEKS, name: (first, today) => WEEKS.name(lastWeek(first), today) }

interface Recurs { period: Period; /** A whole kind at once, not target by target. */ ofKind: boolean }
interface Inspected extends Recurs {
  /** Who settles what is left pending. */
  settledBy: Extract<Role, 'director' | 'principal'>
  /** What it finds waits for measures, which an officer carries out; else it is confirmed without an order. */
  orders: boolean
}

interface Reported extends Recurs {
  /** What it sums up. */
  of: InspectionDuty
  icon: string
  page: string
  /** The minutes of a meeting come before it: one drafts them, another signs. Else who writes it signs it. */
  meets: boolean
  words: ReportWords
}
interface ReportWords {
  /** Verb first, as on a plate. */
  deed: string
  /** What its text tells, and what is to come. */
  text: string
  focus: string
  /** To be tapped for what is to come. */
  quick: string[]
}

/** All in which one duty differs from another; whatever else asks which it is asks here. */
const INSPECTED: Record<InspectionDuty, Inspected> = {
  daily: { period: DAYS, ofKind: false, settledBy: 'director', orders: true },
  weekly: { period: WEEKS, ofKind: true, settledBy: 'director', orders: false },
  monthly: { period: MONTHS, ofKind: true, settledBy: 'principal', orders: false },
}
const REPORTED: Record<ReportDuty, Reported> = {
  weekly_report: {
    period: WEEKS_BEFORE, ofKind: true, of: 'weekly', icon: 'report', page: '/pages/reports/weekly', meets: false,
    words: { deed: '填周报告', text: '本周期主要安全风险隐患和整改情况', focus: '下周工作重点', quick: ['按期完成未整改的隐患', '落实每日管控，不漏检', '组织一次应急演练', '申请到期设备检验'] },
  },
  monthly_report: {
    period: MONTHS, ofKind: true, of: 'monthly', icon: 'minutes', page: '/pages/reports/monthly', meets: true,
    words: { deed: '写月报告', text: '会议纪要', focus: '下月调度重点', quick: ['逾期隐患限期清零', '核对到期的检验和许可', '补齐漏检，明确责任人', '开展一次安全培训'] },
  },
}
const DUTIES: Record<Duty, Recurs> = { ...INSPECTED, ...REPORTED }
const periodOf = (duty: Duty) => DUTIES[duty].period

export const INSPECTIONS = Object.keys(INSPECTED) as InspectionDuty[]
export const REPORTS = Object.keys(REPORTED) as ReportDuty[]
/** As they are listed: each report behind what it sums up. */
export const ALL_DUTIES: Duty[] = INSPECTIONS.flatMap((duty) => [duty, ...REPORTS.filter((report) => REPORTED[report].of === duty)])

/** What names a bucket: the duty, and the bucket's first day. */
export interface Bucket { duty: Duty; due: string }

/** A week belongs to the year of its Thursday (ISO 8601), and so does its number. */
function weekOf(first: string): number {
  const thursday = addDays(first, 3)
  return Math.floor(daysBetween(`${thursday.slice(0, 4)}-01-01`, thursday) / 7) + 1
}

/** The bucket that a day is in. */
export const bucketOf = (duty: Duty, day: string) => periodOf(duty).first(day)

export const isInspection = (duty: Duty): duty is InspectionDuty => (INSPECTIONS as Duty[]).includes(duty)

export const isReport = (duty: Duty): duty is ReportDuty => (REPORTS as Duty[]).includes(duty)

/** The report that sums up what this duty inspects. */
export const reportOf = (duty: InspectionDuty) => REPORTS.find((report) => REPORTED[report].of === duty)

/** Whether the minutes of a meeting come before it. */
export const meets = (duty: ReportDuty) => REPORTED[duty].meets
/** The one that a meeting comes before. */
export const MEETING = REPORTS.find(meets)!

/** What a report sums up. */
export const summedUp = (duty: ReportDuty) => REPORTED[duty].of
/** What is checked target by target, each day. */
export const EVERY_DAY = 'daily' satisfies InspectionDuty
/** Where it is written, and in which words. */
export const reportPage = (duty: ReportDuty) => REPORTED[duty].page
export const reportWords = (duty: ReportDuty) => REPORTED[duty].words
export const dutyIcon = (duty: Duty) => (isReport(duty) ? REPORTED[duty].icon : duty)

/** Whether it is the bucket's turn. */
export const isOn = ({ duty, due }: Bucket, today: string) => due === bucketOf(duty, today)

export const lastDay = ({ duty, due }: Bucket) => addDays(periodOf(duty).next(due), -1)

/** The last day on which it can be entered late. */
export const lateUntil = (bucket: Bucket) => addDays(lastDay(bucket), 2)

/** Whether nothing of it can be handed in any more. A day later than the last: the unit takes it until five past midnight. */
export const isOver = (bucket: Bucket, today: string) => lateUntil(bucket) < addDays(today, -1)

/** 11-23; 第 48 周　11-23 ～ 11-29; 11 月 */
export const bucketName = ({ duty, due }: Bucket, today: string) => periodOf(duty).name(due, today)

/** The same where there is little room: 第 48 周 */
export const bucketShort = (bucket: Bucket, today: string) => bucketName(bucket, today).split('　')[0]!

/** The week and the month that a day is in, as one names them: 第 48 周　11-23 ～ 11-29; 11 月 */
export const weekName = (day: string, today: string) => WEEKS.name(monday(day), today)
export const monthName = (day: string, today: string) => MONTHS.name(firstOfMonth(day), today)
/** 48 周 */
export const weekNumber = (day: string) => `${weekOf(monday(day))} 周`

/** 今天 24:00 前; 11-29（周日）前 */
export function dueWords(bucket: Bucket, today: string): string {
  const last = lastDay(bucket)
  return last === today ? '今天 24:00 前' : `${shortDate(last, today)}（${weekday(last)}）前`
}

/** 今日, 本周, 本月 */
export const nowWord = (duty: Duty) => periodOf(duty).now
/** 这一天, 这一周, 这个月: what cannot be entered twice. */
export const thisWord = (duty: Duty) => periodOf(duty).this
/** 当天, 当周, 当月: one that is over. */
export const thatWord = (duty: Duty) => periodOf(duty).that
/** 每日, 每周一, 每月 1 号: when its tasks are made. */
export const beginsWord = (duty: Duty) => periodOf(duty).begins
/** One letter on an icon. */
export const miniWord = (duty: Duty) => periodOf(duty).mini
/** The next days on which a task of it begins, the earliest first, as one would name them. */
export const startsOf = (duty: Duty, today: string) => periodOf(duty).starts(today)
/** Whether its records are leafed through by months or by years. */
export const leafOf = (duty: Duty) => periodOf(duty).leaf

/** A whole kind is inspected, not one target: nothing is asked of its state, and signing is offered. */
export const isOfKind = (duty: Duty) => DUTIES[duty].ofKind

/** The inspections that are made kind by kind. */
export const OF_KINDS = INSPECTIONS.filter(isOfKind)
/** The one that is made target by target. */
export const OF_TARGETS = INSPECTIONS.find((duty) => !isOfKind(duty))!

/** The bucket before. */
export const before = ({ duty, due }: Bucket): Bucket => ({ duty, due: bucketOf(duty, addDays(due, -1)) })

/** The duty that an address names; the first of these when it names none. */
export const dutyIn = <D extends Duty = InspectionDuty>(text = '', among = INSPECTIONS as D[]): D => among.find((duty) => duty === text) ?? among[0]!

/** Who settles what is left pending: the director orders measures, or who leads confirms that it is put right. */
export const settledBy = Object.fromEntries(INSPECTIONS.map((duty) => [duty, INSPECTED[duty].settledBy])) as Record<InspectionDuty, Inspected['settledBy']>

/** In whose buckets it is told what was inspected on none of their days. */
export const OVER_DAYS: Duty = 'weekly'

/** Whether what it finds is ordered before it is rectified. */
export const isOrdered = (duty: Duty) => isInspection(duty) && INSPECTED[duty].orders

/** 周排查 */
export const dutyWord = (duty: Duty) => WORDS.Duty[duty]
