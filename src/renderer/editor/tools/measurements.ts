import type { ImagePoint } from '#shared/geometry/index.ts'
import { unitsOf } from '../document/units.ts'
import type { ToolContext } from './toolState.ts'

/** Under this length (CSS pixels) a press and release was a click and not a drag. */
export const CLICK_SLACK = 4

export const isDragged = (context: ToolContext, from: ImagePoint, to: ImagePoint): boolean => context.apart(from, to) > CLICK_SLACK

/** Adds a measurement, selected. */
export function addMeasurement(context: ToolContext, kind: 'caliper' | 'ellipse', points: readonly ImagePoint[]): void {
  const id = context.newId()
  const at = context.annotation.measurements.length
  context.commit(kind, [{ op: 'addMeasurement', frame: context.frame, at, measurement: { id, kind, points: unitsOf(points) } }])
  context.select({ contours: [], vertices: [], measurement: id })
}
