import type { Point } from '../points.ts'

/** The corners of the convex hull in order, without points on its sides (Andrew's monotone chain). */
export function convexHull<P extends Point>(points: readonly P[]): P[] {
  const sorted = [...points].sort((a, b) => a.x - b.x || a.y - b.y)
  if (sorted.length < 3) return sorted
  const half = (source: readonly P[]): P[] => {
    const chain: P[] = []
    for (const p of source) {
      while (chain.length >= 2) {
        const a = chain[chain.length - 2] as P, b = chain[chain.length - 1] as P
        if ((b.x - a.x) * (p.y - a.y) - (b.y - a.y) * (p.x - a.x) > 0) break
        chain.pop()
      }
      chain.push(p)
    }
    chain.pop()
    return chain
  }
  const hull = [...half(sorted), ...half(sorted.toReversed())]
  return hull.length > 0 ? hull : sorted.slice(0, 1)
}
