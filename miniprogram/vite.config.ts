import uniModule from '@dcloudio/vite-plugin-uni'
import { defineConfig, loadEnv } from 'vite'
import { weixinPackage } from './scripts/weixin'

// Published as CommonJS: under "type": "module" its default export is nested.
const uni = (uniModule as unknown as { default: typeof uniModule }).default ?? uniModule
// Otherwise uni-app's compiler tells its maker of every build, by a digest of this machine's network address.
process.env.CI ??= '1'

const forWeixin = process.env.UNI_PLATFORM === 'mp-weixin'

export default defineConfig(({ mode }) => ({
  // From the environment, or a .env.local that is not committed.
  plugins: [uni(), ...(forWeixin ? [weixinPackage(loadEnv(mode, process.cwd(), 'WEIXIN_').WEIXIN_APPID)] : [])],
  build: {
    reportCompressedSize: false,
    // One file for a browser: a page that comes when it is first opened would not come without a network.
    ...(process.env.UNI_PLATFORM === 'h5' ? { cssCodeSplit: false, rollupOptions: { output: { inlineDynamicImports: true } } } : {}),
  },
  css: { preprocessorOptions: { scss: { silenceDeprecations: ['legacy-js-api'] } } },
}))
