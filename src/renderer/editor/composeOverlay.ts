import type { InputRouter } from './input/router.ts'
import type { Session } from './session.ts'
import { draftShapes } from './tools/draft/draftOverlay.ts'
import { measurementShapes, reasonFor } from './tools/measurementShapes.ts'
import type { CursorRole, OverlayShape, ToolOverlay } from './tools/overlay.ts'

function measurements(session: Session): OverlayShape[] {
  const { annotation, context, selection } = session
  // The one whose end is dragged is drawn by the tool, at its new place.
  const dragged = session.state.name === 'select/MovingHandle' ? selection.measurement : null
  return annotation.measurements.filter((m) => m.id !== dragged).flatMap((m) => measurementShapes(m.kind, m.points.points(), context.calibration))
}

/** What stands in pixels on this frame, and why: ' Measured in pixels: ...'. */
function pixelsSentence({ annotation, context }: Session): string {
  const reasons = new Set(annotation.measurements.flatMap((m) => reasonFor(m.kind, m.points.points(), context.calibration) ?? []))
  return reasons.size === 0 ? '' : ` Measured in pixels: ${[...reasons].map((r) => r.charAt(0).toLowerCase() + r.slice(1)).join(' ')}`
}

function crosshair(session: Session, router: InputRouter): OverlayShape[] {
  if (router.cursor) return [{ kind: 'crosshair', at: router.cursor.at, pressed: router.cursor.pressed }]
  return session.display.crosshair && session.pointer ? [{ kind: 'crosshair', at: session.pointer, pressed: false }] : []
}

function cursorOf(part: ToolOverlay, router: InputRouter): CursorRole {
  switch (router.mode) {
    case 'pan': return 'grabbing'
    case 'levels': return 'levels'
    case 'ready to pan': return router.cursor ? part.cursor : 'grab'
    case 'none': return part.cursor
    default: return router.mode satisfies never
  }
}

/** What the tool shows, with what is there whatever the tool: measurements, an unfinished contour, the crosshair. */
export function composeOverlay(session: Session, router: InputRouter): ToolOverlay {
  const part = session.state.overlay(session.context)
  const { draft } = session.annotation
  const shown = part.shapes.some((s) => s.kind === 'line' && s.role === 'draft')
  const waiting = draft && !session.state.active
    ? ' An unfinished contour waits: choose the polygon, spline or live-wire tool to go on.'
    : ''
  return {
    ...part,
    hint: part.hint + waiting + pixelsSentence(session),
    shapes: [...(draft && !shown ? draftShapes(draft) : []), ...measurements(session), ...part.shapes, ...crosshair(session, router)],
    cursor: cursorOf(part, router),
  }
}
