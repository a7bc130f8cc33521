import { encodeFrame, type Encoder } from './dicomCodecs.ts'
import { pattern, usFile, type UsOptions } from './dicomFiles.ts'

/** One file of our own writer, and the program whose decoding of it is recorded in `dicomReference.ts`. */
export interface DicomCase {
  readonly name: string
  readonly columns: number
  readonly rows: number
  readonly channels: 1 | 3
  /** Grey levels that may differ: 0, or 2 where the standard leaves the arithmetic of a decoder open. */
  readonly tolerance: 0 | 1 | 2
  readonly via: 'dcmtk' | 'dcmdjpls' | 'gdcm'
  readonly window: boolean
  readonly make: () => Promise<Buffer>
}

const size = { columns: 16, rows: 12 }
const grey = (): Uint8Array => pattern(size.columns, size.rows, 1)
const rgb = (): Uint8Array => pattern(size.columns, size.rows, 3)

const planes = (interleaved: Uint8Array): Uint8Array => {
  const count = interleaved.length / 3
  return Uint8Array.from({ length: interleaved.length }, (_, i) => interleaved[(i % count) * 3 + Math.floor(i / count)] as number)
}
const pairs422 = (ybr: Uint8Array): Uint8Array => Uint8Array.from({ length: (ybr.length / 3) * 2 }, (_, i) => {
  const pixel = Math.floor(i / 4) * 2
  const at = [pixel * 3, (pixel + 1) * 3, pixel * 3 + 1, pixel * 3 + 2][i % 4] as number
  return ybr[at] as number
})
const words = (values: readonly number[]): Uint8Array => {
  const out = new Uint8Array(values.length * 2)
  const view = new DataView(out.buffer)
  values.forEach((value, i) => view.setUint16(i * 2, value & 0xffff, true))
  return out
}
const swapped = (bytes: Uint8Array): Buffer => Buffer.from(bytes).swap16()
const deep = (): number[] => Array.from(grey(), (value, i) => value * 13 + (i % 13) - 200)

const table8 = (shift: number): Uint8Array => Uint8Array.from({ length: 256 }, (_, i) => (i * 7 + shift) % 256)
const table16 = (shift: number): Uint8Array => words(Array.from(table8(shift), (value) => value * 257))
const palette = (entries: 8 | 16): UsOptions['extra'] => Object.fromEntries(['00281101', '00281102', '00281103'].flatMap((tag, i) => [
  [tag, ['US', [256, 0, entries]] as const],
  [tag.replace('002811', '002812'), ['OW', entries === 8 ? table8(i * 40) : table16(i * 40)] as const],
]))

const SYNTAX: Record<Encoder, string> = {
  rle: '1.2.840.10008.1.2.5', jpegBaseline: '1.2.840.10008.1.2.4.50', jpegLossless: '1.2.840.10008.1.2.4.70', jpegLs: '1.2.840.10008.1.2.4.80',
  jpegLsNear: '1.2.840.10008.1.2.4.81', jpeg2000: '1.2.840.10008.1.2.4.90', jpeg2000Lossy: '1.2.840.10008.1.2.4.91', htj2k: '1.2.840.10008.1.2.4.202',
}

function plain(name: string, channels: 1 | 3, options: Omit<UsOptions, 'columns' | 'rows'>, more: Partial<DicomCase> = {}): DicomCase {
  return { name, ...size, channels, tolerance: 0, via: 'dcmtk', window: false, make: () => Promise.resolve(usFile({ ...size, ...options })), ...more }
}

function packed(name: string, encoder: Encoder, channels: 1 | 3, via: DicomCase['via'], options: Partial<UsOptions> = {}): DicomCase {
  const samples = options.samples ?? channels
  const make = async (): Promise<Buffer> => {
    const bits = options.bits ?? 8
    const data = bits === 16 ? words(deep().map((v) => v + 200)) : samples === 3 ? rgb() : grey()
    const encoded = await encodeFrame(encoder, data, { ...size, samples, bits, ...(options.stored ? { stored: options.stored } : {}) })
    return usFile({ ...size, samples, ...options, pixels: { frames: [[encoded]] }, pixelVr: 'OB', transferSyntax: SYNTAX[encoder] })
  }
  return { name, ...size, channels, tolerance: encoder === 'jpegBaseline' || encoder === 'jpeg2000Lossy' || encoder === 'jpegLsNear' ? 2 : 0, via, window: false, make }
}

const windowed = { '00281050': ['DS', 1200], '00281051': ['DS', 2000], '00281052': ['DS', -100], '00281053': ['DS', 1] } as const

export const CASES: readonly DicomCase[] = [
  plain('mono2-explicit', 1, { pixels: grey() }),
  plain('mono1-explicit', 1, { pixels: grey(), photometric: 'MONOCHROME1' }, { tolerance: 1 }), // dcmtk inverts through a table that rounds, here it is 255 - value
  plain('mono2-implicit', 1, { pixels: grey(), transferSyntax: '1.2.840.10008.1.2' }),
  plain('mono2-deflated', 1, { pixels: grey(), transferSyntax: '1.2.840.10008.1.2.1.99' }),
  plain('mono2-big-endian-ob', 1, { pixels: grey(), transferSyntax: '1.2.840.10008.1.2.2' }),
  plain('mono2-big-endian-ow', 1, { pixels: swapped(grey()), pixelVr: 'OW', transferSyntax: '1.2.840.10008.1.2.2' }),
  plain('mono2-undefined-lengths', 1, { pixels: grey(), undefinedLengths: true, extra: { '00081140': ['SQ', [{ '00081150': ['UI', '1.2.3'] }]] } }),
  plain('mono2-16-windowed', 1, { pixels: words(deep()), bits: 16, stored: 16, signed: 1, extra: windowed }, { window: true, tolerance: 2 }),
  plain('mono2-16-big-endian', 1, { pixels: swapped(words(deep())), bits: 16, signed: 1, extra: windowed, transferSyntax: '1.2.840.10008.1.2.2' }, { window: true, tolerance: 2 }),
  plain('rgb-explicit', 3, { pixels: rgb(), samples: 3 }),
  plain('rgb-planar', 3, { pixels: planes(rgb()), samples: 3, planar: 1 }),
  plain('ybr-full', 3, { pixels: rgb(), samples: 3, photometric: 'YBR_FULL' }, { tolerance: 2 }),
  plain('ybr-422', 3, { pixels: pairs422(rgb()), samples: 3, photometric: 'YBR_FULL_422' }, { tolerance: 2 }),
  plain('palette-8', 3, { pixels: grey(), photometric: 'PALETTE COLOR', extra: palette(8) ?? {} }),
  plain('palette-16', 3, { pixels: grey(), photometric: 'PALETTE COLOR', extra: palette(16) ?? {} }),
  packed('rle-mono2', 'rle', 1, 'dcmtk'),
  packed('rle-rgb', 'rle', 3, 'dcmtk'),
  packed('jpeg-baseline-mono2', 'jpegBaseline', 1, 'dcmtk'),
  packed('jpeg-baseline-ybr422', 'jpegBaseline', 3, 'dcmtk', { photometric: 'YBR_FULL_422' }),
  packed('jpeg-lossless-mono2', 'jpegLossless', 1, 'dcmtk'),
  packed('jpeg-lossless-rgb', 'jpegLossless', 3, 'dcmtk'),
  packed('jpegls-mono2', 'jpegLs', 1, 'dcmdjpls'),
  packed('jpegls-rgb', 'jpegLs', 3, 'dcmdjpls'),
  packed('jpegls-near-mono2', 'jpegLsNear', 1, 'dcmdjpls'),
  packed('j2k-mono2', 'jpeg2000', 1, 'gdcm'),
  packed('j2k-rct', 'jpeg2000', 3, 'gdcm', { photometric: 'YBR_RCT' }),
  packed('j2k-ict', 'jpeg2000Lossy', 3, 'gdcm', { photometric: 'YBR_ICT' }),
]
