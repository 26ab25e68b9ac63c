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
  return (uni.getAppBaseInfo() as { theme?: string; hostTheme?: string }).theme === 'dark'
}

export function say(words: string): void {
  uni.showToast({ title: words, icon: 'none', duration: 2500 })
}

export function telephone(text: string): string | null {
  return /(?:\+?\d[\d -]{6,}\d)/.exec(text)?.[0].replace(/[ -]/g, '') ?? null
}
