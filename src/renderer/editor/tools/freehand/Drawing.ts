import { inProportion, simplifyRing, smoothRing } from '#shared/contour/index.ts'
import { distance, type ImagePoint } from '#shared/geometry/index.ts'
import { paintPolygon } from '../../edits/paint.ts'
import type { Modifiers } from '../../input/events.ts'
import { addOutline, enclosesArea } from '../finish.ts'
import { held, type ToolContext, type ToolState } from '../toolState.ts'
import { Idle } from './Idle.ts'

/** How far a smoothed outline may move when it is thinned out; far below what a hand can aim at. */
const THINNING = 0.1

/** The hand's line without its tremor, closed, with no more points than its shape needs. */
function outlineFrom(points: readonly ImagePoint[], smoothing: number, pixelAspect: number): ImagePoint[] {
  return inProportion(points, pixelAspect, (line) => simplifyRing(smoothing > 0 ? smoothRing(line, smoothing, Math.max(0.5, smoothing / 3)) : line, THINNING))
}

/** The button is held: the line follows the pointer. */
export function Drawing(start: ImagePoint): ToolState {
  const points: ImagePoint[] = [start]
  let modifiers: Modifiers = { shift: false, ctrl: false, alt: false, meta: false }
  const add = (context: ToolContext, p: ImagePoint): void => {
    if (distance(points[points.length - 1] as ImagePoint, p) >= Math.min(1, context.reach(1.5))) points.push(p)
  }
  const finish = (context: ToolContext): ToolState => {
    if (!enclosesArea(points)) return Idle()
    const outline = outlineFrom(points, context.options.freehandSmoothing, context.pixelAspect)
    if (modifiers.shift) paintPolygon(context, 'freehand add', outline, 1)
    else if (modifiers.alt) paintPolygon(context, 'freehand cut', outline, 0)
    else addOutline(context, 'freehand', outline)
    return Idle()
  }
  const state: ToolState = {
    ...held('freehand/Drawing'),
    on(event, context) {
      if (event.type === 'move') for (const p of [...event.between, event.at]) add(context, p)
      if (event.type !== 'leave') modifiers = event.modifiers
      return event.type === 'up' ? finish(context) : state
    },
    complete: finish,
    cancel: () => Idle(),
    interrupt: finish,
    overlay: () => ({
      shapes: [{ kind: 'line', role: 'draft', closed: false, points }],
      cursor: 'crosshair', hint: 'Release to close the outline; Escape discards.',
    }),
  }
  return state
}
