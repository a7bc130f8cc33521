import { ellipseThrough, type ImagePoint } from '#shared/geometry/index.ts'
import { addMeasurement, CLICK_SLACK } from '../measurements.ts'
import { measurementShapes } from '../measurementShapes.ts'
import { drawing, type ToolContext, type ToolState } from '../toolState.ts'
import { Idle } from './Idle.ts'

/** One axis is set: the pointer's distance from it is half the other; a click keeps the ellipse. */
export function OtherAxis(a: ImagePoint, b: ImagePoint): ToolState {
  let reach = b
  const isOpen = (context: ToolContext): boolean => 2 * ellipseThrough(a, b, reach).halfWidth > context.reach(CLICK_SLACK)
  const finish = (context: ToolContext): ToolState => {
    if (!isOpen(context)) return state
    addMeasurement(context, 'ellipse', [a, b, reach])
    return Idle()
  }
  const state: ToolState = {
    ...drawing('ellipse/OtherAxis'),
    on(event, context) {
      if (event.type === 'leave') return state
      reach = event.at
      return event.type === 'up' ? finish(context) : state
    },
    complete: finish,
    cancel: () => Idle(),
    interrupt(context) {
      finish(context)
      return Idle()
    },
    overlay: (context) => ({
      shapes: measurementShapes('ellipse', [a, b, reach], context.calibration),
      cursor: 'crosshair', hint: 'Move to set the width, click to keep the ellipse; Escape discards.',
    }),
  }
  return state
}
