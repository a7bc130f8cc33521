import { simplifyLine } from '#shared/contour/index.ts'
import { distance, type ImagePoint } from '#shared/geometry/index.ts'
import { closeDraft, closesDraft, eraseLastPoint, extendOperations, repeatsLastPoint } from '../draft/draft.ts'
import { draftOverlay } from '../draft/draftOverlay.ts'
import { dropDraft } from '../finish.ts'
import { drawing, type ToolContext, type ToolState } from '../toolState.ts'
import { Idle } from './Idle.ts'
import { Waiting } from './Waiting.ts'

/** The path runs along pixel centres; its steps are thinned out to this, half a pixel being what tracing itself may move a line. */
const THINNING = 0.5

/** The new points of a path that begins at the draft's last one. */
export const pathPoints = (path: readonly ImagePoint[]): readonly ImagePoint[] => simplifyLine(path, THINNING).slice(1)

/** Adds the path to the draft as one gesture, or closes the contour with it. */
export function follow(context: ToolContext, path: readonly ImagePoint[], closing: boolean): ToolState {
  const points = pathPoints(path)
  if (closing) return closeDraft(context, 'live wire', points.slice(0, -1)) ? Idle() : Drawing(null)
  context.commit('live wire', extendOperations(context, 'polygon', points))
  return Drawing(points.at(-1) ?? null)
}

/** A wire is drawn: it runs from the last point along the edges to the pointer; a click fixes it. */
export function Drawing(pointer: ImagePoint | null): ToolState {
  let hover = pointer, path: readonly ImagePoint[] = [], asked = 0

  /** Only the answer to the last question is shown; earlier ones are stale. */
  const ask = (context: ToolContext, from: ImagePoint, to: ImagePoint): void => {
    const question = ++asked
    if (!context.image) return
    context.liveWire.path(context.image, context.frame, from, to, (points) => {
      if (question !== asked) return
      path = points
      context.resume(state, () => state)
    })
  }

  /** Follows the wire to a place: at once where the path is known or comes at once, else when it comes. */
  const go = (context: ToolContext, from: ImagePoint, to: ImagePoint, closing: boolean): ToolState => {
    asked++
    const end = path.at(-1)
    if (end && path[0] && distance(end, to) < 1e-9 && distance(path[0], from) < 1e-9) return follow(context, path, closing)
    if (!context.image) return follow(context, [from, to], closing)
    let waiting: ToolState | null = null, answer: readonly ImagePoint[] | null = null
    context.liveWire.path(context.image, context.frame, from, to, (points) => {
      if (waiting) context.resume(waiting, (later) => follow(later, points, closing))
      else answer = points
    })
    if (answer) return follow(context, answer, closing)
    waiting = Waiting(from, to, closing)
    return waiting
  }

  const close = (context: ToolContext): ToolState => {
    const { draft } = context.annotation
    return draft && draft.ring.length >= 3 ? go(context, draft.ring.at(-1), draft.ring.at(0), true) : state
  }

  const state: ToolState = {
    ...drawing('livewire/Drawing'),
    on(event, context) {
      const { draft } = context.annotation
      if (!draft) return Idle()
      hover = event.type === 'leave' ? null : event.at
      if (event.type === 'move') ask(context, draft.ring.at(-1), closesDraft(context, draft, event.at) ? draft.ring.at(0) : event.at)
      if (event.type === 'leave') path = []
      if (event.type === 'double') return close(context)
      if (event.type !== 'down') return state
      if (closesDraft(context, draft, event.at)) return close(context)
      return repeatsLastPoint(context, draft, event.at) ? state : go(context, draft.ring.at(-1), event.at, false)
    },
    complete: close,
    cancel(context) {
      context.commit('cancel live wire', dropDraft(context))
      return Idle()
    },
    // The draft stays in the document; the stretch to the pointer was never fixed.
    interrupt() {
      asked++
      path = []
      return state
    },
    erase(context) {
      asked++
      path = []
      eraseLastPoint(context)
      return context.annotation.draft ? state : Idle()
    },
    overlay: (context) => draftOverlay(context, hover, path),
  }
  return state
}
