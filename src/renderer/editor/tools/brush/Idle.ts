import type { ImagePoint } from '#shared/geometry/index.ts'
import { idle, unmoved, type ToolContext, type ToolState } from '../toolState.ts'
import { Painting } from './Painting.ts'

export type BrushRole = 'brush' | 'eraser'

function hintFor(role: BrushRole, context: ToolContext): string {
  const adaptive = context.options.brushAdaptive && role === 'brush'
  const what = role === 'eraser' ? 'Press and drag to erase' : adaptive ? 'Press and drag to paint up to the edge' : 'Press and drag to paint'
  const missing = adaptive && !context.image ? ' The pixels are not loaded yet, so it paints plainly.' : ''
  return `${what}; [ and ] or Shift+wheel change the size; with Alt it ${role === 'brush' ? 'erases' : 'paints'}.${missing}`
}

/** The button is up: the disk shows what a press would cover. */
export function Idle(role: BrushRole, at: ImagePoint | null = null): ToolState {
  let hover = at
  const state: ToolState = {
    ...idle(`${role}/Idle`),
    ...unmoved(() => state),
    on(event, context) {
      hover = event.type === 'leave' ? null : event.at
      return event.type === 'down' ? Painting(role, event.at, event.modifiers.alt, context) : state
    },
    overlay: (context) => ({
      shapes: hover ? [{ kind: 'disk', centre: hover, radius: context.options.brushRadius, role }] : [],
      cursor: hover ? 'none' : 'crosshair', hint: hintFor(role, context),
    }),
  }
  return state
}
