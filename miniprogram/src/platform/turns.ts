/** Lets so many run at once; the others wait their turn, in the order they came. */
export function atMost(most: number) {
  const waiting: (() => void)[] = []
  let running = 0

  return async function inTurn<T>(act: () => Promise<T>): Promise<T> {
    if (running < most) running += 1
    else await new Promise<void>((go) => waiting.push(go))
    try {
      return await act()
    } finally {
      // Handed on, not given back: nobody who comes between may take it.
      const next = waiting.shift()
      if (next) next()
      else running -= 1
    }
  }
}
