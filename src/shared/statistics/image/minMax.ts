import type { Raster } from './raster.ts'

/** An image scaled to 0..1, with the values that became 0 and 1. */
export interface MinMaxScaled {
  readonly image: Raster
  readonly min: number
  readonly max: number
}

/** (x - min) / (max - min) over the whole array, all channels together; a constant image becomes all 0. O(values). Throws for an empty image. */
export function minMax(image: Raster): MinMaxScaled {
  if (image.data.length === 0) throw new Error('minMax: the image has no pixels')
  let min = Infinity, max = -Infinity
  for (let i = 0; i < image.data.length; i++) {
    const x = image.data[i]!
    if (x < min) min = x
    if (x > max) max = x
  }
  const range = max - min
  return { image: { ...image, data: Float64Array.from(image.data, (x) => (range === 0 ? 0 : (x - min) / range)) }, min, max }
}
