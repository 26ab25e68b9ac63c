import { afterEach, describe, expect, it } from 'vitest'
import { hasWeChat, knowsWho, loginCodes, phoneCode } from '@/platform/wechat'

/** The stand-in of the one-machine stack, in the page. */
const put = (wechat?: object) => Object.assign(window, { wechat })
afterEach(() => put(undefined))

describe('a browser', () => {
  it('has no WeChat', async () => {
    expect([hasWeChat(), knowsWho(), await loginCodes(), await phoneCode()]).toEqual([false, false, null, null])
  })

  it('has the one that was put into its page', async () => {
    put({ holding: () => true, login: async () => ({ code: 'c', phoneCode: 'p' }), phoneCode: async () => 'p' })
    expect([hasWeChat(), knowsWho(), await loginCodes(), await phoneCode()]).toEqual([true, true, { code: 'c', phoneCode: 'p' }, 'p'])
  })

  it('takes turning away for no, and anything else for trouble', async () => {
    const failing = (name: string) => put({ login: () => Promise.reject(Object.assign(new Error(), { name })) })
    failing('Cancelled')
    expect(await loginCodes()).toBeNull()
    failing('TypeError')
    await expect(loginCodes()).rejects.toThrow()
  })
})
