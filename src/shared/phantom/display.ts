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

/** Log compression into the scanner's dynamic range, compounding and gamma: grey levels 0 to 255 of the field, row by row. */
export function displayed(envelope: Float32Array, width: number, height: number, scanner: Scanner): Uint8Array {
  const headroomDb = 9, perNeper = 20 / Math.LN10
  const levels = new Float32Array(envelope.length)
  for (let k = 0; k < levels.length; k++) {
    const db = perNeper * Math.log((envelope[k] as number) + 1e-6) + scanner.gainDb
    levels[k] = (db + scanner.dynamicRangeDb - headroomDb) / scanner.dynamicRangeDb
  }
  compound(levels, width, height, scanner.compounding)
  const curve = Uint8Array.from({ length: 1025 }, (_, i) => Math.round(255 * (i / 1024) ** scanner.gamma))
  const out = new Uint8Array(levels.length)
  for (let k = 0; k < out.length; k++) out[k] = curve[Math.round(1024 * Math.min(1, Math.max(0, levels[k] as number)))] as number
  return out
}
