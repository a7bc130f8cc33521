import { findContour } from '../document/document.ts'
import { selectContours } from '../document/selection.ts'
import type { ToolContext } from '../tools/toolState.ts'

export const selectAll = (context: ToolContext): void => context.select(selectContours(...context.annotation.contours.map((c) => c.id)))

/** Selects the contour after (1) or before (-1) the selected one, around the end. */
export const stepContour = (step: 1 | -1) => (context: ToolContext): void => {
  const { contours } = context.annotation
  if (contours.length === 0) return
  const at = contours.findIndex((c) => c.id === context.selection.contours[0])
  const next = contours[at < 0 ? 0 : (at + step + contours.length) % contours.length]
  if (next) context.select(selectContours(next.id))
}

/** Selects the vertex after (1) or before (-1) the last selected one on its ring; the first of the contour when none is. */
export const stepVertex = (step: 1 | -1) => (context: ToolContext): void => {
  const { selection, annotation } = context
  const last = selection.vertices.at(-1)
  const contour = last?.contour ?? selection.contours[0] ?? annotation.contours[0]?.id
  const ring = contour === undefined ? undefined : findContour(annotation, contour)?.rings[last?.ring ?? 0]
  if (contour === undefined || !ring) return
  const start = last ? (last.start + (step === 1 ? last.count - 1 : 0) + step + ring.length) % ring.length : 0
  context.select({ contours: [contour], vertices: [{ contour, ring: last?.ring ?? 0, start, count: 1 }], measurement: null })
}
