import type { EchoField } from './echoField.ts'
import type { Scanner } from './scanner.ts'

/** 3 x 3 mean in two passes, mixed in by `share`: what spatial compounding does to the grain. */
function compound(values: Float32Array, width: number, height: number, share: number): void {
  const rows = new Float32Array(values.length)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const k = y * width + x, left = x > 0 ? k - 1 : k, right = x < width - 1 ? k + 1 : k
      rows[k] = ((values[left] as number) + (values[k] as number) + (values[right] as number)) / 3
    }
  }
  for (let y = 0; y < height; y++) {
    const up = y > 0 ? -width : 0, down = y < height - 1 ? width : 0
    for (let k = y * width; k < (y + 1) * width; k++) {
      const mean = ((rows[k + up] as number) + (rows[k] as number) + (rows[k + down] as number)) / 3
      values[k] = (1 - share) * (values[k] as number) + share * mean
    }
  }
}

/** Echoes far above their tissue's mean are specular, the same in every look: they stay. */
const specularKept = (aboveDb: number): number => (aboveDb < 6 ? 1 : Math.max(0, 1 - (aboveDb - 6) / 6))

/** Mean of 20 log10 of a Rayleigh envelope of unit power, in dB: -10 gamma / ln 10 with Euler's constant. */
const rayleighMeanDb = -2.507

/**
 * Log compression into the scanner's dynamic range, compounding and gamma: grey levels 0 to 255 of the field, row by row.
 * Averaging looks draws each pixel's echo towards the mean that its tissue would have (`looks`), so boundaries stay as sharp as they were.
 */
export function displayed(envelope: Float32Array, field: EchoField, loss: Float32Array, scanner: Scanner): Uint8Array {
  const { width, height } = field, headroomDb = 9, perNeper = 20 / Math.LN10, floorDb = scanner.noiseDb - 2.5
  const levels = new Float32Array(envelope.length)
  for (let k = 0; k < levels.length; k++) {
    const one = perNeper * Math.log((envelope[k] as number) + 1e-6)
    const deep = scanner.deepDb * k / levels.length
    const mean = Math.max(floorDb, (field.diffuse[k] as number) - (loss[k] as number) + deep + rayleighMeanDb)
    const db = one + scanner.looks * Math.min(14, Math.max(-14, mean - one)) * (mean < one ? specularKept(one - mean) : 1)
    levels[k] = (db + scanner.gainDb + scanner.dynamicRangeDb - headroomDb) / scanner.dynamicRangeDb
  }
  compound(levels, width, height, scanner.compounding)
  const curve = Uint8Array.from({ length: 1025 }, (_, i) => Math.round(255 * (i / 1024) ** scanner.gamma))
  const out = new Uint8Array(levels.length)
  for (let k = 0; k < out.length; k++) out[k] = curve[Math.round(1024 * Math.min(1, Math.max(0, levels[k] as number)))] as number
  return out
}
