import { computed } from 'vue'
import { describe, expect, it } from 'vitest'
import { begun, done, loggedIn, pass, start } from '../fakes/life'
import { FakeTean, member } from '../fakes/tean'
import { answer } from '../fakes/things'
import { FakePhone } from '../fakes/uni'

const KEY = 'daily/2026-11-23/E1'
const kept = (phone: FakePhone) => [...phone.storage.keys()].filter((key) => key.startsWith('draft:'))

describe('a draft being filled in', () => {
  it('is seen by whoever shows it, from the first answer', async () => {
    const life = await loggedIn()
    const shown = computed(() => Object.keys(life.drafts.find(KEY)?.answers ?? {}).length)
    const draft = begun(life)
    expect(shown.value).toBe(0)
    life.drafts.answer(draft, 'A1', answer())
    expect(shown.value).toBe(1)
  })

  it('is intact after the app was killed', async () => {
    const before = await loggedIn()
    const draft = begun(before)
    before.drafts.answer(draft, 'A1', answer({ result: 'fail', handling: 'on_site', outcome: '已更换', grade: 'serious', photos: ['p.jpg'], seconds: 9 }))
    before.drafts.remark(draft, 'A2', '门口')
    before.drafts.goTo(draft, 1)
    await pass(0)
    before.uni.kill()
    const { drafts } = await start(before.phone, before.tean)
    expect(drafts.find(KEY)).toEqual(draft)
    expect(drafts.find(KEY)).toMatchObject({ at: 1, remarks: { A2: '门口' } })
  })

  it('counts as begun once something was answered', async () => {
    const life = await loggedIn()
    const draft = begun(life)
    expect(life.drafts.begun).toBe(0)
    life.drafts.answer(draft, 'A1', answer())
    expect(life.drafts.begun).toBe(1)
  })

  it('belongs to one membership: under another it is neither shown nor changed nor kept', async () => {
    const tean = new FakeTean()
    tean.people.set('openid-1', [member(), member('director')])
    const life = await loggedIn(undefined, tean)
    const draft = begun(life)
    life.drafts.answer(draft, 'A1', answer())
    await done(life.session.choose(member('director')))
    expect(life.drafts.held).toEqual({})
    life.drafts.answer(draft, 'A2', answer())
    life.drafts.save({ ...draft, at: 9 })
    expect([life.drafts.held, kept(life.phone)]).toEqual([{}, [`draft:U1/P1/officer:${KEY}`]])
    await done(life.session.choose(member()))
    expect(life.drafts.find(KEY)).toMatchObject({ at: 0, answers: { A1: {} } })
    expect(life.drafts.find(KEY)!.answers).not.toHaveProperty('A2')
  })

  it('does not come back by a late tap when it was signed or thrown away', async () => {
    const life = await loggedIn()
    const draft = begun(life)
    life.drafts.answer(draft, 'A1', answer())
    life.drafts.remove(draft)
    life.drafts.answer(draft, 'A2', answer())
    life.drafts.goTo(draft, 1)
    await pass(0)
    expect([life.drafts.held, kept(life.phone)]).toEqual([{}, []])
    expect((await start(life.phone, life.tean)).drafts.held).toEqual({})
  })

  it('of another version of the app, unreadable, is passed over', async () => {
    const life = await loggedIn()
    await pass(0)
    life.phone.storage.set(`draft:U1/P1/officer:${KEY}`, '{"half')
    expect((await start(life.phone, life.tean)).drafts.held).toEqual({})
  })
})

describe('a phone without room', () => {
  it('says so, and the check goes on in memory; when there is room again all of it is kept', async () => {
    const life = await loggedIn()
    const { full } = await import('@/platform/storage')
    const draft = begun(life)
    life.phone.room = 10
    life.drafts.answer(draft, 'A1', answer())
    expect([full.value, life.drafts.begun]).toEqual([true, 1])
    life.phone.room = Infinity
    life.drafts.answer(draft, 'A2', answer())
    expect(full.value).toBe(false)
    await pass(0)
    expect(Object.keys((await start(life.phone, life.tean)).drafts.find(KEY)!.answers)).toEqual(['A1', 'A2'])
  })
})
