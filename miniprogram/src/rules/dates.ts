/** Business time is Asia/Shanghai whatever the phone's zone; a `YYYY-MM-DD` is a business date, an instant is UTC. */

const EAST = 8 * 3_600_000
const DAY = 86_400_000
const WEEKDAYS = ['周日', '周一', '周二', '周三', '周四', '周五', '周六']

const shanghai = (instant: string | number) => new Date((typeof instant === 'number' ? instant : Date.parse(instant)) + EAST)
const two = (value: number) => String(value).padStart(2, '0')

/** The business date of an instant. */
export function dateOf(instant: string | number): string {
  return shanghai(instant).toISOString().slice(0, 10)
}

/** 08:46 */
export function timeOf(instant: string): string {
  const at = shanghai(instant)
  return `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}`
}

/** 08:46:07, where it is evidence. */
export function secondsOf(instant: string): string {
  return `${timeOf(instant)}:${two(shanghai(instant).getUTCSeconds())}`
}

/** 11-23, with the year when it is another than today's. */
export function shortDate(date: string, today: string): string {
  return date.slice(0, 4) === today.slice(0, 4) ? date.slice(5, 10) : date.slice(0, 10)
}

/** 今天 08:46, 昨天 16:40, 11-18 08:35 */
export function moment(instant: string, today: string): string {
  const date = dateOf(instant)
  const days = daysBetween(date, today)
  const day = days === 0 ? '今天' : days === 1 ? '昨天' : shortDate(date, today)
  return `${day} ${timeOf(instant)}`
}

/** The time, with its day unless that is today: 08:46, 11-18 08:46. */
export function when(instant: string, today: string): string {
  const date = dateOf(instant)
  return date === today ? timeOf(instant) : `${shortDate(date, today)} ${timeOf(instant)}`
}

export function weekday(date: string): string {
  return WEEKDAYS[new Date(`${date}T00:00:00Z`).getUTCDay()] ?? ''
}

/** Days from one business date to another. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / DAY)
}

export function addDays(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY).toISOString().slice(0, 10)
}

/** The 1st of the month that a date is in. */
export const firstOfMonth = (date: string) => `${date.slice(0, 7)}-01`

/** The last day of that month. */
export const lastOfMonth = (date: string) => addDays(monthsFrom(date, 1), -1)

/** The 1st of the month so many months later, or earlier. */
export function monthsFrom(date: string, months: number): string {
  const [year, month] = [Number(date.slice(0, 4)), Number(date.slice(5, 7))]
  return new Date(Date.UTC(year, month - 1 + months, 1)).toISOString().slice(0, 10)
}

/** How a deadline stands today: 还有 3 天, 今天到期, 逾期 2 天. */
export function deadlineWords(deadline: string, today: string): string {
  const days = daysBetween(today, deadline)
  if (days < 0) return `逾期 ${-days} 天`
  return days === 0 ? '今天到期' : `还有 ${days} 天`
}
