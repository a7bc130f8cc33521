import { generateCine } from '#shared/phantom/index.ts'
import { region, usFile } from './dicomFiles.ts'

/** A synthetic sweep through a lesion as a DICOM cine: a strip of white "text" above the region, calibration and frame time in the header. */
export function phantomCineFile(seed: number, frames: number, who: { readonly name?: string; readonly id?: string } = {}): Buffer {
  const images = generateCine(seed, frames)
  const first = images[0]
  if (first === undefined) throw new Error('a cine has frames')
  const { width, height } = first
  const strip = 24
  const pixels = images.map((image) => {
    const out = new Uint8Array(width * (height + strip))
    for (let y = 6; y < 18; y++) for (let x = 8; x < Math.min(width, 160); x += 3) out[y * width + x] = 255
    for (let i = 0; i < width * height; i++) out[width * strip + i] = image.pixels[i * image.channels] as number
    return out
  })
  const cm = first.mmPerPx.x / 10
  return usFile({
    columns: width, rows: height + strip, frames, pixels: Buffer.concat(pixels),
    extra: {
      '00080018': ['UI', `1.2.826.0.1.3680043.2.1125.70.${seed}`], '0020000D': ['UI', `1.2.826.0.1.3680043.2.1125.71.${seed}`], '00181063': ['DS', 50], '00100010': ['PN', who.name ?? 'Sweep^Cine'], '00100020': ['LO', who.id ?? `SWEEP-${seed}`],
      '00186011': ['SQ', [region({ box: [0, strip, width - 1, height + strip - 1], delta: [cm, cm] })]],
    },
  })
}
