import { extendOperations } from '../draft/draft.ts'
import { idle, unmoved, type ToolState } from '../toolState.ts'
import { Drawing } from './Drawing.ts'

/** Nothing is begun: a click sets the wire's first end. */
export function Idle(): ToolState {
  const state: ToolState = {
    ...idle('livewire/Idle'),
    ...unmoved(() => state),
    on(event, context) {
      if (event.type !== 'down') return state
      context.commit('first point', extendOperations(context, 'polygon', [event.at]))
      return Drawing(event.at)
    },
    overlay: (context) => ({
      shapes: [], cursor: 'crosshair',
      hint: context.image
        ? 'Click on the lesion border to begin; the line then follows the edge.'
        : 'The pixels of this image are not loaded yet: the live wire would draw straight lines.',
    }),
  }
  return state
}
