import { defineConfig } from 'vitest/config'

// The projects, one for each platform, are in vitest.workspace.ts.
export default defineConfig({ test: { watch: false } })
