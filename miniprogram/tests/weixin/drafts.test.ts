import { computed } from 'vue'
import { describe, expect, it } from 'vitest'
import { loggedIn, pass, start, done } from '../fakes/life'
import { FakeTean, member } from '../fakes/tean'
import { answer, item, task } from '../fakes/things'

describe('a draft being filled in', () => {
  it('is seen by whoever shows it, from the first answer', async () => {
    const { drafts } = await loggedIn()
    const draft = drafts.of(task())
    const shown = computed(() => Object.keys(draft.answers).length)
    expect(shown.value).toBe(0)
    drafts.answer(draft, 'A1', answer())
    expect(shown.value).toBe(1)
  })

  it('is intact after the app was killed', async () => {
    const before = await loggedIn()
    const draft = before.drafts.of(task())
    before.drafts.answer(draft, 'A1', answer({ result: 'fail', handling: 'on_site', outcome: '已更换', grade: 'serious', photos: ['p.jpg'], seconds: 9 }))
    draft.remarks.A2 = '门口'
    draft.at = 1
    before.drafts.save(draft)
    await pass(0)
    before.uni.kill()
    const { drafts } = await start(before.phone, before.tean)
    expect(drafts.of(task())).toEqual(draft)
    expect(drafts.find('daily/2026-11-23/E1')?.at).toBe(1)
  })

  it('is not kept before something was answered', async () => {
    const { drafts, phone } = await loggedIn()
    drafts.of(task())
    expect([...phone.storage.keys()].filter((key) => key.startsWith('draft:'))).toEqual([])
  })

  it('starts over when the list was released anew', async () => {
    const { drafts } = await loggedIn()
    drafts.answer(drafts.of(task()), 'A1', answer())
    const anew = task()
    anew.checklist.sha256 = 'b'.repeat(64)
    expect(drafts.of(anew)).toMatchObject({ answers: {}, checklist: 'b'.repeat(64) })
  })

  it('starts over when the list no longer asks what was answered', async () => {
    const { drafts } = await loggedIn()
    drafts.answer(drafts.of(task()), 'A2', answer())
    expect(drafts.of(task([item('A1')])).answers).toEqual({})
  })

  it('is that of one day and one target', async () => {
    const { drafts } = await loggedIn()
    drafts.answer(drafts.of(task()), 'A1', answer())
    expect(drafts.of(task(undefined, { due: '2026-11-22' })).answers).toEqual({})
  })

  it('belongs to one membership', async () => {
    const tean = new FakeTean()
    tean.people.set('openid-1', [member(), member('director')])
    const { drafts, session } = await loggedIn(undefined, tean)
    drafts.answer(drafts.of(task()), 'A1', answer())
    await done(session.choose(member('director')))
    await pass(0)
    expect(drafts.held).toEqual({})
    await done(session.choose(member()))
    await pass(0)
    expect(Object.keys(drafts.held)).toEqual(['daily/2026-11-23/E1'])
  })

  it('is gone when it was removed', async () => {
    const life = await loggedIn()
    const draft = life.drafts.of(task())
    life.drafts.answer(draft, 'A1', answer())
    life.drafts.remove(draft)
    await pass(0)
    expect((await start(life.phone, life.tean)).drafts.held).toEqual({})
  })

  it('of another version of the app, unreadable, is passed over', async () => {
    const life = await loggedIn()
    await pass(0)
    life.phone.storage.set('draft:U1/P1/officer:daily/2026-11-23/E1', '{"half')
    expect((await start(life.phone, life.tean)).drafts.held).toEqual({})
  })
})
