import { imagePoint, type ImagePoint } from '#shared/geometry/index.ts'
import { findContour } from '../../document/document.ts'
import { drawnOperations } from '../../document/edit.ts'
import type { Hit } from '../../document/hitTest.ts'
import { unitsOf } from '../../document/units.ts'
import { held, type ToolContext, type ToolState } from '../toolState.ts'
import { Idle } from './Idle.ts'

/** The button was pressed on a line: a new vertex on it follows the pointer and is set down on release. */
export function Inserting(start: ImagePoint, edge: Extract<Hit, { kind: 'edge' }>): ToolState {
  let last = start
  const place = (): ImagePoint => imagePoint(edge.at.x + last.x - start.x, edge.at.y + last.y - start.y)
  const ringOf = (context: ToolContext) => findContour(context.annotation, edge.contour)?.rings[edge.ring]
  const finish = (context: ToolContext): ToolState => {
    const contour = findContour(context.annotation, edge.contour)
    if (!contour) return Idle(last)
    const at = edge.index + 1
    context.commit('insert vertex', [
      ...drawnOperations(context.frame, [contour]),
      { op: 'splice', frame: context.frame, contour: edge.contour, ring: edge.ring, at, removed: [], inserted: unitsOf([place()]) },
    ])
    context.select({ contours: [edge.contour], vertices: [{ contour: edge.contour, ring: edge.ring, start: at, count: 1 }], measurement: null })
    return Idle(last)
  }
  const state: ToolState = {
    ...held('select/Inserting'),
    on(event, context) {
      if (event.type === 'leave' || event.type === 'down') return state
      last = event.at
      return event.type === 'up' ? finish(context) : state
    },
    complete: finish,
    cancel: () => Idle(last),
    interrupt: finish,
    overlay(context) {
      const ring = ringOf(context), p = place()
      const points = ring ? [ring.at(edge.index), p, ring.at(edge.index + 1)] : [p]
      return {
        shapes: [{ kind: 'line', role: 'draft', closed: false, points }, { kind: 'handles', role: 'selected', points: [p] }],
        cursor: 'move', hint: 'Release to set the new vertex here; Escape discards it.',
      }
    },
  }
  return state
}
