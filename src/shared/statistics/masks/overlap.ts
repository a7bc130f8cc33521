import { ok } from '#shared/lib/index.ts'
import type { StatisticsResult } from '../core/index.ts'
import { checkSameGrid, type MaskPixels } from './mask.ts'

/** Pixels by what the prediction and the reference say of them. */
export interface OverlapCounts {
  readonly tp: number
  readonly fp: number
  readonly fn: number
  readonly tn: number
}

/** Counts pixels that are foreground in both masks, in one, in none. `length_mismatch` for masks on different grids. O(pixels). */
export function overlapCounts(prediction: MaskPixels, reference: MaskPixels): StatisticsResult<OverlapCounts> {
  const same = checkSameGrid(prediction, reference)
  if (!same.ok) return same
  const p = prediction.data, r = reference.data
  let tp = 0, fp = 0, fn = 0
  for (let i = 0; i < p.length; i++) {
    const a = p[i]! > 0, b = r[i]! > 0
    if (a && b) tp++
    else if (a) fp++
    else if (b) fn++
  }
  return ok({ tp, fp, fn, tn: p.length - tp - fp - fn })
}
