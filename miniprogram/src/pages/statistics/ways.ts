import type { Duty, FoundQuery, OpenQuery, OutcomeQuery, RectifiedQuery } from '@/api'
import { open } from '@/platform/places'
import type { Span } from '@/rules/statistics'

/** The ways from a number to the list behind it. What is not asked for is not in the address. */

const said = (query: object) => Object.fromEntries(Object.entries(query).filter(([, value]) => value))

export const openOutcomes = (span: Span, query: Pick<OutcomeQuery, 'what' | 'kind' | 'person' | 'role'> & { duty: Duty }) =>
  open('/pages/statistics/list', said({ since: span.since, until: span.until, ...query }))

export const openFound = (span: Span, { on_site, ...query }: Pick<FoundQuery, 'kind' | 'grade' | 'on_site'>) =>
  open('/pages/statistics/hazards', said({ since: span.since, until: span.until, ...query, on_site: on_site ? '1' : '' }))

export const openRectified = (span: Span, query: Pick<RectifiedQuery, 'kind'>) => open('/pages/statistics/hazards', said({ since: span.since, until: span.until, ...query, rectified: '1' }))

export const openOpen = (query: Omit<OpenQuery, 'cursor'>) => open('/pages/statistics/hazards', said({ ...query, overdue: query.overdue ? '1' : '' }))
