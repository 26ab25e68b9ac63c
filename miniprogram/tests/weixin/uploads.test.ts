import { describe, expect, it } from 'vitest'
import { done, loggedIn, pass, start, troubleOf, type Life } from '../fakes/life'
import { BAD_GATEWAY, FakeTean, member, problem } from '../fakes/tean'
import { FakePhone } from '../fakes/uni'

const add = (life: Life) => done(life.uploads.add(life.phone.shoot(), 'photo'))
/** Added without a network: kept, not sent. */
async function kept(life: Life): Promise<string> {
  life.uni.setNetwork(false)
  const name = await add(life)
  await pass(100)
  life.phone.network = true
  return name
}

describe('a photo', () => {
  it('is kept on the phone, sent, judged and known by its id', async () => {
    const life = await loggedIn()
    const name = await add(life)
    expect(life.phone.files.has(`wxfile://usr/${name}`)).toBe(true)
    const file = await done(life.uploads.ensure(name))
    expect(life.tean.arrived).toEqual([file])
    expect(life.uploads.held[name]).toMatchObject({ state: 'sent', progress: 100, file })
    expect(life.tean.of('POST /v1/uploads')[0]!.body).toEqual({ kind: 'photo', content_type: 'image/jpeg', size: 200_000, target: null })
  })

  it('says what it shows, also when it is sent after the app was killed', async () => {
    const life = await loggedIn()
    life.uni.setNetwork(false)
    await done(life.uploads.add(life.phone.shoot(), 'photo', 'E-1'))
    await pass(100)
    life.phone.network = true
    const again = await loggedIn(life.phone, life.tean)
    await pass(1000)
    expect(again.tean.of('POST /v1/uploads').map(({ body }) => body).pop()).toMatchObject({ kind: 'photo', target: 'E-1' })
  })

  it('tells how far it is on its way', async () => {
    const life = await loggedIn()
    const name = await add(life)
    const seen = new Set<string>()
    for (let step = 0; step < 20; step += 1) {
      const { state, progress } = life.uploads.held[name]!
      seen.add(state === 'sending' ? `sending ${progress}` : state)
      await pass(10)
    }
    expect([...seen]).toEqual(['sending 0', 'sending 50', 'checking', 'sent'])
  })

  it('is good only when the server says so', async () => {
    const life = await loggedIn()
    life.tean.verdict = 'pending'
    const name = await add(life)
    await pass(1000)
    expect(life.uploads.held[name]).toMatchObject({ state: 'checking' })
    life.tean.files.forEach((file) => (file.verdict = 'verified'))
    await pass(1000)
    expect(life.uploads.held[name]).toMatchObject({ state: 'sent' })
  })

  it('whose verdict is long in coming is looked at again, not sent again', async () => {
    const life = await loggedIn()
    life.tean.verdict = 'pending'
    const name = await add(life)
    expect(await troubleOf(life.uploads.ensure(name))).toMatchObject({ code: 'file.pending' })
    life.tean.files.forEach((file) => (file.verdict = 'verified'))
    await pass(35_000)
    expect(life.uploads.held[name]).toMatchObject({ state: 'sent' })
    expect(life.tean.files.size).toBe(1)
  })

  it('that was refused says why, and is to be taken again', async () => {
    const life = await loggedIn()
    life.tean.verdict = 'refused'
    const name = await add(life)
    expect(await troubleOf(life.uploads.ensure(name))).toMatchObject({ code: 'file.refused', sentence: '这不是照片，请重新拍照。' })
    expect(life.uploads.held[name]).toMatchObject({ state: 'refused', reason: '这不是照片，请重新拍照。' })
  })

  it.each([['nothing comes back from the storage', 'silent'], ['the storage is in trouble', BAD_GATEWAY]] as const)('is sent again when %s', async (_, mishap) => {
    const life = await loggedIn()
    life.tean.next('upload', mishap)
    const name = await add(life)
    await pass(200)
    expect(life.uploads.held[name]).toMatchObject({ state: 'failed' })
    await done(life.uploads.ensure(name))
    expect(life.uploads.held[name]).toMatchObject({ state: 'sent' })
    expect(life.tean.arrived).toHaveLength(1)
  })

  it('that is empty is not kept at all', async () => {
    const life = await loggedIn()
    expect(await troubleOf(life.uploads.add(life.phone.shoot(undefined, { size: 0 }), 'photo'))).toMatchObject({ code: 'file.refused', sentence: expect.stringContaining('重新拍照') })
    expect([life.uploads.held, life.phone.files.size]).toEqual([{}, 0])
  })

  it('that is refused before it is sent is not said to go by itself', async () => {
    const life = await loggedIn()
    life.tean.next('POST /v1/uploads', problem(400, 'request.invalid', '请求有 1 处不对。'))
    const name = await add(life)
    await pass(500)
    expect([life.uploads.held[name]!.state, life.uploads.isRefused(name)]).toEqual(['refused', true])
  })

  it('that comes too often waits as long as the server says, and goes on by itself', async () => {
    const life = await loggedIn()
    life.tean.next('POST /v1/uploads', problem(429, 'file.too_often', '上传太频繁了，请过 2 分钟再试。', { wait: 90 }))
    const name = await add(life)
    await pass(100)
    expect(life.uploads.held[name]).toMatchObject({ state: 'failed', reason: '上传太频繁了，请过 2 分钟再试。' })
    await pass(89_000)
    expect(life.tean.of('POST /v1/uploads')).toHaveLength(1)
    await pass(2_000)
    expect(life.uploads.held[name]).toMatchObject({ state: 'sent' })
    expect(life.tean.files.size).toBe(1)
  })

  it('shares a weak network with one other at most', async () => {
    const life = await loggedIn()
    const names: string[] = []
    for (let count = 0; count < 5; count += 1) names.push(await kept(life))
    life.uni.setNetwork(true)
    let most = 0
    for (let step = 0; step < 100; step += 1) {
      most = Math.max(most, names.filter((name) => life.uploads.held[name]!.state === 'sending').length)
      await pass(5)
    }
    expect([most, life.tean.arrived.length]).toEqual([2, 5])
  })

  it('goes on by itself when the network returns', async () => {
    const life = await loggedIn()
    const name = await kept(life)
    expect(life.uploads.held[name]).toMatchObject({ state: 'failed' })
    life.uni.setNetwork(true)
    await pass(500)
    expect(life.uploads.held[name]).toMatchObject({ state: 'sent' })
  })

  it('is sent once for several who wait for it', async () => {
    const life = await loggedIn()
    const name = await kept(life)
    const ids = await done(Promise.all([life.uploads.ensure(name), life.uploads.ensure(name), life.uploads.ensure(name)]))
    expect(new Set(ids).size).toBe(1)
    expect([life.tean.files.size, await done(life.uploads.ensure(name)), life.tean.of('POST /v1/uploads').length]).toEqual([1, ids[0], 1])
  })

  it('that the server knows nothing of is sent anew', async () => {
    const life = await loggedIn()
    life.tean.verdict = 'pending'
    const name = await add(life)
    await troubleOf(life.uploads.ensure(name))
    life.tean.files.clear()
    life.tean.verdict = 'verified'
    expect(await troubleOf(life.uploads.ensure(name))).toMatchObject({ code: 'file.not_sent' })
    const file = await done(life.uploads.ensure(name))
    expect(life.tean.arrived).toEqual([file])
  })

  it('that is no longer on the phone is to be taken again', async () => {
    const life = await loggedIn()
    const name = await kept(life)
    life.phone.files.clear()
    expect(await troubleOf(life.uploads.ensure(name))).toMatchObject({ code: 'file.refused' })
    expect(await troubleOf(life.uploads.ensure('unknown.jpg'))).toMatchObject({ code: 'file.lost' })
  })

  it('that was removed leaves nothing behind', async () => {
    const life = await loggedIn()
    const name = await add(life)
    await done(life.uploads.remove(name))
    await pass(1000)
    expect(life.phone.files.size).toBe(0)
    expect([...life.phone.storage.keys()].filter((key) => key.startsWith('upload:'))).toEqual([])
  })

  it('is sent only as the one who took it', async () => {
    const tean = new FakeTean()
    const elsewhere = member('officer', { unit: 'U2', person: 'P9' })
    tean.people.set('openid-1', [member(), elsewhere])
    const life = await loggedIn(undefined, tean)
    const name = await kept(life)
    await done(life.session.choose(elsewhere))
    life.uni.setNetwork(true)
    await pass(500)
    expect(await troubleOf(life.uploads.ensure(name))).toMatchObject({ name: 'Elsewhere' })
    expect(tean.files.size).toBe(0)
    await done(life.session.choose(member()))
    expect(await done(life.uploads.ensure(name))).toMatch(/^P1\./)
  })
})

describe('the app killed on the way', () => {
  /** How many effects a whole life has: login, keeping, sending, being judged. */
  async function wholeLife(dieAt = Infinity): Promise<{ life: Life; name?: string; after: number }> {
    const life = await loggedIn()
    await pass(50)
    const before = life.uni.effects
    life.uni.dieAt = before + dieAt
    let name: string | undefined
    void life.uploads.add(life.phone.shoot(), 'photo').then((given) => life.uni.dead || (name = given))
    await pass(1000)
    return { life, name, after: life.uni.effects - before }
  }

  it('at every step: the photo is not lost, and not sent again once it is known to have arrived', async () => {
    const { after } = await wholeLife()
    expect(after).toBeGreaterThan(8)
    for (let step = 1; step <= after; step += 1) {
      const { life, name } = await wholeLife(step)
      life.phone.temporary.clear()
      const known = (JSON.parse(life.phone.storage.get('uploads') ?? '{}') as Record<string, { file?: string }>)[name ?? '']?.file
      const next = await start(life.phone, life.tean)
      const left = Object.keys(next.uploads.held)
      // Killed before its name was given to anybody: there is nothing to be lost yet.
      if (!left.length) { expect(name).toBeUndefined(); continue }
      const file = await done(next.uploads.ensure(left[0]!))
      expect(life.tean.arrived).toContain(file)
      if (known) expect(file).toBe(known)
      next.uni.kill()
      const third = await start(life.phone, life.tean)
      expect(await done(third.uploads.ensure(left[0]!))).toBe(file)
    }
  })

  it('and started again: what was begun goes on by itself', async () => {
    const life = await loggedIn()
    const name = await kept(life)
    life.uni.kill()
    const next = await start(life.phone, life.tean)
    await pass(1000)
    expect(next.uploads.held[name]).toMatchObject({ state: 'sent' })
  })

  it('while it is judged, and started again: what arrived is not sent a second time', async () => {
    const life = await loggedIn()
    life.tean.verdict = 'pending'
    const name = await add(life)
    await pass(500)
    expect(life.uploads.held[name]).toMatchObject({ state: 'checking' })
    life.uni.kill()
    const next = await start(life.phone, life.tean)
    life.tean.files.forEach((file) => (file.verdict = 'verified'))
    await done(next.uploads.ensure(name))
    expect(life.tean.files.size).toBe(1)
  })

  it('and started again with a storage nobody can read: begins anew', async () => {
    const phone = new FakePhone()
    phone.storage.set('uploads', '{"broken')
    expect((await start(phone)).uploads.held).toEqual({})
  })
})
