import {
  createBitmap, intersectRects, isEmptyRect, pixelRect, rectOfSize, type Bitmap, type GreyImage, type Point, type Rect,
} from '#shared/geometry/index.ts'

/**
 * The pixels connected (by sides) with the seed's pixel through pixels that `accept` takes, within a window of the image.
 * Empty where the seed lies outside the window or is not accepted itself. Spans of a row are taken at once (scanline fill).
 */
export function growRegion(
  image: GreyImage, seed: Point, accept: (value: number, x: number, y: number) => boolean, limits: Rect = rectOfSize(image),
): Bitmap {
  const window = intersectRects(pixelRect(limits), rectOfSize(image))
  const region = createBitmap(window)
  const sx = Math.floor(seed.x), sy = Math.floor(seed.y)
  const right = window.left + window.width, bottom = window.top + window.height
  const open = (x: number, y: number): boolean =>
    region.data[(y - window.top) * window.width + x - window.left] === 0 && accept(image.data[y * image.width + x] as number, x, y)
  if (isEmptyRect(window) || sx < window.left || sy < window.top || sx >= right || sy >= bottom || !open(sx, sy)) return region
  const stack: number[] = [sx, sy]
  while (stack.length > 0) {
    const y = stack.pop() as number, x = stack.pop() as number
    if (!open(x, y)) continue
    let from = x, to = x + 1
    while (from > window.left && open(from - 1, y)) from--
    while (to < right && open(to, y)) to++
    const row = (y - window.top) * window.width - window.left
    region.data.fill(1, row + from, row + to)
    for (const next of [y - 1, y + 1]) {
      if (next < window.top || next >= bottom) continue
      for (let i = from; i < to; i++) if (open(i, next) && (i === from || !open(i - 1, next))) stack.push(i, next)
    }
  }
  return region
}

/** Connected pixels whose value differs from the seed's neighbourhood mean (3 x 3) by no more than the tolerance. */
export function growSimilar(image: GreyImage, seed: Point, tolerance: number, limits?: Rect): Bitmap {
  const mean = neighbourhoodMean(image, seed, 1)
  return growRegion(image, seed, (value) => Math.abs(value - mean) <= tolerance, limits)
}

/** Connected pixels whose value lies between two thresholds, both included. */
export const growRange = (image: GreyImage, seed: Point, low: number, high: number, limits?: Rect): Bitmap =>
  growRegion(image, seed, (value) => value >= low && value <= high, limits)

function neighbourhoodMean(image: GreyImage, p: Point, reach: number): number {
  let sum = 0, count = 0
  for (let y = Math.floor(p.y) - reach; y <= Math.floor(p.y) + reach; y++) {
    for (let x = Math.floor(p.x) - reach; x <= Math.floor(p.x) + reach; x++) {
      if (x < 0 || y < 0 || x >= image.width || y >= image.height) continue
      sum += image.data[y * image.width + x] as number
      count++
    }
  }
  return count === 0 ? NaN : sum / count
}
