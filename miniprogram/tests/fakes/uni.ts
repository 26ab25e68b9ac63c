import type { FakeTean } from './tean'

export interface Picture { type: 'jpeg' | 'png'; size: number; width: number; height: number }

/** What stays on a phone when the app is killed. */
export class FakePhone {
  readonly storage = new Map<string, string>()
  readonly files = new Map<string, Picture>()
  /** Pictures of the camera: gone when the app is. */
  readonly temporary = new Map<string, Picture>()
  network = true
  /** Characters its storage has room for. */
  room = Infinity
  /** Whose WeChat it is. */
  openid = 'openid-1'

  shoot(name = `wxfile://tmp/${this.temporary.size}.jpg`, picture: Partial<Picture> = {}): string {
    this.temporary.set(name, { type: 'jpeg', size: 200_000, width: 1200, height: 900, ...picture })
    return name
  }
}

interface Callbacks<T> { success?: (answer: T) => void; fail?: (error: { errMsg: string }) => void; complete?: () => void }
type Ask<T, O = object> = Callbacks<T> & O

const LATENCY = 20

/**
 * `uni` as one life of the app sees it. It answers later, as a phone does, and not at all once the app was killed.
 * Whatever leaves a trace (a write, a request, an answer) is an effect: `dieAt` kills the app at the n-th one.
 */
export class FakeUni {
  readonly visited: string[] = []
  readonly toasts: string[] = []
  readonly previews: string[][] = []
  readonly chosen: number[] = []
  readonly env = { USER_DATA_PATH: 'wxfile://usr' }
  pictures: string[] = []
  effects = 0
  dieAt = Infinity
  dead = false
  private listeners: ((now: { isConnected: boolean; networkType: string }) => void)[] = []

  constructor(
    readonly phone = new FakePhone(),
    readonly tean?: FakeTean,
  ) {}

  kill = () => void (this.dead = true)

  /** True when the app is still alive to do it. */
  private effect(): boolean {
    this.effects += 1
    if (this.effects >= this.dieAt) this.dead = true
    return !this.dead
  }

  private later(tell: () => void, milliseconds = LATENCY) {
    setTimeout(() => this.effect() && tell(), milliseconds)
  }

  // --- storage
  getStorageSync = (key: string): string => this.phone.storage.get(key) ?? ''
  setStorageSync = (key: string, value: string) => {
    if (value.length > this.phone.room) throw new Error('setStorageSync:fail exceed storage limit')
    if (this.effect()) this.phone.storage.set(key, value)
  }
  removeStorageSync = (key: string) => void (this.effect() && this.phone.storage.delete(key))
  getStorageInfoSync = () => ({ keys: [...this.phone.storage.keys()] })

  // --- network
  getNetworkType = ({ success }: Ask<{ networkType: string }>) => success?.({ networkType: this.phone.network ? 'wifi' : 'none' })
  onNetworkStatusChange = (listener: (now: { isConnected: boolean; networkType: string }) => void) => void this.listeners.push(listener)

  setNetwork(on: boolean) {
    this.phone.network = on
    this.listeners.forEach((listener) => listener({ isConnected: on, networkType: on ? 'wifi' : 'none' }))
  }

  request = (ask: Ask<{ statusCode: number; data: unknown }, { url: string; method: string; data?: object; timeout: number; header: Record<string, string> }>) => {
    if (!this.effect()) return
    if (!this.phone.network) return this.later(() => ask.fail?.({ errMsg: 'request:fail' }))
    const text = ask.data === undefined ? '' : JSON.stringify(ask.data)
    const answer = this.tean!.receive(ask.method, ask.url, text, ask.header)
    if (answer === 'none') return this.later(() => ask.fail?.({ errMsg: 'request:fail timeout' }), ask.timeout)
    this.later(() => ask.success?.({ statusCode: answer.status, data: answer.data }), LATENCY + (answer.after ?? 0))
  }

  uploadFile = (ask: Ask<{ statusCode: number }, { url: string; filePath: string; name: string; formData: Record<string, string> }>) => {
    let tell: (now: { progress: number }) => void = () => undefined
    if (this.effect()) void this.carry(ask, (progress) => tell({ progress }))
    return { onProgressUpdate: (listener: typeof tell) => (tell = listener) }
  }

  private carry(ask: Ask<{ statusCode: number }, { filePath: string; formData: Record<string, string> }>, tell: (percent: number) => void) {
    if (!this.phone.network || !this.picture(ask.filePath)) return this.later(() => ask.fail?.({ errMsg: 'uploadFile:fail' }))
    this.later(() => tell(50), LATENCY / 2)
    const status = this.tean!.arrive(ask.formData)
    if (status === 'none') return this.later(() => ask.fail?.({ errMsg: 'uploadFile:fail' }))
    this.later(() => ask.success?.({ statusCode: status }))
  }

  // --- files
  private picture = (path: string) => this.phone.files.get(path) ?? this.phone.temporary.get(path)

  getImageInfo = ({ src, success, fail }: Ask<Picture, { src: string }>) => {
    const found = this.picture(src)
    this.later(() => (found ? success?.(found) : fail?.({ errMsg: 'getImageInfo:fail' })))
  }

  compressImage = ({ src, compressedWidth, success, fail }: Ask<{ tempFilePath: string }, { src: string; compressedWidth?: number }>) => {
    const found = this.picture(src)
    if (!found) return this.later(() => fail?.({ errMsg: 'compressImage:fail' }))
    const width = compressedWidth ?? found.width
    const path = this.phone.shoot(undefined, { ...found, width, height: Math.round((found.height * width) / found.width) })
    this.later(() => success?.({ tempFilePath: path }))
  }

  chooseImage = ({ count, success, fail }: Ask<{ tempFilePaths: string[] }, { count: number }>) => {
    this.chosen.push(count)
    const taken = this.pictures
    this.later(() => (taken.length ? success?.({ tempFilePaths: taken }) : fail?.({ errMsg: 'chooseImage:fail cancel' })))
  }

  getFileSystemManager = () => ({
    copyFile: ({ srcPath, destPath, success, fail }: Ask<object, { srcPath: string; destPath: string }>) => {
      const found = this.picture(srcPath)
      if (found && this.effect()) this.phone.files.set(destPath, found)
      this.later(() => (found ? success?.({}) : fail?.({ errMsg: 'copyFile:fail' })))
    },
    accessSync: (path: string) => {
      if (!this.phone.files.has(path)) throw new Error('no such file')
    },
    statSync: (path: string) => ({ size: this.phone.files.get(path)!.size }),
    unlink: ({ filePath, complete }: Ask<object, { filePath: string }>) => {
      if (this.effect()) this.phone.files.delete(filePath)
      this.later(() => complete?.())
    },
  })

  // --- the person, and the ways between pages
  login = ({ success, fail }: Ask<{ code: string }, { provider: string }>) =>
    this.later(() => (this.phone.network ? success?.({ code: this.tean!.codeFor(this.phone.openid) }) : fail?.({ errMsg: 'login:fail' })))

  getAppBaseInfo = () => ({ theme: 'light', fontSizeSetting: 16 })
  getWindowInfo = () => ({ windowWidth: 375, statusBarHeight: 44, pixelRatio: 2 })
  getMenuButtonBoundingClientRect = () => ({ left: 281 })
  onThemeChange = () => undefined
  navigateTo = ({ url }: { url: string }) => void this.visited.push(url)
  redirectTo = ({ url }: { url: string }) => void this.visited.push(`redirect ${url}`)
  reLaunch = ({ url }: { url: string }) => void this.visited.push(`relaunch ${url}`)
  navigateBack = () => void this.visited.push('back')
  pageScrollTo = () => undefined
  showToast = ({ title }: { title: string }) => void this.toasts.push(title)
  previewImage = ({ urls }: { urls: string[] }) => void this.previews.push(urls)
}

/** From now on the code under test has this phone in hand. */
export function install(uni: FakeUni): FakeUni {
  Object.assign(globalThis, { uni, getCurrentPages: () => [{}] })
  return uni
}
