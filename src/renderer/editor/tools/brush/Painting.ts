import type { ImagePoint } from '#shared/geometry/index.ts'
import { paint } from '../../edits/paint.ts'
import { held, type ToolContext, type ToolState } from '../toolState.ts'
import type { OverlayShape } from '../overlay.ts'
import { Idle, type BrushRole } from './Idle.ts'
import { adaptiveStroke, plainStroke } from './stroke.ts'

/** The button is held: the stroke grows. The contours change once, when it is lifted. */
export function Painting(tool: BrushRole, start: ImagePoint, inverted: boolean, context: ToolContext): ToolState {
  const { brushRadius: radius, brushAdaptive, brushTolerance } = context.options
  const role: BrushRole = inverted ? (tool === 'brush' ? 'eraser' : 'brush') : tool
  const stroke = brushAdaptive && role === 'brush' && context.image
    ? adaptiveStroke(start, radius, context.image, brushTolerance, context.pixelAspect)
    : plainStroke(start, radius, context.document.size, context.pixelAspect)
  let last = start
  const finish = (now: ToolContext): ToolState => {
    paint(now, role === 'brush' ? 'brush stroke' : 'eraser stroke', stroke.pixels(), role === 'brush' ? 1 : 0)
    return Idle(tool, last)
  }
  const state: ToolState = {
    ...held(`${tool}/Painting`),
    on(event, now) {
      if (event.type === 'leave' || event.type === 'down' || event.type === 'double') return state
      if (event.type === 'move') for (const p of event.between) stroke.add(p)
      stroke.add(event.at)
      last = event.at
      return event.type === 'up' ? finish(now) : state
    },
    complete: finish,
    cancel: () => Idle(tool, last),
    interrupt: finish,
    overlay() {
      const shown: OverlayShape = stroke.patch
        ? { kind: 'patch', bitmap: stroke.patch, revision: stroke.revision, role }
        : { kind: 'stroke', points: stroke.points, radius, role }
      return { shapes: [shown, { kind: 'disk', centre: last, radius, role }], cursor: 'none', hint: 'Release to end the stroke; Escape takes it back.' }
    },
  }
  return state
}
