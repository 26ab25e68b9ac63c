import { describe, expect, it } from 'vitest'
import { done, loggedIn, pass, start } from '../fakes/life'
import { expectReceived, KEY, LOOKS, MINUTE, sentTexts, sign, signed, states, SUBMIT } from '../fakes/signed'
import { BAD_GATEWAY, CAPTIVE_PORTAL, problem, type Mishap } from '../fakes/tean'
import { answer } from '../fakes/things'

describe('what says nothing about the inspection', () => {
  const REFUSALS: [string, Mishap][] = [
    ['an error of the server', problem(500, 'server.error', '没有办成。')],
    ['a crowded target', problem(503, 'inspection.contended', '同时有人在提交这个对象。')],
    ['a photo still being judged', problem(409, 'file.pending', '照片还没有核验完。')],
    ['a proxy in trouble', BAD_GATEWAY],
    ['the login page of a Wi-Fi', CAPTIVE_PORTAL],
    ['a time-out', 'silent'],
  ]

  it.each(REFUSALS)('%s: it waits, nobody calls it received, and it is tried again by itself', async (_, mishap) => {
    const life = await loggedIn()
    life.tean.next(SUBMIT, mishap)
    await signed(life)
    await done(life.outbox.drain())
    expect([states(life), life.outbox.receivedToday, life.outbox.refused]).toEqual([['waiting'], [], []])
    expect(life.outbox.mine[0]!.trouble?.sentence).toBeTruthy()
    await pass(MINUTE)
    await expectReceived(life)
    expect(sentTexts(life).size).toBe(1)
  })

  it('a session that ended: it waits for the login, and goes after it', async () => {
    const life = await loggedIn()
    await signed(life)
    life.tean.revokeTokens()
    const people = life.tean.people.get('openid-1')!
    life.tean.people.clear()
    await done(life.outbox.drain())
    expect([states(life), life.session.expired]).toEqual([['waiting'], true])
    life.tean.people.set('openid-1', people)
    await done(life.session.enter())
    await expectReceived(life)
  })

  it('a network that came back while it was being tried: it is tried again', async () => {
    const life = await loggedIn()
    await signed(life)
    await pass(500)
    life.tean.next(SUBMIT, 'silent')
    const slow = life.outbox.drain()
    await pass(5000)
    life.uni.setNetwork(true)
    await done(slow)
    await pass(200)
    await expectReceived(life)
  })
})

describe('what the server refused for good', () => {
  const refuse = async (mishap: Mishap = problem(409, 'inspection.already_submitted', '这个对象这一天您已经提交过，内容不同，没有保存。')) => {
    const life = await loggedIn()
    life.tean.next(SUBMIT, mishap)
    const parcel = await signed(life)
    await done(life.outbox.drain())
    return { life, parcel: life.outbox.find(parcel.key)! }
  }

  it('stays, with the sentence of the server, and is not tried again', async () => {
    const { life, parcel } = await refuse()
    expect(parcel).toMatchObject({ state: 'refused', trouble: { code: 'inspection.already_submitted', sentence: expect.stringContaining('已经提交过') } })
    await done(life.outbox.drain())
    await pass(5 * MINUTE)
    expect([life.tean.of(SUBMIT).length, life.outbox.receivedToday]).toEqual([1, []])
  })

  it('stays over a restart', async () => {
    const { life } = await refuse()
    life.uni.kill()
    const next = await start(life.phone, life.tean)
    expect(next.outbox.refused).toHaveLength(1)
  })

  it('gives the draft back to be changed, and is then sent as another', async () => {
    const { life, parcel } = await refuse(problem(400, 'inspection.answers', '有 1 处需要补充。'))
    const signature = parcel.signature!
    life.outbox.reopen(parcel)
    await pass(100)
    expect(life.outbox.mine).toEqual([])
    const draft = life.drafts.find(KEY)!
    expect(draft.answers.A2).toMatchObject({ result: 'fail', photos: [expect.any(String)] })
    expect(life.uploads.held).not.toHaveProperty(signature)
    expect(Object.keys(life.uploads.held)).toEqual(draft.answers.A2!.photos)

    life.drafts.answer(draft, 'A1', answer({ result: 'fail', handling: 'pending' }))
    life.outbox.put(draft, LOOKS, await sign(life))
    await done(life.outbox.drain())
    await expectReceived(life)
    expect(sentTexts(life).size).toBe(2)
  })

  it('makes room for the same task signed anew', async () => {
    const { life } = await refuse(problem(409, 'inspection.closed', '这一天已经封存。'))
    await signed(life)
    expect(states(life)).toEqual(['waiting'])
    await done(life.outbox.drain())
    expect(life.tean.records.size).toBe(1)
    expect(life.outbox.mine).toEqual([])
  })

  it('is thrown away with its pictures', async () => {
    const { life, parcel } = await refuse()
    expect(life.phone.files.size).toBe(2)
    life.outbox.discard(parcel)
    await pass(200)
    expect([life.outbox.mine, life.phone.files.size, life.uploads.held]).toEqual([[], 0, {}])
    expect((await start(life.phone, life.tean)).outbox.mine).toEqual([])
  })

  it('is a photo that was not good', async () => {
    const life = await loggedIn()
    life.tean.verdict = 'refused'
    await signed(life)
    await done(life.outbox.drain())
    expect(life.outbox.refused[0]!.trouble).toMatchObject({ code: 'file.refused', sentence: '这不是照片，请重新拍照。' })
    expect(life.tean.of(SUBMIT)).toHaveLength(0)
  })
})

