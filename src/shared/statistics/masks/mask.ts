import { ok } from '#shared/lib/index.ts'
import { fail, type StatisticsResult } from '../core/index.ts'

/** A binary mask, row-major, one byte a pixel; any value above 0 is foreground. */
export interface MaskPixels {
  readonly width: number
  readonly height: number
  readonly data: Uint8Array
}

/** Distance between the centres of neighbouring pixels, down a column (`row`) and along a row (`column`), and the unit that distances then have. */
export interface PixelSpacing {
  readonly row: number
  readonly column: number
  readonly unit: 'mm' | 'px'
}

/** Distances counted in pixels: what is used where an image carries no physical spacing. */
export const pixelUnits: PixelSpacing = { row: 1, column: 1, unit: 'px' }

/** Fails with `length_mismatch` unless both masks lie on the same grid. */
export function checkSameGrid(a: MaskPixels, b: MaskPixels): StatisticsResult<true> {
  for (const m of [a, b]) {
    if (m.data.length !== m.width * m.height) throw new Error(`a mask of ${m.width} x ${m.height} has ${m.data.length} pixels`)
  }
  if (a.width === b.width && a.height === b.height) return ok(true)
  return fail('length_mismatch', `The masks cover different grids (${a.width} x ${a.height} and ${b.width} x ${b.height} pixels): `
    + 'compare masks of the same image at the same size.')
}

/** Fails with `out_of_range` unless both distances are positive and finite. */
export function checkSpacing({ row, column }: PixelSpacing): StatisticsResult<true> {
  if (row > 0 && column > 0 && Number.isFinite(row) && Number.isFinite(column)) return ok(true)
  return fail('out_of_range', `A pixel spacing of ${row} x ${column} is impossible: both must be positive.`)
}
