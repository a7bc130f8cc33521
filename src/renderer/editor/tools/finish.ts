import { boundsOf, type Point } from '#shared/geometry/index.ts'
import type { Shape } from '../document/document.ts'
import type { Operation } from '../document/operations.ts'
import { draftToRecord } from '../document/records.ts'
import { selectContours } from '../document/selection.ts'
import { unitsOf } from '../document/units.ts'
import type { ToolContext } from './toolState.ts'

/** Whether a closed line through these points encloses anything. */
export function enclosesArea(points: readonly Point[]): boolean {
  const bounds = boundsOf(points)
  return points.length >= 3 && bounds.width > 0 && bounds.height > 0
}

/** Flat units without neighbours at one place (a double click leaves such). */
export function distinctUnits(units: readonly number[]): number[] {
  const out: number[] = []
  for (let i = 0; i < units.length; i += 2) {
    if (out.length === 0 || units[i] !== out[out.length - 2] || units[i + 1] !== out[out.length - 1]) out.push(units[i] as number, units[i + 1] as number)
  }
  while (out.length > 2 && out[0] === out[out.length - 2] && out[1] === out[out.length - 1]) out.length -= 2
  return out
}

/** Adds a closed contour on top of the others, selected. */
export function addContour(context: ToolContext, gesture: string, shape: Shape, units: readonly number[], before: readonly Operation[] = []): void {
  const id = context.newId()
  context.commit(gesture, [...before, {
    op: 'addContour', frame: context.frame, at: context.annotation.contours.length,
    contour: { id, label: context.options.label, shape, origin: 'drawn', rings: [distinctUnits(units)] },
  }])
  context.select(selectContours(id))
}

export const addOutline = (context: ToolContext, gesture: string, points: readonly Point[]): void =>
  addContour(context, gesture, 'polygon', unitsOf(points))

/** Takes the frame's draft away, as an operation. */
export const dropDraft = (context: ToolContext): Operation[] => context.annotation.draft
  ? [{ op: 'draft', frame: context.frame, before: draftToRecord(context.annotation.draft), after: null }]
  : []
