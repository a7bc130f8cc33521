import type { ImagePoint } from '#shared/geometry/index.ts'
import type { Contour } from '../../document/document.ts'
import { findContour } from '../../document/document.ts'
import type { OverlayShape } from '../overlay.ts'
import type { ToolContext } from '../toolState.ts'

/** Above this many handles in a contour only the line is shown; the pointer still finds every vertex. */
const MOST_HANDLES = 1500

/** Handles need room between them (CSS pixels) to be of use. */
const ROOM = 4

const sparse = (context: ToolContext, contour: Contour): boolean => {
  const count = contour.rings.reduce((sum, ring) => sum + ring.length, 0)
  if (count > MOST_HANDLES) return false
  const bounds = contour.rings[0]?.bounds()
  return bounds !== undefined && (2 * (bounds.width + bounds.height)) / count > context.reach(ROOM)
}

function selectedPoints(context: ToolContext): ImagePoint[] {
  const points: ImagePoint[] = []
  for (const span of context.selection.vertices) {
    const ring = findContour(context.annotation, span.contour)?.rings[span.ring]
    if (!ring) continue
    for (let i = span.start; i < span.start + span.count && points.length < MOST_HANDLES; i++) points.push(ring.at(i))
  }
  return points
}

/** The vertices of selected contours, where they can be told apart, and the selected ones. */
export function handleShapes(context: ToolContext): OverlayShape[] {
  const contours = context.selection.contours.flatMap((id) => findContour(context.annotation, id) ?? []).filter((c) => sparse(context, c))
  const measured = context.annotation.measurements.map((m): OverlayShape =>
    ({ kind: 'handles', role: m.id === context.selection.measurement ? 'selected' : 'vertex', points: m.points.points() }))
  const selected = selectedPoints(context)
  return [
    ...measured,
    ...contours.flatMap((c) => c.rings.map((ring): OverlayShape => ({ kind: 'handles', role: 'vertex', points: ring.points() }))),
    ...(selected.length > 0 ? [{ kind: 'handles', role: 'selected', points: selected } as const] : []),
  ]
}
