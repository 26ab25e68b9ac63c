/** A phone with the compiled app on it: pages are drawn into a DOM by miniprogram-simulate, and can be tapped. */
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { JSDOM } from 'jsdom'
import { answer, loginAnswer, NOW } from './api.mjs'
import { fakeWx } from './wx.mjs'

export const PACKAGE = fileURLToPath(new URL('../dist/build/mp-weixin', import.meta.url))
if (!existsSync(join(PACKAGE, 'app.json'))) throw new Error('there is no WeChat package; build it first: npm run build:weixin')

// Beside a package.json of type "module" its files would be read as modules, which they are not.
const root = mkdtempSync(join(tmpdir(), 'weixin-'))
cpSync(PACKAGE, root, { recursive: true })
process.on('exit', () => rmSync(root, { recursive: true, force: true }))

// It is always the same morning.
const RealDate = Date
const skew = Date.parse(NOW) - Date.now()
globalThis.Date = class extends RealDate {
  constructor(...given) {
    super(...(given.length ? given : [RealDate.now() + skew]))
  }

  static now = () => RealDate.now() + skew
}

const { window } = new JSDOM('<!doctype html>', { pretendToBeVisual: true })
for (const name of ['document', 'Event', 'CustomEvent', 'Element', 'Node', 'DocumentFragment', 'HTMLElement']) globalThis[name] = window[name]
Object.assign(globalThis, { window, wx: {} })
const require = createRequire(import.meta.url)
const simulate = require('miniprogram-simulate')
const exparser = require('miniprogram-exparser')
const register = globalThis.Component

/** In WeChat every component becomes ready; in the simulator only those that were there when the page was attached. */
function alwaysReady(options, later) {
  const { attached, ready, detached } = options.lifetimes
  const once = function () {
    if (this.isReady || this.isGone) return
    this.isReady = true
    ready?.call(this)
  }
  options.lifetimes = {
    ...options.lifetimes,
    attached() {
      attached?.call(this)
      later(() => once.call(this))
    },
    ready: once,
    detached() {
      this.isGone = true
      detached?.call(this)
    },
  }
  return register(options)
}

// WeChat makes another branch of wx:if anew; the simulator would take its nodes for those of the branch before.
const compiler = require('miniprogram-simulate/src/compile.js')
const { getWxml } = compiler
compiler.getWxml = (...given) => {
  const draw = getWxml.apply(compiler, given)
  return (...data) => byBranch(draw(...data))
}
function byBranch(node) {
  node.children?.forEach((child, index) => {
    if (child.wxXCkey === 1 || child.wxXCkey === 3) child.wxKey ??= `${index}/${child.wxVkey}`
    byBranch(child)
  })
  return node
}

export const json = (path) => JSON.parse(readFileSync(join(root, path), 'utf8'))
export const pages = json('app.json').pages

const complaints = []
for (const level of ['error', 'warn']) {
  console[level] = (...words) => complaints.push(`console.${level}: ${words.map((word) => word?.stack ?? String(word)).join(' ')}`)
}
process.on('unhandledRejection', (reason) => complaints.push(`a promise nobody caught: ${reason?.stack ?? reason?.errMsg ?? reason}`))
process.on('uncaughtException', (error) => complaints.push(`an error nobody caught: ${error.stack}`))

export class Phone {
  storage = new Map()
  files = new Set()
  visited = []
  toasts = []
  uploads = []
  previews = []
  calls = []
  strokes = []
  asked = []
  pulls = 0
  theme = 'light'
  fontSize = 17
  complaints = complaints
  waiting = 0

  /** @param role who is logged in; null: nobody. `mishap` may answer a request before the server does. */
  constructor(role = null, { online = true, seed = {}, mishap = () => null } = {}) {
    Object.assign(this, { role, online, mishap })
    complaints.length = 0
    if (role) this.storage.set('login', JSON.stringify({ answer: loginAnswer(role), since: Date.now() }))
    for (const [key, value] of Object.entries(seed)) this.storage.set(key, JSON.stringify(value))
    this.start()
  }

  later(tell) {
    this.waiting += 1
    setTimeout(() => {
      this.waiting -= 1
      tell()
    }, 1)
  }

  answer(asked) {
    this.asked.push(asked)
    return this.mishap(asked) ?? answer(this.role, asked)
  }

  /** The app from cold: none of its modules has run before. */
  start() {
    for (const path of Object.keys(require.cache)) if (path.startsWith(root)) delete require.cache[path]
    this.stack = []
    Object.assign(globalThis, {
      wx: fakeWx(this), Component: (options) => alwaysReady(options, (tell) => this.later(tell)), Page: () => undefined, App: (app) => (this.app = app), getApp: () => this.app,
      getCurrentPages: () => this.stack.map(({ instance }) => instance),
    })
    require(join(root, 'app.js'))
    this.app.onLaunch({ path: pages[0], query: {}, scene: 1001 })
    this.app.onShow({ path: pages[0], query: {}, scene: 1001 })
  }

  /** A page in front, as far as onShow and ready. */
  async open(path, query = {}) {
    this.stack.at(-1)?.instance.onHide?.()
    const component = simulate.render(simulate.load(join(root, path), { rootPath: root }), {})
    const { instance } = component
    Object.assign(instance, { route: path, __route__: path, getOpenerEventChannel: () => ({ emit: () => undefined, on: () => undefined }) })
    const box = document.body.appendChild(document.createElement('div'))
    this.stack.push({ component, instance, box, path })
    component.attach(box)
    instance.onLoad?.(Object.fromEntries(Object.entries(query).map(([name, value]) => [name, encodeURIComponent(value)])))
    instance.onShow?.()
    await this.rest()
    return this
  }

  /** Where the last tap led to. */
  async follow() {
    const [, how, path, query] = /^(?:(\w+) )?\/([^?]*)\??(.*)$/.exec(this.visited.at(-1))
    if (how) await this.close()
    return this.open(path, Object.fromEntries(new URLSearchParams(query)))
  }

  async close() {
    const top = this.stack.pop()
    top.instance.onUnload?.()
    top.component.detach()
    top.box.remove()
    document.head.textContent = ''
    await this.rest()
  }

  get page() {
    return this.stack.at(-1)
  }

  has = (hook) => this.page.instance.$vm.$hasHook(hook)

  /** Until nothing is on its way and Vue has drawn. */
  async rest() {
    for (let calm = 0; calm < 3; calm = this.waiting ? 0 : calm + 1) await new Promise((resolve) => setTimeout(resolve, 1))
  }

  get text() {
    return this.page.box.textContent.replace(/\s+/g, ' ')
  }

  /** The innermost thing that says exactly this, last drawn first; a part of its words will do when nothing else does. */
  find(words) {
    const all = [...this.page.box.querySelectorAll('*')].reverse()
    const said = (element) => element.textContent.trim()
    const found = all.find((element) => said(element) === words) ?? all.find((element) => said(element).includes(words) && ![...element.children].some((child) => said(child).includes(words)))
    if (!found) throw new Error(`nothing on ${this.page.path} says “${words}”. It says: ${this.text}`)
    return found
  }

  tap = (words) => this.happen(this.find(words), 'tap')
  type = (selector, value) => this.happen(this.page.box.querySelector(selector), 'input', { detail: { value } })

  async happen(element, event, { detail = {}, ...fields } = {}) {
    const node = element.__wxElement
    exparser.Event.dispatchEvent(node, exparser.Event.create(event, detail, { bubbles: true, composed: true, capturePhase: true, extraFields: fields }))
    await this.rest()
    return this
  }

  async sign() {
    const canvas = this.page.box.querySelector('wx-canvas')
    await this.happen(canvas, 'touchstart', { touches: [{ x: 10, y: 50 }] })
    for (let x = 20; x <= 200; x += 20) await this.happen(canvas, 'touchmove', { touches: [{ x, y: 50 + (x % 40) }] })
    await this.happen(canvas, 'touchend', { touches: [] })
  }

  /** What went wrong since it was last asked. */
  faults() {
    return complaints.splice(0)
  }
}
