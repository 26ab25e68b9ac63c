import { expect } from 'vitest'
import type { Draft } from '@/rules/draft'
import type { Parcel } from '@/rules/parcel'
import { begun, done, loggedIn, pass, type Life } from './life'
import { FakeTean } from './tean'
import { answer, task, todo } from './things'

export const LOOKS = { name: '1 号客梯', kind: '3000', unit_kind: 'use' } as const
export const KEY = 'daily/2026-11-23/E1'
export const SUBMIT = 'POST /v1/inspections'
export const MINUTE = 60_000

/** A whole check of a target, without a photo. */
export function filled(life: Life, target = 'E1'): Draft {
  const opened = task()
  opened.target.target = target
  const draft = begun(life, opened)
  life.drafts.answer(draft, 'A1', answer())
  life.drafts.answer(draft, 'A2', answer())
  return draft
}

export const sign = ({ uploads, phone }: Life) => done(uploads.add(phone.shoot(undefined, { type: 'png' }), 'signature'))

/** One inspection, signed: an item passed, a 重大 failed with its photo and the target stopped for it. */
export async function signed(life: Life): Promise<Parcel> {
  const draft = begun(life)
  const photo = await done(life.uploads.add(life.phone.shoot(), 'photo'))
  life.drafts.answer(draft, 'A1', answer())
  life.drafts.answer(draft, 'A2', answer({ result: 'fail', handling: 'pending', photos: [photo] }))
  life.drafts.change(draft, (one) => (one.stopUse = true))
  return life.outbox.put(draft, LOOKS, await sign(life))
}

export async function withTodo(): Promise<Life> {
  const tean = new FakeTean()
  tean.todos = [todo()]
  const life = await loggedIn(undefined, tean)
  await done(life.todos.load())
  return life
}

export const states = (life: Life) => life.outbox.mine.map((parcel) => parcel.state)
export const sentTexts = (life: Life) => new Set(life.tean.of(SUBMIT).map((heard) => heard.text))

/** The unit has it, once; the phone says so, and keeps nothing of it but the receipt. */
export async function expectReceived(life: Life) {
  await pass(500)
  expect(life.tean.records.size).toBe(1)
  expect(life.outbox.mine).toEqual([])
  expect(life.outbox.receivedToday).toHaveLength(1)
  expect(life.outbox.receiptOf(KEY)?.number).toBe('20261123-E1-01')
  expect(life.outbox.standing({ duty: 'daily', due: '2026-11-23', target: 'E1' })).toBe('received')
  expect(life.drafts.find(KEY)).toBeUndefined()
  expect([...life.phone.files.keys()]).toEqual([])
  expect(life.uploads.held).toEqual({})
}
