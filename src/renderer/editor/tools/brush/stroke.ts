import { adaptiveStamp, paintBitmap, stampStroke } from '#shared/contour/index.ts'
import {
  bitmapBounds, boundsOf, createBitmap, distance, growRect, imagePoint, intersectRects, isEmptyRect, pixelRect, rectOfSize, rewindow, uniteRects,
  type Bitmap, type GreyImage, type ImagePoint, type Rect, type Size,
} from '#shared/geometry/index.ts'

/** The pixels of a stroke while it is drawn, and how to show it. */
export interface Stroke {
  readonly points: readonly ImagePoint[]
  /** Set for an adaptive stroke, whose pixels do not follow from its points. */
  readonly patch: Bitmap | null
  /** Grows when the patch does. */
  readonly revision: number
  add(p: ImagePoint): void
  pixels(): Bitmap
}

/** How much room is added around an adaptive stroke when it outgrows its window. */
const ROOM = 64

export function plainStroke(start: ImagePoint, radius: number, size: Size, pixelAspect = 1): Stroke {
  const points = [start]
  return {
    points, patch: null, revision: 0,
    add(p) { if (distance(points[points.length - 1] as ImagePoint, p) > 0) points.push(p) },
    pixels() {
      const bitmap = createBitmap(intersectRects(pixelRect(growRect(boundsOf(points), Math.max(radius, radius / pixelAspect) + 1)), rectOfSize(size)))
      stampStroke(bitmap, points, radius, 1, pixelAspect)
      return bitmap
    },
  }
}

export function adaptiveStroke(start: ImagePoint, radius: number, image: GreyImage, tolerance: number, pixelAspect = 1): Stroke {
  const points: ImagePoint[] = []
  const whole = rectOfSize(image)
  let patch = createBitmap({ left: 0, top: 0, width: 0, height: 0 }), revision = 0
  const make = (need: Rect): void => {
    const inside = intersectRects(need, whole)
    const held = uniteRects(patch, inside)
    if (held.left === patch.left && held.top === patch.top && held.width === patch.width && held.height === patch.height) return
    patch = rewindow(patch, intersectRects(growRect(held, ROOM), whole))
  }
  const stamp = (p: ImagePoint): void => {
    const part = adaptiveStamp(image, p, radius, tolerance, pixelAspect)
    if (isEmptyRect(bitmapBounds(part))) return
    make(part)
    paintBitmap(patch, part)
    revision++
  }
  const stroke: Stroke = {
    points,
    get patch() { return patch },
    get revision() { return revision },
    add(p) {
      const last = points[points.length - 1]
      // Stamps overlap by three quarters; closer ones would add time and no pixels.
      const step = Math.max(0.5, Math.min(radius, radius / pixelAspect) / 2)
      const count = last ? Math.max(1, Math.ceil(distance(last, p) / step)) : 1
      const from = last ?? p
      for (let i = 1; i <= count; i++) stamp(imagePoint(from.x + ((p.x - from.x) * i) / count, from.y + ((p.y - from.y) * i) / count))
      points.push(p)
    },
    pixels: () => patch,
  }
  stroke.add(start)
  return stroke
}
