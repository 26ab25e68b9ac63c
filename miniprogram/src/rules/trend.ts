import type { Statistics, WeekCounts } from '@/api'
import { monthName, weekName, weekNumber } from './buckets'
import { addDays, firstOfMonth } from './dates'
import { rateWords, sum, troubleSentence, type Span } from './statistics'

/** The trend of daily control, week by week; a longer range by months. */

/** A column; `note` is what makes it unlike the others. */
export interface Column extends Span { key: string; word: string; note: string; missed: number; late: number; on_time: number; suspended: number; rate: string; sentence: string }

type Answer = Pick<Statistics, 'today' | 'since' | 'until' | 'weeks' | 'provisional'>

/** More weeks than these are no longer told apart on a phone. */
const MOST_WEEKS = 14
const counted = ({ weeks }: Pick<Statistics, 'weeks'>) => weeks.filter(({ days }) => days)
export const isByMonth = (answer: Pick<Statistics, 'weeks'>) => counted(answer).length > MOST_WEEKS

interface Stretch { weeks: WeekCounts[]; word: string; name: string; part: string }

/** Oldest first. */
export const columns = (answer: Answer, kind = ''): Column[] => (isByMonth(answer) ? byMonth(answer) : byWeek(answer)).map((stretch) => column(stretch, answer, kind))

const byWeek = (answer: Answer): Stretch[] =>
  counted(answer).map((week) => ({
    weeks: [week], word: weekNumber(week.monday), name: weekName(week.monday, answer.today).replace('　', '，'), part: week.days < 7 ? `${week.days} 天` : '',
  }))

/** A week over the end of a month is of the month of its Thursday, as it is of its year. */
const monthOf = ({ monday }: WeekCounts) => firstOfMonth(addDays(monday, 3))

function byMonth(answer: Answer): Stretch[] {
  const months = [...new Set(counted(answer).map(monthOf))]
  return months.map((month) => ({
    weeks: counted(answer).filter((week) => monthOf(week) === month), word: `${Number(month.slice(5, 7))} 月`, name: monthName(month, answer.today), part: '',
  }))
}

function column({ weeks, word, name, part }: Stretch, { since, until, provisional }: Answer, kind: string): Column {
  const [first, last] = [weeks[0]!.monday, addDays(weeks[weeks.length - 1]!.monday, 6)]
  const span = { since: first < since ? since : first, until: last > until ? until : last }
  const counts = sum(weeks.flatMap(({ kinds }) => kinds), kind)
  const mayChange = provisional.some((day) => span.since <= day && day <= span.until)
  return {
    ...span, key: first, word, note: mayChange ? '未定' : part, missed: counts.missed, late: counts.late, on_time: counts.on_time, suspended: counts.suspended, rate: rateWords(counts),
    sentence: [name, part, troubleSentence(counts), mayChange ? '补录期没有过，数字还会变' : ''].filter(Boolean).join('，'),
  }
}

/** How often a target was asked for in a week and inspected on none of its days. */
export const uncheckedIn = ({ weeks }: Pick<Statistics, 'weeks'>, kind = '') =>
  weeks.flatMap(({ unchecked }) => Object.entries(unchecked ?? {})).reduce((all, [one, count]) => (!kind || one === kind ? all + count : all), 0)
