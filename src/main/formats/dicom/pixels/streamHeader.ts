import { refuse } from '../faults.ts'

/** What a code stream says about itself, read before a codec allocates anything for it. */
export interface StreamHeader {
  readonly width: number
  readonly height: number
  readonly components: number
  readonly precision: number
  readonly signed: boolean
  /** JPEG only: the stream's own mark of its colours (Adobe or JFIF segment, or component ids 'R', 'G', 'B'). */
  readonly colours: 'rgb' | 'ycbcr' | 'unmarked'
}

const startsOfFrame = new Set([0xc0, 0xc1, 0xc2, 0xc3, 0xc5, 0xc6, 0xc7, 0xc9, 0xca, 0xcb, 0xcd, 0xce, 0xcf, 0xf7])

const short = (bytes: Buffer, at: number): number => (at + 2 <= bytes.length ? bytes.readUInt16BE(at) : refuse('decode_failed', 'A compressed frame ends inside its header.'))

/** Reads a JPEG or JPEG-LS stream up to its start of frame (ITU-T T.81 B.2.2, T.87 C.2.2). */
export function jpegHeader(bytes: Buffer): StreamHeader {
  if (short(bytes, 0) !== 0xffd8) refuse('decode_failed', 'A frame does not begin as a JPEG stream does.')
  let colours: StreamHeader['colours'] = 'unmarked'
  for (let at = 2; ;) {
    while (bytes[at] === 0xff && bytes[at + 1] === 0xff) at++
    const marker = short(bytes, at)
    if (marker >> 8 !== 0xff || marker === 0xffda) refuse('decode_failed', 'A JPEG stream holds no frame header.')
    const code = marker & 0xff
    const length = short(bytes, at + 2)
    if (length < 2) refuse('decode_failed', 'A JPEG segment has no length.')
    if (code === 0xe0 && bytes.toString('latin1', at + 4, at + 8) === 'JFIF') colours = 'ycbcr'
    if (code === 0xee && length >= 14 && bytes.toString('latin1', at + 4, at + 9) === 'Adobe') colours = bytes[at + 15] === 0 ? 'rgb' : 'ycbcr'
    if (startsOfFrame.has(code)) {
      if (at + 10 > bytes.length) refuse('decode_failed', 'A compressed frame ends inside its header.')
      const components = bytes[at + 9] ?? 0
      const ids = Array.from({ length: components }, (_, i) => bytes[at + 10 + i * 3])
      if (components === 3 && ids.join() === '82,71,66') colours = 'rgb'
      return { precision: bytes[at + 4] ?? 0, height: short(bytes, at + 5), width: short(bytes, at + 7), components, signed: false, colours }
    }
    at += 2 + length
  }
}

/** Reads the SIZ segment of a JPEG 2000 stream, bare or in a JP2 file (ITU-T T.800 A.5.1). */
export function jpeg2000Header(bytes: Buffer): StreamHeader {
  const start = bytes.readUInt32BE(0) === 0xff4fff51 ? 0 : bytes.subarray(0, 4096).indexOf(Buffer.from([0xff, 0x4f, 0xff, 0x51]))
  if (start < 0 || start + 54 > bytes.length) refuse('decode_failed', 'A frame does not begin as a JPEG 2000 stream does.')
  const at = start + 4
  const [x1, y1, x0, y0, tileWidth, tileHeight] = [4, 8, 12, 16, 20, 24].map((o) => bytes.readUInt32BE(at + o)) as [number, number, number, number, number, number]
  const components = bytes.readUInt16BE(at + 36)
  const depth = bytes[at + 38] ?? 0
  const width = x1 - x0, height = y1 - y0
  if (!(width > 0 && height > 0 && tileWidth > 0 && tileHeight > 0)) refuse('decode_failed', 'A JPEG 2000 stream gives no size.')
  // Every tile costs the codec state of its own: a stream of 1 x 1 tiles is an attack, not a picture.
  if (Math.ceil(x1 / tileWidth) * Math.ceil(y1 / tileHeight) > 65_535) refuse('decode_failed', 'A JPEG 2000 stream is cut into more tiles than the standard allows.')
  for (let i = 0; i < Math.min(components, 4); i++) {
    // Depth, and the steps between samples across and down: parts of different sizes are no ultrasound, and broken ones keep a codec busy for ever.
    const [d, dx, dy] = bytes.subarray(at + 38 + i * 3, at + 41 + i * 3)
    if (d !== depth || dx !== 1 || dy !== 1) refuse('decode_failed', 'The components of a JPEG 2000 stream differ in size or depth.')
  }
  return { width, height, components, precision: (depth & 0x7f) + 1, signed: depth > 127, colours: 'unmarked' }
}
