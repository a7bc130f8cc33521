/**
 * Calls `visit` with every way to draw `size` items from groups of the given sizes: its log probability (multivariate hypergeometric) and what is left
 * of each group (the same array each time). Stops and returns false when `visit` returns false.
 */
export function forEachDraw(groups: readonly number[], size: number, lf: Float64Array, visit: (log: number, left: readonly number[]) => boolean): boolean {
  const total = groups.reduce((a, b) => a + b, 0)
  const left = [...groups], after = groups.map((_, i) => groups.slice(i + 1).reduce((a, b) => a + b, 0))
  const base = -(lf[total]! - lf[size]! - lf[total - size]!)
  const walk = (i: number, need: number, log: number): boolean => {
    const n = groups[i]!
    const from = Math.max(0, need - after[i]!), to = Math.min(n, need)
    for (let x = from; x <= to; x++) {
      left[i] = n - x
      const here = log + lf[n]! - lf[x]! - lf[n - x]!
      if (!(i === groups.length - 1 ? visit(here, left) : walk(i + 1, need - x, here))) return false
    }
    return true
  }
  return walk(0, size, base)
}
