import type { Size } from '#shared/geometry/index.ts'
import type { ContourRecord, Operation } from '../document/operations.ts'
import { contourToRecord } from '../document/records.ts'
import { selectContours } from '../document/selection.ts'
import type { ToolContext } from '../tools/toolState.ts'
import { targetContours } from './targets.ts'

/** Contours taken from one image, to be put into another one of the same case. */
export interface CopiedContours { readonly size: Size; readonly contours: readonly ContourRecord[] }

/** The selected contours, else all of the chosen label in this frame; null when there is none. */
export function copiedContours(context: ToolContext): CopiedContours | null {
  const contours = targetContours(context).map(contourToRecord)
  return contours.length === 0 ? null : { size: context.document.size, contours }
}

/** Puts copied contours into this frame, above what is there, and selects them. Only an image of the same size takes them: elsewhere they would lie nowhere. */
export const pasteContours = (copied: CopiedContours) => (context: ToolContext): void => {
  const { size } = context.document
  if (size.width !== copied.size.width || size.height !== copied.size.height) return
  const at = context.annotation.contours.length
  const named = copied.contours.map((contour) => ({ ...contour, id: context.newId(), origin: 'copied' as const }))
  context.commit('paste', named.map((contour, i): Operation => ({ op: 'addContour', frame: context.frame, at: at + i, contour })))
  context.select(selectContours(...named.map((c) => c.id)))
}
