import { extent, signedDistance, type Outline } from './contour.ts'

/** Exact mask of an outline: 255 where a pixel's centre lies on or inside it. `originX`, `originY` are the outline's centre in pixels. */
export function outlineMask(outline: Outline, originX: number, originY: number, mmPerPx: number, width: number, height: number): Uint8Array {
  const mask = new Uint8Array(width * height), e = extent(outline)
  const x0 = Math.max(0, Math.floor(originX - e.left / mmPerPx)), x1 = Math.min(width - 1, Math.ceil(originX + e.right / mmPerPx))
  const y0 = Math.max(0, Math.floor(originY - e.up / mmPerPx)), y1 = Math.min(height - 1, Math.ceil(originY + e.down / mmPerPx))
  for (let y = y0; y <= y1; y++) {
    for (let x = x0; x <= x1; x++) {
      if (signedDistance(outline, (x - originX) * mmPerPx, (y - originY) * mmPerPx) <= 0) mask[y * width + x] = 255
    }
  }
  return mask
}
