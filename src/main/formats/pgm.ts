import { err, ok, type Result } from '#shared/lib/index.ts'

/** A portable graymap or pixmap: row-major samples, 8 or 16 bits, the channels of a pixel together. */
export interface Graymap {
  readonly width: number
  readonly height: number
  readonly channels: 1 | 3
  /** The value of white. */
  readonly maximum: number
  readonly data: Uint8Array | Uint16Array
}

/** Reads a PGM or PPM file, binary (P5, P6) or text (P2, P3), with comments, up to 16 bits (netpbm's format; two-byte samples are big-endian). */
export function readPgm(bytes: Uint8Array): Result<Graymap, string> {
  const magic = String.fromCharCode(bytes[0] ?? 0, bytes[1] ?? 0)
  if (!['P2', 'P3', 'P5', 'P6'].includes(magic)) return err('The file is not a portable graymap or pixmap: it should start with P2, P3, P5 or P6.')
  const channels = magic === 'P3' || magic === 'P6' ? 3 : 1
  const header = readNumbers(bytes, 2, 3)
  const [width, height, maximum] = header.numbers
  if (width === undefined || height === undefined || maximum === undefined || width < 1 || height < 1 || maximum < 1 || maximum > 65535) {
    return err('The header of the graymap is damaged: it needs a width, a height and a maximum of at most 65535.')
  }
  const size = width * height * channels
  const data = maximum < 256 ? new Uint8Array(size) : new Uint16Array(size)
  if (magic === 'P2' || magic === 'P3') {
    const { numbers } = readNumbers(bytes, header.end, size)
    if (numbers.length < size) return err(`The graymap ends early: ${numbers.length} of ${size} samples.`)
    data.set(numbers)
    return ok({ width, height, channels, maximum, data })
  }
  // One white space ends the header; the samples follow at once.
  const start = header.end + 1, wide = maximum > 255
  const present = Math.floor((bytes.length - start) / (wide ? 2 : 1))
  if (present < size) return err(`The graymap ends early: ${Math.max(0, present)} of ${size} samples.`)
  if (wide) for (let i = 0; i < size; i++) data[i] = bytes[start + 2 * i]! * 256 + bytes[start + 2 * i + 1]!
  else data.set(bytes.subarray(start, start + size))
  return ok({ width, height, channels, maximum, data })
}

/** Decimal numbers from a place on, white space and # comments between them. `end` is the place after the last digit read. */
function readNumbers(bytes: Uint8Array, from: number, count: number): { numbers: number[]; end: number } {
  const numbers: number[] = []
  let at = from
  while (numbers.length < count && at < bytes.length) {
    const c = bytes[at]!
    if (c === 0x23) {
      while (at < bytes.length && bytes[at] !== 0x0a) at++
    } else if (c >= 0x30 && c <= 0x39) {
      let value = 0
      while (at < bytes.length && bytes[at]! >= 0x30 && bytes[at]! <= 0x39) value = value * 10 + bytes[at++]! - 0x30
      numbers.push(value)
    } else if (c <= 0x20) at++
    else break
  }
  return { numbers, end: at }
}
