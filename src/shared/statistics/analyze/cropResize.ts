import { ok } from '#shared/lib/index.ts'
import { fail, sum } from '../core/index.ts'
import { boundingBox, crop, minMax, nearestIndexMap, resizeNearest, type NearestRule, type Raster } from '../image/index.ts'
import type { AnalysisAdapter, Output } from './adapter.ts'
import { maskOf } from './masks.ts'
import { numberList, optionalNumber } from './request.ts'

/** `crop_resize`: the smallest rectangle around `mask` (plus `margin`), cut from `image` and resized to `out` [height, width] by both index rules. */
export const cropResizeAdapter: AnalysisAdapter = ({ spec, image, sha256 }) => {
  const source = image(spec.image), mask = maskOf(image(spec.mask))
  const [height, width] = numberList(spec, 'out')
  if (!isSize(height) || !isSize(width)) return fail('bad_task', 'The field "out" must hold the output height and width in pixels.')
  if (source.width !== mask.width || source.height !== mask.height) return fail('length_mismatch', 'The image and its mask differ in size.')
  const box = boundingBox(mask, optionalNumber(spec, 'margin') ?? 0)
  if (!box) return ok({ bbox: null, note: 'empty mask: no crop is defined' })
  const cropped = crop(source, box), scaled = minMax(cropped)
  const byRule = (rule: NearestRule): Output => {
    const resized = resizeNearest(cropped, width, height, rule), resizedScaled = resizeNearest(scaled.image, width, height, rule)
    return {
      row_map: nearestIndexMap(cropped.height, height, rule), col_map: nearestIndexMap(cropped.width, width, rule),
      sha256_uint8_row_major: sha256(Uint8Array.from(resized.data)), sum: sum(Uint8Array.from(resized.data)),
      first_row_first_32: pixels(resized, 0, 32), diag_every_16: diagonal(resized, 16),
      minmax_crop_then_resize: {
        min: scaled.min, max: scaled.max, sum: sum(resizedScaled.data), diag_every_16: diagonal(resizedScaled, 16),
        sha256_float32_le_row_major: sha256(float32LittleEndian(resizedScaled.data)),
      },
    }
  }
  return ok({
    bbox_row0_col0_row1_col1_inclusive: [box.top, box.left, box.bottom, box.right], crop_shape: shape(cropped), out: [height, width],
    floor: byRule('floor'), half_pixel: byRule('half_pixel'),
  })
}

const isSize = (x: number | undefined): x is number => x !== undefined && Number.isInteger(x) && x > 0
const shape = ({ height, width, channels }: Raster): number[] => (channels === 1 ? [height, width] : [height, width, channels])

/** One pixel: a number, or the list of its channels. */
function pixel({ width, channels, data }: Raster, row: number, column: number): Output {
  const at = (row * width + column) * channels
  return channels === 1 ? data[at]! : Array.from({ length: channels }, (_, k) => data[at + k]!)
}

function pixels(image: Raster, row: number, count: number): Output {
  return Array.from({ length: Math.min(count, image.width) }, (_, c) => pixel(image, row, c))
}

/** Every `step`-th pixel of the main diagonal. */
export function diagonal(image: Raster, step: number): Output {
  const count = Math.ceil(Math.min(image.height, image.width) / step)
  return Array.from({ length: count }, (_, i) => pixel(image, i * step, i * step))
}

function float32LittleEndian(values: ArrayLike<number>): Uint8Array {
  const view = new DataView(new ArrayBuffer(values.length * 4))
  for (let i = 0; i < values.length; i++) view.setFloat32(i * 4, values[i]!, true)
  return new Uint8Array(view.buffer)
}
