import { idle, unmoved, type ToolState } from '../toolState.ts'
import { Measuring } from './Measuring.ts'

/** No caliper is begun: press for its first end. */
export function Idle(): ToolState {
  const state: ToolState = {
    ...idle('caliper/Idle'),
    ...unmoved(() => state),
    on: (event) => (event.type === 'down' ? Measuring(event.at) : state),
    overlay: () => ({ shapes: [], cursor: 'crosshair', hint: 'Press at one end and drag to the other, or click both ends.' }),
  }
  return state
}
