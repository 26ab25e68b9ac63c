import uniModule from '@dcloudio/vite-plugin-uni'
import { defineConfig } from 'vite'
import { weixinPackage } from './scripts/weixin'

// Published as CommonJS: under "type": "module" its default export is nested.
const uni = (uniModule as unknown as { default: typeof uniModule }).default ?? uniModule
const forWeixin = process.env.UNI_PLATFORM === 'mp-weixin'

export default defineConfig({
  plugins: [uni(), ...(forWeixin ? [weixinPackage(process.env.WEIXIN_APPID)] : [])],
  build: {
    reportCompressedSize: false,
    // One file for a browser: a page that comes when it is first opened would not come without a network.
    ...(process.env.UNI_PLATFORM === 'h5' ? { cssCodeSplit: false, rollupOptions: { output: { inlineDynamicImports: true } } } : {}),
  },
  css: { preprocessorOptions: { scss: { silenceDeprecations: ['legacy-js-api'] } } },
})
