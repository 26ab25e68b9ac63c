import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Duty } from '@/api'
import { WORDS } from '@/api/words'
import { ALL_DUTIES, before, beginsWord, dutyIn, INSPECTIONS, isOfKind, isOrdered, leafOf, MEETING, meets, OF_KINDS, reportOf, reportPage, REPORTS, settledBy, startsOf, summedUp, thatWord } from '@/rules/buckets'
import { menuUrl } from '@/rules/menu'

const DUTY = /\b(daily|weekly|monthly)(_\w+)?\b/g
/** The table of duties, and what the server says of them. */
const TABLES = ['api/schema.d.ts', 'api/words.ts', 'rules/buckets.ts']
/** A home page and a list of to-dos tell of the day first. */
const WAYS = ['pages/home/HomeDeed.vue', 'pages/home/HomeGlance.vue', 'pages/todos/TodosDone.vue', 'pages/todos/index.vue']

/** Comments say anything; an address names the page, or what of the server is asked. */
const code = (text: string) => text.replace(/\/\*[^]*?\*\/|<!--[^]*?-->|(?<![:'"`])\/\/.*/g, '').replace(/pages\/(daily\/|reports\/(weekly|monthly)\b)|\/v1\/\w+/g, '')
const sources = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((path) => /\.(vue|ts)$/.test(path))
const naming = sources.filter((path) => code(readFileSync(`src/${path}`, 'utf8')).match(DUTY))

describe('a duty', () => {
  it('is named in the table of duties, not where something is done with it', () => {
    expect(naming.filter((path) => ![...TABLES, ...WAYS].includes(path))).toEqual([])
    expect(naming).toContain('rules/buckets.ts')
  })

  it('has a row there, for each that the server knows', () => {
    expect([...INSPECTIONS, ...REPORTS].sort()).toEqual((Object.keys(WORDS.Duty) as Duty[]).sort())
  })

  it('that is an address is taken from it, or is the first of those that are meant', () => {
    expect(['', 'monthly', 'yearly', 'weekly_report'].map((text) => dutyIn(text))).toEqual(['daily', 'monthly', 'daily', 'daily'])
    expect(['', 'monthly', 'daily'].map((text) => dutyIn(text, OF_KINDS))).toEqual(['weekly', 'monthly', 'weekly'])
  })

  it('tells how it recurs and who settles what it finds', () => {
    expect(INSPECTIONS.map((duty) => [isOfKind(duty), isOrdered(duty), settledBy[duty], beginsWord(duty), thatWord(duty), leafOf(duty)])).toEqual([
      [false, true, 'director', '每日', '当天', 'month'], [true, false, 'director', '每周一', '当周', 'month'], [true, false, 'principal', '每月 1 号', '当月', 'year'],
    ])
    expect(startsOf('weekly', '2026-11-23')).toEqual([['2026-11-30', '下周一'], ['2026-12-07', '再下周一']])
  })

  it('that is a report stands behind what it sums up', () => {
    expect(ALL_DUTIES).toEqual(['daily', 'weekly', 'weekly_report', 'monthly', 'monthly_report'])
    expect(INSPECTIONS.map(reportOf)).toEqual([undefined, 'weekly_report', 'monthly_report'])
    expect(REPORTS.map((duty) => [summedUp(duty), meets(duty), reportPage(duty), menuUrl(duty)])).toEqual([
      ['weekly', false, '/pages/reports/weekly', '/pages/reports/index?duty=weekly_report'], ['monthly', true, '/pages/reports/monthly', '/pages/reports/index?duty=monthly_report'],
    ])
    expect([MEETING, before({ duty: MEETING, due: '2026-01-01' })]).toEqual(['monthly_report', { duty: 'monthly_report', due: '2025-12-01' }])
  })

  it('has its places in the menu', () => {
    const places = INSPECTIONS.map((duty) => [duty, `${duty}_hazards`, `${duty}_records`].map(menuUrl))
    expect(places[0]).toEqual(['/pages/daily/index', '/pages/hazards/index?duty=daily', '/pages/records/index?duty=daily'])
    expect(places[2]).toEqual(['/pages/kinds/index?duty=monthly', '/pages/hazards/index?duty=monthly', '/pages/records/index?duty=monthly'])
  })
})
