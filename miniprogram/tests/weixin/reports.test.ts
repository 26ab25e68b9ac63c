import { describe, expect, it, vi } from 'vitest'
import { nextTick, ref } from 'vue'
import type { Role, Todo } from '@/api'
import type { Signed } from '@/composables/signing'
import { done, start, type Life } from '../fakes/life'
import { MONTH, numbers, WEEK } from '../fakes/reports'
import { FakeTean, member, problem } from '../fakes/tean'
import { todo } from '../fakes/things'
import type { FakePhone } from '../fakes/uni'

vi.mock('@dcloudio/uni-app', () => ({}))

const FILE = 'POST /v1/weekly_reports'
const week = (target: string, more: Partial<Todo> = {}) => todo(target, { duty: 'weekly_report', due: WEEK, name: target === '3000' ? '电梯' : '场车', kind: target, ...more })
const month = (target: string, more: Partial<Todo> = {}) => todo(target, { duty: 'monthly_report', due: MONTH, name: target === '3000' ? '电梯' : '场车', kind: target, ...more })

async function as(role: Role, phone?: FakePhone, tean = withTodos()): Promise<Life> {
  tean.people.set('openid-1', [member(role)])
  const life = await start(phone, tean)
  await done(life.session.enter())
  await done(life.session.load())
  await done(life.todos.load())
  return life
}
function withTodos(...todos: Todo[]) {
  const tean = new FakeTean()
  tean.todos = todos.length ? todos : [week('3000'), week('5000'), month('3000'), month('5000')]
  return tean
}

/** The page of one kind's week, as the phone shows it. */
async function weekOf(kind = '3000') {
  const { useWeek } = await import('@/composables/week')
  const page = useWeek(ref({ duty: 'weekly_report' as const, due: WEEK, kind }))
  await done(page.reload())
  return page
}
type Week = Awaited<ReturnType<typeof weekOf>>
const fill = (page: Week, more = {}) => page.change({ evaluation: 'at_risk', focus: '清零', ...more })
function sign({ signing }: Pick<Week, 'signing'>, life: Life) {
  signing.pad.value = { picture: async () => life.phone.shoot(undefined, { type: 'png' }), clear: () => undefined }
  signing.onPad.value = true
}
const keys = (life: Life, prefix: string) => [...life.phone.storage.keys()].filter((key) => key.startsWith(prefix))

describe('a report of a week', () => {
  it('is on the phone as it is typed, and there again after the app was killed', async () => {
    const life = await as('director')
    fill(await weekOf(), { summary: '都查过了' })
    await as('director', life.phone, life.tean)
    const page = await weekOf()
    expect([page.form.value.focus, page.summary.value]).toEqual(['清零', '都查过了'])
    const { useReports } = await import('@/stores/reports')
    expect(useReports().standing(life.tean.todos[0]!)).toBe('written')
  })

  it('is nothing on the phone before anything was typed', async () => {
    const life = await as('director')
    await weekOf()
    expect(keys(life, 'report:')).toEqual([])
  })

  it('is not sent while something is missing, and says what', async () => {
    const life = await as('director')
    const page = await weekOf()
    sign(page, life)
    await done(page.send.run())
    expect([Object.keys(page.faults.value), life.tean.of(FILE)]).toEqual([['evaluation', 'focus'], []])
  })

  it('is sent with the drafted text, once, and then nothing of it is kept', async () => {
    const life = await as('director')
    const page = await weekOf()
    fill(page)
    sign(page, life)
    await done(Promise.all([page.send.run(), page.send.run()]))
    expect(life.tean.of(FILE)).toHaveLength(1)
    expect(life.tean.of(FILE)[0]!.body).toMatchObject({ due: WEEK, reports: [{ kind: '3000', summary: '未完成 0 条。', evaluation: 'at_risk', focus: '清零' }], performed_at: expect.any(String) })
    expect(page.receipts.value.map(({ kind }) => kind)).toEqual(['3000'])
    expect([...keys(life, 'report:'), ...keys(life, 'signing:'), ...life.phone.files.keys()]).toEqual([])
    expect(life.todos.items[0]!.state).toBe('done')
  })

  it('whose answer was lost is the same when it is sent again, also after the app was killed', async () => {
    const life = await as('director')
    const first = await weekOf()
    fill(first)
    sign(first, life)
    life.tean.next(FILE, 'silent')
    await done(first.send.run())
    expect(first.send.trouble.value?.code).toBe('network.unreachable')
    const again = await as('director', life.phone, life.tean)
    const page = await weekOf()
    expect(page.signing.signed.value).toBe(true)
    await done(page.send.run())
    const [one, other] = again.tean.of(FILE)
    expect(other!.text).toBe(one!.text)
    expect(again.tean.reports.saved).toHaveLength(1)
  })

  it('that had arrived is not sent a second time when he changes it first', async () => {
    const life = await as('director')
    const page = await weekOf()
    fill(page)
    sign(page, life)
    life.tean.next(FILE, 'lost')
    await done(page.send.run())
    page.change({ focus: '另一个重点' })
    await done(page.send.run())
    expect(life.tean.of(FILE)).toHaveLength(1)
    expect(page.receipts.value.map(({ number }) => number)).toEqual(['3000-01'])
    expect(keys(life, 'report:')).toEqual([])
  })

  it('that had arrived is known when the page is opened again', async () => {
    const life = await as('director')
    const page = await weekOf()
    fill(page)
    sign(page, life)
    life.tean.next(FILE, 'lost')
    await done(page.send.run())
    await as('director', life.phone, life.tean)
    const again = await weekOf()
    expect(again.receipts.value.map(({ number }) => number)).toEqual(['3000-01'])
    expect([...keys(life, 'report:'), ...keys(life, 'signing:')]).toEqual([])
  })

  it('signed anew has another signature', async () => {
    const life = await as('director')
    const page = await weekOf()
    fill(page)
    sign(page, life)
    life.tean.next(FILE, 'silent')
    await done(page.send.run())
    page.signing.again()
    expect(page.signing.signed.value).toBe(false)
    sign(page, life)
    await done(page.send.run())
    const signatures = life.tean.of(FILE).map(({ body }) => (body as unknown as Signed).signature)
    expect(new Set(signatures).size).toBe(2)
  })
})

describe('a signature', () => {
  it('that is not there any more is not taken from a pad that is blank again', async () => {
    const life = await as('director')
    const page = await weekOf()
    fill(page)
    sign(page, life)
    life.tean.next(FILE, 'silent')
    await done(page.send.run())
    const { useUploads } = await import('@/stores/uploads')
    await done(useUploads().remove(page.signing.value.value.signature))
    expect(page.signing.signed.value).toBe(false)
  })

  it('made anew after a lost answer does not make a second report', async () => {
    const life = await as('director')
    const page = await weekOf()
    fill(page)
    sign(page, life)
    life.tean.next(FILE, 'lost')
    await done(page.send.run())
    page.signing.again()
    sign(page, life)
    await done(page.send.run())
    expect(life.tean.reports.saved).toHaveLength(1)
    expect(page.receipts.value.map(({ number }) => number)).toEqual(['3000-01'])
  })

  it('refused in passing says nothing of what was sent before', async () => {
    const life = await as('director')
    const page = await weekOf()
    fill(page)
    sign(page, life)
    life.tean.next(FILE, 'lost')
    await done(page.send.run())
    life.tean.next(FILE, problem(503, 'storage.unavailable', '系统暂时繁忙，请稍后再试一次。'))
    await done(page.send.run())
    page.change({ focus: '另一个重点' })
    await done(page.send.run())
    expect(life.tean.reports.saved).toHaveLength(1)
  })
})

describe('numbers that moved', () => {
  async function movedWhileTyping(more = {}) {
    const life = await as('director')
    const page = await weekOf()
    fill(page, more)
    sign(page, life)
    life.tean.reports.weeks.set('3000', numbers({ found: { general: 3 }, open: { major: 1 } }))
    await done(page.send.run())
    return { life, page }
  }

  it('are shown, what he typed stays, and it is saved by the next tap', async () => {
    const { life, page } = await movedWhileTyping({ summary: '都查过了' })
    expect(page.send.trouble.value?.code).toBe('report.numbers_moved')
    expect(page.moved.value).toEqual(['发现隐患 2 → 3', '未整改 0 → 1', '其中重大 0 → 1'])
    expect([page.summary.value, page.form.value.focus]).toEqual(['都查过了', '清零'])
    await done(page.send.run())
    expect(page.receipts.value).toHaveLength(1)
    expect(life.tean.of(FILE)[1]!.body).toMatchObject({ reports: [{ summary: '都查过了' }] })
  })

  it('change the drafted text where it is not his own, and are taken over where it is, at a tap', async () => {
    expect((await movedWhileTyping()).page.summary.value).toBe('未完成 1 条。')
    const { page } = await movedWhileTyping({ summary: '都查过了' })
    page.change({ summary: null })
    expect(page.summary.value).toBe('未完成 1 条。')
  })

  it('may block what was chosen: then it wants a reason', async () => {
    const { page } = await movedWhileTyping({ evaluation: 'under_control' })
    await done(page.send.run())
    expect(page.faults.value).toEqual({ override: expect.any(String) })
    page.change({ override: '设专人看守' })
    await done(page.send.run())
    expect(page.receipts.value).toHaveLength(1)
  })

  it('while a second one of the week is written hold up that one, not the first', async () => {
    const life = await as('director')
    const first = await weekOf()
    fill(first)
    sign(first, life)
    await done(first.send.run())
    const second = await weekOf()
    fill(second, { focus: '再写一份' })
    sign(second, life)
    life.tean.reports.weeks.set('3000', numbers({ rectified: 2 }))
    await done(second.send.run())
    expect([second.moved.value, second.receipts.value]).toEqual([['整改完成 1 → 2'], []])
    await done(second.send.run())
    expect(second.receipts.value.map(({ number }) => number)).toEqual(['3000-02'])
  })

  it('since it was last typed in are told when it is opened', async () => {
    const life = await as('director')
    fill(await weekOf())
    life.tean.reports.weeks.set('3000', numbers({ rectified: 2 }))
    expect((await weekOf()).moved.value).toEqual(['整改完成 1 → 2'])
    expect((await weekOf()).moved.value).toEqual([])
  })
})

describe('one signature', () => {
  async function two() {
    const life = await as('director')
    fill(await weekOf('5000'))
    const page = await weekOf('3000')
    fill(page)
    sign(page, life)
    return { life, page }
  }

  it('stands under all that want nothing else, in one request', async () => {
    const { life, page } = await two()
    expect(page.ready.value.map(({ name }) => name)).toEqual(['场车'])
    await done(page.send.run())
    expect(life.tean.of(FILE)).toHaveLength(1)
    expect(page.receipts.value.map(({ kind }) => kind)).toEqual(['3000', '5000'])
    expect(keys(life, 'report:')).toEqual([])
  })

  it('leaves out what is taken out, and what is not whole', async () => {
    const { life, page } = await two()
    page.leaveOut('5000')
    expect(page.together.value).toEqual([])
    page.leaveOut('5000')
    expect(page.together.value).toHaveLength(1)
    const { useReports } = await import('@/stores/reports')
    useReports().change({ duty: 'weekly_report', due: WEEK, kind: '5000' }, { focus: '' })
    expect(page.ready.value).toEqual([])
    await done(page.send.run())
    expect(life.tean.reports.saved.map(({ kind }) => kind)).toEqual(['3000'])
  })

  it('is not put under another whose numbers moved before he has looked at them', async () => {
    const { life, page } = await two()
    life.tean.reports.weeks.set('5000', numbers({ rectified: 2 }))
    await done(page.send.run())
    expect([life.tean.reports.saved, page.ready.value, page.unseen.value.map(({ kind }) => kind)]).toEqual([[], [], ['5000']])
    const other = await weekOf('5000')
    expect(other.moved.value).toEqual(['整改完成 1 → 2'])
    await nextTick()
    expect(page.ready.value.map(({ kind }) => kind)).toEqual(['5000'])
    await done(page.send.run())
    expect(page.receipts.value).toHaveLength(2)
  })
})

/** The minutes of the month, as the phone shows them. */
async function meetingOf(more: Partial<{ minutes: string; kind: string }> = {}) {
  const { useMeeting } = await import('@/composables/meeting')
  const page = useMeeting(ref({ due: MONTH, minutes: '', kind: '', ...more }))
  await done(page.load())
  return page
}
type Meeting = Awaited<ReturnType<typeof meetingOf>>
const met = { date: '2026-11-19', time: '14:30', text: '会上定了三件事', focus: '清零逾期' }

async function minutesOf(id: string) {
  const { useMinutes } = await import('@/composables/minutes')
  const page = useMinutes(ref(id))
  await done(page.reload())
  return page
}

async function submitted(life: Life, more = {}): Promise<Meeting> {
  const page = await meetingOf()
  page.change({ ...met, ...more })
  await done(page.send.run())
  expect(life.tean.reports.minutes).toHaveLength(1)
  return page
}

async function reportsStore() {
  const { useReports } = await import('@/stores/reports')
  return useReports()
}

describe('the minutes of a month', () => {
  it('that had arrived without an answer are known when they are opened again', async () => {
    const life = await as('director')
    const page = await meetingOf()
    page.change({ ...met, kinds: ['3000'] })
    life.tean.next('POST /v1/minutes', 'lost')
    await done(page.send.run())
    await as('director', life.phone, life.tean)
    const again = await meetingOf()
    expect([again.submitted.value, again.form.value.begun, life.tean.reports.minutes.length]).toEqual([`${MONTH}.M0`, false, 1])
  })

  it('written once more are another meeting than the one on this phone', async () => {
    await as('principal')
    const first = await meetingOf()
    first.change({ text: '会上定了三件事', kinds: ['3000'] })
    const again = await meetingOf({ kind: '5000' })
    expect([again.form.value.text, again.chosen.value.map(({ kind }) => kind)]).toEqual(['', ['5000']])
    expect((await meetingOf()).form.value.text).toBe('会上定了三件事')
  })

  it('cover all that is open, are on the phone as they are typed, and want a time, words or photos, and what comes next', async () => {
    const life = await as('director')
    const page = await meetingOf()
    expect(page.chosen.value.map(({ kind }) => kind)).toEqual(['3000', '5000'])
    await done(page.send.run())
    expect(Object.keys(page.faults.value)).toEqual(['time', 'text', 'focus'])
    page.change(met)
    await as('director', life.phone, life.tean)
    expect((await meetingOf()).form.value).toMatchObject(met)
    expect((await reportsStore()).standing(life.tean.todos[2]!)).toBe('written')
  })

  it('cannot be of a meeting that is to come', async () => {
    const life = await as('director')
    const page = await meetingOf()
    page.change({ ...met, date: '2026-11-23', time: '23:00' })
    await done(page.send.run())
    expect([page.faults.value.time, life.tean.reports.minutes]).toEqual(['会议时间不能晚于现在', []])
  })

  it('are handed to the principal, photos and all, and nothing of them stays', async () => {
    const life = await as('director')
    const page = await meetingOf()
    page.toggle('5000')
    page.change({ ...met, photos: [await done(life.uploads.add(life.phone.shoot(), 'photo'))] })
    await done(page.send.run())
    const [one] = life.tean.reports.minutes
    expect(one).toMatchObject({ kinds: ['3000'], state: 'submitted', meeting_at: '2026-11-19T06:30:00.000Z', photos: life.tean.arrived })
    expect([page.submitted.value, ...keys(life, 'meeting:'), ...life.phone.files.keys()]).toEqual([one!.minutes])
  })

  it('whose answer was lost are the same when they are sent again', async () => {
    const life = await as('director')
    const page = await meetingOf()
    page.change(met)
    life.tean.next('POST /v1/minutes', 'lost')
    await done(page.send.run())
    await done(page.send.run())
    expect([life.tean.reports.minutes.length, page.submitted.value]).toEqual([1, `${MONTH}.M0`])
  })

  it('are with the principal: his to sign, no more the director’s to do', async () => {
    const life = await as('director')
    await submitted(life)
    const reports = await reportsStore()
    await done(reports.load())
    expect([reports.waiting, reports.elsewhere.map(({ state }) => state)]).toEqual([[], ['submitted']])
    life.tean.todos = [month('3000'), month('5000'), month('4000')]
    const other = await as('principal', undefined, life.tean)
    const his = await reportsStore()
    await done(his.load())
    const { useHome } = await import('@/stores/home')
    expect(his.waiting).toHaveLength(1)
    expect([useHome().left.monthly_report.map(({ target }) => target), useHome().waits.monthly_report]).toEqual([['4000'], 2])
    expect(other.tean.of('GET /v1/minutes').slice(-1)[0]!.query).toBe(`due=${MONTH}`)
  })

  it('that were sent back are gone over as they were, and handed in again in the place of what was', async () => {
    const life = await as('director')
    await submitted(life)
    Object.assign(life.tean.reports.minutes[0]!, { state: 'returned', reason: '看不清', photos: ['P1.file'] })
    const page = await meetingOf({ minutes: `${MONTH}.M0` })
    expect(page.form.value).toMatchObject({ text: '会上定了三件事', date: '2026-11-19', time: '14:30', kinds: ['3000', '5000'], photos: ['P1.file'] })
    page.toggle('5000')
    expect(page.chosen.value).toHaveLength(2)
    page.change({ text: '改好了' })
    await done(page.send.run())
    expect(life.tean.of('POST /v1/minutes')[1]!.body).toMatchObject({ revises: { minutes: `${MONTH}.M0`, version: 1 }, photos: ['P1.file'] })
    expect(life.tean.reports.minutes.map(({ version, text }) => [version, text])).toEqual([[2, '改好了']])
  })

  it('that were signed meanwhile cannot be changed: it is said, and shown', async () => {
    const life = await as('director')
    await submitted(life)
    Object.assign(life.tean.reports.minutes[0]!, { state: 'returned' })
    const page = await meetingOf({ minutes: `${MONTH}.M0` })
    life.tean.reports.minutes[0]!.state = 'signed'
    await done(page.send.run())
    expect([page.send.trouble.value?.code, page.mayRevise.value, page.form.value.text]).toEqual(['minutes.moved', false, '会上定了三件事'])
  })

  it('whose numbers moved keep what was typed, and say what moved', async () => {
    const life = await as('director')
    const page = await meetingOf()
    page.change(met)
    life.tean.reports.weeks.set('5000', numbers({ overdue: 2 }))
    await done(page.send.run())
    expect([page.moved.value, page.form.value.text]).toEqual([['场车：逾期 0 → 2'], '会上定了三件事'])
    await done(page.send.run())
    expect(life.tean.reports.minutes).toHaveLength(1)
  })
})

describe('the principal', () => {
  async function before() {
    const life = await as('director')
    await submitted(life)
    return as('principal', undefined, life.tean)
  }

  it('signs as it is, once, though the first answer was lost', async () => {
    const life = await before()
    const page = await minutesOf(`${MONTH}.M0`)
    expect(page.mine.value).toBe(true)
    sign(page as never, life)
    life.tean.next('POST /v1/minutes', 'silent')
    await done(page.sign.run())
    await done(page.sign.run())
    const [one, other] = life.tean.of('POST /v1/minutes').slice(-2)
    expect(other!.text).toBe(one!.text)
    expect(page.receipts.value.map(({ kind }) => kind)).toEqual(['3000', '5000'])
    expect(keys(life, 'signing:')).toEqual([])
  })

  it('is told that the director has changed it, and sees what there is now', async () => {
    const life = await before()
    const page = await minutesOf(`${MONTH}.M0`)
    sign(page as never, life)
    life.tean.reports.minutes[0]!.version = 2
    await done(page.sign.run())
    expect([page.sign.trouble.value?.code, page.minutes.value?.version, life.tean.reports.saved]).toEqual(['minutes.moved', 2, []])
  })

  it('is shown what moved before he signs it', async () => {
    const life = await before()
    const page = await minutesOf(`${MONTH}.M0`)
    sign(page as never, life)
    life.tean.reports.weeks.set('3000', numbers({ overdue: 1 }))
    life.tean.reports.minutes[0]!.of = life.tean.reports.minutes[0]!.of.map((one) => (one.kind === '3000' ? { ...one, numbers: numbers({ overdue: 1 }), seen: life.tean.reports.seenOf('3000') } : one))
    await done(page.sign.run())
    expect([page.moved.value, page.signing.signed.value]).toEqual([['电梯：逾期 0 → 1'], false])
    sign(page as never, life)
    await done(page.sign.run())
    expect(page.receipts.value).toHaveLength(2)
  })

  it('writes alone with his own signature', async () => {
    const life = await as('principal')
    const page = await meetingOf()
    page.change(met)
    sign(page as never, life)
    await done(page.send.run())
    expect(page.receipts.value.map(({ kind }) => kind)).toEqual(['3000', '5000'])
    expect(life.tean.of('POST /v1/monthly_reports')[0]!.body).toMatchObject({ signature: life.tean.arrived[0], performed_at: expect.any(String) })
  })
})

describe('what waits of minutes', () => {
  it('is asked for by who leads, of the month that is on, and of the last while it takes late entries', async () => {
    const officer = await as('officer')
    await done((await reportsStore()).load())
    expect(officer.tean.of('GET /v1/minutes')).toEqual([])
    const life = await as('director')
    const reports = await reportsStore()
    await done(reports.load())
    life.session.today = '2026-12-02'
    await done(reports.load())
    expect(life.tean.of('GET /v1/minutes').map(({ query }) => query)).toEqual([`due=${MONTH}`, 'due=2026-12-01', `due=${MONTH}`])
  })

  it('is there without a network too', async () => {
    const life = await as('director')
    await submitted(life)
    const other = await as('principal', undefined, life.tean)
    await done((await reportsStore()).load())
    other.phone.network = false
    const { start: again } = await import('../fakes/life')
    await again(other.phone, other.tean)
    expect((await reportsStore()).waiting).toHaveLength(1)
  })
})
