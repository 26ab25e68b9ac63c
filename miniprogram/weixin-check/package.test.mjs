/** The compiled package as WeChat would read it: what refers to what, what it weighs, what it asks for. */
import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { loadEnv } from 'vite'
import { everyAnswer, faultsOf } from './api.mjs'
import { fakeWx } from './wx.mjs'

const here = dirname(fileURLToPath(import.meta.url))
const root = join(here, '../dist/build/mp-weixin')
const read = (path) => readFileSync(join(root, path), 'utf8')
const json = (path) => JSON.parse(read(path))
const files = readdirSync(root, { recursive: true }).map((path) => path.replaceAll('\\', '/')).filter((path) => statSync(join(root, path)).isFile())
const app = json('app.json')
const none = (faults) => assert.deepEqual(faults, [])

/** Pages and, from them, every component they lead to, with the components each uses. */
const units = new Map()
function visit(path) {
  if (units.has(path)) return
  const { usingComponents = {}, ...rest } = json(`${path}.json`)
  const used = Object.fromEntries(Object.entries(usingComponents).map(([tag, to]) => [tag, to.startsWith('/') ? to.slice(1) : posix.join(posix.dirname(path), to)]))
  units.set(path, { used, json: rest })
  Object.values(used).filter((to) => existsSync(join(root, `${to}.json`))).forEach(visit)
}
app.pages.forEach(visit)
const components = [...units].filter(([path]) => !app.pages.includes(path))

const BUILT_IN = new Set(['view', 'text', 'image', 'button', 'input', 'textarea', 'picker', 'scroll-view', 'canvas', 'block', 'slot', 'template', 'navigator', 'page-meta'])

test('the pages of app.json are those of pages.json', () => {
  const { pages } = JSON.parse(readFileSync(join(here, '../src/pages.json'), 'utf8'))
  assert.deepEqual(app.pages, pages.map(({ path }) => path))
})

test('every page and component has its files, and every component it uses is there', () => {
  none([...units].flatMap(([path, { used }]) => ['.js', '.json', '.wxml'].map((end) => path + end).concat(Object.values(used).map((to) => `${to}.js`))).filter((path) => !existsSync(join(root, path))))
})

test('every component in the package is used by a page', () => {
  none(files.filter((path) => path.endsWith('.wxml') && !units.has(path.slice(0, -5))))
})

test('no template has a tag that nobody knows', () => {
  none([...units].flatMap(([path, { used }]) => [...read(`${path}.wxml`).matchAll(/<([a-z][\w-]*)/g)].map(([, tag]) => tag).filter((tag) => !BUILT_IN.has(tag) && !used[tag]).map((tag) => `<${tag}> in ${path}`)))
})

test('styles reach where they are meant to: pages and components share them, and no component has a box of its own', () => {
  none([...units].filter(([, { json: own }]) => own.styleIsolation !== 'shared').map(([path]) => `${path} keeps its styles to itself`))
  // The signature pad is asked for its canvas, which needs a host.
  none(components.filter(([path]) => !path.endsWith('TSignature') && !/virtualHost:(!0|true)/.test(read(`${path}.js`))).map(([path]) => `${path} puts a box between its content and the page`))
})

test('a component styles by class alone: WeChat takes nothing else from it', () => {
  const faults = components.filter(([path]) => existsSync(join(root, `${path}.wxss`))).flatMap(([path]) => selectors(read(`${path}.wxss`)).filter((selector) => !byClass(selector)).map((selector) => `${selector} in ${path}`))
  none(faults)
})

function selectors(css) {
  const rules = css.replace(/\/\*[\s\S]*?\*\//g, '').replace(/@(-webkit-)?keyframes[^{]*\{([^{}]*\{[^{}]*\})*\s*\}/g, '')
  return [...rules.matchAll(/([^{};]+)\{/g)].map(([, found]) => found.trim()).filter((found) => !found.startsWith('@')).flatMap((found) => found.split(',')).map((found) => found.trim())
}

const byClass = (selector) => selector.split(/[\s>+~]+/).every((part) => /^(\.[\w-]+)+(::?[\w-]+(\([^)]*\))?)*$/.test(part))

test('what the app asks of wx is what the check knows', () => {
  const known = new Set(Object.keys(fakeWx({})))
  // Of uni-app itself, not of wx.
  const own = new Set(['onThemeChange'])
  const used = files.filter((path) => path.endsWith('.js') && path !== 'common/vendor.js').flatMap((path) => [...read(path).matchAll(/\.index\.(\w+)/g)].map(([, name]) => ({ path, name })))
  assert.ok(used.length > 10)
  none(used.filter(({ name }) => !known.has(name) && !own.has(name)).map(({ path, name }) => `wx.${name} in ${path}`))
})

test('nothing is asked of anybody else', () => {
  // Pages of manuals that uni-app and Vue name in messages to programmers; and the server it was built for.
  const words = /www\.w3\.org|uniapp\.dcloud\.net\.cn|vuejs\.org/
  const { VITE_API_ORIGIN } = loadEnv('production', join(here, '..'), 'VITE_')
  none(files.filter((path) => /\.(js|wxml|wxss|json)$/.test(path)).flatMap((path) => [...read(path).matchAll(/(https?:)?\/\/[a-z][\w-]*(\.[\w-]+)+|preloadAssets\(/gi)].map(([found]) => `${found} in ${path}`).filter((found) => !words.test(found) && !(VITE_API_ORIGIN && found.startsWith(VITE_API_ORIGIN)))))
})

test("the app id is the one that was given, or nobody's", () => {
  const { WEIXIN_APPID = 'touristappid' } = loadEnv('production', join(here, '..'), 'WEIXIN_')
  assert.equal(json('project.config.json').appid, WEIXIN_APPID)
})

test('the package weighs less than half of what WeChat allows', (context) => {
  const bytes = files.reduce((sum, path) => sum + statSync(join(root, path)).size, 0)
  context.diagnostic(`main package: ${(bytes / 1024).toFixed(0)} KB in ${files.length} files, ${app.pages.length} pages, ${components.length} components`)
  assert.ok(bytes < 2 ** 20, `${bytes} bytes`)
})

test('what the check answers for the server is what the API document describes', () => {
  const seen = new Set()
  none([...everyAnswer()].flatMap(({ route, body, schema }) => faultsOf(schema, body, route)).filter((fault) => !seen.has(fault) && seen.add(fault)))
})
