import type { Result } from '#shared/lib/index.ts'
import { attempt, refuse, type DicomFault } from '../faults.ts'
import { DEFAULT_LIMITS, type DicomLimits } from '../limits.ts'
import { unpackBits } from '../write/bits.ts'
import { memorySource } from './byteSource.ts'
import type { DicomDataset } from './dataset.ts'
import { parseHeader } from './parseHeader.ts'

export interface ReadSegment { readonly number: number; readonly label: string; readonly algorithm: string | null }

/** A mask of one frame: `frame` counts from 0 and is that of the source picture; null where the file names none. */
export interface ReadSegmentFrame { readonly segment: number; readonly frame: number | null; readonly sourceInstance: string | null; readonly data: Uint8Array }

export interface ReadSegmentation {
  readonly sopInstanceUid: string | null
  readonly rows: number
  readonly columns: number
  readonly segments: readonly ReadSegment[]
  readonly frames: readonly ReadSegmentFrame[]
}

const count = (dataset: DicomDataset, tag: string, name: string): number => dataset.number(tag, 'US') || refuse('bad_dimensions', `Its header gives no number of ${name}.`)

function read(bytes: Uint8Array, limits: DicomLimits): ReadSegmentation {
  const { dataset, pixels, source, syntax } = parseHeader(memorySource(bytes), limits)
  if (dataset.text('00080060') !== 'SEG') refuse('unsupported_pixel_format', 'It is not a DICOM segmentation.')
  if (dataset.text('00620001') !== 'BINARY') refuse('unsupported_pixel_format', `It is a ${dataset.text('00620001') ?? 'nameless'} segmentation; binary ones are read.`)
  if (syntax.encoding !== 'native' || !pixels) refuse('unsupported_transfer_syntax', `Its masks are stored as ${syntax.name}; uncompressed ones are read.`)
  const rows = count(dataset, '00280010', 'rows'), columns = count(dataset, '00280011', 'columns')
  const frameCount = dataset.decimals('00280008')[0] ?? 1
  if (rows * columns > limits.maxFramePixels || !(frameCount >= 1) || frameCount > limits.maxFrames) refuse('too_large', 'It holds more pixels than any scanner makes.')
  if (dataset.number('00280100', 'US') !== 1) refuse('unsupported_pixel_format', 'It does not keep one bit a pixel.')
  const packed = source.read(pixels.offset, Math.ceil((rows * columns * frameCount) / 8))
  const groups = dataset.items('52009230')
  const shared = dataset.items('52009229')[0]
  const first = (group: DicomDataset | undefined, tag: string): DicomDataset | undefined => group?.items(tag)[0] ?? shared?.items(tag)[0]
  const frames = unpackBits(packed, rows * columns, frameCount).map((data, i): ReadSegmentFrame => {
    const from = first(groups[i], '00089124')?.items('00082112')[0]
    const sourceInstance = from?.text('00081155') ?? null
    const named = from?.decimals('00081160')[0]
    return { segment: first(groups[i], '0062000A')?.number('0062000B', 'US') ?? 1, frame: named !== undefined ? named - 1 : sourceInstance ? 0 : null, sourceInstance, data }
  })
  const segments = dataset.items('00620002').map((item, i) => ({ number: item.number('00620004', 'US') ?? i + 1, label: item.text('00620005') ?? '', algorithm: item.text('00620009') }))
  return { sopInstanceUid: dataset.text('00080018'), rows, columns, segments, frames }
}

/** Reads a binary DICOM Segmentation back to its masks. */
export const readSegmentation = (bytes: Uint8Array, limits: DicomLimits = DEFAULT_LIMITS): Result<ReadSegmentation, DicomFault> => attempt(() => read(bytes, limits))
