import { rectFromCorners, type ImagePoint, type Rect } from '#shared/geometry/index.ts'
import { mergeSpans, NOTHING, spansOf, type Selection } from '../../document/selection.ts'
import { held, type ToolContext, type ToolState } from '../toolState.ts'
import { Idle } from './Idle.ts'

/** The vertices in the box: of the selected contours if there are any, else of all. Added to an earlier selection when there is one. */
function selectIn(context: ToolContext, rect: Rect, earlier: Selection | null): void {
  const picked = context.selection.contours
  const contours = context.annotation.contours.filter((c) => picked.length === 0 || picked.includes(c.id))
  const spans = contours.flatMap((c) => c.rings.flatMap((ring, k) => spansOf(c.id, k, ring.verticesIn(rect))))
  const vertices = mergeSpans([...(earlier?.vertices ?? []), ...spans])
  context.select(vertices.length === 0 ? NOTHING : { contours: [...new Set([...picked, ...vertices.map((s) => s.contour)])], vertices, measurement: null })
}

/** A box is drawn from where the button was pressed on nothing. */
export function Boxing(start: ImagePoint, earlier: Selection | null): ToolState {
  let last = start
  const finish = (context: ToolContext): ToolState => {
    selectIn(context, rectFromCorners(start, last), earlier)
    return Idle(last)
  }
  const state: ToolState = {
    ...held('select/Boxing'),
    on(event, context) {
      if (event.type === 'leave' || event.type === 'down') return state
      last = event.at
      return event.type === 'up' ? finish(context) : state
    },
    complete: finish,
    cancel: () => Idle(last),
    interrupt: () => Idle(last),
    overlay: () => ({
      shapes: [{ kind: 'box', rect: rectFromCorners(start, last) }],
      cursor: 'crosshair', hint: 'Release to select the vertices in the box.',
    }),
  }
  return state
}
