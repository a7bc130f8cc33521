import { imagePoint, type ImagePoint } from '#shared/geometry/index.ts'
import type { Measurement } from '../../document/document.ts'
import { unitsOf } from '../../document/units.ts'
import { measurementShapes } from '../measurementShapes.ts'
import { held, type ToolContext, type ToolState } from '../toolState.ts'
import { Idle } from './Idle.ts'

/** One end of a measurement follows the pointer. */
export function MovingHandle(id: string, index: number, start: ImagePoint): ToolState {
  let last = start
  const find = (context: ToolContext): Measurement | undefined => context.annotation.measurements.find((m) => m.id === id)
  const carried = (p: ImagePoint): ImagePoint => imagePoint(p.x + last.x - start.x, p.y + last.y - start.y)
  const moved = (m: Measurement): readonly ImagePoint[] => m.points.points().map((p, i) => (i === index ? carried(p) : p))
  const finish = (context: ToolContext): ToolState => {
    const measurement = find(context)
    if (!measurement) return Idle(last)
    const before = measurement.points.units(), after = unitsOf(moved(measurement))
    const differs = before.some((value, i) => value !== after[i])
    if (differs) context.commit('move measurement', [{ op: 'setMeasurement', frame: context.frame, id, before, after }])
    return Idle(last)
  }
  const state: ToolState = {
    ...held('select/MovingHandle'),
    on(event, context) {
      if (event.type === 'leave' || event.type === 'down') return state
      last = event.at
      return event.type === 'up' ? finish(context) : state
    },
    complete: finish,
    cancel: () => Idle(last),
    interrupt: finish,
    overlay(context) {
      const measurement = find(context)
      return {
        shapes: measurement ? measurementShapes(measurement.kind, moved(measurement), context.calibration) : [],
        cursor: 'move', hint: 'Release to put this end here; Escape puts it back.',
      }
    },
  }
  return state
}
