import type { HazardItem, UnitKind } from '@/api'
import { TARGET_KINDS } from '@/api/words'
import { isOfKind } from './buckets'
import { postWord } from './hazards'

/** What the home of those who answer for others says above everything else. */
const MOST = 3

const listed = (words: string[], counter: string) =>
  words.length > MOST ? `${words.slice(0, MOST).join('、')}等 ${words.length} ${counter}` : words.join('、')

/** 重大, each with its target and whether that was stopped; of a kind by its finder, because two may have found the same. */
export function graveLines(hazards: HazardItem[], more = false): { key: string; text: string }[] {
  const lines = hazards.slice(0, MOST).map((hazard) => ({ key: hazard.hazard, text: `${hazard.target_name}${stopWords(hazard)}：${hazard.sentence}${finderWords(hazard)}` }))
  const left = hazards.length - MOST
  return left > 0 ? [...lines, { key: 'left', text: `还有 ${left}${more ? '+' : ''} 条` }] : lines
}

const finderWords = ({ duty, finder_name }: HazardItem) => (isOfKind(duty) ? `（${finder_name}）` : '')

function stopWords({ stop_use, kept_in_use }: HazardItem): string {
  if (stop_use) return '，已停用'
  return kept_in_use ? '，没有停用' : ''
}

/** 本单位没有任命负责电梯的安全总监 */
export function standInTitle(kinds: string[]): string {
  const sides: UnitKind[] = ['use', 'production', 'filling']
  const posts = sides.flatMap((side) => {
    const here = kinds.filter((kind) => TARGET_KINDS[kind]?.unit_kind === side).map((kind) => TARGET_KINDS[kind]!.short)
    return here.length ? [`负责${listed(here, '类')}的${postWord('director', side)}`] : []
  })
  return `本单位没有任命${posts.join('、')}`
}
