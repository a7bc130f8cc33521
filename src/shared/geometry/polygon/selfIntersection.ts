import type { Point } from '../points.ts'
import { boundsOf } from './bounds.ts'
import type { Ring } from './polygon.ts'

const cross = (o: Point, a: Point, b: Point): number => (a.x - o.x) * (b.y - o.y) - (b.x - o.x) * (a.y - o.y)

const between = (a: Point, b: Point, p: Point): boolean =>
  Math.min(a.x, b.x) <= p.x && p.x <= Math.max(a.x, b.x) && Math.min(a.y, b.y) <= p.y && p.y <= Math.max(a.y, b.y)

/** Whether two closed segments share a point. */
export function segmentsMeet(a: Point, b: Point, c: Point, d: Point): boolean {
  const abc = cross(a, b, c), abd = cross(a, b, d), cda = cross(c, d, a), cdb = cross(c, d, b)
  if (((abc > 0 && abd < 0) || (abc < 0 && abd > 0)) && ((cda > 0 && cdb < 0) || (cda < 0 && cdb > 0))) return true
  return (abc === 0 && between(a, b, c)) || (abd === 0 && between(a, b, d)) || (cda === 0 && between(c, d, a)) || (cdb === 0 && between(c, d, b))
}

/** Neighbours share their common point by nature; they cross only where one folds back over the other. */
function neighboursFold(a: Point, b: Point, c: Point): boolean {
  return cross(a, b, c) === 0 && (a.x - b.x) * (c.x - b.x) + (a.y - b.y) * (c.y - b.y) > 0
}

/**
 * The first pair of edges (i joins point i to i + 1) where a ring touches or crosses itself; undefined for a simple ring.
 * Edges are sorted into a grid with about one cell an edge, so a smooth ring of n points costs about n comparisons.
 */
export function selfIntersection(ring: Ring): readonly [number, number] | undefined {
  const n = ring.length
  if (n < 3) return undefined
  const bounds = boundsOf(ring)
  const cell = Math.max(bounds.width, bounds.height, 1e-9) / Math.max(1, Math.ceil(Math.sqrt(n)))
  const columns = Math.floor(bounds.width / cell) + 1
  const cells = new Map<number, number[]>()
  const at = (i: number): Point => ring[i % n] as Point
  for (let i = 0; i < n; i++) {
    const a = at(i), b = at(i + 1)
    const x0 = Math.floor((Math.min(a.x, b.x) - bounds.left) / cell), x1 = Math.floor((Math.max(a.x, b.x) - bounds.left) / cell)
    const y0 = Math.floor((Math.min(a.y, b.y) - bounds.top) / cell), y1 = Math.floor((Math.max(a.y, b.y) - bounds.top) / cell)
    for (let y = y0; y <= y1; y++) {
      for (let x = x0; x <= x1; x++) {
        const key = y * columns + x
        const held = cells.get(key)
        if (!held) {
          cells.set(key, [i])
          continue
        }
        for (const j of held) {
          if (i === j) continue
          const meets = i === j + 1 ? neighboursFold(at(j), a, b)
            : j === (i + 1) % n ? neighboursFold(a, b, at(j + 1))
              : segmentsMeet(at(j), at(j + 1), a, b)
          if (meets) return [j, i]
        }
        held.push(i)
      }
    }
  }
  return undefined
}
