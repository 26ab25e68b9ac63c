/** WeChat as the login needs it. A browser has none, unless the one-machine stack puts its stand-in into the page. */
export interface Codes { code: string; phoneCode?: string }

interface WeChat {
  login(): Promise<Codes>
  phoneCode(): Promise<string>
  holding(): boolean
  putDown(): void
}

// #ifdef H5
const standIn = () => (window as unknown as { wechat?: WeChat }).wechat
// #endif

/** Whether somebody can log in here at all. */
export function hasWeChat(): boolean {
  // #ifdef H5
  return Boolean(standIn())
  // #endif
  // #ifndef H5
  return true
  // #endif
}

/** Whether a login needs no tap: WeChat always knows whose phone it is. */
export function knowsWho(): boolean {
  // #ifdef H5
  return standIn()?.holding() ?? false
  // #endif
  // #ifndef H5
  return true
  // #endif
}

/** A login code, and where the person has shown his number at once, the code for it too. Null: he turned away. */
export async function loginCodes(): Promise<Codes | null> {
  // #ifdef H5
  try {
    return (await standIn()?.login()) ?? null
  } catch (error) {
    if ((error as Error).name === 'Cancelled') return null
    throw error
  }
  // #endif
  // #ifndef H5
  return new Promise((resolve, reject) => uni.login({ provider: 'weixin', success: ({ code }) => resolve({ code }), fail: reject }))
  // #endif
}

/** In a browser: the code for the number of the phone in hand. In WeChat only its own button gives one. */
export async function phoneCode(): Promise<string | null> {
  // #ifdef H5
  return (await standIn()?.phoneCode()) ?? null
  // #endif
  // #ifndef H5
  return null
  // #endif
}

/** After logging out, the next person may be another one. */
export function putDown(): void {
  // #ifdef H5
  standIn()?.putDown()
  // #endif
}
