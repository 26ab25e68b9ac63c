import { describe, expect, it } from 'vitest'
import { begun, done, loggedIn, pass, start } from '../fakes/life'
import { KEY, LOOKS, MINUTE, sentTexts, sign } from '../fakes/signed'
import { answer } from '../fakes/things'

describe('the app killed at any moment', () => {
  /** The whole of a submission, killed at its n-th effect. */
  async function killedAt(effect: number) {
    const life = await loggedIn()
    const draft = begun(life)
    const photo = await done(life.uploads.add(life.phone.shoot(), 'photo'))
    life.drafts.answer(draft, 'A1', answer())
    life.drafts.answer(draft, 'A2', answer({ result: 'fail', handling: 'pending', photos: [photo] }))
    life.drafts.change(draft, (one) => (one.stopUse = true))
    const signature = await sign(life)
    await pass(10)
    const before = life.uni.effects
    life.uni.dieAt = before + effect
    life.outbox.put(draft, LOOKS, signature)
    void life.outbox.drain()
    await pass(3000)
    return { life, count: life.uni.effects - before }
  }

  it('loses nothing, and the unit gets it once', async () => {
    const { count } = await killedAt(Infinity)
    expect(count).toBeGreaterThan(10)
    for (let effect = 1; effect <= count; effect += 1) {
      const { life } = await killedAt(effect)
      life.phone.temporary.clear()
      const next = await start(life.phone, life.tean)
      const kept = next.outbox.find(KEY) ?? next.drafts.find(KEY) ?? next.outbox.receiptOf(KEY)
      expect(kept, `killed at effect ${effect}`).toBeDefined()
      // Killed before it was taken over: the draft is there, to be signed again.
      if (!next.outbox.find(KEY) && next.drafts.find(KEY)) {
        next.outbox.put(next.drafts.find(KEY)!, LOOKS, await sign(next))
      }
      await done(next.outbox.drain())
      await pass(MINUTE)
      expect(next.tean.records.size, `killed at effect ${effect}`).toBe(1)
      expect(next.outbox.mine).toEqual([])
      expect(next.outbox.receivedToday).toHaveLength(1)
      expect(next.drafts.find(KEY)).toBeUndefined()
      expect(sentTexts(next).size, `killed at effect ${effect}`).toBe(1)
    }
  })

  it('twice', async () => {
    const { count } = await killedAt(Infinity)
    for (let effect = 3; effect <= count; effect += 2) {
      const { life } = await killedAt(effect)
      const again = await start(life.phone, life.tean, 5)
      void again.outbox.drain()
      await pass(1000)
      const last = await start(life.phone, life.tean)
      await done(last.outbox.drain())
      await pass(MINUTE)
      if (last.drafts.find(KEY)) last.outbox.put(last.drafts.find(KEY)!, LOOKS, await sign(last))
      await done(last.outbox.drain())
      await pass(MINUTE)
      expect([last.tean.records.size, last.outbox.mine.length, sentTexts(last).size], `killed at effect ${effect}`).toEqual([1, 0, 1])
    }
  })
})
