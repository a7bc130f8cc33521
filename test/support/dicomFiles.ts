import { encodePart10 } from '#main/formats/dicom/write/encode.ts'
import type { Elements, Value, Vr } from '#main/formats/dicom/write/elements.ts'

/** A wavy test picture with edges, so that lossy codecs have something to lose; `channels` interleaved samples. */
export function pattern(columns: number, rows: number, channels: 1 | 3, frame = 0): Uint8Array {
  const out = new Uint8Array(columns * rows * channels)
  for (let y = 0; y < rows; y++) for (let x = 0; x < columns; x++) for (let c = 0; c < channels; c++) {
    const wave = 120 + 90 * Math.sin((x + frame * 3) / (3 + c)) * Math.cos(y / (4 - c))
    out[(y * columns + x) * channels + c] = Math.round(x > columns / 2 && y > rows / 2 ? 255 - wave : wave)
  }
  return out
}

export interface UsOptions {
  readonly columns?: number
  readonly rows?: number
  readonly frames?: number
  readonly samples?: 1 | 3
  readonly photometric?: string
  readonly planar?: 0 | 1
  readonly bits?: 8 | 16
  readonly stored?: number
  readonly signed?: 0 | 1
  readonly pixels: Value
  readonly pixelVr?: Vr
  readonly transferSyntax?: string
  readonly undefinedLengths?: boolean
  readonly extra?: Elements
}

/** An ultrasound object (multi-frame where it has more than one frame) of a person who does not exist. */
export function usElements(options: UsOptions): Elements {
  const { columns = 16, rows = 16, frames = 1, samples = 1, bits = 8 } = options
  const stored = options.stored ?? bits
  return {
    '00080005': ['CS', 'ISO_IR 192'],
    '00080016': ['UI', frames > 1 ? '1.2.840.10008.5.1.4.1.1.3.1' : '1.2.840.10008.5.1.4.1.1.6.1'],
    '00080018': ['UI', '1.2.826.0.1.3680043.2.1125.1.1'],
    '00080020': ['DA', '20210304'], '00080060': ['CS', 'US'], '00080070': ['LO', 'Testmaker'], '00081090': ['LO', 'Model 5'],
    '00100010': ['PN', 'Planted^Nora'], '00100020': ['LO', 'PLANTED-ID-77'],
    '0020000D': ['UI', '1.2.826.0.1.3680043.2.1125.1'], '0020000E': ['UI', '1.2.826.0.1.3680043.2.1125.1.9'], '00200013': ['IS', 1],
    '00280002': ['US', samples], '00280004': ['CS', options.photometric ?? (samples === 3 ? 'RGB' : 'MONOCHROME2')],
    ...(samples === 3 ? { '00280006': ['US', options.planar ?? 0] as const } : {}),
    ...(frames > 1 ? { '00280008': ['IS', frames] as const } : {}),
    '00280010': ['US', rows], '00280011': ['US', columns], '00280100': ['US', bits], '00280101': ['US', stored], '00280102': ['US', stored - 1],
    '00280103': ['US', options.signed ?? 0],
    '7FE00010': [options.pixelVr ?? (bits === 16 ? 'OW' : 'OB'), options.pixels],
    ...options.extra,
  }
}

export function usFile(options: UsOptions): Buffer {
  return encodePart10(usElements(options), {
    ...(options.transferSyntax ? { transferSyntax: options.transferSyntax } : {}),
    ...(options.undefinedLengths ? { undefinedLengths: true } : {}),
  })
}

export interface RegionOptions {
  readonly box: readonly [number, number, number, number]
  readonly delta: readonly [number, number]
  readonly units?: readonly [number, number]
  readonly format?: number
}

export const region = ({ box, delta, units = [3, 3], format = 1 }: RegionOptions): Elements => ({
  '00186012': ['US', format], '00186014': ['US', 1], '00186016': ['UL', 0],
  '00186018': ['UL', box[0]], '0018601A': ['UL', box[1]], '0018601C': ['UL', box[2]], '0018601E': ['UL', box[3]],
  '00186024': ['US', units[0]], '00186026': ['US', units[1]], '0018602C': ['FD', delta[0]], '0018602E': ['FD', delta[1]],
})
