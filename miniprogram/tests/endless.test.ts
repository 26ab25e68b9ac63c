import { describe, expect, it } from 'vitest'
import type { Page } from '@/api'
import { Unreachable } from '@/api/door'
import { useEndless } from '@/composables/endless'

type Asked = { from?: string; answer: (page: Page<number>) => void; fail: () => void }
function list() {
  const asked: Asked[] = []
  const made = useEndless<number>((from) => new Promise((resolve, reject) => asked.push({ from, answer: resolve, fail: () => reject(new Unreachable()) })))
  return { ...made, asked }
}
const settled = () => new Promise((resolve) => setImmediate(resolve))

describe('an endless list', () => {
  it('grows page by page', async () => {
    const { items, loaded, cursor, refresh, more, asked } = list()
    void refresh()
    asked[0]!.answer({ items: [1], next: 'a' })
    await settled()
    void more()
    void more()
    expect(asked.map((one) => one.from)).toEqual([undefined, 'a'])
    asked[1]!.answer({ items: [2] })
    await settled()
    expect([items.value, loaded.value, cursor.value]).toEqual([[1, 2], true, undefined])
  })

  it('is not there while an empty page has a next', async () => {
    const { loaded, trouble, stuck, refresh, asked } = list()
    void refresh()
    asked[0]!.answer({ items: [], next: 'a' })
    await settled()
    expect(loaded.value).toBe(false)
    asked[1]!.fail()
    await settled()
    expect([loaded.value, Boolean(trouble.value), stuck.value]).toEqual([false, true, false])
  })

  it('keeps what it has when reading on fails, and says where it failed', async () => {
    const { items, trouble, stuck, refresh, more, asked } = list()
    void refresh()
    asked[0]!.answer({ items: [1], next: 'a' })
    await settled()
    void more()
    asked[1]!.fail()
    await settled()
    expect([items.value, Boolean(trouble.value), stuck.value]).toEqual([[1], true, true])
    void more()
    expect(trouble.value).toBeNull()
    asked[2]!.answer({ items: [2] })
    await settled()
    expect([items.value, stuck.value]).toEqual([[1, 2], false])
  })

  it('shows nothing of an answer to another question', async () => {
    const { items, loaded, reset, asked } = list()
    void reset()
    void reset()
    asked[0]!.answer({ items: [1] })
    await settled()
    expect(loaded.value).toBe(false)
    asked[1]!.answer({ items: [2] })
    await settled()
    expect(items.value).toEqual([2])
  })
})
