/** A ring as a conic gradient: no canvas, no SVG, so it is the same in WeChat and in a browser. */
export interface RingPart { state: 'zero' | 'fail' | 'suspended' | 'due' | 'pass' | 'not_applicable' | 'late' | 'missed'; count: number }

const COLOURS: Record<RingPart['state'], string> = {
  zero: 'var(--c-done)',
  pass: 'var(--c-done)',
  fail: 'var(--c-overdue)',
  late: 'var(--c-late-fill)',
  missed: 'var(--c-missed)',
  suspended: 'var(--c-suspended)',
  not_applicable: 'var(--c-suspended)',
  due: 'var(--c-rest)',
}
const MOST_SEGMENTS = 24
const GAP = 2.2

export function ringGradient(parts: RingPart[]): string {
  const total = parts.reduce((sum, part) => sum + part.count, 0)
  if (!total) return 'var(--c-rest)'
  const stops = total <= MOST_SEGMENTS ? segments(parts, 360 / total) : arcs(parts, total)
  return `conic-gradient(${stops.join(',')})`
}

function segments(parts: RingPart[], step: number): string[] {
  const colours = parts.flatMap((part) => Array<string>(part.count).fill(COLOURS[part.state]))
  return colours.flatMap((colour, index) => {
    const [from, to] = [index * step + GAP / 2, (index + 1) * step - GAP / 2]
    return [`${colour} ${from.toFixed(2)}deg ${to.toFixed(2)}deg`, `transparent ${to.toFixed(2)}deg ${(to + GAP).toFixed(2)}deg`]
  })
}

function arcs(parts: RingPart[], total: number): string[] {
  let at = 0
  return parts.map((part) => {
    const from = at
    at += (360 * part.count) / total
    return `${COLOURS[part.state]} ${from.toFixed(2)}deg ${at.toFixed(2)}deg`
  })
}
