import { ok } from '#shared/lib/index.ts'
import { channelMoments, zScore } from '../image/index.ts'
import type { AnalysisAdapter } from './adapter.ts'

/** Images up to this many pixels are written out in full, larger ones by every 8th pixel of the diagonal. */
const writtenOut = 256

/** `zscore`: mean and SD of each channel of `image` and the standardised values. */
export const zscoreAdapter: AnalysisAdapter = ({ spec, image }) => {
  const source = image(spec.image)
  const { width, height, channels } = source
  const z = zScore(source).data
  const at = (row: number, column: number, channel: number): number => z[(row * width + column) * channels + channel]!
  return ok({
    rule: 'per channel over all pixels, population SD; constant channel -> all 0',
    channels: channelMoments(source).map(({ mean, populationSd, sampleSd }, k) => ({
      mean, sd_population: populationSd, sd_sample: sampleSd,
      ...(width * height <= writtenOut
        ? { z_population: Array.from({ length: height }, (_, r) => Array.from({ length: width }, (_, c) => at(r, c, k))) }
        : { z_diag_every_8: Array.from({ length: Math.ceil(Math.min(width, height) / 8) }, (_, i) => at(i * 8, i * 8, k)) }),
    })),
  })
}
