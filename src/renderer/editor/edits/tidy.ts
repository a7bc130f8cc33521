import { keepLargest as keepLargestMask, paintBitmap, polygonsBounds, rasterise, traceBitmap } from '#shared/contour/index.ts'
import { createBitmap, growRect, pixelRect, polygonArea, type Bitmap } from '#shared/geometry/index.ts'
import { polygonOf, type Contour } from '../document/document.ts'
import { replaceOperations } from '../document/edit.ts'
import type { Operation } from '../document/operations.ts'
import { draftToRecord, removeContourOperation } from '../document/records.ts'
import { NOTHING } from '../document/selection.ts'
import { createTransaction } from '../document/transaction.ts'
import { unitsOf } from '../document/units.ts'
import type { ToolContext } from '../tools/toolState.ts'
import { targetContours } from './targets.ts'

/** Takes all holes away. */
export function fillHoles(context: ToolContext): void {
  const { frame } = context
  const operations = targetContours(context).flatMap((c) =>
    c.rings.map((ring, k): Operation => ({ op: 'removeRing', frame, contour: c.id, ring: k, points: ring.units() })).slice(1).reverse())
  context.commit('fill holes', operations)
}

/** How many of a mask's pixels are set in another one over the same window. */
function countIn(mask: Bitmap, other: Bitmap): { inside: number; all: number } {
  let inside = 0, all = 0
  for (let i = 0; i < mask.data.length; i++) {
    if (mask.data[i] !== 1) continue
    all++
    inside += other.data[i] as number
  }
  return { inside, all }
}

/** Keeps the largest connected part of the chosen label's contours in this frame, and removes the rest. Contours of that part keep their vertices. */
export function keepLargest(context: ToolContext): void {
  const contours = context.annotation.contours.filter((c) => c.label === context.options.label)
  if (contours.length === 0) return
  const window = pixelRect(growRect(polygonsBounds(contours.map(polygonOf)), 1))
  const masks = contours.map((contour) => rasterise([polygonOf(contour)], window))
  const union = createBitmap(window)
  for (const mask of masks) paintBitmap(union, mask)
  const largest = keepLargestMask(union)
  const transaction = createTransaction(context.document, context.frame)
  contours.forEach((contour, i) => {
    const { inside, all } = countIn(masks[i] as Bitmap, largest)
    if (inside === all && all > 0) return
    if (inside === 0) transaction.add([removeContourOperation(context.frame, transaction.annotation.contours, contour)])
    else transaction.add(trimmed(context, contour, masks[i] as Bitmap, largest))
  })
  if (transaction.operations.length > 0) context.commit('keep largest', transaction.operations)
}

/** A contour whose own parts are not connected (its line crosses itself): only the part in the largest component stays. */
function trimmed(context: ToolContext, contour: Contour, mask: Bitmap, largest: Bitmap): Operation[] {
  const kept = { ...mask, data: mask.data.map((value, i) => value & (largest.data[i] as number)) }
  const [polygon] = traceBitmap(kept).sort((a, b) => polygonArea(b) - polygonArea(a))
  if (!polygon) return []
  return replaceOperations(context.frame, contour, {
    id: contour.id, label: contour.label, shape: 'polygon', origin: 'drawn', rings: [polygon.outer, ...polygon.holes].map((ring) => unitsOf(ring)),
  })
}

/** Removes every contour of this frame, and an unfinished one; measurements stay. */
export function clearFrame(context: ToolContext): void {
  const { annotation, frame } = context
  const removals = annotation.contours.map((contour) => removeContourOperation(frame, annotation.contours, contour)).reverse()
  const draft: Operation[] = annotation.draft ? [{ op: 'draft', frame, before: draftToRecord(annotation.draft), after: null }] : []
  context.commit('clear', [...removals, ...draft])
  context.select(NOTHING)
}
