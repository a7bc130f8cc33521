import { attempt, refuse, type DicomFault } from '../faults.ts'
import { DEFAULT_LIMITS, type DicomLimits } from '../limits.ts'
import { fileSource, memorySource, type ByteSource } from './byteSource.ts'
import type { DicomDataset } from './dataset.ts'
import { encapsulatedFrames, nativeFrames, type FrameSpans } from './frameTable.ts'
import { parseHeader } from './parseHeader.ts'
import { nativeFrameBytes, readPixelFormat, type PixelFormat } from './pixelFormat.ts'
import type { TransferSyntax } from './transferSyntax.ts'
import type { Result } from '#shared/lib/index.ts'

/** An opened image object: its header is read and checked, its frames are found but not decoded. */
export interface DicomImage {
  readonly dataset: DicomDataset
  readonly syntax: TransferSyntax
  readonly format: PixelFormat
  readonly warnings: readonly string[]
  /** VR of the pixel data element: in big-endian files OW samples of 8 bits lie swapped in pairs. */
  readonly pixelVr: string | null
  /** The encoded bytes of a frame, its fragments joined. */
  frameBytes(index: number): Buffer
  close(): void
}

function frameReader(source: ByteSource, frames: readonly FrameSpans[]): (index: number) => Buffer {
  return (index) => {
    const spans = frames[index]
    if (!spans) refuse('no_such_frame', `It has ${frames.length} frames; frame ${index + 1} is not one of them.`)
    const parts = spans.map((span) => source.read(span.offset, span.length))
    return parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts)
  }
}

function open(source: ByteSource, limits: DicomLimits): DicomImage {
  const header = parseHeader(source, limits)
  const { dataset, syntax, pixels } = header
  if (!pixels) refuse('no_pixel_data', whyNoPixels(dataset))
  const format = readPixelFormat(dataset, limits)
  if (syntax.encoding === 'native' && pixels.length === null) refuse('corrupt', 'Its pixel data is in fragments although its transfer syntax is uncompressed.')
  if (syntax.encoding !== 'native' && pixels.length !== null) refuse('corrupt', 'Its pixel data is not in fragments although its transfer syntax is compressed.')
  refuseBomb(format, syntax.encoding === 'native' ? null : header.source.size, limits)
  const table = syntax.encoding === 'native'
    ? nativeFrames(header.source, pixels, format.frames, nativeFrameBytes(format))
    : encapsulatedFrames(header.source, pixels, format.frames, header.extendedOffsets)
  return { dataset, syntax, format, warnings: table.warnings, pixelVr: pixels.vr, frameBytes: frameReader(header.source, table.frames), close: () => source.close() }
}

/** A few bytes can name more pixels than anybody has the time to decode: all frames together are bounded, and in large files what a compressed byte may stand for. */
function refuseBomb({ rows, columns, frames }: PixelFormat, compressedBytes: number | null, limits: DicomLimits): void {
  const pixels = rows * columns * frames
  if (pixels > limits.maxPixels) refuse('too_large', `Its ${frames} frames of ${columns} x ${rows} are more than any examination holds.`)
  if (compressedBytes !== null && pixels > 64 * 1024 * 1024 && pixels / compressedBytes > limits.maxPixelsPerByte) refuse('decompression_bomb', `Its ${compressedBytes} bytes claim to hold ${frames} frames of ${columns} x ${rows}.`)
}

function whyNoPixels(dataset: DicomDataset): string {
  const modality = dataset.text('00080060')
  if (dataset.has('00041220')) return 'It is a DICOMDIR (a table of contents), which holds no picture.'
  return modality ? `It holds no pixel data (modality ${modality.slice(0, 16)}).` : 'It holds no pixel data.'
}

function guarded(source: ByteSource, limits: DicomLimits): Result<DicomImage, DicomFault> {
  const opened = attempt(() => open(source, limits))
  if (!opened.ok) source.close()
  return opened
}

export const openDicomBytes = (bytes: Uint8Array, limits: DicomLimits = DEFAULT_LIMITS): Result<DicomImage, DicomFault> => guarded(memorySource(bytes), limits)

/** Opens a file for lazy reading; `close` it afterwards. */
export function openDicomFile(path: string, limits: DicomLimits = DEFAULT_LIMITS): Result<DicomImage, DicomFault> {
  const source = attempt(() => fileSource(path), 'unreadable')
  return source.ok ? guarded(source.value, limits) : source
}
