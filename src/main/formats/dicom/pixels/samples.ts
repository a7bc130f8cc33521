import type { PixelFormat } from '../read/pixelFormat.ts'

export type Samples = Uint8Array | Uint16Array | Int16Array

/** Swaps the bytes of each 16-bit word, in a copy. */
export function swapWords(bytes: Uint8Array): Buffer {
  const out = Buffer.from(bytes)
  const even = out.length - (out.length % 2)
  out.subarray(0, even).swap16()
  return out
}

/**
 * Stored values from little-endian cells: the bits between high bit and bits stored, with their sign (PS3.5 section 8.1.1).
 * Overlay or junk bits outside them are dropped.
 */
export function toSamples(cells: Uint8Array, bytesPerCell: 1 | 2, format: Pick<PixelFormat, 'bitsStored' | 'highBit' | 'signed'>): Samples {
  const { bitsStored, highBit, signed } = format
  const bits = bytesPerCell * 8
  if (bitsStored === bits && !signed && bytesPerCell === 1) return cells
  const count = Math.floor(cells.length / bytesPerCell)
  const out = signed ? new Int16Array(count) : bytesPerCell === 1 ? new Uint8Array(count) : new Uint16Array(count)
  const lowBit = Math.max(0, highBit - bitsStored + 1)
  const left = 32 - bitsStored - lowBit
  const right = 32 - bitsStored
  for (let i = 0; i < count; i++) {
    const cell = bytesPerCell === 1 ? (cells[i] as number) : (cells[i * 2] as number) | ((cells[i * 2 + 1] as number) << 8)
    out[i] = signed ? (cell << left) >> right : (cell << left) >>> right
  }
  return out
}

/** RRR...GGG...BBB... to RGBRGB... */
export function interleave(planes: Uint8Array): Uint8Array {
  const count = planes.length / 3
  const out = new Uint8Array(planes.length)
  for (let i = 0; i < count; i++) {
    out[i * 3] = planes[i] as number
    out[i * 3 + 1] = planes[count + i] as number
    out[i * 3 + 2] = planes[2 * count + i] as number
  }
  return out
}

/** Y1 Y2 Cb Cr of each pair of pixels to Y Cb Cr of each pixel (PS3.3 C.7.6.3.1.2). */
export function expand422(packed: Uint8Array): Uint8Array {
  const pairs = Math.floor(packed.length / 4)
  const out = new Uint8Array(pairs * 6)
  for (let i = 0; i < pairs; i++) {
    const cb = packed[i * 4 + 2] as number, cr = packed[i * 4 + 3] as number
    out.set([packed[i * 4] as number, cb, cr, packed[i * 4 + 1] as number, cb, cr], i * 6)
  }
  return out
}
