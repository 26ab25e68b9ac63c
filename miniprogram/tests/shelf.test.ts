// @vitest-environment node
import 'fake-indexeddb/auto'
import { describe, expect, it } from 'vitest'
import { browserShelf as shelf } from '@/platform/shelf.h5'

const picture = (type: string) => `data:${type};base64,${btoa('a picture')}`

describe('the shelf of a browser', () => {
  it('keeps a picture under a name, and gives it out to be shown', async () => {
    const kept = await shelf.keep(picture('image/png'))
    expect(kept).toMatchObject({ type: 'image/png', size: 9 })
    const path = await shelf.pathOf(kept.name)
    expect(path).toMatch(/^blob:/)
    expect(await (await fetch(path!)).text()).toBe('a picture')
    expect(await shelf.pathOf(kept.name)).toBe(path)
  })

  it('takes for a photo whatever is not a PNG: the server looks at what it is', async () => {
    expect((await shelf.keep(picture('image/webp'))).type).toBe('image/jpeg')
  })

  it('has no two pictures of one name', async () => {
    const kept = await Promise.all(Array.from({ length: 20 }, () => shelf.keep(picture('image/jpeg'))))
    expect(new Set(kept.map(({ name }) => name)).size).toBe(20)
  })

  it('forgets what was taken off', async () => {
    const { name } = await shelf.keep(picture('image/jpeg'))
    await shelf.drop(name)
    expect(await shelf.pathOf(name)).toBeNull()
  })
})
