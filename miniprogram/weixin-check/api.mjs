/** What the server answers, by role: made up, but held to the OpenAPI document (see conforms). */
import { readFileSync } from 'node:fs'

const openapi = JSON.parse(readFileSync(new URL('../../schemas/openapi.json', import.meta.url)))

export const TODAY = '2026-11-23'
export const NOW = `${TODAY}T09:30:00+08:00`
export const HAZARD = '20261121T003000000Z.E2.DT-07.P1'
export const WEEKLY_HAZARD = '20261123T003000000Z.3000.DT-07.P2'
export const RECORD = `daily.${TODAY}.v01`
export const FILE = 'P1.00000000000000000000000000000001'
const SHA = 'a'.repeat(64)

const POSTS = {
  officer: { person: 'P1', name: '王建国', words: '电梯安全员' },
  director: { person: 'P2', name: '李红梅', words: '电梯安全总监' },
  principal: { person: 'P3', name: '赵国强', words: '主要负责人' },
  administrator: { person: 'P4', name: '孙静', words: '管理员' },
}
const MENUS = {
  officer: ['todos 我的待办', 'daily 日管控', 'daily_hazards 日隐患管理', 'daily_records 日管控记录', 'weekly 周排查', 'monthly 月调度', 'weekly_records 周排查记录', 'monthly_records 月调度记录'],
  director: ['todos 我的待办', 'weekly 周排查', 'monthly 月调度', 'weekly_report 周报告', 'monthly_report 月报告', 'daily_hazards 日隐患管理', 'weekly_hazards 周隐患管理', 'daily_records 日管控记录', 'people 人员'],
  principal: ['todos 我的待办', 'monthly 月调度', 'monthly_report 月报告', 'daily_hazards 日隐患管理', 'monthly_hazards 月隐患管理', 'daily_records 日管控记录', 'statistics 管控统计'],
  administrator: ['unit_setup 单位设置', 'people 人员'],
}

export const member = (role) => ({ unit: 'U1', unit_name: '海河大厦物业', role, sides: ['use'], ...POSTS[role] })
/** As the login would have left it on the phone. */
export const loginAnswer = (role) => ({
  token: `token.${role}`, expires_at: at('09:30'), membership: member(role), memberships: [member(role), ...(role === 'officer' ? [member('director')] : [])],
})

const at = (time, date = TODAY) => new Date(`${date}T${time}:00+08:00`).toISOString()

const facts = (target, name, more = {}) => ({
  target, name, unit_kind: 'use', kind: '3000', kind_name: '电梯', subtype: '3100', subtype_name: '曳引驱动乘客电梯', location: '1 号楼大堂', state: 'in_use',
  next_inspection: '2027-03-31', clock: { days: 128, apply_by: '2027-02-28' }, identifiers: { device_code: '31001201012015030001', certificate: '梯11津A00001(26)' }, ...more,
})
const TARGETS = [
  facts('E1', '1 号客梯'),
  facts('E2', '2 号客梯', { next_inspection: '2026-11-01', clock: { days: -22, level: 'ended', apply_by: '2026-10-01' } }),
  facts('E3', '货梯', { state: 'suspended', state_reason: '停产检修', subtype: null, subtype_name: null, location: null, next_inspection: null, clock: null }),
]
const EXPIRING = [TARGETS[1], facts('E4', '扶梯', { next_inspection: '2026-12-31', clock: { days: 38, level: 'within_60', apply_by: '2026-11-30' } })]
const targetOf = (code) => TARGETS.find((target) => target.target === code)

const todo = (target, more = {}) => ({ duty: 'daily', due: TODAY, target, name: targetOf(target).name, location: '1 号楼大堂', unit_kind: 'use', kind: '3000', state: 'open', ...more })
const TODOS = [
  todo('E1'),
  todo('E2', { state: 'done', closed_by: 'P1', closed_at: at('08:46'), fails: 1 }),
  todo('E3', { suspended: true }),
  todo('E1', { due: '2026-11-22', state: 'missed' }),
  todo('E2', { due: '2026-11-22', state: 'late', closed_by: 'P9', closed_at: at('16:40', '2026-11-22'), stamp: 'zero_risk' }),
]

export const ITEMS = [
  { code: 'DT-01', group: '机房', text: '机房通道畅通，照明完好', hazard: '机房通道堵塞或照明损坏', grade: 'general', basis: ['TSG T5002 A.1'], na_allowed: true, stop_use: false },
  { code: 'DT-07', group: '轿厢', text: '轿厢内报警装置有效', hazard: '轿厢内报警装置失效', grade: 'serious', basis: [], na_allowed: false, stop_use: false },
  { code: 'DT-12', group: '层门', text: '层门锁紧装置有效', hazard: '层门锁紧装置失效', grade: 'major', basis: [], na_allowed: false, stop_use: true },
]
/** A kind as if it were one target: what a week or a month asks for. */
const KIND = { target: '3000', name: '电梯', unit_kind: 'use', kind: '3000', kind_name: '电梯', state: 'in_use', identifiers: {} }
export const WEEK = '2026-11-23'
export const WEEKLY_RECORD = `weekly.${WEEK}.officer-P1.v01`
const ofKind = (duty, due, more = {}) => ({ duty, due, target: '3000', name: '电梯', unit_kind: 'use', kind: '3000', state: 'open', ...more })
const INSPECTIONS = [ofKind('weekly', WEEK), ofKind('weekly', '2026-11-16', { state: 'missed' }), ofKind('monthly', '2026-11-01', { state: 'done', closed_by: 'P1', closed_at: at('08:50'), stamp: 'zero_risk' })]
const LED = [ofKind('weekly', WEEK), ofKind('monthly', '2026-11-01'), ofKind('weekly_report', WEEK), ofKind('monthly_report', '2026-11-01')]
const todosOf = (role) => ({ officer: [...TODOS, ...INSPECTIONS], director: LED, principal: LED.slice(1) })[role] ?? []

const kindTask = (duty, due) => ({
  duty, due, state: due === '2026-11-16' ? 'missed' : 'open', late: due === '2026-11-16', late_until: at('00:05', '2026-12-02'), target: KIND, record_title: '每周电梯安全排查治理报告',
  checklist: { sha256: `${SHA}.${'b'.repeat(64)}`, title: '电梯周排查', version: 1, items: ITEMS }, open_hazards: {},
})
const task = (target, due) => ({
  duty: 'daily', due, state: due === TODAY ? 'open' : 'missed', late: due !== TODAY, late_until: at('00:05', '2026-11-26'), target: targetOf(target), record_title: '电梯每日安全检查记录',
  checklist: { sha256: SHA, title: '电梯日管控', version: 3, items: ITEMS }, open_hazards: target === 'E2' ? { major: 1, general: 2 } : {},
  ...(target === 'E2' ? { done: { record: RECORD, person: 'P1', person_name: '王建国', received_at: at('08:46'), late: false } } : {}),
})

const hazard = (state, more = {}) => ({
  hazard: HAZARD, duty: 'daily', devices: [], target: 'E2', target_name: '2 号客梯', location: '1 号楼大堂', unit_kind: 'use', kind: '3000', sentence: '轿厢内报警装置失效', grade: 'major', state,
  version: { reported: 1, ordered: 2, rectified: 3 }[state], finder_name: '王建国', found_at: at('08:30', '2026-11-21'), stop_use: true,
  ...(state === 'reported' ? {} : { assignee: 'P1', deadline: '2026-11-22', overdue: state === 'ordered' }), ...(state === 'rectified' ? { rectified_at: at('10:00') } : {}), ...more,
})
const steps = (state) => [
  { version: 1, act: 'report', state: 'reported', by: 'P1', by_name: '王建国', at: at('08:30', '2026-11-21'), text: '轿厢内报警装置失效', photos: [FILE] },
  { version: 2, act: 'order', state: 'ordered', by: 'P2', by_name: '李红梅', at: at('09:00', '2026-11-21'), text: '联系维保单位更换', assignee: 'P1', assignee_name: '王建国', deadline: '2026-11-22' },
  { version: 3, act: 'rectification', state: 'rectified', by: 'P1', by_name: '王建国', at: at('10:00'), text: '已更换', photos: [FILE] },
].slice(0, { reported: 1, ordered: 2, rectified: 3 }[state])
/** Found by the director himself, on one device, without a deadline. */
const ofWeek = { hazard: WEEKLY_HAZARD, duty: 'weekly', target: '3000', target_name: '电梯', location: null, devices: ['E1'], finder_name: '李红梅', assignee: null, deadline: null, overdue: false, stop_use: null }
const weekDetail = () => ({
  ...detail('ordered'), ...ofWeek, version: 1, steps: [{ version: 1, act: 'report', state: 'ordered', by: 'P2', by_name: '李红梅', at: at('08:30'), text: '轿厢内报警装置失效', photos: [FILE] }],
})
const detail = (state) => ({
  ...hazard(state), item: 'DT-07', requirement: '轿厢内报警装置有效', handling: 'pending', photos: [FILE], remark: '对讲无人应答', record: RECORD,
  officers: [{ person: 'P1', name: '王建国' }, { person: 'P5', name: '周海' }], steps: steps(state),
})

const record = (due, more = {}) => ({
  record: `daily.${due}.v01`, number: `${due.replaceAll('-', '')}-E1-01`, duty: 'daily', due, state: 'in_use', person: 'P1', person_name: '王建国', role: 'officer',
  received_at: at('08:46', due), late: false, fails: 0, stamp: 'zero_risk', supplement: false, role: 'officer', version: 1, ...more,
})
const wholeRecord = (due) => ({
  ...record(due, { fails: 1, stamp: null }), title: '电梯每日安全检查记录', unit_kind: 'use', kind: '3000', target: 'E1', target_name: '1 号客梯', location: '1 号楼大堂', signature: FILE,
  performed_at: at('08:45', due), checklist: SHA, seq: 12, sha256: SHA, previous: 'b'.repeat(64),
  first: { person: 'P9', person_name: '周海', received_at: at('08:20', due) }, version: 2, correction: '看错了一项', stop_use: false,
  versions: [{ record: `daily.${due}.v01`, version: 1, received_at: at('08:46', due) }, { record: `daily.${due}.v02`, version: 2, received_at: at('09:10', due) }],
  items: [
    { code: 'DT-01', group: '机房', text: ITEMS[0].text, hazard: ITEMS[0].hazard, result: 'pass', photos: [], devices: [], remark: '已打扫', custom: true },
    { code: 'DT-07', group: '轿厢', text: ITEMS[1].text, hazard: ITEMS[1].hazard, result: 'fail', grade: 'serious', handling: 'pending', photos: [FILE], devices: [], hazard_id: HAZARD },
    { code: 'DT-12', group: '层门', text: ITEMS[2].text, hazard: ITEMS[2].hazard, result: 'not_applicable', photos: [], devices: [] },
  ],
})

const missed = (duty, due, asked = true) => ({ duty, due, closed_at: at('00:05', due), asked, role: 'officer', names: asked ? ['王建国'] : [] })
const wholeWeek = {
  ...wholeRecord(TODAY), record: WEEKLY_RECORD, duty: 'weekly', due: WEEK, title: '每周电梯安全排查治理报告', target: '3000', target_name: '电梯', location: null, signature: null, first: null,
  items: wholeRecord(TODAY).items.map((one) => (one.result === 'fail' ? { ...one, devices: ['E1'], deadline: '2026-11-30' } : one)),
}

const OWN = { group: '环境', na_allowed: true, custom: true }
const customList = (duty, version) => ({
  duty, kind: '3000', name: '电梯', version, edited_by: 'P4', edited_at: at('08:00'),
  items: [
    ...ITEMS.map(({ code, group, text, hazard, grade, na_allowed }) => ({ code, group, text, hazard, grade: code === 'DT-01' ? 'serious' : grade, released: grade, na_allowed, custom: false })),
    { ...OWN, code: 'ZDY-D-01', text: '候梯厅有人值守', hazard: '候梯厅无人值守', grade: 'general', released: 'general' },
    { ...OWN, code: 'ZDY-D-02', text: '机房加锁', hazard: '机房未加锁', grade: 'general', released: 'general', ends: '2026-12-01' },
  ],
})

const EXPIRED = { code: 'E-E2', name: '2 号客梯', kind: '3000', location: '1 号楼大堂', due: '2026-11-01' }
const GAPS = {
  today: TODAY, people: 4, filled: [{ unit_kind: 'use', targets: 3, complete: 2 }],
  items: [
    { gap: 'expired', unit_kind: 'use', count: 1, first: [EXPIRED] },
    { gap: 'undated', unit_kind: 'use', count: 1, first: [{ code: 'E-E3', name: '货梯', kind: '3000' }] },
  ],
}

export const MINUTES = '2026-11-01.0123456789abcdef.P2'
export const REPORT = 'weekly_report.2026-11-23.director.01'
const WEEK_COUNTED = { due: 14, on_time: 11, late: 1, missed: 1, suspended: 1, withdrawn: 0, zero_risk: 9, fails: 3 }
const numbers = (more = {}) => ({ since: '2026-11-16', until: '2026-11-22', targets: 2, daily: WEEK_COUNTED, officers: { ...WEEK_COUNTED, due: 4, on_time: 2 }, found: { general: 2, serious: 1 }, rectified: 2, open: { serious: 1 }, carried: 1, overdue: 1, expiring: 1, uncounted: [], provisional: true, ...more })
const report = (more = {}) => ({ report: REPORT, number: 'ZBG-20261123-3000-01', duty: 'weekly_report', due: WEEK, kind: '3000', unit_kind: 'use', person: 'P2', person_name: '李红梅', role: 'director', received_at: at('09:40'), late: false, evaluation: 'at_risk', meeting_at: null, ...more })
const wholeReport = {
  ...report(), title: '每周电梯安全排查治理报告', numbers: numbers(), live: numbers({ rectified: 3 }), before: null, text: '共排查 2 台电梯', evaluation_sentence: '存在安全风险隐患，需尽快采取防范措施', override: '已设专人看守',
  focus: '完成对讲复查', photos: [FILE], signature: FILE, drafted_by: 'P2', drafted_by_name: '李红梅', performed_at: at('09:39'), seq: 3, sha256: SHA, previous: 'b'.repeat(64),
}
const weekDraft = (state) => ({
  due: WEEK, kind: '3000', unit_kind: 'use', title: '每周电梯安全排查治理报告', signer: '安全总监', state, late: false, late_until: at('00:05', '2026-12-02'), numbers: numbers(), seen: SHA, summary: '本周期共排查 2 台电梯。',
  evaluations: [{ evaluation: 'under_control', sentence: '安全风险可控，无较大安全风险隐患', blocked: '有 1 条较大隐患未整改' }, { evaluation: 'at_risk', sentence: '存在安全风险隐患，需尽快采取防范措施', blocked: null }],
  open: [{ hazard: HAZARD, duty: 'daily', sentence: '轿厢内报警装置失效', grade: 'serious', state: 'ordered', target_name: '2 号客梯', found_at: at('08:30', '2026-11-12'), deadline: '2026-11-22', overdue: true, carried: true }],
  reports: state === 'done' ? [report()] : [],
})
const monthKind = { kind: '3000', unit_kind: 'use', title: '每月电梯安全调度会议纪要', state: 'open', numbers: numbers({ officers: null }), before: numbers({ officers: null }), seen: SHA, text: '电梯：应查 14。', reports: [] }
const minutesItem = (state) => ({ minutes: MINUTES, due: '2026-11-01', version: 1, state, kinds: ['3000'], meeting_at: at('14:30', '2026-11-19'), by: 'P2', by_name: '李红梅', at: at('15:00', '2026-11-19'), reason: state === 'returned' ? '照片不清楚' : null })
const minutesStep = (act, role, more = {}) => ({ act, version: 1, by: POSTS[role].person, by_name: POSTS[role].name, at: at('15:00', '2026-11-19'), text: null, ...more })
const minutesDetail = (state) => ({
  ...minutesItem(state), late: false, late_until: at('00:05', '2026-12-03'), signer: '主要负责人', photos: [FILE], text: '会上定了三件事', focus: '清零逾期隐患', of: [monthKind],
  steps: [minutesStep('submit', 'director'), ...(state === 'returned' ? [minutesStep('return', 'principal', { text: '照片不清楚' })] : [])],
})
const receipts = { due: WEEK, reports: [{ report: REPORT, number: 'ZBG-20261123-3000-01', kind: '3000', received_at: at('09:40'), late: false }] }
const stateFor = (role) => (role === 'director' ? 'returned' : 'submitted')

const session = (role) => {
  const { sides, ...who } = member(role)
  const menu = MENUS[role].map((entry) => entry.split(' ')).map(([key, title]) => ({ key, title }))
  return { ...who, kinds: sides, menu, tabs: [{ side: 'use', title: '设备巡查' }], inspected: role === 'administrator' ? [] : [{ kind: '3000', name: '电梯', unit_kind: 'use' }], contact: '值班电话 022-12345678', server_time: at('09:30'), today: TODAY }
}

const ok = (body) => ({ status: 200, body })
const created = (body) => ({ status: 201, body })
const no = (status, code, sentence) => ({ status, body: { code, status, sentence, details: {} } })

const ofLifts = (more) => ({ due: 0, on_time: 0, late: 0, missed: 0, suspended: 0, withdrawn: 0, zero_risk: 0, fails: 0, kind: '3000', unit_kind: 'use', ...more })
const MONTH = ofLifts({ due: 66, on_time: 58, late: 2, missed: 4, suspended: 2, zero_risk: 55 })
const STATISTICS = {
  today: TODAY, since: '2026-11-01', until: '2026-11-30', months: ['2026-11-01'], provisional: ['2026-11-21', '2026-11-22'], unasked: ['2026-11-03'], uncounted: [],
  duties: [{ duty: 'daily', kinds: [MONTH], officers: [] }, { duty: 'weekly', kinds: [ofLifts({ due: 6, on_time: 5, missed: 1 })], officers: [ofLifts({ due: 4, on_time: 3, missed: 1 })] }],
  weeks: [{ monday: '2026-11-09', days: 7, kinds: [ofLifts({ due: 21, on_time: 18, late: 1, missed: 2 })], unchecked: { 3000: 1 } }, { monday: '2026-11-16', days: 7, kinds: [ofLifts({ due: 21, on_time: 21 })], unchecked: {} }],
  hazards: [{ duty: 'daily', kind: '3000', unit_kind: 'use', general: 4, serious: 2, major: 1, on_site: 2, rectified: 3, minutes: 8640 }],
  people: [{ person: 'P1', name: '王建国', role: 'officer', duty: 'daily', kinds: [MONTH] }, { person: 'P2', name: '李红梅', role: 'director', duty: 'weekly', kinds: [ofLifts({ due: 2, on_time: 2 })] }],
}
const OPEN = [{ kind: '3000', unit_kind: 'use', grade: 'major', state: 'ordered', age: 'week', overdue: true, count: 1 }, { kind: '5000', unit_kind: 'use', grade: 'general', state: 'reported', age: 'older', overdue: false, count: 2 }]
const outcome = (due, more = {}) => ({ what: 'missed', zero_risk: false, duty: 'daily', due, target: 'E1', name: '1 号客梯', unit_kind: 'use', kind: '3000', role: 'officer', people: [{ person: 'P1', name: '王建国' }], at: null, never: false, ...more })
const ofPrincipal = (role, body) => (role === 'principal' ? ok(body) : no(403, 'role.not_allowed', '只有主要负责人可以看。'))

let files = 1

/** By route of the OpenAPI document. `named` are the parameters of the path, `query` those behind it. */
const ROUTES = {
  'post /v1/login': (role) => (role ? ok(loginAnswer(role)) : no(401, 'login.phone_needed', '需要核对手机号，请用单位登记的手机号登录。')),
  'post /v1/session/refresh': (role) => ok(loginAnswer(role)),
  'post /v1/session/membership': (_, { body }) => ok(loginAnswer(body.role)),
  'get /v1/session': (role) => ok(session(role)),
  'get /v1/todos': (role, { query }) =>
    ok({ today: TODAY, items: query.cursor ? [] : todosOf(role), names: { P1: '王建国', P9: '周海' }, ...(query.cursor ? {} : { next: 'more' }) }),
  'get /v1/tasks/{duty}/{due}/{target}': (role, { named }) =>
    named.duty && named.duty !== 'daily' ? ok(kindTask(named.duty, named.due)) : role === 'officer' && targetOf(named.target) ? ok(task(named.target, named.due)) : no(404, 'task.unknown', '没有找到这项任务，请回到待办列表下拉刷新。'),
  'post /v1/inspections': (_, { body }) =>
    created({
      record: RECORD, number: '20261123-E1-01', target: body.target, duty: body.duty, due: body.due, state: body.state, received_at: at('09:31'), late: false, fails: (body.answers ?? []).filter((one) => one.result === 'fail').length, hazards: [], stop_use: Boolean(body.stop_use),
    }),
  'get /v1/hazards': (role, { query }) =>
    role === 'administrator' ? no(403, 'role.not_allowed', '您的岗位不看隐患。') : ok({ items: query.duty !== 'daily' ? [hazard(query.state, ofWeek)] : query.cursor ? [hazard(query.state, { grade: 'general', overdue: false, extension: query.state === 'ordered' ? '2026-11-30' : null })] : [hazard(query.state)], ...(query.cursor ? {} : { next: 'more' }) }),
  'get /v1/hazards/{hazard}': (role, { named }) => ok(named.hazard === WEEKLY_HAZARD ? weekDetail() : detail(role === 'officer' ? 'ordered' : role === 'director' ? 'reported' : 'rectified')),
  'post /v1/hazards/{hazard}/order': () => ok({ hazard: HAZARD, state: 'ordered', version: 2 }),
  'post /v1/hazards/{hazard}/extension': () => ok({ hazard: HAZARD, state: 'ordered', version: 3 }),
  'post /v1/hazards/{hazard}/grade': () => ok({ hazard: HAZARD, state: 'ordered', version: 3 }),
  'get /v1/gaps': (role) => (role === 'administrator' ? ok(GAPS) : no(403, 'role.not_allowed', '只有管理员可以看。')),
  'get /v1/gaps/{gap}/{unit_kind}': (_, { named, query }) => ok({ items: named.gap === 'expired' && !query.cursor ? [EXPIRED] : [] }),
  'get /v1/expiries': (_, { query }) => ok({ today: TODAY, until: '2027-01-22', items: query.cursor ? EXPIRING.slice(1) : EXPIRING.slice(0, 1), ...(query.cursor ? {} : { next: 'more' }) }),
  'get /v1/custom-lists': (role) => (role === 'administrator' ? ok({ items: ['daily', 'weekly', 'monthly'].map((duty) => ({ duty, kind: '3000', name: '电梯', fixed: 3, own: duty === 'daily' ? 1 : 0, raised: 0 })) }) : no(403, 'role.not_allowed', '只有管理员可以设置。')),
  'get /v1/custom-lists/{duty}/{kind}': (_, { named }) => ok(customList(named.duty, 1)),
  'post /v1/custom-lists/{duty}/{kind}': (_, { named }) => created(customList(named.duty, 2)),
  'post /v1/hazards/{hazard}/rectification': () => ok({ hazard: HAZARD, state: 'rectified', version: 3 }),
  'get /v1/targets': (role, { query }) => (role === 'administrator' ? no(403, 'role.not_allowed', '您的岗位不看记录。') : ok({ items: query.cursor ? [] : TARGETS, ...(query.cursor ? {} : { next: 'more' }) })),
  'get /v1/targets/{target}/records': (_, { named, query }) =>
    query.duty === 'weekly' ? ok({ target: KIND, items: query.cursor ? [] : [record(WEEK, { record: WEEKLY_RECORD, duty: 'weekly' }), record(WEEK, { record: `weekly.${WEEK}.director.v01`, duty: 'weekly', role: 'director', person: 'P2', person_name: '李红梅' })], missed: query.cursor ? [] : [missed('weekly', '2026-11-16'), missed('weekly', '2026-11-09', false)] }) : ok({ missed: query.cursor ? [] : [missed('daily', '2026-11-19')], target: targetOf(named.target) ?? TARGETS[0], items: query.cursor ? [] : [record(TODAY), record('2026-11-22', { fails: 2, stamp: null }), record('2026-11-21', { state: 'suspended', stamp: null }), record('2026-11-20', { late: true })], ...(query.cursor ? {} : { next: 'more' }) }),
  'get /v1/targets/{target}/records/{record}': (_, { named }) => ok(named.record === WEEKLY_RECORD ? wholeWeek : wholeRecord(TODAY)),
  'get /v1/statistics': (role) => ofPrincipal(role, STATISTICS),
  'get /v1/statistics/outcomes': (role, { query }) => ofPrincipal(role, { items: query.cursor ? [] : [outcome('2026-11-22'), outcome('2026-11-10', { what: 'late', zero_risk: true, target: 'E2', name: '2 号客梯', at: at('08:20', '2026-11-12') })], next: query.cursor ? null : 'more', cut: false }),
  'get /v1/statistics/found': (role, { query }) => ofPrincipal(role, { items: query.cursor ? [] : [hazard('ordered')], next: query.cursor ? null : 'more' }),
  'get /v1/statistics/rectified': (role, { query }) => ofPrincipal(role, { items: query.cursor ? [] : [hazard('rectified')], next: query.cursor ? null : 'more' }),
  'get /v1/statistics/open': (role) => ofPrincipal(role, { today: TODAY, counts: OPEN, items: [hazard('ordered')], more: false, next: null }),
  'get /v1/progress/{duty}': (_, { named }) =>
    ok(named.duty === 'daily' ? { today: TODAY, due: TODAY, officers: [], owed: 12, done: 7, suspended: 1 } : { today: TODAY, due: WEEK, officers: [{ person: 'P1', name: '王建国', owed: 3, done: 1 }, { person: 'P9', name: '周海', owed: 2, done: 2 }], owed: 5, done: 3, suspended: 0 }),
  'get /v1/reports/{kind}': (_, { query }) => ok({ items: query.cursor ? [] : [report(), report({ due: '2026-11-09', late: true })], missed: query.cursor ? [] : [{ ...missed('weekly_report', '2026-11-16'), role: 'director', names: ['李红梅'] }], ...(query.cursor ? {} : { next: 'more' }) }),
  'get /v1/reports/{kind}/{report}': () => ok(wholeReport),
  'get /v1/weekly_reports/{due}/{kind}': (_, { named }) => ok(weekDraft(named.due === WEEK ? 'open' : 'done')),
  'post /v1/weekly_reports': () => created(receipts),
  'get /v1/monthly_reports/{due}': (role) => ok({ due: '2026-11-01', meeting_at: at('09:30'), late: false, late_until: at('00:05', '2026-12-03'), signer: '主要负责人', kinds: [monthKind], minutes: [minutesItem(stateFor(role))] }),
  'post /v1/monthly_reports': () => created(receipts),
  'get /v1/minutes': (role, { query }) => ok({ items: query.due === '2026-11-01' ? [minutesItem(stateFor(role))] : [] }),
  'post /v1/minutes': () => created(minutesItem('submitted')),
  'get /v1/minutes/{minutes}': (role) => ok(minutesDetail(stateFor(role))),
  'post /v1/minutes/{minutes}/return': () => ok(minutesItem('returned')),
  'post /v1/minutes/{minutes}/signature': () => created(receipts),
  'post /v1/uploads': () => {
    const file = `P1.${String((files += 1)).padStart(32, '0')}`
    return created({ file, url: 'https://incoming.example/', fields: { key: `U1/P1/${file}` }, expires_at: at('10:30') })
  },
  'get /v1/uploads/{file}': (_, { named }) => ok({ file: named.file, verdict: 'verified', size: 200_000, sha256: SHA }),
  'get /v1/files/{file}': (_, { named }) => ok({ file: named.file, url: 'https://evidence.example/whole', thumbnail_url: 'https://evidence.example/small', content_type: 'image/jpeg', expires_at: at('10:30') }),
}

/** Answers a request of the app: { url, method, data, header }. Who asks is in its token; `role` is whose WeChat it is. */
export function answer(role, asked) {
  const url = new URL(asked.url, 'https://api.example')
  const method = (asked.method ?? 'GET').toLowerCase()
  const found = Object.keys(openapi.paths).find((path) => matches(path, url.pathname) && openapi.paths[path][method])
  if (!found) throw new Error(`the API has no ${method} ${url.pathname}`)
  const route = ROUTES[`${method} ${found}`]
  if (!route) throw new Error(`the check has no answer to ${method} ${found}`)
  const who = /^Bearer token\.(.*)/.exec(asked.header?.Authorization ?? '')?.[1]
  if (!who && found !== '/v1/login') return no(401, 'session.missing', '还没有登录，请先登录。')
  return route(who ?? role, { named: matches(found, url.pathname), query: Object.fromEntries(url.searchParams), body: asked.data })
}

function matches(path, given) {
  const parts = path.split('/')
  const theirs = given.split('/').map(decodeURIComponent)
  if (parts.length !== theirs.length) return null
  const named = {}
  for (const [index, part] of parts.entries()) {
    if (part.startsWith('{')) named[part.slice(1, -1)] = theirs[index]
    else if (part !== theirs[index]) return null
  }
  return named
}

/** Every answer the check can give, with the schema the document has for it. */
export function* everyAnswer() {
  for (const [route, act] of Object.entries(ROUTES)) {
    const [method, path] = route.split(' ')
    const { responses } = openapi.paths[path][method]
    for (const role of Object.keys(POSTS)) for (const query of [{ state: 'reported' }, { state: 'ordered', cursor: 'more' }, { state: 'rectified' }]) for (const [duty, target] of [['daily', 'E1'], ['daily', 'E2'], ['daily', 'E3'], ['weekly', '3000']]) {
      const named = { duty, target, due: TODAY, file: FILE, record: duty === 'weekly' ? WEEKLY_RECORD : RECORD }
      const { status, body } = act(role, { named, query: { ...query, duty }, body: { role, target, duty: 'daily', due: TODAY, state: 'in_use' } })
      const { content } = responses[status] ?? responses.default
      yield { route, status, body, schema: Object.values(content)[0].schema }
    }
  }
}

/** What is wrong with a value, as the OpenAPI document describes it. */
export function faultsOf(schema, value, where = '') {
  if (schema.$ref) return faultsOf(schema.$ref.split('/').slice(1).reduce((one, key) => one[key], openapi), value, where)
  if (schema.anyOf) return schema.anyOf.some((one) => !faultsOf(one, value, where).length) ? [] : [`${where}: ${JSON.stringify(value)}`]
  if (schema.enum) return schema.enum.includes(value) ? [] : [`${where}: ${value}`]
  switch (schema.type) {
    case 'null': return value === null ? [] : [`${where}: not null`]
    case 'array': return Array.isArray(value) ? value.flatMap((one, index) => faultsOf(schema.items, one, `${where}[${index}]`)) : [`${where}: no list`]
    case 'object': return objectFaults(schema, value, where)
    case 'integer': return Number.isInteger(value) ? [] : [`${where}: no integer`]
    default: return schema.type && typeof value !== schema.type ? [`${where}: no ${schema.type}`] : []
  }
}

function objectFaults({ properties = {}, required = [], additionalProperties }, value, where) {
  if (typeof value !== 'object' || value === null) return [`${where}: no object`]
  const missing = required.filter((name) => !(name in value)).map((name) => `${where}.${name}: missing`)
  return missing.concat(Object.entries(value).flatMap(([name, one]) => {
    const schema = properties[name] ?? (typeof additionalProperties === 'object' ? additionalProperties : null)
    if (!schema) return additionalProperties ? [] : [`${where}.${name}: unknown`]
    return faultsOf(schema, one, `${where}.${name}`)
  }))
}
