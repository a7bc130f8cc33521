import { idle, unmoved, type ToolState } from '../toolState.ts'
import { Previewing } from './Previewing.ts'

/** The button is up: pressing grows a region from there. */
export function Idle(): ToolState {
  const state: ToolState = {
    ...idle('flood/Idle'),
    ...unmoved(() => state),
    on: (event, context) => (event.type === 'down' && context.image ? Previewing(event.at, event.modifiers.alt, context.image, context) : state),
    overlay(context) {
      const how = context.options.floodMode === 'similar'
        ? 'Press to take what is as bright as here; drag sideways to widen or narrow'
        : 'Press to take what lies between the two thresholds'
      return { shapes: [], cursor: 'crosshair', hint: context.image ? `${how}; with Alt take away.` : 'The pixels of this image are not loaded yet.' }
    },
  }
  return state
}
