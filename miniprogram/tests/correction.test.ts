import { describe, expect, it } from 'vitest'
import type { RecordDetail } from '@/api'
import { correctionDraft, mayCorrect, newest, photosOf } from '@/rules/correction'
import { toRequest } from '@/rules/draft'
import { item, task } from './fakes/things'

const ITEMS = [item('A1', { grade: 'serious' }), item('A2')]
const answered = (code: string, more = {}) => ({ code, group: '轿厢', text: '', hazard: '', result: 'pass', photos: [], devices: [], ...more })
const record = (more: Partial<RecordDetail> = {}): RecordDetail => ({
  record: 'daily.2026-11-23.v01', duty: 'daily', due: '2026-11-23', target: 'E1', state: 'in_use', person: 'P1', role: 'officer', version: 1, reason: null, stop_use: false, kept_in_use: null,
  items: [answered('A1', { result: 'fail', grade: 'serious', handling: 'pending', photos: ['P1.1'], remark: '第 3 层' }), answered('A2'), answered('GONE')],
  versions: [{ record: 'daily.2026-11-23.v01', version: 1, received_at: '2026-11-23T00:46:00.000Z' }], ...more,
} as unknown as RecordDetail)
const SECOND = { record: 'daily.2026-11-23.v02', version: 2, received_at: '2026-11-23T01:00:00.000Z' }
const draft = (of = record(), stopReason = '') => correctionDraft(of, task(ITEMS), 'U1/P1/officer', { reason: ' 看错了\u200b ', stopReason })

describe('a correction', () => {
  it('is for who made the record, in the post he made it in, and of the version that holds', () => {
    expect(mayCorrect(record(), { person: 'P1', role: 'officer' })).toBe(true)
    expect(mayCorrect(record(), { person: 'P1', role: 'director' })).toBe(false)
    expect(mayCorrect(record(), { person: 'P2', role: 'officer' })).toBe(false)
    const first = record({ versions: [...record().versions, SECOND] })
    expect([newest(first)?.record, mayCorrect(first, { person: 'P1', role: 'officer' })]).toEqual([SECOND.record, false])
    expect(newest(record())).toBeUndefined()
  })

  it('begins with what was answered, as far as it is still asked', () => {
    expect(draft()).toMatchObject({ state: 'in_use', remarks: { A1: '第 3 层' }, answers: { A1: { result: 'fail', handling: 'pending', photos: ['P1.1'] }, A2: { result: 'pass' } } })
    expect(Object.keys(draft().answers)).toEqual(['A1', 'A2'])
    expect(photosOf(record())).toEqual(['P1.1'])
  })

  it('leaves alone what was reported, and names a grade only where it was raised', () => {
    expect(draft().correction?.reported).toEqual(['A1'])
    expect(draft().answers.A1).not.toHaveProperty('grade')
    const raised = correctionDraft(record(), task([item('A1', { grade: 'general' })]), 'U1/P1/officer', { reason: '', stopReason: '' })
    expect(raised.answers.A1!.grade).toBe('serious')
  })

  it('knows what an earlier correction has taken back: that does not fail again', () => {
    const items = [answered('A1', { hazard_id: 'H1' }), answered('A2', { result: 'fail', handling: 'pending', hazard_id: 'H2' })]
    expect(draft(record({ version: 2, items } as never)).correction).toMatchObject({ version: 2, reported: ['A2'], takenBack: ['A1'] })
    expect(draft().correction?.takenBack).toEqual([])
  })

  it('keeps what was decided of a 重大, and why it was suspended', () => {
    expect(draft(record({ kept_in_use: '已派人看守' }))).toMatchObject({ stopUse: false, keptInUse: '已派人看守' })
    expect(draft(record({ stop_use: true }))).toMatchObject({ stopUse: true })
    expect(draft(record({ state: 'suspended', items: [] }), '停产检修')).toMatchObject({ state: 'suspended', reason: '停产检修', answers: {} })
  })

  it('cites the version that was seen, the reason, and the photos the unit has', () => {
    const request = toRequest(draft(), { signature: 's.png', performedAt: '2026-11-23T02:00:00.000Z', files: { 'P1.1': 'P1.1', 's.png': 'P1.9' } })
    expect(request).toMatchObject({ correction: { version: 1, reason: '看错了' }, signature: 'P1.9', answers: [{ item: 'A1', photos: ['P1.1'] }, { item: 'A2' }] })
    expect(toRequest({ ...draft(), correction: undefined }, { performedAt: '', files: {} })).not.toHaveProperty('correction')
  })
})
