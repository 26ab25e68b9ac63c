import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addDays, dateOf, daysBetween, deadlineWords, moment, secondsOf, shortDate, timeOf, weekday } from '@/rules/dates'

const HOME = process.env.TZ

describe.each([['Asia/Shanghai', -480], ['America/New_York', 300], ['Pacific/Kiritimati', -840], ['UTC', 0]])('on a phone set to %s', (zone, offset) => {
  beforeAll(() => void (process.env.TZ = zone))
  afterAll(() => {
    if (HOME === undefined) delete process.env.TZ
    else process.env.TZ = HOME
  })

  it('is tested there', () => expect(new Date('2026-11-23T12:00:00Z').getTimezoneOffset()).toBe(offset))

  it('a business date is that of Shanghai', () => {
    expect(dateOf('2026-11-22T15:59:59.999Z')).toBe('2026-11-22')
    expect(dateOf('2026-11-22T16:00:00.000Z')).toBe('2026-11-23')
    expect(dateOf(Date.parse('2026-12-31T16:00:00Z'))).toBe('2027-01-01')
    expect(dateOf('2026-11-23T07:30:00+08:00')).toBe('2026-11-23')
  })

  it('a time is that of Shanghai, to the second where it is evidence', () => {
    expect([timeOf('2026-11-23T00:46:07.900Z'), secondsOf('2026-11-23T00:46:07.900Z'), timeOf('2026-11-22T16:05:00Z')]).toEqual(['08:46', '08:46:07', '00:05'])
  })

  it('a moment is told as somebody would say it', () => {
    const today = '2026-11-23'
    expect(moment('2026-11-23T00:46:00Z', today)).toBe('今天 08:46')
    expect(moment('2026-11-22T15:59:00Z', today)).toBe('昨天 23:59')
    expect(moment('2026-11-18T00:35:00Z', today)).toBe('11-18 08:35')
    expect(moment('2025-12-30T00:35:00Z', '2026-01-02')).toBe('2025-12-30 08:35')
    expect(moment('2026-12-31T15:59:00Z', '2027-01-01')).toBe('昨天 23:59')
    expect(moment('2026-11-24T00:00:00Z', today)).toBe('11-24 08:00')
  })

  it('days are counted over months, years and leap days, and none is lost to a change of the clock', () => {
    expect(addDays('2026-12-31', 1)).toBe('2027-01-01')
    expect(addDays('2028-02-28', 1)).toBe('2028-02-29')
    expect(addDays('2026-03-01', -1)).toBe('2026-02-28')
    expect(daysBetween('2026-03-07', '2026-03-09')).toBe(2)
    expect(daysBetween('2026-10-31', '2026-11-02')).toBe(2)
    expect(daysBetween('2027-01-01', '2026-12-31')).toBe(-1)
  })

  it('a year is said only when it is another', () => {
    expect([shortDate('2026-11-23', '2026-12-01'), shortDate('2025-11-23', '2026-12-01')]).toEqual(['11-23', '2025-11-23'])
  })

  it('a weekday is that of its date', () => {
    expect(['2026-11-22', '2026-11-23', '2026-11-28'].map(weekday)).toEqual(['周日', '周一', '周六'])
  })

  it('a deadline says how it stands', () => {
    expect(['2026-11-26', '2026-11-24', '2026-11-23', '2026-11-22', '2026-11-21'].map((day) => deadlineWords(day, '2026-11-23'))).toEqual(['还有 3 天', '还有 1 天', '今天到期', '逾期 1 天', '逾期 2 天'])
  })
})
