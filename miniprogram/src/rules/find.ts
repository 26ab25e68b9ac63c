/** Finding a target by what somebody types off its plate. */
export interface Findable { target: string; name: string; identifiers: Record<string, string> }

/** How a code is compared: spaces and hyphens do not count, letters are large, full-width is half-width. */
export function plainCode(text: string): string {
  return text.normalize('NFKC').toUpperCase().replace(/[\s-]/g, '')
}

/** No code, number or name is longer; what is pasted by mistake is. */
export const LONGEST_CODE = 40

/** A target's code begins with the letter of its sort (E-, L-, S-), which the unit itself does not write. */
const ownCode = (target: string) => target.replace(/^[ELS]-/, '')

/** So many digits of the end of a code say which. */
const SHORTEST_TAIL = 4

/** The best matches: the whole of a code or name; else the end of a code, or the beginning of a licence's; else a part of a name. */
export function findTargets<T extends Findable>(typed: string, targets: T[]): T[] {
  const wanted = plainCode(typed)
  if (!wanted) return []
  const matching = (fits: (target: T) => boolean) => targets.filter(fits)
  const exact = matching((target) => [...codesOf(target), plainCode(target.name)].includes(wanted))
  if (exact.length) return exact
  const part = partOf(wanted)
  const partly = part ? matching((target) => codesOf(target).some(part)) : []
  if (partly.length) return partly
  return wanted.length > 1 ? matching((target) => plainCode(target.name).includes(wanted)) : []
}

/** Device codes differ at their end. A licence's number ends in a year and begins with what differs: TS2399001-2029. */
function partOf(wanted: string): ((code: string) => boolean) | null {
  if (wanted.length < SHORTEST_TAIL) return null
  if (/^\d+X?$/.test(wanted)) return (code) => code.endsWith(wanted)
  return /^[A-Z]+\d+$/.test(wanted) ? (code) => code.startsWith(wanted) : null
}

function codesOf(target: Findable): string[] {
  return [target.target, ownCode(target.target), ...Object.values(target.identifiers)].map(plainCode)
}
