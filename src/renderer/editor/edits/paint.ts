import { paintBitmap, rasterise, rasteriseRings, traceBitmap } from '#shared/contour/index.ts'
import {
  bitmapBounds, boundsOf, createBitmap, growRect, intersectRects, isEmptyRect, pixelRect, rectOfSize, rewindow, ringsOf, sameBitmap, uniteRects,
  type Bitmap, type Point, type Polygon, type Rect,
} from '#shared/geometry/index.ts'
import { polygonOf, type Contour } from '../document/document.ts'
import { replaceOperations } from '../document/edit.ts'
import type { ContourRecord } from '../document/operations.ts'
import { removeContourOperation } from '../document/records.ts'
import { selectContours } from '../document/selection.ts'
import { createTransaction } from '../document/transaction.ts'
import { unitsOf } from '../document/units.ts'
import type { ToolContext } from '../tools/toolState.ts'
import { graftUnchanged } from './graft.ts'

interface Touched { readonly contour: Contour; readonly mask: Bitmap }

const boundsOfContour = (contour: Contour): Rect => boundsOf(polygonOf(contour).outer)

const inImage = (context: ToolContext, rect: Rect): Rect => intersectRects(pixelRect(growRect(rect, 1)), rectOfSize(context.document.size))

/** Whether the two have a set pixel in common, or (for painting) one beside the other. */
function meets(paint: Bitmap, mask: Bitmap, beside: boolean): boolean {
  const reach = beside ? 1 : 0
  for (let y = paint.top; y < paint.top + paint.height; y++) {
    for (let x = paint.left; x < paint.left + paint.width; x++) {
      if (paint.data[(y - paint.top) * paint.width + x - paint.left] !== 1) continue
      for (let dy = -reach; dy <= reach; dy++) {
        const row = y + dy - mask.top
        if (row < 0 || row >= mask.height) continue
        for (let dx = -reach; dx <= reach; dx++) {
          const column = x + dx - mask.left
          if (column >= 0 && column < mask.width && mask.data[row * mask.width + column] === 1) return true
        }
      }
    }
  }
  return false
}

function touchedContours(context: ToolContext, paint: Bitmap, value: 0 | 1): Touched[] {
  const near = growRect(bitmapBounds(paint), 2)
  return context.annotation.contours
    .filter((c) => c.label === context.options.label && !isEmptyRect(intersectRects(growRect(boundsOfContour(c), 1), near)))
    .map((contour) => ({ contour, mask: rasterise([polygonOf(contour)], inImage(context, boundsOfContour(contour))) }))
    .filter(({ mask }) => meets(paint, mask, value === 1))
}

const record = (id: string, label: string, polygon: Polygon): ContourRecord =>
  ({ id, label, shape: 'polygon', origin: 'drawn', rings: ringsOf(polygon).map((ring) => unitsOf(ring)) })

/** How much of a polygon lies in a contour's old mask: the part that keeps most of it keeps its name. */
function overlap(polygon: Polygon, mask: Bitmap): number {
  const part = rasterise([polygon], mask)
  let count = 0
  for (let i = 0; i < part.data.length; i++) count += (part.data[i] as number) & (mask.data[i] as number)
  return count
}

function mostShared(polygons: readonly Polygon[], mask: Bitmap): Polygon | undefined {
  const shares = polygons.map((polygon) => ({ polygon, shared: overlap(polygon, mask) }))
  return shares.filter((c) => c.shared > 0).sort((a, b) => b.shared - a.shared)[0]?.polygon
}

/** Replaces the contours by the polygons: each polygon takes the place of the contour that it overlaps most, the others are added or go. */
export function commitPolygons(context: ToolContext, gesture: string, olds: readonly Touched[], polygons: readonly Polygon[]): void {
  const transaction = createTransaction(context.document, context.frame)
  const free = new Set(polygons)
  const kept: string[] = []
  for (const { contour, mask } of olds) {
    // With one contour before and after there is nothing to choose.
    const best = olds.length === 1 && free.size === 1 ? [...free][0] : mostShared([...free], mask)
    if (!best) {
      transaction.add([removeContourOperation(context.frame, transaction.annotation.contours, contour)])
      continue
    }
    free.delete(best)
    transaction.add(replaceOperations(context.frame, contour, record(contour.id, contour.label, best)))
    kept.push(contour.id)
  }
  for (const polygon of free) {
    const id = context.newId()
    const at = transaction.annotation.contours.length
    transaction.add([{ op: 'addContour', frame: context.frame, at, contour: record(id, context.options.label, polygon) }])
    kept.push(id)
  }
  if (transaction.operations.length === 0) return
  context.commit(gesture, transaction.operations)
  context.select(selectContours(...kept))
}

/**
 * Sets (1) or clears (0) the painted pixels in the contours of the chosen label. Contours that the paint does not touch are not changed at all;
 * of those that it touches, the vertices away from the paint stay where they are.
 */
export function paint(context: ToolContext, gesture: string, pixels: Bitmap, value: 0 | 1): void {
  const image = rectOfSize(context.document.size)
  const painted = rewindow(pixels, intersectRects(bitmapBounds(pixels), image))
  if (isEmptyRect(painted)) return
  const touched = touchedContours(context, painted, value)
  if (value === 0 && touched.length === 0) return
  const window = inImage(context, touched.reduce((rect, t) => uniteRects(rect, t.mask), pixelRect(painted)))
  const before = createBitmap(window)
  for (const { mask } of touched) paintBitmap(before, mask)
  const after = { ...before, data: before.data.slice() }
  paintBitmap(after, painted, value)
  if (sameBitmap(after, before)) return
  const polygons = graftUnchanged(traceBitmap(after), touched.map((t) => polygonOf(t.contour)), painted, after)
  commitPolygons(context, gesture, touched, polygons)
}

/** The same with the inside of an outline as paint. */
export function paintPolygon(context: ToolContext, gesture: string, outline: readonly Point[], value: 0 | 1): void {
  paint(context, gesture, rasteriseRings([outline], inImage(context, boundsOf(outline))), value)
}
