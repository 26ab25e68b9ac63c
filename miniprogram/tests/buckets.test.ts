import { describe, expect, it } from 'vitest'
import type { Duty } from '@/api'
import { bucketName, bucketOf, bucketShort, dueWords, isInspection, isOn, isOver, lastDay, lateUntil } from '@/rules/buckets'
import { addDays, when } from '@/rules/dates'
import { parcelLines, type Parcel } from '@/rules/parcel'
import { taskKey, taskOf } from '@/rules/tasks'
import { draft } from './fakes/things'

const TODAY = '2026-11-27'

describe('a bucket', () => {
  it.each<[Duty, string, string, string]>([
    ['daily', '2026-11-27', '2026-11-27', '2026-11-27'],
    ['weekly', '2026-11-27', '2026-11-23', '2026-11-29'],
    ['weekly', '2026-11-23', '2026-11-23', '2026-11-29'],
    ['weekly', '2026-11-29', '2026-11-23', '2026-11-29'],
    ['weekly', '2027-01-01', '2026-12-28', '2027-01-03'],
    ['weekly_report', '2026-11-27', '2026-11-23', '2026-11-29'],
    ['monthly', '2026-11-27', '2026-11-01', '2026-11-30'],
    ['monthly', '2028-02-29', '2028-02-01', '2028-02-29'],
    ['monthly_report', '2026-12-31', '2026-12-01', '2026-12-31'],
  ])('of %s on %s is from %s to %s', (duty, day, first, last) => {
    expect(bucketOf(duty, day)).toBe(first)
    expect(lastDay({ duty, due: first })).toBe(last)
    expect(isOn({ duty, due: first }, day)).toBe(true)
  })

  it('is not on before it begins or after it has ended', () => {
    const week = { duty: 'weekly', due: '2026-11-23' } as const
    expect(['2026-11-22', '2026-11-30'].map((day) => isOn(week, day))).toEqual([false, false])
  })

  it.each<[Duty, string, string]>([['daily', '2026-11-23', '2026-11-25'], ['weekly', '2026-11-23', '2026-12-01'], ['monthly', '2026-11-01', '2026-12-02']])(
    'of %s from %s is entered late until %s, and is over a day after that', (duty, due, until) => {
      expect(lateUntil({ duty, due })).toBe(until)
      expect([0, 1, 2].map((after) => isOver({ duty, due }, addDays(until, after)))).toEqual([false, false, true])
    },
  )

  it('is called by its day, its week or its month, with the year when it is another', () => {
    expect(bucketName({ duty: 'daily', due: '2026-11-23' }, TODAY)).toBe('11-23')
    expect(bucketName({ duty: 'weekly', due: '2026-11-23' }, TODAY)).toBe('第 48 周　11-23 ～ 11-29')
    expect(bucketShort({ duty: 'weekly', due: '2026-11-23' }, TODAY)).toBe('第 48 周')
    expect(bucketName({ duty: 'monthly', due: '2026-11-01' }, TODAY)).toBe('11 月')
    expect(bucketName({ duty: 'monthly', due: '2025-01-01' }, TODAY)).toBe('2025 年 1 月')
  })

  it('of a report is called by the week it is about, and due in its own', () => {
    expect(bucketName({ duty: 'weekly_report', due: '2026-11-23' }, TODAY)).toBe('第 47 周　11-16 ～ 11-22')
    expect(bucketShort({ duty: 'weekly_report', due: '2027-01-04' }, TODAY)).toBe('第 53 周')
    expect(dueWords({ duty: 'weekly_report', due: '2026-11-23' }, TODAY)).toBe('11-29（周日）前')
    expect(bucketName({ duty: 'monthly_report', due: '2026-11-01' }, TODAY)).toBe('11 月')
  })

  it.each([['2026-12-28', 53], ['2027-01-04', 1], ['2024-12-30', 1], ['2025-12-29', 1], ['2026-01-05', 2]])('that is the week from %s has number %i of the calendar', (due, number) => {
    expect(bucketShort({ duty: 'weekly', due }, due)).toBe(`第 ${number} 周`)
  })

  it('says until when it is to be done', () => {
    expect(dueWords({ duty: 'daily', due: TODAY }, TODAY)).toBe('今天 24:00 前')
    expect(dueWords({ duty: 'weekly', due: '2026-11-23' }, TODAY)).toBe('11-29（周日）前')
    expect(dueWords({ duty: 'weekly', due: '2026-11-23' }, '2026-11-29')).toBe('今天 24:00 前')
  })

  it('of a report is not filled in item by item', () => {
    expect((['daily', 'weekly', 'monthly', 'weekly_report', 'monthly_report'] as Duty[]).map(isInspection)).toEqual([true, true, true, false, false])
  })
})

describe('what is shown of it', () => {
  it('is a time, with its day unless that is today', () => {
    expect([when('2026-11-27T00:46:00Z', TODAY), when('2026-11-24T00:46:00Z', TODAY)]).toEqual(['08:46', '11-24 08:46'])
  })

  it('on a parcel is its duty, and which week when that is over', () => {
    const parcel = (due: string) => ({ draft: draft({}, { duty: 'weekly', due, target: '3000' }), signedAt: '2026-11-27T00:46:00Z', unit_kind: 'use' }) as Parcel
    expect(parcelLines(parcel('2026-11-23'), TODAY, { sent: 0, all: 0 })[0]).toBe('周排查·08:46 确认')
    expect(parcelLines(parcel('2026-11-16'), TODAY, { sent: 0, all: 0 })[0]).toBe('第 47 周 周排查·08:46 确认')
    const correction = { version: 1, reason: '看错了', since: 1, reported: [] }
    const corrects = { ...parcel('2026-11-16'), draft: { ...parcel('2026-11-16').draft, correction } }
    expect(parcelLines(corrects, TODAY, { sent: 0, all: 0 })[0]).toBe('第 47 周 周排查更正·08:46 确认')
  })

  it('is found again by its key', () => {
    const at = { duty: 'monthly', due: '2026-11-01', target: 'EL_MFG' } as const
    expect(taskOf(taskKey(at))).toEqual(at)
  })
})
