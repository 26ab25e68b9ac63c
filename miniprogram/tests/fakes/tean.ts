import type { InspectionRequest, Item, Membership, Receipt, Role, Session, Task, Todo } from '@/api'
import { faultsOf } from './judge'
import { FakeReports } from './reports'
import { item } from './things'

/** `after`: how many milliseconds later than usual it comes. */
export interface Answer { status: number; data: unknown; after?: number }
export interface Heard { route: string; method: string; path: string; query: string; text: string; body: Record<string, unknown>; token: string | null; contentType?: string }

/** How one request goes wrong: `silent` never arrives, `lost` is done but its answer does not come back. */
export type Mishap = 'silent' | 'lost' | Answer | ((heard: Heard, act: () => Answer) => Answer | 'none')

export interface File { person: string; arrived: boolean; verdict: 'pending' | 'verified' | 'refused' }
const TOKEN_LIFE = 15 * 60_000

export const problem = (status: number, code: string, sentence: string, details = {}): Answer => ({
  status, data: JSON.stringify({ code, status, sentence, details }),
})
export const BAD_GATEWAY: Answer = { status: 502, data: '<html><h1>502 Bad Gateway</h1></html>' }
export const CAPTIVE_PORTAL: Answer = { status: 200, data: '<html>请先登录无线网络</html>' }

export function member(role: Role = 'officer', more: Partial<Membership> = {}): Membership {
  return { unit: 'U1', unit_name: '海河电梯', person: 'P1', name: '王建国', role, words: '电梯安全员', sides: ['use'], ...more }
}

/** The server, as far as a phone can tell: what it holds is looked at, never what was called. */
export class FakeTean {
  readonly heard: Heard[] = []
  readonly files = new Map<string, File>()
  readonly records = new Map<string, { text: string; receipt: Receipt }>()
  readonly people = new Map<string, Membership[]>([['openid-1', [member()]]])
  items: Item[] = [item('A1'), item('A2', { grade: 'major' })]
  todos: Todo[] = []
  task: Task | null = null
  readonly reports = new FakeReports(() => this.todos)
  /** What the worker will say of the next files; `pending`: not yet. */
  verdict: File['verdict'] = 'verified'
  arrivalStatus = 201
  private tokens = new Map<string, { openid: string; member: Membership; until: number }>()
  private codes = new Map<string, string>()
  private mishaps = new Map<string, Mishap[]>()
  private count = 0

  /** The next requests of a route go like this, one after the other. */
  next(route: string, ...mishaps: Mishap[]) {
    this.mishaps.set(route, [...(this.mishaps.get(route) ?? []), ...mishaps])
  }

  of = (route: string) => this.heard.filter((heard) => heard.route === route)

  codeFor(openid: string): string {
    const code = `code-${this.count++}`
    this.codes.set(code, openid)
    return code
  }

  revokeTokens = () => this.tokens.clear()

  receive(method: string, url: string, text: string, header: Record<string, string>): Answer | 'none' {
    const [path = '', query = ''] = url.split('?')
    const token = header.Authorization?.replace('Bearer ', '') ?? null
    const route = `${method} ${routeOf(path)}`
    const heard: Heard = { route, method, path, query, text, body: text ? JSON.parse(text) : {}, token, contentType: header['Content-Type'] }
    this.heard.push(heard)
    const act = () => json(this.act(heard))
    const mishap = this.mishaps.get(route)?.shift()
    if (mishap === undefined) return act()
    if (mishap === 'silent') return 'none'
    if (mishap === 'lost') return act() && 'none'
    return typeof mishap === 'function' ? mishap(heard, act) : mishap
  }

  /** A file reached the storage. */
  arrive(fields: Record<string, string>): number | 'none' {
    const mishap = this.mishaps.get('upload')?.shift()
    if (mishap === 'silent') return 'none'
    if (mishap && typeof mishap === 'object') return mishap.status
    const file = this.files.get(fields.key ?? '')
    if (!file) return 403
    file.arrived = true
    file.verdict = this.verdict
    return mishap === 'lost' ? 'none' : this.arrivalStatus
  }

  get arrived(): string[] {
    return [...this.files].flatMap(([name, file]) => (file.arrived ? [name] : []))
  }

  private act(heard: Heard): Answer {
    if (heard.route === 'POST /v1/login') return this.login(heard.body as { code: string; phone_code: string | null })
    const who = this.tokens.get(heard.token ?? '')
    if (!who || who.until < Date.now()) return problem(401, 'session.expired', '登录已过期，请重新登录。')
    switch (heard.route) {
      case 'POST /v1/session/refresh': return this.issue(who.openid, who.member)
      case 'POST /v1/session/membership': return this.switchTo(who.openid, heard.body as { unit: string; role: Role })
      case 'GET /v1/session': return ok(sessionOf(who.member))
      case 'GET /v1/todos': return ok({ today: '2026-11-23', items: this.todos, names: {} })
      case 'GET /v1/tasks': return this.task ? ok(this.task) : problem(404, 'task.unknown', '没有找到这项任务，请回到待办列表下拉刷新。')
      case 'POST /v1/uploads': return this.permit(who.member)
      case 'GET /v1/uploads': return this.status(heard.path.split('/').pop()!)
      case 'POST /v1/inspections': return this.submit(who.member, heard)
      default: return this.reports.answer(who.member, heard, this.files) ?? problem(404, 'route.unknown', '没有这个地址，请更新小程序后再试。')
    }
  }

  private login({ code, phone_code }: { code: string; phone_code: string | null }): Answer {
    const openid = this.codes.get(code)
    this.codes.delete(code)
    const memberships = openid ? this.people.get(openid) : undefined
    if (!openid || (!memberships && !phone_code)) return problem(401, 'login.phone_needed', '需要核对手机号，请用单位登记的手机号登录。')
    if (phone_code) this.people.set(openid, memberships ?? [member()])
    const [first] = this.people.get(openid) ?? []
    return first ? this.issue(openid, first) : problem(403, 'login.phone_unknown', '这个手机号还没有登记，不能登录。')
  }

  private issue(openid: string, acting: Membership): Answer {
    const memberships = this.people.get(openid) ?? []
    if (!memberships.some((one) => same(one, acting))) return problem(401, 'session.membership_gone', '您在这个单位的任职已变更或取消，请重新登录。')
    const token = `token-${this.count++}`
    this.tokens.set(token, { openid, member: acting, until: Date.now() + TOKEN_LIFE })
    return ok({ token, expires_at: new Date(Date.now() + TOKEN_LIFE).toISOString(), membership: acting, memberships })
  }

  private switchTo(openid: string, to: { unit: string; role: Role }): Answer {
    const found = this.people.get(openid)?.find((one) => one.unit === to.unit && one.role === to.role)
    return found ? this.issue(openid, found) : problem(403, 'session.membership_unknown', '您没有这个任职，请从列表里重新选择。')
  }

  private permit(who: Membership): Answer {
    const file = `${who.person}.${String(this.count++).padStart(32, '0')}`
    this.files.set(file, { person: who.person, arrived: false, verdict: 'pending' })
    return ok({ file, url: 'https://files.example/incoming', fields: { key: file }, expires_at: '2026-11-23T02:00:00.000Z' })
  }

  private status(name: string): Answer {
    const file = this.files.get(name)
    if (!file) return problem(404, 'file.unknown', '没有找到这个文件，请刷新后再试。')
    return ok({ file: name, verdict: file.verdict, ...(file.verdict === 'refused' ? { reason: '这不是照片，请重新拍照。' } : {}) })
  }

  private submit(who: Membership, heard: Heard): Answer {
    const request = heard.body as unknown as InspectionRequest
    const key = `${who.unit}/${who.person}/${request.duty}/${request.due}/${request.target}`
    const there = this.records.get(key)
    if (there) return there.text === heard.text ? ok(there.receipt) : problem(409, 'inspection.already_submitted', '这个对象这一天您已经提交过，以那一份为准；这一份内容不同，没有保存。')
    const faults = faultsOf(this.items, request)
    if (faults.length) return problem(400, 'inspection.answers', `有 ${faults.length} 处需要补充：${faults.join('；')}`, { faults })
    for (const name of citedBy(request)) {
      const file = this.files.get(name)
      if (!file || file.person !== who.person) return problem(400, 'file.unknown', '引用了不是您上传的文件，请重新拍照或签名。')
      if (file.verdict === 'pending') return problem(409, 'file.pending', '照片还没有核验完，稍等几秒再提交，已填的内容不会丢。')
      if (file.verdict === 'refused') return problem(400, 'file.refused', '文件没有通过核验，请重新拍照。')
    }
    const receipt = receiptOf(request)
    this.records.set(key, { text: heard.text, receipt })
    return { status: 201, data: receipt }
  }
}

function citedBy(request: InspectionRequest): string[] {
  const photos = (request.answers ?? []).flatMap((answer) => answer.photos ?? [])
  return request.signature ? [...photos, request.signature] : photos
}

function receiptOf(request: InspectionRequest): Receipt {
  return {
    record: `${request.duty}.${request.due}.v01`, number: `20261123-${request.target}-01`, target: request.target, duty: request.duty, due: request.due,
    state: request.state, received_at: new Date().toISOString(), late: false,
    fails: (request.answers ?? []).filter((answer) => answer.result === 'fail').length, hazards: [], stamp: 'zero_risk',
  } as unknown as Receipt
}

function sessionOf(who: Membership): Session {
  const { sides, ...rest } = who
  return {
    ...rest, kinds: sides, menu: MENUS[who.role] ?? MENUS.officer!, tabs: [{ side: 'use', title: '设备巡查' }],
    contact: '张工 022-12345678', server_time: new Date().toISOString(), today: '2026-11-23',
  } as Session
}

const MENUS: Partial<Record<Role, Session['menu']>> = {
  officer: [{ key: 'todos', title: '我的待办' }, { key: 'daily', title: '日管控' }],
  director: [{ key: 'todos', title: '我的待办' }, { key: 'weekly_report', title: '周报告' }, { key: 'monthly_report', title: '月报告' }],
  principal: [{ key: 'todos', title: '我的待办' }, { key: 'monthly_report', title: '月报告' }],
} as never

const ok = (data: object): Answer => ({ status: 200, data })
/** Over the wire nothing is shared. */
const json = ({ status, data }: Answer): Answer => ({ status, data: typeof data === 'string' ? data : JSON.parse(JSON.stringify(data)) })
const same = (one: Membership, other: Membership) => one.unit === other.unit && one.person === other.person && one.role === other.role
const routeOf = (path: string) => path.replace(/^(\/v1\/(?:tasks|uploads|files|hazards|targets|reports|weekly_reports|monthly_reports|minutes))\/.*/, '$1')
