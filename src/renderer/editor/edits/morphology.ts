import { dilate as dilateMask, erode as erodeMask, paintBitmap, rasterise, roomFor, traceBitmap } from '#shared/contour/index.ts'
import {
  boundsOf, createBitmap, growRect, intersectRects, pixelRect, rectOfSize, sameBitmap, uniteRects, EMPTY_RECT, type Bitmap, type Rect,
} from '#shared/geometry/index.ts'
import { polygonOf, type Contour } from '../document/document.ts'
import type { ToolContext } from '../tools/toolState.ts'
import { commitPolygons } from './paint.ts'
import { targetContours } from './targets.ts'

const boundsOfAll = (contours: readonly Contour[]): Rect => contours.reduce((rect, c) => uniteRects(rect, boundsOf(polygonOf(c).outer)), EMPTY_RECT)

/** The targets' mask through a change of pixels and back. Contours that grow together become one, those that part become several. */
function throughMask(context: ToolContext, gesture: string, room: number, change: (mask: Bitmap) => Bitmap): void {
  const targets = targetContours(context)
  if (targets.length === 0) return
  const window = intersectRects(pixelRect(roomFor(boundsOfAll(targets), room, context.pixelAspect)), rectOfSize(context.document.size))
  const touched = targets.map((contour) => {
    const polygon = polygonOf(contour)
    return { contour, mask: rasterise([polygon], intersectRects(pixelRect(growRect(boundsOf(polygon.outer), 1)), window)) }
  })
  const before = createBitmap(window)
  for (const { mask } of touched) paintBitmap(before, mask)
  const after = change(before)
  if (sameBitmap(after, before)) return
  commitPolygons(context, gesture, touched, traceBitmap(after))
}

/** Grows the contours by options.morphologyRadius, in pixels across and as far on the patient in every direction. */
export const dilate = (context: ToolContext): void =>
  throughMask(context, 'dilate', context.options.morphologyRadius, (mask) => dilateMask(mask, context.options.morphologyRadius, context.pixelAspect))

/** Shrinks the contours by options.morphologyRadius in the same way; what is thinner goes. */
export const erode = (context: ToolContext): void =>
  throughMask(context, 'erode', 1, (mask) => erodeMask(mask, context.options.morphologyRadius, context.pixelAspect))
