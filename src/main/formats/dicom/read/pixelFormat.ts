import { refuse } from '../faults.ts'
import type { DicomLimits } from '../limits.ts'
import type { DicomDataset } from './dataset.ts'

export type Photometric =
  | 'MONOCHROME1' | 'MONOCHROME2' | 'PALETTE COLOR' | 'RGB' | 'YBR_FULL' | 'YBR_FULL_422' | 'YBR_ICT' | 'YBR_RCT'

/** The Image Pixel module of a file, checked: sizes are positive and within the limits, and the layout is one that can be decoded. */
export interface PixelFormat {
  readonly rows: number
  readonly columns: number
  readonly frames: number
  readonly samples: 1 | 3
  readonly photometric: Photometric
  readonly planar: boolean
  readonly bitsAllocated: 8 | 16
  readonly bitsStored: number
  readonly highBit: number
  readonly signed: boolean
}

const PHOTOMETRICS: readonly string[] = ['MONOCHROME1', 'MONOCHROME2', 'PALETTE COLOR', 'RGB', 'YBR_FULL', 'YBR_FULL_422', 'YBR_ICT', 'YBR_RCT']

function size(dataset: DicomDataset, tag: string, name: string): number {
  const value = dataset.number(tag, 'US')
  if (value === null) refuse('bad_dimensions', `Its header gives no number of ${name}.`)
  if (!(value > 0)) refuse('bad_dimensions', `Its header says ${value} ${name}.`)
  return value
}

function frameCount(dataset: DicomDataset, limits: DicomLimits): number {
  if (!dataset.text('00280008')) return 1
  const count = dataset.decimals('00280008')[0]
  if (count === undefined || !Number.isInteger(count) || count < 1) refuse('bad_dimensions', 'Its number of frames is not a positive whole number.')
  if (count > limits.maxFrames) refuse('too_large', `It says it has ${count} frames; at most ${limits.maxFrames} are taken.`)
  return count
}

export function readPixelFormat(dataset: DicomDataset, limits: DicomLimits): PixelFormat {
  const rows = size(dataset, '00280010', 'rows')
  const columns = size(dataset, '00280011', 'columns')
  if (rows * columns > limits.maxFramePixels) refuse('too_large', `Its frames are ${columns} x ${rows}, more than any scanner makes.`)
  const frames = frameCount(dataset, limits)
  const samples = dataset.number('00280002', 'US') ?? 1
  if (samples !== 1 && samples !== 3) refuse('unsupported_pixel_format', `It has ${samples} samples a pixel; 1 and 3 are read.`)
  const named = (dataset.text('00280004') ?? (samples === 1 ? 'MONOCHROME2' : 'RGB')).toUpperCase()
  if (!PHOTOMETRICS.includes(named)) refuse('unsupported_pixel_format', `Its photometric interpretation ${named.slice(0, 20)} is not one this program reads.`)
  const photometric = named as Photometric
  const oneSample = photometric === 'MONOCHROME1' || photometric === 'MONOCHROME2' || photometric === 'PALETTE COLOR'
  if (oneSample !== (samples === 1)) refuse('unsupported_pixel_format', `Its photometric interpretation ${photometric} does not go with ${samples} samples a pixel.`)
  const bitsAllocated = dataset.number('00280100', 'US') ?? 8
  if (bitsAllocated !== 8 && bitsAllocated !== 16) refuse('unsupported_pixel_format', `It allocates ${bitsAllocated} bits a sample; 8 and 16 are read.`)
  const bitsStored = dataset.number('00280101', 'US') ?? bitsAllocated
  const highBit = dataset.number('00280102', 'US') ?? bitsStored - 1
  if (bitsStored < 1 || bitsStored > bitsAllocated || highBit >= bitsAllocated || highBit < bitsStored - 1) {
    refuse('unsupported_pixel_format', `Its ${bitsStored} stored bits with high bit ${highBit} do not fit ${bitsAllocated} allocated bits.`)
  }
  if (samples === 3 && bitsAllocated !== 8) refuse('unsupported_pixel_format', 'It has colour samples of more than 8 bits.')
  return {
    rows, columns, frames, samples, photometric, bitsAllocated, bitsStored, highBit,
    planar: samples === 3 && dataset.number('00280006', 'US') === 1,
    signed: dataset.number('00280103', 'US') === 1,
  }
}

/** Bytes of one native frame; YBR_FULL_422 keeps two chrominance samples for two pixels. */
export function nativeFrameBytes(format: PixelFormat): number {
  const pixels = format.rows * format.columns
  if (format.photometric === 'YBR_FULL_422') {
    if (format.columns % 2 !== 0) refuse('unsupported_pixel_format', 'Its chrominance is halved across an odd number of columns.')
    return pixels * 2
  }
  return (pixels * format.samples * format.bitsAllocated) / 8
}
