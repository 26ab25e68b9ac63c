import { describe, expect, it } from 'vitest'
import { shallowRef } from 'vue'
import type { HazardDetail, HazardState } from '@/api'
import { done, loggedIn, type Life } from '../fakes/life'
import { problem, type Answer } from '../fakes/tean'

const ID = '20261118T003500000Z.E1.PP-D-06.P1'
const KEY = `rectify:U1/P1/officer:${ID}`
const STEP = 'POST /v1/hazards'

/** The page of one hazard, and the server behind it. */
async function opened(life: Life, state: HazardState = 'ordered') {
  const { useRectification } = await import('@/composables/rectification')
  const hazard = shallowRef<HazardDetail | null>(null)
  const server = { state, version: 2 }
  const shape = () => ({ hazard: ID, state: server.state, version: server.version, grade: 'general', assignee: 'P1', steps: [] }) as unknown as HazardDetail
  const page = useRectification(hazard, reload)
  async function reload() {
    hazard.value = shape()
    page.settle()
  }
  await reload()
  /** The step is taken as the server takes it: once. */
  const take = (): Answer => {
    Object.assign(server, { state: 'rectified', version: 3 })
    return { status: 200, data: { hazard: ID, state: 'rectified', version: 3 } }
  }
  return { ...page, hazard, server, take }
}

async function filled(life: Life, page: Awaited<ReturnType<typeof opened>>) {
  page.change({ result: '已更换保温层' })
  page.change({ photos: [await done(life.uploads.add(life.phone.shoot(), 'photo'))] })
}

describe('a confirmation', () => {
  it('is on the phone as it is typed, and there again after the app was killed', async () => {
    const life = await loggedIn()
    await filled(life, await opened(life))
    const again = await loggedIn(life.phone, life.tean)
    const page = await opened(again)
    expect(page.draft.value).toMatchObject({ result: '已更换保温层', photos: [expect.any(String)] })
  })

  it('is not asked for while something is missing', async () => {
    const page = await opened(await loggedIn())
    page.ask()
    expect(page.asking.value).toBe(false)
    expect(Object.keys(page.faults.value)).toEqual(['result', 'photos'])
  })

  it('is sent once however often it is tapped, and then nothing of it is kept', async () => {
    const life = await loggedIn()
    const page = await opened(life)
    await filled(life, page)
    life.tean.next(STEP, page.take, page.take)
    page.ask()
    await done(Promise.all([page.confirm.run(), page.confirm.run()]))
    expect(life.tean.of(STEP)).toHaveLength(1)
    expect(life.tean.of(STEP)[0]!.body).toEqual({ seen: { version: 2, grade: 'general' }, result: '已更换保温层', photos: life.tean.arrived })
    expect(page.hazard.value!.state).toBe('rectified')
    expect(page.asking.value).toBe(false)
    expect(life.phone.storage.has(KEY)).toBe(false)
    expect(life.phone.files.size).toBe(0)
  })

  it('whose answer was lost is kept, and is the same when it is sent again', async () => {
    const life = await loggedIn()
    const page = await opened(life)
    await filled(life, page)
    life.tean.next(STEP, () => page.take() && 'none', page.take)
    page.ask()
    await done(page.confirm.run())
    expect(page.confirm.trouble.value?.code).toBe('network.unreachable')
    expect([page.asking.value, life.phone.storage.has(KEY)]).toEqual([true, true])
    await done(page.confirm.run())
    const [first, second] = life.tean.of(STEP)
    expect(second!.text).toBe(first!.text)
    expect(page.confirm.trouble.value).toBeNull()
    expect(life.phone.storage.has(KEY)).toBe(false)
  })

  it('of a hazard that has moved is not lost: the sentence, the newest, and what was typed', async () => {
    const life = await loggedIn()
    const page = await opened(life)
    await filled(life, page)
    page.server.version = 3
    life.tean.next(STEP, problem(409, 'hazard.moved', '这条隐患刚有变化，请看过最新内容再处理。'))
    page.ask()
    await done(page.confirm.run())
    expect(page.confirm.trouble.value?.sentence).toMatch('刚有变化')
    expect([page.asking.value, page.hazard.value!.version, page.draft.value.result]).toEqual([false, 3, '已更换保温层'])
  })

  it('that the unit already has leaves nothing behind when the page is opened again', async () => {
    const life = await loggedIn()
    await filled(life, await opened(life))
    await opened(life, 'rectified')
    await done(Promise.resolve())
    expect(life.phone.storage.has(KEY)).toBe(false)
    expect(Object.keys(life.uploads.held)).toEqual([])
  })

  it('is only the assignee’s', async () => {
    const page = await opened(await loggedIn())
    expect(page.mine.value).toBe(true)
    page.hazard.value = { ...page.hazard.value!, assignee: 'P2' }
    expect(page.mine.value).toBe(false)
  })
})
