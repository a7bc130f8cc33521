import type { Size } from './points.ts'

/** One number a pixel, row-major; any range. What the intensity tools (live-wire, adaptive brush, flood) look at. */
export interface GreyImage extends Size { readonly data: Uint8Array | Uint16Array | Float32Array }

/** Luma of RGBA bytes (Rec. 601 weights, rounded), as ultrasound stored in colour is looked at. */
export function greyFromRgba(rgba: Uint8Array | Uint8ClampedArray, size: Size): GreyImage {
  const count = size.width * size.height
  if (rgba.length !== 4 * count) throw new Error(`an image of ${size.width} x ${size.height} has ${rgba.length} bytes in place of ${4 * count}`)
  const data = new Uint8Array(count)
  for (let i = 0; i < count; i++) {
    const at = 4 * i
    data[i] = ((rgba[at] as number) * 299 + (rgba[at + 1] as number) * 587 + (rgba[at + 2] as number) * 114 + 500) / 1000
  }
  return { width: size.width, height: size.height, data }
}
