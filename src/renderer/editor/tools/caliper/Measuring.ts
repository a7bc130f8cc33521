import type { ImagePoint } from '#shared/geometry/index.ts'
import { addMeasurement, isDragged } from '../measurements.ts'
import { measurementShapes } from '../measurementShapes.ts'
import { drawing, type ToolContext, type ToolState } from '../toolState.ts'
import { Idle } from './Idle.ts'

/** One end is set: release after a drag, or a second click, sets the other. */
export function Measuring(start: ImagePoint): ToolState {
  let end = start
  const finish = (context: ToolContext): ToolState => {
    if (isDragged(context, start, end)) addMeasurement(context, 'caliper', [start, end])
    return Idle()
  }
  const state: ToolState = {
    ...drawing('caliper/Measuring'),
    on(event, context) {
      if (event.type === 'leave') return state
      end = event.at
      return event.type === 'up' && isDragged(context, start, end) ? finish(context) : state
    },
    complete: finish,
    cancel: () => Idle(),
    interrupt: finish,
    overlay: (context) => ({
      shapes: measurementShapes('caliper', [start, end], context.calibration),
      cursor: 'crosshair', hint: 'Release or click to set the other end; Escape discards.',
    }),
  }
  return state
}
