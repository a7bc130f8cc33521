/**
 * Perceptually uniform colour maps for heat overlays, readable with colour-vision deficiency and in grey.
 * Data: viridis by van der Walt and Smith (CC0), cividis by Nunez, Anderton and Renslow (2018), 33 anchors of each, linear between them
 * (at most 2/255 from the full table).
 */
const anchors = {
  viridis: '440154470d6048186a482374472d7b4537814240863e49893b528b375b8d33638d2f6b8e2c728e297a8e26828e23898e21908c1f978b1f9f8821a68527ad81'
    + '31b57b3ebc744dc26c5dc8636ece5882d34d95d840aadc32c0df25d5e21aeae51afde725',
  cividis: '00204d00265a002c6900306f05366e1f3c6d2d426c38486b414d6b4a536b52596c595f6d61646f686a716f70737676767c7b788481798b8779938e789b9477'
    + 'a39a76aca174b4a872bcaf6fc5b56ccebc68d7c463e0cb5ee9d358f2da50fbe248ffea46',
} as const

export type PaletteName = keyof typeof anchors
export const paletteNames = Object.keys(anchors) as PaletteName[]

const anchorAt = (hex: string, index: number, channel: number): number => {
  const at = index * 6 + channel * 2
  return parseInt(hex.slice(at, at + 2), 16)
}

const tables = new Map<PaletteName, Uint8Array>()

/** The palette as 256 x RGB bytes, lowest value first. Made once; not to be written to. */
export function paletteTable(name: PaletteName): Uint8Array {
  const known = tables.get(name)
  if (known) return known
  const hex = anchors[name]
  const last = hex.length / 6 - 1
  const table = new Uint8Array(256 * 3)
  for (let i = 0; i < 256; i++) {
    const position = (i / 255) * last
    const low = Math.min(Math.floor(position), last - 1)
    for (let c = 0; c < 3; c++) {
      const a = anchorAt(hex, low, c)
      table[i * 3 + c] = Math.round(a + (anchorAt(hex, low + 1, c) - a) * (position - low))
    }
  }
  tables.set(name, table)
  return table
}

/** CSS colour at `t` in 0..1 (clamped). */
export function paletteColour(name: PaletteName, t: number): string {
  const table = paletteTable(name)
  const i = Math.round(Math.min(1, Math.max(0, t)) * 255) * 3
  return `rgb(${table[i]},${table[i + 1]},${table[i + 2]})`
}

/** A CSS gradient of the palette, for scale bars. */
export function paletteGradient(name: PaletteName, direction = 'to right'): string {
  const stops = Array.from({ length: 9 }, (_, i) => paletteColour(name, i / 8))
  return `linear-gradient(${direction}, ${stops.join(', ')})`
}
