import { describe, expect, it } from 'vitest'
import type { Todo } from '@/api'
import { begun, done, loggedIn, pass, type Life } from '../fakes/life'
import { LOOKS, SUBMIT } from '../fakes/signed'
import { FakeTean, member } from '../fakes/tean'
import { answer, task, todo } from '../fakes/things'

const WEEK = { duty: 'weekly', due: '2026-11-23', target: '3000' } as const
const WEEKLY = 'weekly/2026-11-23/3000'
const row = (duty: Todo['duty'], due: string, more: Partial<Todo> = {}) => todo('3000', { duty, due, name: '电梯', ...more })

async function withTodos(...todos: Todo[]): Promise<Life> {
  const tean = new FakeTean()
  tean.todos = todos
  const life = await loggedIn(undefined, tean)
  await done(life.todos.load())
  return life
}

async function home() {
  const { useHome } = await import('@/stores/home')
  return useHome()
}

describe('what is left', () => {
  it('is counted by day, week and month, and so are the reports of them', async () => {
    await withTodos(
      todo('E1'), todo('E2', { state: 'done' }), row('weekly', '2026-11-23'), row('monthly', '2026-11-01'), row('weekly_report', '2026-11-23'), row('monthly_report', '2026-11-01'),
    )
    const { left, rows, count } = await home()
    expect([left.daily.length, left.weekly.length, left.monthly.length, left.weekly_report.length, left.monthly_report.length]).toEqual([1, 1, 1, 1, 1])
    expect([rows.daily.length, count]).toEqual([2, 5])
  })

  it('of an earlier week is late until two days after it has closed, and so is its report', async () => {
    await withTodos(row('weekly', '2026-11-16', { state: 'missed' }), row('weekly', '2026-11-09', { state: 'missed' }), row('weekly_report', '2026-11-16', { state: 'missed' }))
    const { lateLeft, left } = await home()
    expect(lateLeft.map(({ duty, due }) => [duty, due])).toEqual([['weekly', '2026-11-16'], ['weekly_report', '2026-11-16']])
    expect(left.weekly).toEqual([])
  })
})

describe('a kind that was inspected', () => {
  const asked = () => task(undefined, { ...WEEK, target: { ...task().target, target: '3000', name: '电梯' } })
  function handedIn(life: Life) {
    const draft = begun(life, asked())
    life.drafts.answer(draft, 'A1', answer())
    life.drafts.answer(draft, 'A2', answer())
    return life.outbox.put(draft, { ...LOOKS, name: '电梯' })
  }

  it('is handed in without a signature, once, under its own name', async () => {
    const life = await withTodos(row('weekly', '2026-11-23'))
    expect(handedIn(life).key).toBe(WEEKLY)
    await done(life.outbox.drain())
    await done(life.outbox.drain())
    const sent = life.tean.of(SUBMIT)
    expect(sent).toHaveLength(1)
    expect(sent[0]!.body).toMatchObject({ ...WEEK, state: 'in_use' })
    expect(sent[0]!.body).not.toHaveProperty('signature')
    expect([life.outbox.standing(WEEK), life.todos.items[0]!.state]).toEqual(['received', 'done'])
  })

  it('waits on the phone without a network, beside the day and the month of the same kind', async () => {
    const life = await withTodos(row('weekly', '2026-11-23'), row('monthly', '2026-11-01'))
    life.uni.setNetwork(false)
    handedIn(life)
    await done(life.outbox.drain())
    const monthly = { ...WEEK, duty: 'monthly', due: '2026-11-01' } as const
    expect([life.outbox.standing(WEEK), life.outbox.standing(monthly)]).toEqual(['waiting', 'left'])
    expect((await home()).left.weekly).toEqual([])
    life.uni.setNetwork(true)
    await pass(60_000)
    expect([...life.tean.records.keys()]).toEqual([`U1/P1/${WEEKLY}`])
  })

  it('belongs to the post it was begun in', async () => {
    const tean = new FakeTean()
    tean.people.set('openid-1', [member(), member('director')])
    const life = await loggedIn(undefined, tean)
    life.drafts.answer(begun(life, asked()), 'A1', answer())
    await done(life.session.choose(member('director')))
    expect(life.drafts.find(WEEKLY)).toBeUndefined()
  })
})
