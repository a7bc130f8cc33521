import { growRect, pixelRect, uniteRects, type Bitmap, type ImagePoint, type Polygon } from '#shared/geometry/index.ts'
import { paintBitmap, polygonsBounds, rasterise } from './rasterise.ts'
import { traceBitmap } from './trace.ts'

function combined(a: readonly Polygon[], b: readonly Polygon[], merge: (into: Bitmap, other: Bitmap) => void): Polygon<ImagePoint>[] {
  const window = pixelRect(growRect(uniteRects(polygonsBounds(a), polygonsBounds(b)), 1))
  const into = rasterise(a, window)
  merge(into, rasterise(b, window))
  return traceBitmap(into)
}

/** The union of two sets of polygons, through pixels: exact to the pixel, its lines within half a pixel of theirs. */
export const unitePolygons = (a: readonly Polygon[], b: readonly Polygon[]): Polygon<ImagePoint>[] =>
  combined(a, b, (into, other) => paintBitmap(into, other, 1))

/** What lies in the first set and not in the second, through pixels. */
export const subtractPolygons = (a: readonly Polygon[], b: readonly Polygon[]): Polygon<ImagePoint>[] =>
  combined(a, b, (into, other) => paintBitmap(into, other, 0))

/** What lies in both, through pixels. */
export const intersectPolygons = (a: readonly Polygon[], b: readonly Polygon[]): Polygon<ImagePoint>[] =>
  combined(a, b, (into, other) => { for (let i = 0; i < into.data.length; i++) into.data[i] = (into.data[i] as number) & (other.data[i] as number) })
