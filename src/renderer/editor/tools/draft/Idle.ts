import { idle, unmoved, type ToolState } from '../toolState.ts'
import type { ClickKind } from './clickKind.ts'
import { extendOperations } from './draft.ts'
import { Drawing } from './Drawing.ts'

/** Nothing is begun: a click sets the first point. */
export function Idle(kind: ClickKind): ToolState {
  const state: ToolState = {
    ...idle(`${kind.id}/Idle`),
    ...unmoved(() => state),
    on(event, context) {
      if (event.type !== 'down') return state
      context.commit('first point', extendOperations(context, kind.shape, [event.at]))
      return Drawing(kind, event.at)
    },
    overlay: () => ({ shapes: [], cursor: 'crosshair', hint: `Click to set the first point of a ${kind.noun}.` }),
  }
  return state
}
