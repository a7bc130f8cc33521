import { DicomError, refuse } from '../faults.ts'
import type { DicomImage } from '../read/openDicom.ts'
import type { PixelFormat } from '../read/pixelFormat.ts'
import { decodeWithCodec, type CodecName } from './codecs.ts'
import { expand422, interleave, swapWords, toSamples, type Samples } from './samples.ts'
import { jpeg2000Header, jpegHeader, type StreamHeader } from './streamHeader.ts'

/** A decoded frame as stored, before any palette, window or colour conversion; colour samples are interleaved, chrominance is at full width. */
export interface StoredFrame {
  readonly rows: number
  readonly columns: number
  readonly samples: 1 | 3
  readonly photometric: 'MONOCHROME1' | 'MONOCHROME2' | 'PALETTE COLOR' | 'RGB' | 'YBR_FULL'
  readonly data: Samples
  readonly warnings: readonly string[]
}

function nativeFrame(image: DicomImage, index: number): StoredFrame {
  const { format, syntax, pixelVr } = image
  let bytes: Uint8Array = image.frameBytes(index)
  if (syntax.bigEndian && (format.bitsAllocated === 16 || pixelVr === 'OW')) bytes = swapWords(bytes)
  const { rows, columns, samples } = format
  if (format.photometric === 'YBR_FULL_422') return { rows, columns, samples, photometric: 'YBR_FULL', data: expand422(bytes), warnings: [] }
  const cells = format.planar ? interleave(bytes) : bytes
  // Wavelet colours need their codec; in uncompressed data the name is a leftover of a decoder that did convert.
  const photometric = format.photometric === 'YBR_RCT' || format.photometric === 'YBR_ICT' ? 'RGB' : format.photometric
  return { rows, columns, samples, photometric, data: toSamples(cells, format.bitsAllocated === 16 ? 2 : 1, format), warnings: [] }
}

function checkStream(header: StreamHeader, format: PixelFormat, index: number): void {
  const says = `${header.width} x ${header.height}`
  if (header.width !== format.columns || header.height !== format.rows) {
    refuse('bad_dimensions', `Frame ${index + 1} is compressed as ${says} where the header says ${format.columns} x ${format.rows}.`)
  }
  if (header.components !== format.samples) refuse('bad_dimensions', `Frame ${index + 1} is compressed with ${header.components} components where the header says ${format.samples}.`)
  if (header.precision > format.bitsAllocated) refuse('bad_dimensions', `Frame ${index + 1} is compressed with ${header.precision} bits a sample where ${format.bitsAllocated} are allocated.`)
}

/** JPEG and JPEG 2000 streams end in FFD9 (padding may follow); a codec fills what is missing before it with grey and says nothing. */
function endWarning(bytes: Buffer, index: number): string[] {
  const complete = bytes.subarray(Math.max(0, bytes.length - 16)).includes(Buffer.from([0xff, 0xd9]))
  return complete ? [] : [`The compressed stream of frame ${index + 1} has no end mark; its lower part may be missing.`]
}

type Decoded = Pick<StoredFrame, 'photometric' | 'warnings'>

function jpegColours(header: StreamHeader, format: PixelFormat): Decoded {
  if (format.samples === 1) return { photometric: format.photometric as StoredFrame['photometric'], warnings: [] }
  if (header.colours === 'rgb') return { photometric: 'RGB', warnings: [] }
  if (format.photometric !== 'RGB') return { photometric: 'YBR_FULL', warnings: [] }
  if (header.colours === 'ycbcr') return { photometric: 'YBR_FULL', warnings: ['Its colours are named RGB, but its JPEG stream is marked as luminance and chrominance and is shown so.'] }
  return { photometric: 'RGB', warnings: [] }
}

function coloursAfter(codec: CodecName, header: StreamHeader | null, format: PixelFormat): Decoded {
  if (codec === 'jpeg' && header) return jpegColours(header, format)
  const named = format.photometric
  if (named === 'YBR_RCT' || named === 'YBR_ICT') return { photometric: 'RGB', warnings: [] }
  const warnings = header && codec !== 'jpegls' && header.signed !== format.signed
    ? ['The sign of its samples differs between its header and its compressed frames; the header is followed.'] : []
  return { photometric: named === 'YBR_FULL_422' ? 'YBR_FULL' : named, warnings }
}

async function compressedFrame(image: DicomImage, index: number, codec: CodecName): Promise<StoredFrame> {
  const { format } = image
  const { rows, columns, samples } = format
  const bytes = image.frameBytes(index)
  const header = codec === 'rle' ? null : codec === 'jpeg' || codec === 'jpegls' ? jpegHeader(bytes) : jpeg2000Header(bytes)
  if (header) checkStream(header, format, index)
  const out = await decodeWithCodec(codec, bytes, {
    width: columns, height: rows, bitsAllocated: format.bitsAllocated, bitsStored: format.bitsStored, samples, signed: format.signed, planar: format.planar,
    photometric: format.photometric,
  }).catch((error: unknown) => {
    throw new DicomError('decode_failed', `Frame ${index + 1} cannot be decompressed${error instanceof Error ? ` (${error.message.slice(0, 120)})` : ''}.`)
  })
  const perCell = out.data.length / (rows * columns * samples)
  if (out.width !== columns || out.height !== rows || (perCell !== 1 && perCell !== 2)) refuse('decode_failed', `Frame ${index + 1} decompresses to the wrong size.`)
  const cells = out.planar && samples === 3 ? interleave(out.data) : out.data
  const data = toSamples(cells, perCell, { bitsStored: Math.min(format.bitsStored, perCell * 8), highBit: codec === 'rle' ? format.highBit : format.bitsStored - 1, signed: format.signed })
  const colours = coloursAfter(codec, header, format)
  return { rows, columns, samples, data, photometric: colours.photometric, warnings: [...colours.warnings, ...(header ? endWarning(bytes, index) : [])] }
}

/** Decodes one frame to its stored values. Throws DicomError. */
export async function decodeStored(image: DicomImage, index: number): Promise<StoredFrame> {
  const { encoding } = image.syntax
  return encoding === 'native' ? nativeFrame(image, index) : compressedFrame(image, index, encoding)
}
