import { createRandom } from '#shared/lib/index.ts'
import type { Pixels } from './pixels.ts'

/** A speckled picture with a dark ellipse, the same every time: what graphs are tried on. */
export function probePicture(width: number, height: number): Pixels & { readonly channels: 3 } {
  const random = createRandom('probe picture')
  const data = new Uint8Array(width * height * 3)
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) {
    const inside = ((x - width * 0.55) / (width * 0.22)) ** 2 + ((y - height * 0.45) / (height * 0.2)) ** 2 < 1
    data.fill(Math.min(255, Math.max(0, Math.round((inside ? 35 : 110) * (1 + 0.5 * random.normal())))), (y * width + x) * 3, (y * width + x) * 3 + 3)
  }
  return { width, height, channels: 3, data }
}
