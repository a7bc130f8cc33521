import {
  boundsOf, createBitmap, growRect, maskFromBitmap, pixelRect, ringsOf, uniteRects, EMPTY_RECT, type Bitmap, type Point, type Polygon,
  type Rect, type Ring, type RleMask, type Size,
} from '#shared/geometry/index.ts'

/** Flips, in every pixel row that the edge crosses, the pixel from which on the centre lies to the edge's right. */
function toggleEdge(bitmap: Bitmap, a: Point, b: Point): void {
  const [low, high] = a.y < b.y ? [a, b] : [b, a]
  const first = Math.max(0, Math.ceil(low.y - bitmap.top - 0.5))
  const last = Math.min(bitmap.height, Math.ceil(high.y - bitmap.top - 0.5))
  const slope = (high.x - low.x) / (high.y - low.y)
  for (let row = first; row < last; row++) {
    const x = low.x + (row + 0.5 + bitmap.top - low.y) * slope
    const column = Math.max(0, Math.ceil(x - bitmap.left - 0.5))
    if (column < bitmap.width) {
      const at = row * bitmap.width + column
      bitmap.data[at] = (bitmap.data[at] as number) ^ 1
    }
  }
}

function fillByParity(bitmap: Bitmap): void {
  const { data, width } = bitmap
  for (let start = 0; start < data.length; start += width) {
    let inside = 0
    for (let i = start; i < start + width; i++) {
      inside ^= data[i] as number
      data[i] = inside
    }
  }
}

/** A pixel is set when its centre lies inside an odd number of the rings; a centre on a left or upper side is inside, on a right or lower one outside. */
export function rasteriseRings(rings: readonly Ring[], window: Rect): Bitmap {
  const bitmap = createBitmap(window)
  for (const ring of rings) {
    for (let i = 0; i < ring.length; i++) {
      const a = ring[i] as Point, b = ring[(i + 1) % ring.length] as Point
      if (a.y !== b.y) toggleEdge(bitmap, a, b)
    }
  }
  fillByParity(bitmap)
  return bitmap
}

/** Sets in a bitmap every pixel that is set in another one, where the two overlap. */
export function paintBitmap(target: Bitmap, source: Bitmap, value: 0 | 1 = 1): void {
  const left = Math.max(target.left, source.left), right = Math.min(target.left + target.width, source.left + source.width)
  const top = Math.max(target.top, source.top), bottom = Math.min(target.top + target.height, source.top + source.height)
  for (let y = top; y < bottom; y++) {
    let from = (y - source.top) * source.width + left - source.left
    let to = (y - target.top) * target.width + left - target.left
    for (let x = left; x < right; x++, from++, to++) if (source.data[from] === 1) target.data[to] = value
  }
}

/** The pixels whose centre lies in any of the polygons (a union: polygons may overlap; holes count within their own polygon only). */
export function rasterise(polygons: readonly Polygon[], window: Rect): Bitmap {
  const only = polygons[0]
  if (only && polygons.length === 1) return rasteriseRings(ringsOf(only), window)
  const bitmap = createBitmap(window)
  for (const polygon of polygons) {
    const bounds = pixelRect(growRect(boundsOf(polygon.outer), 1))
    const left = Math.max(bounds.left, bitmap.left), top = Math.max(bounds.top, bitmap.top)
    const width = Math.min(bounds.left + bounds.width, bitmap.left + bitmap.width) - left
    const height = Math.min(bounds.top + bounds.height, bitmap.top + bitmap.height) - top
    if (width > 0 && height > 0) paintBitmap(bitmap, rasteriseRings(ringsOf(polygon), { left, top, width, height }))
  }
  return bitmap
}

/** The smallest rectangle around the polygons' outer rings. */
export const polygonsBounds = (polygons: readonly Polygon[]): Rect => polygons.reduce((rect, p) => uniteRects(rect, boundsOf(p.outer)), EMPTY_RECT)

/** The polygons as the mask of an image; what lies outside the image is cut off. */
export function maskFromPolygons(polygons: readonly Polygon[], size: Size): RleMask {
  const bounds = pixelRect(growRect(polygonsBounds(polygons), 1))
  const left = Math.max(0, bounds.left), top = Math.max(0, bounds.top)
  const width = Math.max(0, Math.min(size.width, bounds.left + bounds.width) - left)
  const height = Math.max(0, Math.min(size.height, bounds.top + bounds.height) - top)
  const window = width > 0 && height > 0 ? { left, top, width, height } : { left: 0, top: 0, width: 0, height: 0 }
  return maskFromBitmap(rasterise(polygons, window), size)
}
