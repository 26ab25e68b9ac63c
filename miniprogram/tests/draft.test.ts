import { describe, expect, it } from 'vitest'
import type { Grade, Item, Result } from '@/api'
import {
  countResults, filesOf, gradeOf, gradesFrom, lapsed, missing, picturesOf, roomForDevices, settled, tooManyFiles, toRequest, unasked, undecided, unfinished, type Draft, type DraftAnswer,
} from '@/rules/draft'
import { GRADES } from '@/rules/looks'
import { faultsOf } from './fakes/judge'
import { answer, draft, item, task } from './fakes/things'

const AT = '2026-11-23T01:30:00.000Z'
/** No photo was refused. */
const good = () => false
const now = { isRefused: good, today: '2026-11-23' }
const names = Array.from({ length: 70 }, (_, index) => `photo-${index}`)
const files = Object.fromEntries(['sign', ...names].map((name, index) => [name, `P1.${String(index).padStart(32, '0')}`]))
const request = (given: Draft, signature: string | undefined = 'sign') => toRequest(given, { signature, performedAt: AT, files })

/** Everything that an answer and its item can be, in every combination. */
function* everyCase(): Generator<[Item, DraftAnswer]> {
  const texts = [undefined, '', '  ', '\u200b', '已更换，恢复正常']
  for (const grade of GRADES) for (const na_allowed of [true, false])
    for (const result of ['pass', 'fail', 'not_applicable'] as Result[])
      for (const raised of [undefined, ...GRADES]) for (const handling of [undefined, 'on_site', 'pending'] as const)
        for (const outcome of texts) for (const photos of [0, 1, 9, 10])
          yield [item('A1', { grade, na_allowed }), answer({ result, grade: raised, handling, outcome, photos: names.slice(0, photos) })]
}

/** With the target stopped, whether anything asks for it or not. */
const decided = (given: DraftAnswer) => draft({ A1: given }, { stopUse: true })

describe('the rules of the client and of the server', () => {
  const cases = [...everyCase()].map(([one, given]) => ({ one, given, whole: !unfinished(task([one]), decided(given), now).length, faults: faultsOf([one], request(settled(task([one]), decided(given)))) }))

  it('are tried in every combination', () => expect(cases).toHaveLength(3 * 2 * 3 * 4 * 3 * 5 * 4))

  it('let nothing through that the server refuses', () => {
    const leaks = cases.filter(({ whole, faults }) => whole && faults.length)
    expect(leaks.slice(0, 3)).toEqual([])
  })

  it('hold nothing back that the server takes', () => {
    const held = cases.filter(({ whole, faults }) => !whole && !faults.length)
    expect(held.slice(0, 3)).toEqual([])
  })
})

describe('what is missing of a failed item', () => {
  const fail = (more: Partial<DraftAnswer>) => answer({ result: 'fail', ...more })
  const general = item('A1')

  it('is nothing when it waits for others', () => expect(missing(general, fail({ handling: 'pending' }), good)).toEqual({}))
  it('is how it is handled', () => expect(missing(general, fail({}), good)).toHaveProperty('handling'))
  it('is what was done on the spot', () => {
    expect(missing(general, fail({ handling: 'on_site', outcome: ' ' }), good)).toHaveProperty('outcome')
    expect(missing(general, fail({ handling: 'on_site', outcome: '已紧固' }), good)).toEqual({})
  })
  it('is a photo of what is 重大, by the list or because it was raised', () => {
    expect(missing(item('A1', { grade: 'major' }), fail({ handling: 'pending' }), good)).toHaveProperty('photos')
    expect(missing(general, fail({ handling: 'pending', grade: 'major' }), good)).toHaveProperty('photos')
    expect(missing(general, fail({ handling: 'pending', grade: 'major', photos: ['a'] }), good)).toEqual({})
  })
  it('is another photo for one that the unit did not take, whatever the grade', () => {
    const isRefused = (photo: string) => photo === 'a'
    expect(missing(general, fail({ handling: 'pending', photos: ['a', 'b'] }), isRefused)).toEqual({ photos: '1 张照片没有通过核验，请删去或重拍' })
    expect(missing(general, fail({ handling: 'pending', photos: ['b'] }), isRefused)).toEqual({})
    expect(unfinished(task([general]), draft({ A1: fail({ handling: 'pending', photos: ['a'] }) }), { ...now, isRefused })).toEqual([0])
  })
})

describe('a day until when it is to be put right', () => {
  const until = (deadline?: string, more: Partial<DraftAnswer> = {}) => draft({ A1: answer({ result: 'fail', handling: 'pending', deadline, ...more }) }, { duty: 'weekly' })
  const left = (of: Draft) => unfinished(task([item('A1')], { duty: 'weekly' }), of, now)

  it('that has passed since it was picked is to be picked anew before it is signed', () => {
    expect([left(until('2026-11-22')), lapsed(until('2026-11-22'), 'A1', now.today)]).toEqual([[0], '选的整改期限已经过了，请重新选，或选不定'])
    for (const deadline of ['2026-11-23', '2026-12-01', undefined]) expect(left(until(deadline))).toEqual([])
  })
  it('is none of what was put right at once, of what passes, or of what was reported long ago', () => {
    expect(left(until('2026-11-22', { handling: 'on_site', outcome: '已更换' }))).toEqual([])
    expect(left(until('2026-11-22', { result: 'pass' }))).toEqual([])
    const correction = (reported: string[]) => ({ ...until('2026-11-22'), correction: { version: 1, reason: '看错了', since: 1, reported } })
    expect([left(correction(['A1'])), left(correction([]))]).toEqual([[], [0]])
  })
})

describe('whether a target is stopped for a 重大 left pending', () => {
  const grave = answer({ result: 'fail', handling: 'pending', photos: ['photo-0'] })
  const asked = task([item('A1', { grade: 'major' }), item('A2')])
  const target = (more: object) => ({ ...asked, target: { ...asked.target, ...more } })
  const left = (more: Partial<Draft>, of = asked) => unfinished(of, draft({ A1: grave, A2: answer() }, more), now)
  const faults = (more: Partial<Draft>, given = grave, of = asked) => {
    const sent = request(settled(of, draft({ A1: given, A2: answer() }, more)))
    return faultsOf(of.checklist.items, sent, of.target.unit_kind)
  }

  it.each([
    [{}, false], [{ stopUse: true }, true], [{ stopUse: false }, false], [{ stopUse: false, keptInUse: ' \u200b' }, false],
    [{ stopUse: false, keptInUse: '备件明天到，已派人看守' }, true],
  ])('%j: the server says the same', (more, whole) => {
    expect(left(more)).toEqual(whole ? [] : [0])
    expect(faults(more).length === 0).toBe(whole)
  })

  it('is asked of one whose grade was raised too', () => {
    const raised = draft({ A1: answer(), A2: { ...grave, grade: 'major' } })
    expect(unfinished(asked, raised, now)).toEqual([1])
  })

  it('is asked of no licence', () => {
    const licence = target({ unit_kind: 'production' })
    expect(left({}, licence)).toEqual([])
    expect(faults({ stopUse: true }, grave, licence)).toEqual([])
  })

  it('is not told of what was put right on the spot, or is no longer 重大', () => {
    const mended = answer({ result: 'fail', handling: 'on_site', outcome: '已更换', photos: ['photo-0'] })
    for (const more of [{ stopUse: true }, { stopUse: false, keptInUse: '备件明天到' }]) {
      expect(faults(more, mended)).toEqual([])
      expect(faults(more, answer())).toEqual([])
    }
  })

  it('is settled for one that is stopped already: it does not go back into use with a 重大', () => {
    const stopped = target({ state: 'suspended' })
    expect(undecided(stopped, draft({}, { stopUse: false, keptInUse: '备件明天到' }))).toContain('继续停用')
    expect(left({ stopUse: false, keptInUse: '备件明天到' }, stopped)).toEqual([0])
    expect(left({ stopUse: true }, stopped)).toEqual([])
  })

  it('is sent as what was chosen last', () => {
    const sent = request(settled(asked, draft({ A1: grave, A2: answer() }, { stopUse: true, keptInUse: '先想留用' })))
    expect(sent).toMatchObject({ stop_use: true })
    expect(sent).not.toHaveProperty('kept_in_use')
  })
})

describe('grades', () => {
  it.each([['general', ['general', 'serious', 'major']], ['serious', ['serious', 'major']], ['major', ['major']]] as [Grade, Grade[]][])(
    'from %s only go up', (grade, may) => expect(gradesFrom(grade)).toEqual(may),
  )
  it('are those of the list unless raised', () => {
    expect(gradeOf(item('A1', { grade: 'serious' }))).toBe('serious')
    expect(gradeOf(item('A1'), answer({ grade: 'major' }))).toBe('major')
  })
})

describe('a draft', () => {
  it('is unfinished where nothing was answered, by place', () => {
    expect(unfinished(task([item('A1'), item('A2'), item('A3')]), draft({ A2: answer() }), now)).toEqual([0, 2])
  })

  it('counts its results', () => {
    expect(countResults(draft({ A1: answer(), A2: answer({ result: 'fail' }), A3: answer() }))).toEqual({ pass: 2, fail: 1, not_applicable: 0 })
  })

  it('knows which of its answers the list no longer asks', () => {
    expect(unasked(draft({ A1: answer(), Z9: answer() }), [item('A1'), item('A2')])).toEqual(['Z9'])
  })

  it('cites the photos of what failed, and knows of all it keeps on the phone', () => {
    const changed = draft({ A1: answer({ result: 'pass', photos: ['photo-1'] }), A2: answer({ result: 'fail', photos: ['photo-2'] }) })
    expect(filesOf(changed, 'sign')).toEqual(['photo-2', 'sign'])
    expect(picturesOf(changed, 'sign')).toEqual(['photo-1', 'photo-2', 'sign'])
    expect(filesOf({ ...changed, state: 'suspended' })).toEqual([])
  })

  it('says when it has more files than one submission may', () => {
    const fails = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [
      `A${index}`, answer({ result: 'fail', handling: 'pending', photos: names.slice(index * 9, index * 9 + 9) }),
    ]))
    const items = (count: number) => Array.from({ length: count }, (_, index) => item(`A${index}`))
    expect(tooManyFiles(draft(fails(6)))).toBe('')
    expect(faultsOf(items(6), request(draft(fails(6))))).toEqual([])
    expect(tooManyFiles(draft(fails(7)))).toContain('60')
    expect(faultsOf(items(7), request(draft(fails(7))))).toContain('too many files')
  })
})

describe('what is sent', () => {
  it('is the whole of it, with the files as the server names them', () => {
    const sent = request(draft({ A1: answer({ result: 'fail', handling: 'pending', photos: ['photo-0', 'photo-1'], seconds: 12 }), A2: answer({ seconds: 3 }) }, { remarks: { A1: ' 门口 ', A2: '\u200b', A9: '不再问的' } }))
    expect(sent).toEqual({
      target: 'E1', duty: 'daily', due: '2026-11-23', state: 'in_use', performed_at: AT, signature: files.sign, checklist: 'a'.repeat(64),
      answers: [
        { item: 'A1', result: 'fail', handling: 'pending', photos: [files['photo-0'], files['photo-1']], remark: '门口', seconds: 12 },
        { item: 'A2', result: 'pass', seconds: 3 },
      ],
    })
  })

  it('of a kind names the devices it was found on and, left pending, until when', () => {
    const fail = { result: 'fail', devices: ['E-1', 'E-2'], deadline: '2026-11-30' } as const
    const given = draft({ A1: answer({ ...fail, handling: 'pending' } as never), A2: answer({ ...fail, handling: 'on_site', outcome: '已清理' } as never), A3: answer({ ...fail, result: 'pass' } as never) }, { duty: 'weekly', target: '3000' })
    const sent = toRequest(given, { performedAt: AT, files: {} })
    expect(sent).not.toHaveProperty('signature')
    expect(sent.answers).toEqual([
      { item: 'A1', result: 'fail', handling: 'pending', devices: ['E-1', 'E-2'], deadline: '2026-11-30', seconds: 5 },
      { item: 'A2', result: 'fail', handling: 'on_site', outcome: '已清理', devices: ['E-1', 'E-2'], seconds: 5 },
      { item: 'A3', result: 'pass', seconds: 5 },
    ])
  })

  it('names twenty devices at most, each counted once', () => {
    const codes = (from: number, count: number) => Array.from({ length: count }, (_, index) => `E-${from + index}`)
    const given = draft({ A1: answer({ result: 'fail', devices: codes(0, 8) }), A2: answer({ result: 'fail', devices: codes(4, 8) }), A3: answer({ devices: codes(50, 8) }) })
    expect([roomForDevices(given, 'A4'), roomForDevices(given, 'A2')]).toEqual([8, 12])
  })

  it('of a suspension is its reason alone', () => {
    const given = draft({ A1: answer() }, { state: 'suspended', reason: ' 停产检修 ' })
    expect(request(given)).toEqual({ target: 'E1', duty: 'daily', due: '2026-11-23', state: 'suspended', performed_at: AT, signature: files.sign, reason: '停产检修' })
    expect(faultsOf([item('A1')], request(given))).toEqual([])
  })

  it('has no characters nobody sees: they come from a keyboard and the server refuses them', () => {
    const given = draft({ A1: answer({ result: 'fail', handling: 'on_site', outcome: '更换\r\n螺栓\u200b👷\u200d♂️\ud83d'}) }, { remarks: { A1: '好\ufeff' } })
    const [sent] = request(given).answers!
    expect(sent).toMatchObject({ outcome: '更换\n螺栓👷♂️', remark: '好' })
    expect(faultsOf([item('A1')], request(given))).toEqual([])
  })

  it.each([[-4, 0], [2.6, 3], [90_000, 86_400], [Number.NaN, 0]])('%s seconds are sent as %s', (spent, sent) => {
    expect(request(draft({ A1: answer({ seconds: spent }) })).answers![0]!.seconds).toBe(sent)
  })
})
