import { distance } from './distance.ts'
import { imagePoint, type ImagePoint, type Point } from './points.ts'

/** An ellipse by the ends of one axis and the half length of the other, in the points' units. */
export interface Ellipse { readonly a: Point; readonly b: Point; readonly halfWidth: number }

/** The ellipse whose one axis is a-b and whose other reaches as far from that line as the point c. */
export function ellipseThrough(a: Point, b: Point, c: Point): Ellipse {
  const length = distance(a, b)
  const halfWidth = length === 0 ? 0 : Math.abs((b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x)) / length
  return { a, b, halfWidth }
}

export const ellipseArea = (e: Ellipse): number => (Math.PI * distance(e.a, e.b) * e.halfWidth) / 2

/** The perimeter by Ramanujan's second approximation (1914); relative error under 4e-4 for any ellipse (worst when it is flat). */
export function ellipsePerimeter(e: Ellipse): number {
  const p = distance(e.a, e.b) / 2, q = e.halfWidth
  if (p + q === 0) return 0
  const h = ((p - q) / (p + q)) ** 2
  return Math.PI * (p + q) * (1 + (3 * h) / (10 + Math.sqrt(4 - 3 * h)))
}

/** Points around the ellipse, beginning at a. */
export function ellipseOutline(e: Ellipse, count = 96): ImagePoint[] {
  const cx = (e.a.x + e.b.x) / 2, cy = (e.a.y + e.b.y) / 2
  const half = distance(e.a, e.b) / 2
  const ux = half === 0 ? 1 : (e.a.x - cx) / half, uy = half === 0 ? 0 : (e.a.y - cy) / half
  return Array.from({ length: count }, (_, i) => {
    const angle = (2 * Math.PI * i) / count
    const along = half * Math.cos(angle), across = e.halfWidth * Math.sin(angle)
    return imagePoint(cx + along * ux - across * uy, cy + along * uy + across * ux)
  })
}
