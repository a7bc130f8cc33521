import { extendOperations } from '../draft/draft.ts'
import { idle, unmoved, type ToolState } from '../toolState.ts'
import { Drawing } from './Drawing.ts'

/** No polygon is begun: a click sets its first point. */
export function Idle(): ToolState {
  const state: ToolState = {
    ...idle('polygon/Idle'),
    ...unmoved(() => state),
    on(event, context) {
      if (event.type !== 'down') return state
      context.commit('first point', extendOperations(context, 'polygon', [event.at]))
      return Drawing(event.at)
    },
    overlay: () => ({ shapes: [], cursor: 'crosshair', hint: 'Click to set the first point of a polygon.' }),
  }
  return state
}
