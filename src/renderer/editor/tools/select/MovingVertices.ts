import { type ImagePoint } from '#shared/geometry/index.ts'
import { findContour } from '../../document/document.ts'
import { drawnOperations } from '../../document/edit.ts'
import { moveOperations, type VertexSpan } from '../../document/selection.ts'
import { toPixels, toUnits } from '../../document/units.ts'
import { held, type ToolContext, type ToolState } from '../toolState.ts'
import { Idle } from './Idle.ts'

/** A drag must leave this radius (CSS pixels) before it moves anything, so that a click does not nudge. */
const SLACK = 2

/** Vertices, or whole contours, follow the pointer. The document changes once, at the end: each move only changes two numbers. */
export function MovingVertices(start: ImagePoint, spans: readonly VertexSpan[]): ToolState {
  let dx = 0, dy = 0, loose = false, last = start
  const finish = (context: ToolContext): ToolState => {
    const ids = [...new Set(spans.map((s) => s.contour))]
    const contours = ids.flatMap((id) => findContour(context.annotation, id) ?? [])
    const moves = moveOperations(context.frame, spans, dx, dy)
    const single = spans.length === 1 && spans[0]?.count === 1
    if (moves.length > 0) context.commit(single ? 'move vertex' : 'move', [...drawnOperations(context.frame, contours), ...moves])
    return Idle(last)
  }
  const state: ToolState = {
    ...held('select/MovingVertices'),
    on(event, context) {
      if (event.type === 'leave' || event.type === 'down') return state
      last = event.at
      loose ||= context.apart(event.at, start) > SLACK
      if (loose) {
        dx = toUnits(event.at.x - start.x)
        dy = toUnits(event.at.y - start.y)
      }
      return event.type === 'up' ? finish(context) : state
    },
    complete: finish,
    cancel: () => Idle(last),
    interrupt: finish,
    overlay: () => ({
      shapes: [], moving: { spans, dx: toPixels(dx), dy: toPixels(dy) },
      cursor: 'move', hint: 'Release to put it here; Escape puts it back.',
    }),
  }
  return state
}
