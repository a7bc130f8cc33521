import { idle, unmoved, type ToolState } from '../toolState.ts'
import { FirstAxis } from './FirstAxis.ts'

/** No ellipse is begun: press for one end of its first axis. */
export function Idle(): ToolState {
  const state: ToolState = {
    ...idle('ellipse/Idle'),
    ...unmoved(() => state),
    on: (event) => (event.type === 'down' ? FirstAxis(event.at) : state),
    overlay: () => ({ shapes: [], cursor: 'crosshair', hint: 'Press at one end of the longest diameter and drag to the other, or click both ends.' }),
  }
  return state
}
