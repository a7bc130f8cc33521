import { splineLine } from '#shared/contour/index.ts'
import type { ImagePoint } from '#shared/geometry/index.ts'
import type { Draft } from '../../document/document.ts'
import { dropDraft } from '../finish.ts'
import { drawing, type ToolContext, type ToolState } from '../toolState.ts'
import type { ClickKind } from './clickKind.ts'
import { closeDraft, closesDraft, eraseLastPoint, extendOperations, repeatsLastPoint } from './draft.ts'
import { draftOverlay } from './draftOverlay.ts'
import { Idle } from './Idle.ts'

/** The last stretch of the spline as it would run through the pointer. */
function previewPath(draft: Draft, hover: ImagePoint | null): readonly ImagePoint[] {
  if (draft.shape !== 'spline' || !hover || draft.ring.length < 2) return []
  const tail = Array.from({ length: Math.min(3, draft.ring.length) }, (_, i) => draft.ring.at(i - Math.min(3, draft.ring.length)))
  return splineLine([...tail, hover])
}

/** There are points: each click adds one, a click on the first one or Enter closes. The points live in the document's draft. */
export function Drawing(kind: ClickKind, pointer: ImagePoint | null): ToolState {
  let hover = pointer
  const close = (context: ToolContext): ToolState => (closeDraft(context, kind.id) ? Idle(kind) : state)
  const state: ToolState = {
    ...drawing(`${kind.id}/Drawing`),
    on(event, context) {
      const { draft } = context.annotation
      if (!draft) return Idle(kind)
      hover = event.type === 'leave' ? null : event.at
      if (event.type === 'double') return close(context)
      if (event.type !== 'down') return state
      if (closesDraft(context, draft, event.at)) return close(context)
      if (!repeatsLastPoint(context, draft, event.at)) context.commit('point', extendOperations(context, kind.shape, [event.at]))
      return state
    },
    complete: close,
    cancel(context) {
      context.commit(`cancel ${kind.noun}`, dropDraft(context))
      return Idle(kind)
    },
    // The draft stays in the document: it waits for the tool to come back.
    interrupt: () => state,
    erase(context) {
      eraseLastPoint(context)
      return context.annotation.draft ? state : Idle(kind)
    },
    overlay: (context) => draftOverlay(context, hover, context.annotation.draft ? previewPath(context.annotation.draft, hover) : []),
  }
  return state
}
