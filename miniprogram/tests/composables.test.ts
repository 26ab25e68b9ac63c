import { describe, expect, it } from 'vitest'
import type { Page } from '@/api'
import { Refused, Unreachable } from '@/api/door'
import { useDeed } from '@/composables/deed'
import { useEndless } from '@/composables/endless'
import { useLoading } from '@/composables/loading'

/** A server that answers when it is told to. */
function slow<T>() {
  const waiting: { cursor?: string; answer: (page: T) => void; fail: (error: unknown) => void }[] = []
  const read = (cursor?: string) => new Promise<T>((answer, fail) => waiting.push({ cursor, answer, fail }))
  return { read, waiting }
}
const settled = async () => {
  for (let turn = 0; turn < 10; turn += 1) await Promise.resolve()
}
const pages = (...given: [string[], string?][]) => {
  const asked: (string | undefined)[] = []
  return { asked, read: async (cursor?: string): Promise<Page<string>> => {
    asked.push(cursor)
    const [items, next] = given[asked.length - 1]!
    return { items, next: next ?? null }
  } }
}

describe('an endless list', () => {
  it('reads page after page, to its end', async () => {
    const { read, asked } = pages([['a', 'b'], '2'], [['c']])
    const list = useEndless(read)
    await list.refresh()
    expect([list.items.value, list.loaded.value]).toEqual([['a', 'b'], true])
    await list.more()
    await list.more()
    expect([list.items.value, asked]).toEqual([['a', 'b', 'c'], [undefined, '2']])
  })

  it('goes on from a page that is empty and has a next', async () => {
    const { read } = pages([[], '2'], [[], '3'], [['a']])
    const list = useEndless(read)
    await list.refresh()
    expect([list.items.value, list.loading.value, list.loaded.value]).toEqual([['a'], false, true])
  })

  it('reads on from a short page only when it is asked to', async () => {
    const { read, asked } = pages([['a'], '2'], [['b']])
    const list = useEndless(read)
    await list.refresh()
    expect(asked).toHaveLength(1)
    await list.more()
    expect(list.items.value).toEqual(['a', 'b'])
  })

  it('asks once however often its end is reached', async () => {
    const { read, waiting } = slow<Page<string>>()
    const list = useEndless(read)
    const first = list.refresh()
    waiting[0]!.answer({ items: ['a'], next: '2' })
    await first
    void list.more()
    void list.more()
    expect(waiting).toHaveLength(2)
  })

  it('refreshed while it reads on keeps only what is new', async () => {
    const { read, waiting } = slow<Page<string>>()
    const list = useEndless(read)
    const first = list.refresh()
    waiting[0]!.answer({ items: ['old'], next: '2' })
    await first
    const more = list.more()
    const again = list.refresh()
    waiting[2]!.answer({ items: ['new'], next: null })
    await again
    waiting[1]!.answer({ items: ['older'], next: null })
    await more
    expect([list.items.value, list.loading.value]).toEqual([['new'], false])
  })

  it('keeps what it has when a refresh fails', async () => {
    const { read, waiting } = slow<Page<string>>()
    const list = useEndless(read)
    const first = list.refresh()
    waiting[0]!.answer({ items: ['a'], next: null })
    await first
    const again = list.refresh()
    waiting[1]!.fail(new Unreachable())
    await again
    expect([list.items.value, list.loaded.value, list.loading.value]).toEqual([['a'], true, false])
    expect(list.trouble.value).toBeInstanceOf(Unreachable)
  })

  it('reads on after reading on failed', async () => {
    const { read, waiting } = slow<Page<string>>()
    const list = useEndless(read)
    void list.refresh()
    waiting[0]!.answer({ items: ['a'], next: '2' })
    await settled()
    void list.more()
    waiting[1]!.fail(new Unreachable())
    await settled()
    expect([list.stuck.value, list.items.value]).toEqual([true, ['a']])
    void list.more()
    waiting[2]!.answer({ items: ['b'], next: null })
    await settled()
    expect([list.stuck.value, list.trouble.value, list.items.value]).toEqual([false, null, ['a', 'b']])
  })

  it('shows nothing of another question', async () => {
    const { read, waiting } = slow<Page<string>>()
    const list = useEndless(read)
    void list.refresh()
    waiting[0]!.answer({ items: ['a'], next: null })
    await settled()
    void list.reset()
    expect([list.items.value, list.loaded.value]).toEqual([[], false])
  })
})

describe('a deed', () => {
  it('is done once however often it is tapped', async () => {
    const { read, waiting } = slow<void>()
    const deed = useDeed(() => read())
    const tap = deed.run()
    void deed.run()
    expect([waiting.length, deed.busy.value]).toEqual([1, true])
    waiting[0]!.answer()
    await tap
    expect(deed.busy.value).toBe(false)
    void deed.run()
    expect(waiting).toHaveLength(2)
  })

  it('says why it was not done, until it is tried again', async () => {
    const { read, waiting } = slow<void>()
    const deed = useDeed(() => read())
    const tap = deed.run()
    waiting[0]!.fail(new Refused(409, 'hazard.moved', '这条隐患已有新进展。'))
    await tap
    expect([deed.trouble.value?.sentence, deed.busy.value]).toEqual(['这条隐患已有新进展。', false])
    void deed.run()
    expect(deed.trouble.value).toBeNull()
  })
})

describe('what could not be read because the session had ended', () => {
  it('is read when he goes on, and nothing else is', async () => {
    const { useSession } = await import('@/stores/session')
    const session = useSession()
    const [failing, fine] = [slow<string>(), slow<string>()]
    const [one, other] = [useLoading(() => failing.read()), useLoading(() => fine.read())]
    void one.load()
    void other.load()
    failing.waiting[0]!.fail(new Refused(401, 'session.expired', '登录已过期，请重新登录。'))
    fine.waiting[0]!.answer('there')
    session.expired = true
    await settled()
    session.expired = false
    await settled()
    expect([failing.waiting.length, fine.waiting.length]).toEqual([2, 1])
  })
})

describe('one thing that is read', () => {
  it('is the newest, whichever answer comes last', async () => {
    const { read, waiting } = slow<string>()
    const one = useLoading(() => read())
    void one.load()
    void one.load()
    waiting[1]!.answer('newer')
    await settled()
    waiting[0]!.answer('older')
    await settled()
    expect(one.value.value).toBe('newer')
  })

  it('stays when reading it anew fails', async () => {
    const { read, waiting } = slow<string>()
    const one = useLoading(() => read())
    void one.load()
    waiting[0]!.answer('as it was')
    await settled()
    void one.load()
    waiting[1]!.fail(new Unreachable())
    await settled()
    expect([one.value.value, one.trouble.value]).toEqual(['as it was', expect.any(Unreachable)])
  })
})
