import { createServer } from 'node:http'
import type { Plugin } from 'vite'
import { defineConfig } from 'vitest/config'

/** Nobody watches; without this every server of a test run wants the same port. */
export const noPort = (): Plugin => ({ name: 'no-port', enforce: 'post', config: () => ({ server: { hmr: { server: createServer() } } }) })

// The projects, one for each platform, are in vitest.workspace.ts.
export default defineConfig({ plugins: [noPort()], test: { watch: false } })
