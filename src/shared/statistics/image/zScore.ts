import { sumOf } from '../core/index.ts'
import type { Raster } from './raster.ts'

/** Mean and standard deviations of one channel. */
export interface ChannelMoments {
  readonly mean: number
  /** Divisor n: what the standardisation uses. */
  readonly populationSd: number
  /** Divisor n - 1; null for a single pixel. */
  readonly sampleSd: number | null
}

/** Mean and SD of each channel over all its pixels (compensated sums). O(values). Throws for an image without pixels. */
export function channelMoments({ width, height, channels, data }: Raster): readonly ChannelMoments[] {
  const n = width * height
  if (n === 0) throw new Error('channelMoments: the image has no pixels')
  return Array.from({ length: channels }, (_, channel) => {
    const mean = sumOf(n, (i) => data[i * channels + channel]!) / n
    const squares = sumOf(n, (i) => (data[i * channels + channel]! - mean) ** 2)
    return { mean, populationSd: Math.sqrt(squares / n), sampleSd: n > 1 ? Math.sqrt(squares / (n - 1)) : null }
  })
}

/** (x - mean) / SD per channel with the population SD; a constant channel becomes all 0. O(values). */
export function zScore(image: Raster): Raster {
  const moments = channelMoments(image)
  const { channels } = image
  const data = Float64Array.from(image.data, (x, i) => {
    const { mean, populationSd } = moments[i % channels]!
    return populationSd === 0 ? 0 : (x - mean) / populationSd
  })
  return { ...image, data }
}
