import type { MaskPixels } from '../masks/index.ts'

/** A rectangle of pixels; all four bounds are inclusive. */
export interface PixelBox {
  readonly top: number
  readonly left: number
  readonly bottom: number
  readonly right: number
}

/**
 * Smallest rectangle around a mask's foreground, widened by `margin` pixels on each side and cut at the image's edge.
 * null for an empty mask: no crop is defined. O(pixels).
 */
export function boundingBox({ width, height, data }: MaskPixels, margin = 0): PixelBox | null {
  let top = height, left = width, bottom = -1, right = -1
  for (let r = 0; r < height; r++) {
    for (let c = 0; c < width; c++) {
      if (data[r * width + c] === 0) continue
      if (r < top) top = r
      if (r > bottom) bottom = r
      if (c < left) left = c
      if (c > right) right = c
    }
  }
  if (bottom < 0) return null
  return {
    top: Math.max(0, top - margin), left: Math.max(0, left - margin),
    bottom: Math.min(height - 1, bottom + margin), right: Math.min(width - 1, right + margin),
  }
}
