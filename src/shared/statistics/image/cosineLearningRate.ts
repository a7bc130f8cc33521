import { ok } from '#shared/lib/index.ts'
import { fail, type StatisticsResult } from '../core/index.ts'

/** A cosine annealing schedule from `highest` (epoch 0) to `lowest` (epoch `epochs`). */
export interface CosineSchedule {
  readonly highest: number
  readonly lowest: number
  readonly epochs: number
}

/**
 * Learning rate of epochs 0..T inclusive: lowest + (highest - lowest) / 2 (1 + cos(pi t / T)) (Loshchilov and Hutter, ICLR 2017, without restarts).
 * `out_of_range` unless T is a positive integer and both rates are finite. O(T).
 */
export function cosineLearningRate({ highest, lowest, epochs }: CosineSchedule): StatisticsResult<Float64Array> {
  if (!(Number.isInteger(epochs) && epochs > 0)) return fail('out_of_range', `A schedule of ${epochs} epochs is impossible: use a whole number above 0.`)
  if (!Number.isFinite(highest) || !Number.isFinite(lowest)) return fail('out_of_range', 'The learning rates must be finite numbers.')
  return ok(Float64Array.from({ length: epochs + 1 }, (_, t) => lowest + 0.5 * (highest - lowest) * (1 + Math.cos((Math.PI * t) / epochs))))
}
