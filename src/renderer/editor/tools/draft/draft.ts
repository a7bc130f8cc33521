import type { ImagePoint } from '#shared/geometry/index.ts'
import type { Draft, Shape } from '../../document/document.ts'
import { DRAFT, type Operation } from '../../document/operations.ts'
import { draftToRecord } from '../../document/records.ts'
import { unitsOf } from '../../document/units.ts'
import { addContour, distinctUnits, dropDraft, enclosesArea } from '../finish.ts'
import type { ToolContext } from '../toolState.ts'

/** How near to its first point (CSS pixels) a click closes a draft. */
export const CLOSE_REACH = 9

/** Operations that add points to the frame's draft, or begin one; a draft of another shape goes on in the new one. */
export function extendOperations(context: ToolContext, shape: Shape, points: readonly ImagePoint[]): Operation[] {
  const { frame, annotation: { draft } } = context
  const inserted = unitsOf(points)
  if (!draft) return [{ op: 'draft', frame, before: null, after: { shape, points: inserted } }]
  const append: Operation = { op: 'splice', frame, contour: DRAFT, ring: 0, at: draft.ring.length, removed: [], inserted }
  return draft.shape === shape ? [append] : [{ op: 'draft', frame, before: draftToRecord(draft), after: { shape, points: draft.ring.units() } }, append]
}

export const closesDraft = (context: ToolContext, draft: Draft, at: ImagePoint): boolean =>
  draft.ring.length >= 3 && context.apart(draft.ring.at(0), at) <= CLOSE_REACH

export const repeatsLastPoint = (context: ToolContext, draft: Draft, at: ImagePoint): boolean => context.apart(draft.ring.at(-1), at) < 1

/** Makes a contour of the draft; false where it encloses nothing yet, and then it stays. */
export function closeDraft(context: ToolContext, gesture: string, more: readonly ImagePoint[] = []): boolean {
  const { draft } = context.annotation
  if (!draft || !enclosesArea([...draft.ring.points(), ...more])) return false
  const units = distinctUnits([...draft.ring.units(), ...unitsOf(more)])
  if (units.length < 6) return false
  addContour(context, gesture, draft.shape, units, dropDraft(context))
  return true
}

/** Takes the last point back, as a gesture of its own. */
export function eraseLastPoint(context: ToolContext): void {
  const { frame, annotation: { draft } } = context
  if (!draft) return
  const at = draft.ring.length - 1
  if (at === 0) context.commit('remove point', dropDraft(context))
  else context.commit('remove point', [{ op: 'splice', frame, contour: DRAFT, ring: 0, at, removed: draft.ring.units(at, 1), inserted: [] }])
}
