import { call, callWith } from './door'
import type { components, operations } from './schema'

/** The server's nouns, as it names them. */
export type Schemas = components['schemas']
export type Duty = Schemas['Duty']
export type ReportDuty = Extract<Duty, `${string}_report`>
export type Grade = Schemas['Grade']
export type HazardState = Schemas['HazardState']
export type Result = Schemas['Result']
export type Role = Schemas['Role']
export type UnitKind = Schemas['UnitKind']
export type LoginAnswer = Schemas['LoginAnswer']
export type Membership = Schemas['MembershipItem']
export type Session = Schemas['SessionAnswer']
export type InspectedKind = Schemas['InspectedKind']
export type Todo = Schemas['Todo']
export type Progress = Schemas['ProgressAnswer']
export type Task = Schemas['TaskAnswer']
export type Item = Schemas['ItemAnswer']
export type TargetFacts = Schemas['TargetFacts']
export type InspectionRequest = Schemas['InspectionRequest']
export type Receipt = Schemas['Receipt']
export type HazardItem = Schemas['HazardItem']
export type HazardDetail = Schemas['HazardDetail']
export type OrderRequest = Schemas['OrderRequest']
export type RectificationRequest = Schemas['RectificationRequest']
export type ExtensionRequest = Schemas['ExtensionRequest']
export type RegradeRequest = Schemas['RegradeRequest']
export type RecordPage = Schemas['RecordPage']
export type MissedItem = Schemas['MissedItem']
export type RecordItem = Schemas['RecordItem']
export type RecordDetail = Schemas['RecordDetail']
export type CustomListItem = Schemas['CustomListItem']
export type CustomList = Schemas['CustomListAnswer']
export type ListedItem = Schemas['ListedItem']
/** What of a list is to become different. */
export type Revision = Partial<Omit<Schemas['RevisionRequest'], 'version'>>
export type ClockLevel = Schemas['ClockLevel']
export type Gap = Schemas['Gap']
export type Gaps = Schemas['GapsAnswer']
export type GapItem = Schemas['GapItem']
export type Filled = Schemas['FilledItem']
export type Lacking = Schemas['LackingItem']
export type KindCounted = Schemas['KindCounted']
export type Statistics = Schemas['StatisticsAnswer']
export type WeekCounts = Schemas['WeekCounts']
export type FoundCounts = Schemas['FoundCounts']
export type OutcomeItem = Schemas['OutcomeItem']
export type OpenCounts = Schemas['OpenCounts']
export type OpenHazards = Schemas['OpenAnswer']
export type Age = Schemas['Age']
export type OutcomeQuery = operations['outcomes']['parameters']['query']
export type FoundQuery = operations['found_hazards']['parameters']['query']
export type RectifiedQuery = operations['rectified_hazards']['parameters']['query']
export type OpenQuery = NonNullable<operations['open_hazards']['parameters']['query']>
export type Numbers = Schemas['Numbers']
export type Evaluation = Schemas['Evaluation']
export type OpenHazard = Schemas['OpenHazard']
export type ReportItem = Schemas['ReportItem']
export type ReportDetail = Schemas['ReportDetail']
export type ReportPage = Schemas['ReportPage']
export type ReportReceipt = Schemas['ReportReceipt']
export type ReportReceipts = Schemas['ReportReceipts']
export type WeeklyDraft = Schemas['WeeklyDraft']
export type WeeklyReportRequest = Schemas['WeeklyReportRequest']
export type MonthlyDraft = Schemas['MonthlyDraft']
export type MonthlyKind = Schemas['MonthlyKind']
export type MinutesItem = Schemas['MinutesItem']
export type MinutesDetail = Schemas['MinutesDetail']
export type FileKind = Schemas['FileKind']
export type UploadPolicy = Schemas['UploadPolicy']
export type UploadRequest = Schemas['UploadRequest']

export interface Page<T> {
  items: T[]
  next?: string | null
}

export const login = {
  /** With the phone-number code the first time, and whenever the person has another number. */
  login: (code: string, phoneCode?: string) =>
    callWith(null, 'post', '/v1/login', { body: { code, phone_code: phoneCode ?? null } }),
  refresh: (token: string) => callWith(token, 'post', '/v1/session/refresh', {}),
  switchTo: (token: string, unit: string, role: Role) =>
    callWith(token, 'post', '/v1/session/membership', { body: { unit, role } }),
  session: () => call('get', '/v1/session', {}),
}

export const todos = {
  page: (cursor?: string) => call('get', '/v1/todos', { query: { cursor } }),
  open: (duty: Duty, due: string, target: string) =>
    call('get', '/v1/tasks/{duty}/{due}/{target}', { path: { duty, due, target } }),
}

/** How far the officers are, for those who answer for them. */
export const progress = { read: (duty: Duty) => call('get', '/v1/progress/{duty}', { path: { duty } }) }

export const inspections = {
  /** As its owner, whoever acts by the time it is sent. */
  submit: (body: InspectionRequest, owner: string) => call('post', '/v1/inspections', { body }, owner),
}

export const hazards = {
  page: (duty: Duty, state: HazardState, cursor?: string, grade?: Grade) => call('get', '/v1/hazards', { query: { duty, state, cursor, grade } }),
  detail: (hazard: string) => call('get', '/v1/hazards/{hazard}', { path: { hazard } }),
  order: (hazard: string, body: OrderRequest) => call('post', '/v1/hazards/{hazard}/order', { path: { hazard }, body }),
  askExtension: (hazard: string, body: ExtensionRequest) => call('post', '/v1/hazards/{hazard}/extension', { path: { hazard }, body }),
  regrade: (hazard: string, body: RegradeRequest) => call('post', '/v1/hazards/{hazard}/grade', { path: { hazard }, body }),
  /** As its owner, whoever acts by the time its photos are with the unit. */
  rectify: (hazard: string, body: RectificationRequest, owner: string) =>
    call('post', '/v1/hazards/{hazard}/rectification', { path: { hazard }, body }, owner),
}

export const records = {
  targets: (cursor?: string) => call('get', '/v1/targets', { query: { cursor } }),
  page: (target: string, query: { duty?: Duty; since?: string; until?: string; cursor?: string } = {}) =>
    call('get', '/v1/targets/{target}/records', { path: { target }, query }),
  detail: (target: string, record: string) =>
    call('get', '/v1/targets/{target}/records/{record}', { path: { target, record } }),
}

export const reports = {
  page: (kind: string, duty: ReportDuty, cursor?: string) => call('get', '/v1/reports/{kind}', { path: { kind }, query: { duty, cursor } }),
  detail: (kind: string, report: string) => call('get', '/v1/reports/{kind}/{report}', { path: { kind, report } }),
  draftWeek: (due: string, kind: string) => call('get', '/v1/weekly_reports/{due}/{kind}', { path: { due, kind } }),
  /** As its owner, whoever acts by the time its signature is with the unit; so are all that sign or cite files. */
  fileWeek: (body: Schemas['WeeklyReportsRequest'], owner: string) => call('post', '/v1/weekly_reports', { body }, owner),
  draftMonth: (due: string, meetingAt?: string) => call('get', '/v1/monthly_reports/{due}', { path: { due }, query: { meeting_at: meetingAt } }),
  fileMonth: (body: Schemas['MonthlyReportsRequest'], owner: string) => call('post', '/v1/monthly_reports', { body }, owner),
}

/** What a director drafts and a principal signs. */
export const minutes = {
  ofMonth: (due: string) => call('get', '/v1/minutes', { query: { due } }),
  /** In a version that was submitted; without one as they stand. */
  detail: (minutes: string, version?: number) => call('get', '/v1/minutes/{minutes}', { path: { minutes }, query: { version } }),
  submit: (body: Schemas['MinutesRequest'], owner: string) => call('post', '/v1/minutes', { body }, owner),
  sendBack: (minutes: string, body: Schemas['ReturnRequest']) => call('post', '/v1/minutes/{minutes}/return', { path: { minutes }, body }),
  sign: (minutes: string, body: Schemas['SignatureRequest'], owner: string) => call('post', '/v1/minutes/{minutes}/signature', { path: { minutes }, body }, owner),
}

export const uploads = {
  request: (file: UploadRequest, owner: string) => call('post', '/v1/uploads', { body: file }, owner),
  status: (file: string, owner: string) => call('get', '/v1/uploads/{file}', { path: { file } }, owner),
  link: (file: string) => call('get', '/v1/files/{file}', { path: { file } }),
}

/** The unit's own checklists, for its administrator. */
export const custom = {
  lists: () => call('get', '/v1/custom-lists', {}),
  list: (duty: Duty, kind: string) => call('get', '/v1/custom-lists/{duty}/{kind}', { path: { duty, kind } }),
  /** `version` is the one that was seen: refused when somebody changed the list since. */
  revise: (duty: Duty, kind: string, version: number, revision: Revision) =>
    call('post', '/v1/custom-lists/{duty}/{kind}', { path: { duty, kind }, body: { version, ...revision } as Schemas['RevisionRequest'] }),
}

/** What the unit's set-up lacks, for its administrator. */
export const gaps = {
  overview: () => call('get', '/v1/gaps', {}),
  page: (gap: Gap, unitKind: UnitKind, cursor?: string) => call('get', '/v1/gaps/{gap}/{unit_kind}', { path: { gap, unit_kind: unitKind }, query: { cursor } }),
}

/** The unit in numbers, and the lists behind them, for its principal. Days are both included. */
export const statistics = {
  read: (since: string, until: string) => call('get', '/v1/statistics', { query: { since, until } }),
  outcomes: (query: OutcomeQuery) => call('get', '/v1/statistics/outcomes', { query }),
  found: (query: FoundQuery) => call('get', '/v1/statistics/found', { query }),
  rectified: (query: RectifiedQuery) => call('get', '/v1/statistics/rectified', { query }),
  open: (query: OpenQuery = {}) => call('get', '/v1/statistics/open', { query }),
}

/** What ends within 60 days, or has ended: inspections and licences, the most urgent first. */
export const clocks = { page: (cursor?: string) => call('get', '/v1/expiries', { query: { cursor } }) }

/** Every item of a paged list. */
export async function all<T>(page: (cursor?: string) => Promise<Page<T>>): Promise<T[]> {
  const items: T[] = []
  let cursor: string | undefined
  do {
    const answer = await page(cursor)
    items.push(...answer.items)
    cursor = answer.next ?? undefined
  } while (cursor)
  return items
}
