import { imagePoint, type ImagePoint } from '#shared/geometry/index.ts'
import { findContour, type FrameAnnotation } from './document.ts'
import type { VertexSpan } from './selection.ts'

/** Vertices on their way: the runs, and how far they are from where the document holds them. */
export interface MovingVertices { readonly spans: readonly VertexSpan[]; readonly dx: number; readonly dy: number }

/** A line to draw while vertices move. `closed` where the whole ring moves and has no unmoved neighbours. */
export interface MovingLine { readonly points: readonly ImagePoint[]; readonly closed: boolean }

/**
 * The lines of the moved runs, joined to their unmoved neighbours. A neighbour that starts another moved run is drawn at its moved place too.
 * The cost is the number of moved vertices, not of the contour's.
 */
export function movingLines(annotation: FrameAnnotation, moving: MovingVertices): MovingLine[] {
  const { spans, dx, dy } = moving
  const shift = (p: ImagePoint): ImagePoint => imagePoint(p.x + dx, p.y + dy)
  return spans.flatMap((span): MovingLine[] => {
    const ring = findContour(annotation, span.contour)?.rings[span.ring]
    if (!ring) return []
    const points = span.count === ring.length ? ring.points().map(shift) : Array.from({ length: span.count }, (_, i) => shift(ring.at(span.start + i)))
    if (span.count >= ring.length) return [{ points, closed: true }]
    const onRing = spans.filter((s) => s.contour === span.contour && s.ring === span.ring)
    const isMoved = (index: number): boolean => onRing.some((s) => index >= s.start && index < s.start + s.count)
    const place = (index: number): ImagePoint => {
      const i = ((index % ring.length) + ring.length) % ring.length
      return isMoved(i) ? shift(ring.at(i)) : ring.at(i)
    }
    return [{ points: [place(span.start - 1), ...points, place(span.start + span.count)], closed: false }]
  })
}
