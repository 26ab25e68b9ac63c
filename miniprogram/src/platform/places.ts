/** The ways between pages. */
export type Root = 'home' | 'todos' | 'me'

/** A way that another has overtaken fails; it is not worth a word. */
const fail = () => undefined

export function openRoot(root: Root): void {
  uni.reLaunch({ url: `/pages/${root}/index`, fail })
}

/** Back to where he came from; home when he came from nowhere (a reload, a link). */
export function goBack(): void {
  if (getCurrentPages().length > 1) uni.navigateBack({ fail })
  else openRoot('home')
}

/** WeChat keeps ten pages; a tap must lead on from the tenth too. */
const DEEPEST = 10

export function open(path: string, query: Record<string, string | number> = {}): void {
  if (getCurrentPages().length >= DEEPEST) replace(path, query)
  else uni.navigateTo({ url: withQuery(path, query), fail })
}

/** Back to a page he came through; to it anew when he did not. */
export function backTo(path: string, query: Record<string, string | number> = {}): void {
  const routes = getCurrentPages().map((page) => `/${page.route}`)
  const at = routes.slice(0, -1).lastIndexOf(path)
  if (at < 0) replace(path, query)
  else uni.navigateBack({ delta: routes.length - 1 - at, fail })
}

export function replace(path: string, query: Record<string, string | number> = {}): void {
  uni.redirectTo({ url: withQuery(path, query), fail })
}

export function relaunch(path: string, query: Record<string, string | number> = {}): void {
  uni.reLaunch({ url: withQuery(path, query), fail })
}

/** Whether the page under this one is that. */
export function cameFrom(path: string): boolean {
  return `/${getCurrentPages().slice(-2, -1)[0]?.route}` === path
}

let wanted = ''
/** Nobody is logged in: the page in front is where he wants to be afterwards. */
export function wantLater(): void {
  const page = getCurrentPages().slice(-1)[0] as { $page?: { fullPath?: string } } | undefined
  wanted = page?.$page?.fullPath ?? ''
}

/** To the page he wanted before he logged in; false when there was none. */
export function takeUp(): boolean {
  const url = wanted
  wanted = ''
  if (url) uni.reLaunch({ url, fail })
  return Boolean(url)
}

function withQuery(path: string, query: Record<string, string | number>): string {
  const text = Object.entries(query).map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`).join('&')
  return text ? `${path}?${text}` : path
}

/** A page's parameter; WeChat hands them over still escaped. */
export function parameter(query: Record<string, string | undefined> | undefined, name: string): string {
  const value = query?.[name] ?? ''
  // #ifdef MP-WEIXIN
  return decodeURIComponent(value)
  // #endif
  // #ifndef MP-WEIXIN
  return value
  // #endif
}
