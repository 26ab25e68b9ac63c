// @vitest-environment happy-dom
import { flushPromises, mount } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'
import { nextTick } from 'vue'
import { done, loggedIn, pass, type Life } from '../fakes/life'

/** Components as WeChat has them, on one life of the app. */
async function photos(life: Life, names: string[], target?: string) {
  const { default: TPhotos } = await import('@/components/TPhotos.vue')
  const shown = mount(TPhotos, { props: { names, target } })
  await pass(200)
  return shown
}
const shoot = (life: Life, count: number) => Array.from({ length: count }, () => life.phone.shoot())
const add = (life: Life) => done(life.uploads.add(life.phone.shoot(), 'photo'))

describe('photos of an item', () => {
  it('say what they show', async () => {
    const life = await loggedIn()
    const shown = await photos(life, [], 'E-1')
    life.uni.pictures = shoot(life, 1)
    await shown.get('.photo-add').trigger('click')
    await pass(1000)
    expect(life.tean.of('POST /v1/uploads').map(({ body }) => body)).toMatchObject([{ target: 'E-1' }])
  })

  it('are taken, kept, and sent', async () => {
    const life = await loggedIn()
    const shown = await photos(life, [])
    life.uni.pictures = shoot(life, 2)
    await shown.get('.photo-add').trigger('click')
    await pass(1000)
    const told = shown.emitted('change') as [string[]][]
    const [names] = told[told.length - 1]!
    // The first was the page's before the second was kept.
    expect(told.map(([each]) => each)).toEqual([names.slice(0, 1), names])
    await shown.setProps({ names })
    await pass(100)
    expect(shown.findAll('.photo-state').map((one) => one.text())).toEqual(['已上传', '已上传'])
    expect(shown.get('.photo-add').attributes('aria-label')).toBe('拍照，已有 2 张，最多 9 张')
  })

  it('are made small one after the other, each kept before the next', async () => {
    const life = await loggedIn()
    const shown = await photos(life, [])
    life.uni.pictures = shoot(life, 3)
    const { compressImage } = life.uni
    const keptBefore: number[] = []
    life.uni.compressImage = (ask) => {
      keptBefore.push(life.phone.files.size)
      compressImage(ask)
    }
    await shown.get('.photo-add').trigger('click')
    await pass(1000)
    expect(keptBefore).toEqual([0, 1, 2])
  })

  it('are not asked for twice by a second tap', async () => {
    const life = await loggedIn()
    const shown = await photos(life, [])
    life.uni.pictures = shoot(life, 1)
    await shown.get('.photo-add').trigger('click')
    await shown.get('.photo-add').trigger('click')
    await pass(1000)
    expect([life.uni.chosen, shown.emitted('change')?.length]).toEqual([[9], 1])
  })

  it('are nine at most', async () => {
    const life = await loggedIn()
    const names = []
    for (let count = 0; count < 8; count += 1) names.push(await add(life))
    const shown = await photos(life, names)
    life.uni.pictures = shoot(life, 3)
    await shown.get('.photo-add').trigger('click')
    await pass(1000)
    const [[all]] = shown.emitted('change') as [[string[]]]
    expect([life.uni.chosen, all.length, life.uni.toasts]).toEqual([[1], 9, ['最多 9 张，另外 2 张没有加上']])
    await shown.setProps({ names: all })
    expect(shown.find('.photo-add').exists()).toBe(false)
  })

  it('that did not arrive are tried again at a tap', async () => {
    const life = await loggedIn()
    life.tean.next('upload', 'silent')
    const shown = await photos(life, [await add(life)])
    expect(shown.get('.photo-state').attributes('aria-label')).toBe('照片 1，点按重试')
    await shown.get('.photo-state').trigger('click')
    await pass(500)
    expect(shown.get('.photo-state').text()).toBe('已上传')
  })

  it('that were refused say why, and a tap takes another in their place', async () => {
    const life = await loggedIn()
    const good = await add(life)
    await pass(500)
    life.tean.verdict = 'refused'
    const bad = await add(life)
    const after = await add(life)
    const shown = await photos(life, [good, bad, after])
    await pass(500)
    const states = () => shown.findAll('.photo-state')
    expect(states().map((one) => one.text())).toEqual(['已上传', '点按重拍', '点按重拍'])
    expect(shown.findAll('[role=alert]')[0]!.text()).toBe(`照片 2：${life.uploads.held[bad]!.reason}`)
    expect(life.uploads.held[bad]!.reason).toMatch(/重新拍照/)
    // He turns away: it stays as it is.
    await states()[1]!.trigger('click')
    await pass(500)
    expect(shown.emitted('change')).toBeUndefined()
    life.tean.verdict = 'verified'
    life.uni.pictures = shoot(life, 1)
    await states()[1]!.trigger('click')
    expect(states()[1]!.text()).toBe('正在存照片')
    await pass(1000)
    const [[names]] = shown.emitted('change') as [[string[]]]
    expect([names[0], names[2], life.uploads.held[bad], life.uni.chosen]).toEqual([good, after, undefined, [1, 1]])
    expect(states().map((one) => one.text())).toEqual(['已上传', '已上传', '点按重拍'])
  })

  it('are all there though the page lags behind', async () => {
    const life = await loggedIn()
    const shown = await photos(life, [])
    life.uni.pictures = shoot(life, 3)
    await shown.get('.photo-add').trigger('click')
    while ((shown.emitted('change')?.length ?? 0) < 2) await pass(10)
    const [[first]] = shown.emitted('change') as [[string[]]]
    await shown.setProps({ names: first })
    await pass(1000)
    expect((shown.emitted('change') as [string[]][])[2]![0]).toHaveLength(3)
  })

  it('may be deleted while others are being kept', async () => {
    const life = await loggedIn()
    const old = await add(life)
    const shown = await photos(life, [old])
    life.uni.pictures = shoot(life, 2)
    await shown.get('.photo-add').trigger('click')
    while (!shown.emitted('change')) await pass(10)
    expect(shown.get('.photo-add').text()).toContain('正在存照片')
    await shown.get('.photo-remove').trigger('click')
    await pass(1000)
    const told = shown.emitted('change') as [string[]][]
    expect([told.map(([each]) => each.length), told.some(([each], at) => at > 0 && each.includes(old))]).toEqual([[2, 1, 2], false])
    expect(shown.get('.photo-add').text()).toContain('拍照')
  })

  it('are taken off, from the phone too', async () => {
    const life = await loggedIn()
    const [first, second] = [await add(life), await add(life)]
    const shown = await photos(life, [first, second])
    await shown.findAll('.photo-remove')[0]!.trigger('click')
    await pass(100)
    expect(shown.emitted('change')).toEqual([[[second]]])
    expect([...life.phone.files.keys()]).toEqual([`wxfile://usr/${second}`])
  })

  it('are none when he turned away', async () => {
    const life = await loggedIn()
    const shown = await photos(life, [])
    await shown.get('.photo-add').trigger('click')
    await pass(200)
    expect(shown.emitted('change')).toBeUndefined()
    expect(shown.get('.photo-add').text()).toContain('拍照')
  })

  it('are made small before anything else', async () => {
    const life = await loggedIn()
    const { small, takePhotos } = await import('@/platform/camera')
    life.uni.pictures = [life.phone.shoot('wxfile://tmp/big.jpg', { width: 4000, height: 3000 }), life.phone.shoot('wxfile://tmp/little.jpg', { width: 800, height: 600 })]
    const { paths } = await done(takePhotos(9))
    const taken = await done(Promise.all(paths.map(small)))
    expect(taken.map((path) => life.phone.temporary.get(path)!.width)).toEqual([1600, 800])
  })
})

describe('a sheet', () => {
  it('takes no focus and stills nothing: WeChat has no keys', async () => {
    const { default: TSheet } = await import('@/components/TSheet.vue')
    const page = document.createElement('div')
    page.innerHTML = '<div class="main"></div><div class="over"></div>'
    document.body.append(page)
    const sheet = mount(TSheet, { props: { title: '备注' }, attachTo: page.querySelector('.over')! })
    expect([document.activeElement === document.body, document.querySelector('[inert]'), sheet.get('.sheet').attributes('tabindex')]).toEqual([true, null, undefined])
    sheet.unmount()
    page.remove()
  })
})

describe('the sheet of a session that ended', () => {
  async function ended() {
    const life = await loggedIn()
    const people = life.tean.people.get('openid-1')!
    life.tean.revokeTokens()
    life.tean.people.clear()
    await done(life.session.load().catch(() => undefined))
    const { default: TExpired } = await import('@/components/TExpired.vue')
    const shown = mount(TExpired)
    await nextTick()
    const tap = async (words: string) => {
      await shown.findAll('.btn').find((button) => button.text() === words)!.trigger('click')
      await pass(500)
      await flushPromises()
    }
    return { life, people, shown, tap }
  }

  it('lets him log in and go on where he is', async () => {
    const { life, people, shown, tap } = await ended()
    expect(shown.text()).toContain('请重新登录')
    life.tean.people.set('openid-1', people)
    await tap('微信登录，接着办')
    expect([life.session.expired, shown.text(), life.uni.visited]).toEqual([false, '', []])
  })

  it('lets him finish on the phone first', async () => {
    const { shown, tap } = await ended()
    await tap('先在本机查完，稍后登录')
    expect(shown.text()).toBe('')
  })

  it('says why it did not work', async () => {
    const { life, shown, tap } = await ended()
    life.uni.setNetwork(false)
    await tap('微信登录，接着办')
    expect(shown.text()).toContain('微信没有应答')
    expect(life.session.expired).toBe(true)
  })

  it('asks for the number when WeChat no longer knows him', async () => {
    const { life, tap } = await ended()
    await tap('微信登录，接着办')
    expect(life.uni.visited).toEqual(['relaunch /pages/home/index?bind=1'])
  })
})
