import { paletteTable } from '#shared/figures/index.ts'
import type { HeatOverlay } from './spec.ts'

/** RGBA bytes of a heat map: palette colour by value; alpha 0 below the threshold and for values that are not numbers. */
export function heatPixels(heat: Pick<HeatOverlay, 'width' | 'height' | 'values' | 'range' | 'palette' | 'threshold' | 'fade'>): Uint8ClampedArray<ArrayBuffer> {
  const { values, range: [low, high], threshold } = heat
  const count = heat.width * heat.height
  if (values.length !== count) throw new Error(`a map of ${heat.width} x ${heat.height} has ${values.length} values`)
  const table = paletteTable(heat.palette)
  const out = new Uint8ClampedArray(count * 4)
  const factor = high > low ? 255 / (high - low) : 0
  for (let i = 0; i < count; i++) {
    const value = values[i] as number
    if (!(value >= (threshold ?? -Infinity))) continue
    const level = Math.min(255, Math.max(0, Math.round((value - low) * factor)))
    out[4 * i] = table[3 * level] as number
    out[4 * i + 1] = table[3 * level + 1] as number
    out[4 * i + 2] = table[3 * level + 2] as number
    out[4 * i + 3] = heat.fade ? Math.min(255, 32 + level) : 255
  }
  return out
}
