import vue from '@vitejs/plugin-vue'
import { fileURLToPath } from 'node:url'
import { defineWorkspace } from 'vitest/config'
import { conditional } from './tests/conditional'
import { noPort } from './vitest.config'

/** Tags that WeChat and uni-app draw themselves. */
const BUILT_IN = ['view', 'text', 'image', 'canvas', 'scroll-view', 'block']

const project = (platform: 'H5' | 'MP-WEIXIN', environment: string, files: { include: string[]; exclude?: string[] }) => ({
  plugins: [noPort(), conditional(platform), vue({ template: { compilerOptions: { isCustomElement: (tag: string) => BUILT_IN.includes(tag) } } })],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  // Time goes by as the tests say; how long that takes is the machine's business.
  test: { name: platform, environment, setupFiles: ['tests/setup.ts'], testTimeout: 20_000, ...files },
})

export default defineWorkspace([
  project('H5', 'happy-dom', { include: ['tests/**/*.test.ts'], exclude: ['tests/weixin/**'] }),
  project('MP-WEIXIN', 'node', { include: ['tests/weixin/**/*.test.ts'] }),
])
