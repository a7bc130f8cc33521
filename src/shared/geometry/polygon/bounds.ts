import type { Point } from '../points.ts'
import { EMPTY_RECT, type Rect } from '../rect.ts'

/** The smallest rectangle around the points; the empty rectangle for none. A single point gives a rectangle without width at its place. */
export function boundsOf(points: readonly Point[]): Rect {
  if (points.length === 0) return EMPTY_RECT
  let left = Infinity, top = Infinity, right = -Infinity, bottom = -Infinity
  for (const p of points) {
    if (p.x < left) left = p.x
    if (p.x > right) right = p.x
    if (p.y < top) top = p.y
    if (p.y > bottom) bottom = p.y
  }
  return { left, top, width: right - left, height: bottom - top }
}
