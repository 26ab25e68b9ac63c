import { describe, expect, it } from 'vitest'
import { forPlatform } from './conditional'

describe('the lines of a platform', () => {
  const code = ['a', '// #ifdef H5', 'b', '// #endif', '<!-- #ifndef H5 -->', 'c', '<!-- #endif -->', '/* #ifdef H5 || MP-WEIXIN */', 'd', '/* #endif */'].join('\n')
  const lines = (platform: string) => forPlatform(code, platform).split('\n').filter(Boolean)

  it('are kept, the others are not', () => {
    expect(lines('H5')).toEqual(['a', 'b', 'd'])
    expect(lines('MP-WEIXIN')).toEqual(['a', 'c', 'd'])
    expect(lines('APP')).toEqual(['a', 'c'])
  })

  it('keep their numbers', () => expect(forPlatform(code, 'H5').split('\n')).toHaveLength(10))
  it('have an end', () => expect(() => forPlatform('// #ifdef H5\nb', 'H5')).toThrow())
})
