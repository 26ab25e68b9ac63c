// Refuses to build a package for release that could not work: without the owner's app id, or without a server to ask.
import { loadEnv } from 'vite'

// As the build reads them: from the environment, or from .env files that are not committed.
const { WEIXIN_APPID = '', VITE_API_ORIGIN = '' } = { ...loadEnv('production', process.cwd(), ''), ...process.env }
const faults = [
  /^wx[0-9a-f]{16}$/.test(WEIXIN_APPID) ? '' : 'WEIXIN_APPID：小程序的 AppID（wx 开头，18 位），在微信公众平台“开发管理”里。',
  /^https:\/\/[^/]+$/.test(VITE_API_ORIGIN) ? '' : 'VITE_API_ORIGIN：服务器的地址，https:// 开头，后面不带斜杠和路径。微信里没有“同源”，必须写全。',
].filter(Boolean)

if (faults.length) {
  console.error(['不能为上线构建，缺少：', ...faults.map((fault) => `  ${fault}`)].join('\n'))
  process.exit(1)
}
