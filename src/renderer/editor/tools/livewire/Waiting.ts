import type { ImagePoint } from '#shared/geometry/index.ts'
import { dropDraft } from '../finish.ts'
import { draftOverlay } from '../draft/draftOverlay.ts'
import { drawing, type ToolContext, type ToolState } from '../toolState.ts'
import { Drawing, follow } from './Drawing.ts'
import { Idle } from './Idle.ts'

/** A click was made and its path is still being searched. Should no answer come, Enter takes the straight line and Escape forgets the click. */
export function Waiting(from: ImagePoint, to: ImagePoint, closing: boolean): ToolState {
  const straight = (context: ToolContext): ToolState => follow(context, [from, to], closing)
  const state: ToolState = {
    ...drawing('livewire/Waiting'),
    on: (_event, context) => (context.annotation.draft ? state : Idle()),
    complete: straight,
    cancel: () => Drawing(to),
    // The click was seen to be made; a straight stretch keeps it, and undo takes it back.
    interrupt: straight,
    erase(context) {
      if (context.annotation.draft?.ring.length === 1) context.commit('remove point', dropDraft(context))
      return context.annotation.draft ? Drawing(to) : Idle()
    },
    overlay: (context) => ({ ...draftOverlay(context, to, []), cursor: 'none', hint: 'Searching the edge…' }),
  }
  return state
}
