import type { Membership, MinutesDetail, MinutesItem, MonthlyKind, Numbers, ReportItem, Schemas, Todo, WeeklyDraft } from '@/api'
import type { Answer, File, Heard } from './tean'
import { problem } from './tean'

export const WEEK = '2026-11-23'
export const MONTH = '2026-11-01'

const counted = (more: object = {}) => ({ due: 0, on_time: 0, late: 0, missed: 0, suspended: 0, withdrawn: 0, zero_risk: 0, fails: 0, ...more })
export const numbers = (more: Partial<Numbers> = {}): Numbers =>
  ({ since: '2026-11-16', until: '2026-11-22', targets: 2, daily: counted({ due: 14, on_time: 11, late: 2, missed: 1 }), officers: counted({ due: 4, on_time: 2, late: 1 }), found: { general: 2 }, rectified: 1, open: {}, carried: 0, overdue: 0, expiring: null, uncounted: [], provisional: false, ...more }) as Numbers

type Sent = Schemas['WeeklyReportsRequest']
type Met = Schemas['MinutesRequest'] & Partial<Schemas['MonthlyReportsRequest']>

/** What the server says of reports and minutes: its rules as services/weekly_reports.py and domain/minutes.py have them. */
export class FakeReports {
  /** By kind: what is known of the week; a test moves it. */
  readonly weeks = new Map<string, Numbers>([['3000', numbers()], ['5000', numbers()]])
  readonly saved: (ReportItem & { text: string })[] = []
  readonly minutes: MinutesDetail[] = []

  constructor(private todos: () => Todo[]) {}

  answer(who: Membership, heard: Heard, files: Map<string, File>): Answer | null {
    const parts = heard.path.split('/').slice(2)
    switch (heard.route) {
      case 'GET /v1/weekly_reports': return ok(this.week(who, parts[2]!))
      case 'POST /v1/weekly_reports': return this.file(who, heard.body as unknown as Sent, files)
      case 'GET /v1/monthly_reports': return ok(this.month(who))
      case 'POST /v1/monthly_reports': return this.meet(who, heard.body as unknown as Met)
      case 'GET /v1/minutes': return parts[1] ? ok(this.one(parts[1])) : ok({ items: this.minutes.filter(({ due }) => heard.query.includes(due)) })
      case 'POST /v1/minutes': return parts[1] ? this.act(who, parts[1], parts[2]!, heard.body) : this.draft(who, heard.body as unknown as Met)
      default: return null
    }
  }

  private row = (duty: string, kind: string) => this.todos().find((todo) => todo.duty === duty && todo.target === kind)
  private one = (id: string) => this.minutes.find(({ minutes }) => minutes === decodeURIComponent(id))!
  seenOf = (kind: string) => digest(this.weeks.get(kind))

  week(_who: Membership, kind: string): WeeklyDraft {
    const now = this.weeks.get(kind)!
    const grave = now.open?.major ?? 0
    return {
      due: WEEK, kind, unit_kind: 'use', title: '每周电梯安全排查治理报告', signer: '安全总监', state: this.row('weekly_report', kind)?.state ?? 'open', late: false, late_until: '2026-12-01T16:05:00.000Z',
      numbers: now, seen: this.seenOf(kind), summary: `未完成 ${grave} 条。`, open: [], reports: this.saved.filter((one) => one.kind === kind),
      evaluations: [{ evaluation: 'under_control', sentence: '安全风险可控', blocked: grave ? `有 ${grave} 条重大隐患` : null }, { evaluation: 'at_risk', sentence: '存在安全风险隐患', blocked: null }],
    }
  }

  private file(who: Membership, { reports, signature }: Sent, files: Map<string, File>): Answer {
    const payloads = new Map(reports.map((one) => [one.kind, JSON.stringify([signature, one])]))
    const there = this.saved.filter((one) => payloads.get(one.kind) === one.text)
    if (there.length === reports.length) return created(there)
    if (files.get(signature)?.verdict !== 'verified') return problem(409, 'file.pending', '签名还没有核验完。')
    const moved = reports.filter(({ kind, seen }) => seen !== this.seenOf(kind)).map(({ kind }) => kind)
    if (moved.length) return problem(409, 'report.numbers_moved', '填写期间数字变了。', { kinds: moved })
    const blocked = reports.find((one) => one.evaluation === 'under_control' && this.weeks.get(one.kind)!.open?.major && !one.override)
    if (blocked) return problem(400, 'report.evaluation_blocked', '有重大隐患。')
    return created(reports.map((one) => this.keep(who, 'weekly_report', WEEK, one.kind, payloads.get(one.kind)!)))
  }

  private keep(who: Membership, duty: 'weekly_report' | 'monthly_report', due: string, kind: string, text: string) {
    const n = this.saved.filter((one) => one.kind === kind && one.duty === duty).length + 1
    const one = {
      report: `${duty}.${due}.${who.role}.0${n}`, number: `${kind}-0${n}`, duty, due, kind, unit_kind: 'use' as const, person: who.person, person_name: who.name, role: who.role,
      received_at: '2026-11-23T01:40:00.000Z', late: false, evaluation: null, meeting_at: null, text,
    }
    this.saved.push(one)
    Object.assign(this.row(duty, kind) ?? {}, { state: 'done' })
    return one
  }

  private kinds = (): MonthlyKind[] =>
    this.todos().filter(({ duty }) => duty === 'monthly_report').map((todo) => ({
      kind: todo.target, unit_kind: 'use', title: '每月电梯安全调度会议纪要', state: todo.state, numbers: this.weeks.get(todo.target)!, before: numbers(), seen: this.seenOf(todo.target), text: `【${todo.target}】`, reports: [],
    }))

  private month(_who: Membership) {
    return { due: MONTH, meeting_at: '2026-11-23T01:30:00.000Z', late: false, late_until: '2026-12-02T16:05:00.000Z', signer: '主要负责人', kinds: this.kinds(), minutes: this.minutes }
  }

  private draft(who: Membership, sent: Met): Answer {
    const text = JSON.stringify(sent)
    const again = this.minutes.find((one) => (one as { sent?: string }).sent === text)
    if (again) return created201(again)
    const before = sent.revises ? this.one(sent.revises.minutes) : null
    if (before && (before.version !== sent.revises!.version || before.state === 'signed')) return problem(409, 'minutes.moved', '会议纪要刚刚有了变化。')
    const moved = sent.kinds.filter(({ kind, seen }) => seen !== this.seenOf(kind)).map(({ kind }) => kind)
    if (moved.length) return problem(409, 'report.numbers_moved', '填写期间数字变了。', { kinds: moved })
    const kinds = sent.kinds.map(({ kind }) => kind)
    const one = {
      minutes: before?.minutes ?? `${MONTH}.M${this.minutes.length}`, due: MONTH, version: (before?.version ?? 0) + 1, state: 'submitted', kinds, meeting_at: sent.meeting_at, by: who.person, by_name: who.name, at: '2026-11-23T01:40:00.000Z',
      reason: null, late: false, late_until: '2026-12-02T16:05:00.000Z', signer: '主要负责人', photos: sent.photos ?? [], text: sent.text ?? null, focus: sent.focus, of: this.kinds().filter(({ kind }) => kinds.includes(kind)), steps: [], sent: text,
    } as unknown as MinutesDetail
    if (before) this.minutes.splice(this.minutes.indexOf(before), 1, one)
    else this.minutes.push(one)
    kinds.forEach((kind) => Object.assign(this.row('monthly_report', kind) ?? {}, { state: 'done' }))
    return created201(one)
  }

  private act(who: Membership, id: string, act: string, body: Heard['body']): Answer {
    const one = this.one(id)
    if (one.version !== body.version || one.state !== 'submitted') return problem(409, 'minutes.moved', '会议纪要刚刚有了变化。')
    if (act === 'return') return ok(Object.assign(one, { state: 'returned', reason: body.reason as string }))
    const moved = (body.kinds as { kind: string; seen: string }[]).filter(({ kind, seen }) => seen !== this.seenOf(kind)).map(({ kind }) => kind)
    if (moved.length) return problem(409, 'report.numbers_moved', '填写期间数字变了。', { kinds: moved })
    one.state = 'signed'
    return created(one.kinds.map((kind) => this.keep(who, 'monthly_report', MONTH, kind, '')))
  }

  private meet(who: Membership, sent: Met): Answer {
    return created(sent.kinds.map(({ kind }) => this.keep(who, 'monthly_report', MONTH, kind, '')))
  }
}

const digest = (value: unknown) => String([...JSON.stringify(value)].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 999_999_937, 7)).padStart(64, '0')
const ok = (data: unknown): Answer => ({ status: 200, data })
const created201 = (data: MinutesItem): Answer => ({ status: 201, data })
const created = (reports: ReportItem[]): Answer => ({ status: 201, data: { due: WEEK, reports: reports.map(({ report, number, kind, received_at, late }) => ({ report, number, kind, received_at, late })) } })
