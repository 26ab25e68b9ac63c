import uniModule from '@dcloudio/vite-plugin-uni'
import { defineConfig } from 'vite'

// Published as CommonJS: under "type": "module" its default export is nested.
const uni = (uniModule as unknown as { default: typeof uniModule }).default ?? uniModule

export default defineConfig({
  plugins: [uni()],
  build: { reportCompressedSize: false },
  css: { preprocessorOptions: { scss: { silenceDeprecations: ['legacy-js-api'] } } },
})
