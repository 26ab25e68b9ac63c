import type { Plugin } from 'vite'

const MARK = /^\s*(?:\/\/|\/\*|<!--)\s*#(ifdef|ifndef|endif)\b\s*([\w| -]*?)\s*(?:\*\/|-->)?\s*$/

/** Keeps the lines of one platform, as uni-app's own compiler does before anything else reads them. */
export function forPlatform(code: string, platform: string): string {
  const open: boolean[] = []
  const kept = code.split('\n').map((line) => {
    const mark = MARK.exec(line)
    if (!mark) return open.every(Boolean) ? line : ''
    if (mark[1] === 'endif') open.pop()
    else open.push(mark[2]!.split('||').map((name) => name.trim()).includes(platform) === (mark[1] === 'ifdef'))
    return ''
  })
  if (open.length) throw new Error('an #ifdef is not closed')
  return kept.join('\n')
}

export function conditional(platform: string): Plugin {
  return {
    name: 'conditional',
    enforce: 'pre',
    transform(code, id) {
      const file = id.split('?')[0]!
      if (file.includes('node_modules') || !/\/src\/.*\.(vue|ts)$/.test(file) || !code.includes('#if')) return
      return { code: forPlatform(code, platform), map: null }
    },
  }
}
