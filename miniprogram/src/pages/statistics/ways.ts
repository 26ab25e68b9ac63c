import type { Duty, ExceptionQuery, FoundQuery, OpenQuery } from '@/api'
import { open } from '@/platform/places'
import type { Span } from '@/rules/statistics'

/** The ways from a number to the list behind it. What is not asked for is not in the address. */

const said = (query: object) => Object.fromEntries(Object.entries(query).filter(([, value]) => value))

export const openExceptions = (span: Span, query: Pick<ExceptionQuery, 'what' | 'kind' | 'person' | 'role'> & { duty: Duty }) =>
  open('/pages/statistics/list', said({ since: span.since, until: span.until, ...query }))

export const openFound = (span: Span, query: Pick<FoundQuery, 'kind' | 'grade'>) => open('/pages/statistics/hazards', said({ since: span.since, until: span.until, ...query }))

export const openOpen = (query: Omit<OpenQuery, 'cursor'>) => open('/pages/statistics/hazards', said({ ...query, overdue: query.overdue ? '1' : '' }))
