import type { Duty, Role } from '@/api'
import { WORDS } from '@/api/words'
import { addDays, daysBetween, shortDate, weekday } from './dates'

/** What is filled in item by item, as against a report. */
export type InspectionDuty = Extract<Duty, 'daily' | 'weekly' | 'monthly'>
export const INSPECTIONS: InspectionDuty[] = ['daily', 'weekly', 'monthly']
export const REPORTS: Duty[] = ['weekly_report', 'monthly_report']

/** How a duty recurs, and what its bucket is called: the day (daily), the week from its Monday, the month from the 1st. */
interface Period {
  first: (day: string) => string
  next: (first: string) => string
  name: (first: string, today: string) => string
  now: string
  this: string
  mini: string
}

const firstOfMonth = (day: string) => `${day.slice(0, 7)}-01`
const monday = (day: string) => addDays(day, -((new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7))

const DAYS: Period = {
  first: (day) => day, next: (day) => addDays(day, 1), name: shortDate, now: '今日', this: '这一天', mini: '日',
}
const WEEKS: Period = {
  first: monday, next: (first) => addDays(first, 7), now: '本周', this: '这一周', mini: '周',
  name: (first, today) => `第 ${weekOf(first)} 周　${shortDate(first, today)} ～ ${shortDate(addDays(first, 6), today)}`,
}
const MONTHS: Period = {
  first: firstOfMonth, next: (first) => firstOfMonth(addDays(first, 31)), now: '本月', this: '这个月', mini: '月',
  name: (first, today) => `${first.slice(0, 4) === today.slice(0, 4) ? '' : `${first.slice(0, 4)} 年 `}${Number(first.slice(5, 7))} 月`,
}
const PERIODS: Record<Duty, Period> = { daily: DAYS, weekly: WEEKS, weekly_report: WEEKS, monthly: MONTHS, monthly_report: MONTHS }

/** What names a bucket: the duty, and the bucket's first day. */
export interface Bucket { duty: Duty; due: string }

/** A week belongs to the year of its Thursday (ISO 8601), and so does its number. */
function weekOf(first: string): number {
  const thursday = addDays(first, 3)
  return Math.floor(daysBetween(`${thursday.slice(0, 4)}-01-01`, thursday) / 7) + 1
}

/** The bucket that a day is in. */
export const bucketOf = (duty: Duty, day: string) => PERIODS[duty].first(day)

export const isInspection = (duty: Duty): duty is InspectionDuty => (INSPECTIONS as Duty[]).includes(duty)

/** Whether it is the bucket's turn. */
export const isOn = ({ duty, due }: Bucket, today: string) => due === bucketOf(duty, today)

export const lastDay = ({ duty, due }: Bucket) => addDays(PERIODS[duty].next(due), -1)

/** The last day on which it can be entered late. */
export const lateUntil = (bucket: Bucket) => addDays(lastDay(bucket), 2)

/** Whether nothing of it can be handed in any more. A day later than the last: the unit takes it until five past midnight. */
export const isOver = (bucket: Bucket, today: string) => lateUntil(bucket) < addDays(today, -1)

/** 11-23; 第 48 周　11-23 ～ 11-29; 11 月 */
export const bucketName = ({ duty, due }: Bucket, today: string) => PERIODS[duty].name(due, today)

/** The same where there is little room: 第 48 周 */
export const bucketShort = (bucket: Bucket, today: string) => bucketName(bucket, today).split('　')[0]!

/** 今天 24:00 前; 11-29（周日）前 */
export function dueWords(bucket: Bucket, today: string): string {
  const last = lastDay(bucket)
  return last === today ? '今天 24:00 前' : `${shortDate(last, today)}（${weekday(last)}）前`
}

/** 今日, 本周, 本月 */
export const nowWord = (duty: Duty) => PERIODS[duty].now
/** 这一天, 这一周, 这个月: what cannot be entered twice. */
export const thisWord = (duty: Duty) => PERIODS[duty].this
/** One letter on an icon. */
export const miniWord = (duty: Duty) => PERIODS[duty].mini

/** Weekly and monthly a whole kind is inspected, not one target: nothing is asked of its state, and signing is offered. */
export const isOfKind = (duty: Duty) => duty !== 'daily'

/** Who settles what is left pending: the director orders measures, or who leads confirms that it is put right. */
export const settledBy: Record<InspectionDuty, Extract<Role, 'director' | 'principal'>> = { daily: 'director', weekly: 'director', monthly: 'principal' }

/** 周排查 */
export const dutyWord = (duty: Duty) => WORDS.Duty[duty]
