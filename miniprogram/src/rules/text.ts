/** What somebody types, held to its longest: the server counts code points, a phone counts UTF-16 units and so never too few. */

const JOINER = '\u200d'
const JOINS_ON = /^(?:[\u0300-\u036f\u20e3\ufe00-\ufe0f\u200d]|\ud83c[\udffb-\udfff])/
const HALF_FLAG = /^\ud83c[\udde6-\uddff]$/
const HALF = /^[\ud800-\udfff]$/

/** As one sees them: a family, a flag or a thumb with its skin is one letter of several code points. */
function letters(text: string): string[] {
  const found: string[] = []
  for (const point of text) {
    const before = found[found.length - 1] ?? ''
    const belongs = JOINS_ON.test(point) || before.endsWith(JOINER) || (HALF_FLAG.test(before) && HALF_FLAG.test(point))
    if (before && belongs) found[found.length - 1] += point
    else found.push(point)
  }
  return found
}

/** So much of it as fits, without a letter that was cut in the middle. */
export function fitting(text: string, most: number): string {
  const whole = letters(text).filter((letter) => !HALF.test(letter))
  let length = 0
  const end = whole.findIndex((letter) => (length += letter.length) > most)
  return (end < 0 ? whole : whole.slice(0, end)).join('')
}

/** So near to the end of the room it is time to say how much is left. */
const NEAR = 50

/** What is to be said of the room that is left; nothing while there is plenty. */
export function roomWords(text: string, most: number): string {
  const left = most - text.length
  if (left >= NEAR) return ''
  return left > 0 ? `还能写 ${left} 字` : `最多 ${most} 字，已经写满`
}

/** A sentence more, unless it was the last already; null where it does not fit whole. */
export function withSentence(text: string, sentence: string, most: number): string | null {
  const before = text.trim()
  if (before === sentence || before.endsWith(`；${sentence}`)) return before
  const after = before ? `${before}；${sentence}` : sentence
  return after.length > most ? null : after
}
