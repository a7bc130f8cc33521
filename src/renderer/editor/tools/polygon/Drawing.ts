import type { ImagePoint } from '#shared/geometry/index.ts'
import { closeDraft, closesDraft, eraseLastPoint, extendOperations, repeatsLastPoint } from '../draft/draft.ts'
import { draftOverlay } from '../draft/draftOverlay.ts'
import { dropDraft } from '../finish.ts'
import { drawing, type ToolContext, type ToolState } from '../toolState.ts'
import { Idle } from './Idle.ts'

/** A polygon has points: each click adds one, a click on the first one or Enter closes it. The points live in the document's draft. */
export function Drawing(pointer: ImagePoint | null): ToolState {
  let hover = pointer
  const close = (context: ToolContext): ToolState => (closeDraft(context, 'polygon') ? Idle() : state)
  const state: ToolState = {
    ...drawing('polygon/Drawing'),
    on(event, context) {
      const { draft } = context.annotation
      if (!draft) return Idle()
      if (event.type === 'move') hover = event.at
      if (event.type === 'leave') hover = null
      if (event.type === 'double') return close(context)
      if (event.type !== 'down') return state
      hover = event.at
      if (closesDraft(context, draft, event.at)) return close(context)
      if (!repeatsLastPoint(context, draft, event.at)) context.commit('point', extendOperations(context, 'polygon', [event.at]))
      return state
    },
    complete: close,
    cancel(context) {
      context.commit('cancel polygon', dropDraft(context))
      return Idle()
    },
    // The draft stays in the document: it waits for the tool to come back.
    interrupt: () => state,
    erase(context) {
      eraseLastPoint(context)
      return context.annotation.draft ? state : Idle()
    },
    overlay: (context) => draftOverlay(context, hover, []),
  }
  return state
}
