import type { Plugin } from 'vite'

/**
 * What a WeChat package needs beyond the source: the owner's app id, pages that share their styles, and a runtime that
 * asks nobody but our own server.
 *
 * Components share their styles by `styleIsolation` in manifest.json; uni-app has no such setting for pages, and what
 * it gives them instead would keep `.is-large .thing` in a page from seeing the frame around it.
 */
export function weixinPackage(appid?: string): Plugin {
  return {
    name: 'weixin-package',
    enforce: 'post',
    transform(code, id) {
      if (!id.includes('/uni-mp-weixin/dist/uni.mp.esm.js')) return
      // Three seconds after every start it fetches a picture from DCloud, for a navigation bar that is not ours.
      const quiet = code.replace(/^ *preloadAsset\(\);$/m, '')
      if (quiet === code) this.error('preloadAsset() is no longer where it was')
      return { code: quiet, map: null }
    },
    generateBundle(_, bundle) {
      for (const file of Object.values(bundle)) {
        if (file.type !== 'asset') continue
        // What a browser calls role, WeChat calls aria-role; the source has the browser's.
        if (file.fileName.endsWith('.wxml')) file.source = String(file.source).replace(/ role="/g, ' aria-role="')
        if (!file.fileName.endsWith('.json')) continue
        const content = JSON.parse(String(file.source)) as Record<string, unknown>
        if (appid && file.fileName === 'project.config.json') content.appid = appid
        if (file.fileName.startsWith('pages/') && !content.component) content.styleIsolation = 'shared'
        file.source = JSON.stringify(content, null, 2)
      }
    },
  }
}
