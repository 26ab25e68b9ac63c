/** Room for the status bar and, in WeChat, for its capsule. Zero in a browser. */
export function topInsets(): { top: number; right: number } {
  // #ifdef MP-WEIXIN
  const { statusBarHeight = 0, windowWidth } = uni.getWindowInfo()
  const capsule = uni.getMenuButtonBoundingClientRect()
  return { top: statusBarHeight, right: capsule.left ? windowWidth - capsule.left : 0 }
  // #endif
  // #ifndef MP-WEIXIN
  return { top: 0, right: 8 }
  // #endif
}

/** Whether the person has set his phone to large type. */
export function prefersLarge(): boolean {
  // #ifdef MP-WEIXIN
  return (uni.getAppBaseInfo() as { fontSizeSetting?: number }).fontSizeSetting! >= 20
  // #endif
  // #ifndef MP-WEIXIN
  return false
  // #endif
}

export function prefersDark(): boolean {
  // #ifdef H5
  return darkness().matches
  // #endif
  // #ifndef H5
  return (uni.getAppBaseInfo() as { theme?: string }).theme === 'dark'
  // #endif
}

/** The phone went over to dark, or back. */
export function whenDarkness(tell: (dark: boolean) => void): void {
  // #ifdef H5
  darkness().addEventListener('change', ({ matches }) => tell(matches))
  // #endif
  // #ifndef H5
  uni.onThemeChange(({ theme }) => tell(theme === 'dark'))
  // #endif
}

// #ifdef H5
const darkness = () => window.matchMedia('(prefers-color-scheme: dark)')
// #endif

/** Where things are kept until the unit has them, and what would lose them. */
export function keeping(): { place: string; loss: string } {
  // #ifdef H5
  return { place: '这个浏览器', loss: '清除浏览器数据' }
  // #endif
  // #ifndef H5
  return { place: '这部手机的微信', loss: '删除小程序' }
  // #endif
}

/** What is missing may be out of sight. WeChat finds it only outside components; the wall says it too. */
export function showFault(): void {
  setTimeout(() => uni.pageScrollTo({ selector: '.field-error', offsetTop: -140, duration: 200, fail: () => undefined }))
}

/** What was refused is said at the top of the page. */
export function showTop(): void {
  uni.pageScrollTo({ scrollTop: 0, duration: 0 })
}

export function say(words: string): void {
  uni.showToast({ title: words, icon: 'none', duration: 2500 })
}

export function telephone(text: string): string | null {
  return /(?:\+?\d[\d -]{6,}\d)/.exec(text)?.[0].replace(/[ -]/g, '') ?? null
}
