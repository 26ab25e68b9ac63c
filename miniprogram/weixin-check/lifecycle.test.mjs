/** Every page, from being opened to being left, for whoever can come to it: nothing may be complained of. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FILE, HAZARD, member, MINUTES, RECORD, REPORT, TODAY, WEEK, WEEKLY_HAZARD, WEEKLY_RECORD } from './api.mjs'
import { json, pages, Phone } from './phone.mjs'

const TASK = { duty: 'daily', due: TODAY, target: 'E1' }
const WEEKLY = { duty: 'weekly', due: WEEK, target: '3000' }
/** With what a page is opened; those that are not here need nothing. */
const QUERIES = {
  'pages/hazards/index': [{}, { duty: 'weekly' }, { duty: 'monthly', state: 'rectified' }, { state: 'reported' }, { state: 'rectified' }],
  'pages/hazards/detail': [{ hazard: HAZARD }, { hazard: WEEKLY_HAZARD }],
  'pages/hazards/order': [{ hazard: HAZARD }],
  'pages/statistics/list': [{ since: '2026-11-01', until: '2026-11-30' }, { since: '2026-11-01', until: '2026-11-30', duty: 'weekly', what: 'late', person: 'P1' }, { since: '2026-11-01', until: '2026-11-30', what: 'on_time' }, { since: '2026-11-01', until: '2026-11-30', what: 'zero_risk' }],
  'pages/statistics/hazards': [{ since: '2026-11-01', until: '2026-11-30', grade: 'major' }, { since: '2026-11-01', until: '2026-11-30', on_site: '1' }, { since: '2026-11-01', until: '2026-11-30', rectified: '1' }, { age: 'older', overdue: '1' }],
  'pages/setup/gap': [{ gap: 'expired', side: 'use' }, { gap: 'idle', side: 'production' }],
  'pages/setup/list': [{ duty: 'daily', kind: '3000' }],
  'pages/setup/add': [{ duty: 'daily', kind: '3000' }],
  'pages/inspections/target': [TASK, { ...TASK, target: 'E2' }, { ...TASK, target: 'E3' }, { ...TASK, due: '2026-11-22' }, WEEKLY],
  'pages/kinds/index': [{ duty: 'weekly' }, { duty: 'monthly' }],
  'pages/inspections/item': [TASK, WEEKLY, { ...WEEKLY, due: '2026-11-16' }],
  'pages/inspections/fail': [{ ...TASK, n: '2', spent: '7' }, { ...WEEKLY, n: '2', spent: '7' }],
  'pages/inspections/summary': [TASK, WEEKLY],
  'pages/inspections/sign': [TASK, WEEKLY],
  'pages/inspections/done': [TASK, { ...TASK, target: 'E2' }, WEEKLY],
  'pages/reports/index': [{}, { duty: 'monthly_report' }],
  'pages/reports/weekly': [{ duty: 'weekly_report', due: WEEK, kind: '3000' }, { duty: 'weekly_report', due: '2026-11-16', kind: '3000' }],
  'pages/reports/monthly': [{ due: '2026-11-01' }, { due: '2026-11-01', minutes: MINUTES }],
  'pages/reports/minutes': [{ minutes: MINUTES }],
  'pages/reports/history': [{ duty: 'weekly_report', kind: '3000' }],
  'pages/reports/detail': [{ kind: '3000', report: REPORT }],
  'pages/records/index': [{}, { duty: 'weekly' }],
  'pages/records/target': [{ target: 'E1' }, { duty: 'weekly', target: '3000' }],
  'pages/records/detail': [{ target: 'E1', record: RECORD }, { target: '3000', record: WEEKLY_RECORD }],
}

const OWNER = { officer: 'U1/P1/officer' }
const answered = { 'DT-01': { result: 'pass', photos: [], seconds: 4 }, 'DT-07': { result: 'fail', handling: 'on_site', outcome: '已更换', photos: ['held.jpg'], seconds: 9 } }
const draft = (target, answers, more = {}) => ({ ...TASK, target, state: 'in_use', reason: '', checklist: 'a'.repeat(64), answers, remarks: { 'DT-01': '已打扫' }, at: 1, ...more })
/** What an officer may have on his phone: a draft half done, one that was refused, one received, a photo not sent. */
const BUSY = {
  [`draft:${OWNER.officer}:daily/${TODAY}/E1`]: draft('E1', answered),
  [`draft:${OWNER.officer}:weekly/${WEEK}/3000`]: draft('3000', { ...answered, 'DT-07': { ...answered['DT-07'], handling: 'pending', devices: ['E1'], deadline: '2026-11-30' } }, WEEKLY),
  outbox: [
    { owner: OWNER.officer, key: `daily/${TODAY}/E3`, name: '货梯', icon: 'elevator', draft: draft('E3', {}, { state: 'suspended', reason: '停产检修' }), signature: 'sign.png', signedAt: `${TODAY}T01:00:00.000Z`, state: 'refused', trouble: { code: 'inspection.closed', sentence: '这一天已经封存。', at: `${TODAY}T01:00:09.000Z` } },
  ],
  received: [{ owner: OWNER.officer, key: `daily/${TODAY}/E2`, name: '2 号客梯', icon: 'elevator', receipt: { record: RECORD, number: '20261123-E2-01', target: 'E2', duty: 'daily', due: TODAY, state: 'in_use', received_at: `${TODAY}T00:46:00.000Z`, late: false, fails: 1, hazards: [HAZARD] } }],
  uploads: { 'held.jpg': { name: 'held.jpg', owner: OWNER.officer, type: 'image/jpeg', size: 1000, kind: 'photo', state: 'sent', progress: 100, file: FILE } },
}

const WHO = [
  ['nobody', null, {}],
  ['an officer', 'officer', {}],
  ['an officer in the middle of it', 'officer', { seed: BUSY }],
  ['a director', 'director', {}],
  ['the principal', 'principal', {}],
  ['an administrator', 'administrator', {}],
  ['an officer without a network', 'officer', { online: false, seed: BUSY }],
  ['an officer whose session ended', 'officer', { seed: BUSY, mishap: () => ({ status: 401, body: { code: 'session.expired', status: 401, sentence: '登录已过期，请重新登录。', details: {} } }) }],
  ['a director while the server is in trouble', 'director', { mishap: () => ({ status: 502, body: '<html>' }) }],
]

for (const [words, role, held] of WHO) {
  test(`every page for ${words}`, async (context) => {
    const phone = new Phone(role, held)
    if (role) assert.equal(JSON.parse(phone.storage.get('login')).answer.membership.name, member(role).name)
    const faults = []
    for (const path of pages) for (const query of QUERIES[path] ?? [{}]) {
      await phone.open(path, query).catch((error) => faults.push(`${path}: ${error.stack}`))
      if (phone.page?.path !== path) continue
      if (!phone.text.trim()) faults.push(`${path} shows nothing`)
      faults.push(...(await through(phone, path)))
      await phone.close()
      faults.push(...phone.faults().map((fault) => `${path} ${JSON.stringify(query)}: ${fault}`))
    }
    assert.deepEqual(faults, [])
    context.diagnostic(`${phone.asked.length} requests`)
  })
}

/** Pulled down, scrolled to its end, hidden and shown again. */
async function through(phone, path) {
  const faults = []
  const { instance } = phone.page
  if (json(`${path}.json`).enablePullDownRefresh) {
    const before = phone.pulls
    if (!phone.has('onPullDownRefresh')) faults.push(`${path} can be pulled down, and does nothing`)
    instance.onPullDownRefresh?.()
    await phone.rest()
    if (phone.pulls === before) faults.push(`${path} never ends its refresh`)
  } else if (phone.has('onPullDownRefresh')) faults.push(`${path} would refresh, but cannot be pulled down`)
  instance.onReachBottom?.()
  await phone.rest()
  instance.onHide?.()
  instance.onShow?.()
  await phone.rest()
  return faults
}

test('a list is read on at its end', async () => {
  const phone = await new Phone('officer').open('pages/hazards/index', { state: 'ordered' })
  phone.page.instance.onReachBottom()
  await phone.rest()
  assert.ok(phone.asked.some(({ url }) => url.includes('cursor=more')))
})
