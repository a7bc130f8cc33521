import type { ImagePoint } from '#shared/geometry/index.ts'
import { isDragged } from '../measurements.ts'
import { drawing, type ToolContext, type ToolState } from '../toolState.ts'
import { Idle } from './Idle.ts'
import { OtherAxis } from './OtherAxis.ts'

/** One end of the first axis is set: release after a drag, or a second click, sets the other. */
export function FirstAxis(start: ImagePoint): ToolState {
  let end = start
  const next = (context: ToolContext): ToolState => (isDragged(context, start, end) ? OtherAxis(start, end) : state)
  const state: ToolState = {
    ...drawing('ellipse/FirstAxis'),
    on(event, context) {
      if (event.type === 'leave') return state
      end = event.at
      return event.type === 'up' ? next(context) : state
    },
    complete: next,
    cancel: () => Idle(),
    // A line is no ellipse yet: there is nothing to keep.
    interrupt: () => Idle(),
    overlay: () => ({
      shapes: [{ kind: 'line', role: 'guide', closed: false, points: [start, end] }],
      cursor: 'crosshair', hint: 'Release or click to set the other end of this axis; Escape discards.',
    }),
  }
  return state
}
