import { distance, imagePoint, type ImagePoint, type Point } from '#shared/geometry/index.ts'

/** The cubic Hermite segment from b to c with tangents from their neighbours, without c itself. */
function segment(a: Point, b: Point, c: Point, d: Point, tension: number, step: number): ImagePoint[] {
  const count = Math.max(1, Math.ceil(distance(b, c) / step))
  const m = (1 - tension) / 2
  const m0x = m * (c.x - a.x), m0y = m * (c.y - a.y), m1x = m * (d.x - b.x), m1y = m * (d.y - b.y)
  return Array.from({ length: count }, (_, i) => {
    const t = i / count, t2 = t * t, t3 = t2 * t
    const h00 = 2 * t3 - 3 * t2 + 1, h10 = t3 - 2 * t2 + t, h01 = 3 * t2 - 2 * t3, h11 = t3 - t2
    return imagePoint(h00 * b.x + h10 * m0x + h01 * c.x + h11 * m1x, h00 * b.y + h10 * m0y + h01 * c.y + h11 * m1y)
  })
}

/**
 * A closed cardinal spline through its control points as a polygon (tension 0: Catmull and Rom 1974; 1: straight sides).
 * The polygon passes through every control point; its sides are at most about `step` pixels long.
 */
export function splineRing(control: readonly Point[], tension = 0, step = 2): ImagePoint[] {
  const n = control.length
  if (n < 3) return control.map((p) => imagePoint(p.x, p.y))
  const at = (i: number): Point => control[(i + n) % n] as Point
  return control.flatMap((_, i) => segment(at(i - 1), at(i), at(i + 1), at(i + 2), tension, step))
}

/** The open spline through its control points; the ends' missing neighbours are the ends themselves. */
export function splineLine(control: readonly Point[], tension = 0, step = 2): ImagePoint[] {
  const n = control.length
  if (n < 3) return control.map((p) => imagePoint(p.x, p.y))
  const at = (i: number): Point => control[Math.min(n - 1, Math.max(0, i))] as Point
  const inner = Array.from({ length: n - 1 }, (_, i) => segment(at(i - 1), at(i), at(i + 1), at(i + 2), tension, step)).flat()
  const last = at(n - 1)
  return [...inner, imagePoint(last.x, last.y)]
}
