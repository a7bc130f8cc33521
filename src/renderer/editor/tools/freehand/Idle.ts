import { idle, unmoved, type ToolState } from '../toolState.ts'
import { Drawing } from './Drawing.ts'

/** The button is up: pressing it begins an outline. */
export function Idle(): ToolState {
  const state: ToolState = {
    ...idle('freehand/Idle'),
    ...unmoved(() => state),
    on: (event) => (event.type === 'down' ? Drawing(event.at) : state),
    overlay: () => ({
      shapes: [], cursor: 'crosshair',
      hint: 'Press and draw around the lesion; release to close. With Shift add to what is drawn, with Alt take away.',
    }),
  }
  return state
}
