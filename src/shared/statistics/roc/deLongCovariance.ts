import { ok } from '#shared/lib/index.ts'
import { checkIndependent, fail, zeros, type Matrix, type PatientId, type StatisticsResult } from '../core/index.ts'
import { placements, type Placements } from './placements.ts'

/** AUCs of several scores on the same cases with the covariance of their errors. */
export interface AucCovariance {
  readonly aucs: readonly number[]
  /** k x k, in the order of the scores. */
  readonly covariance: Matrix
  readonly positives: number
  readonly negatives: number
  readonly method: string
}

/**
 * Covariance of the AUCs of k scores read on the same cases (DeLong 1988). Positive semi-definite. O(k n log n + k^2 n).
 * @param patient the patient of each row, repeats refused
 */
export function deLongCovariance(
  outcome: ArrayLike<number>, scores: readonly ArrayLike<number>[], patient?: ArrayLike<PatientId>,
): StatisticsResult<AucCovariance> {
  const independent = checkIndependent(patient, outcome.length)
  if (!independent.ok) return independent
  const placed = placements(outcome, scores)
  if (!placed.ok) return placed
  const { positives, negatives, aucs } = placed.value
  if (positives.length < 2 || negatives.length < 2) {
    return fail('too_few', `DeLong's covariance needs two cases of each class: there are ${positives.length} positive and ${negatives.length} negative.`)
  }
  return ok({ aucs, covariance: covarianceOfPlacements(placed.value), positives: positives.length, negatives: negatives.length, method: 'DeLong' })
}

export function covarianceOfPlacements(p: Placements): Matrix {
  const k = p.aucs.length
  const out = zeros(k, k)
  const first = p.ofPositives.map((v, i) => centred(v, p.aucs[i]!)), second = p.ofNegatives.map((v, i) => centred(v, p.aucs[i]!))
  for (let i = 0; i < k; i++) {
    for (let j = 0; j <= i; j++) out.data[i * k + j] = out.data[j * k + i] = meanProduct(first[i]!, first[j]!) + meanProduct(second[i]!, second[j]!)
  }
  return out
}

/** Deviations from the mean; the mean of either kind of placement value is the AUC. */
function centred(values: Float64Array, mean: number): Float64Array {
  return values.map((v) => v - mean)
}

/** Sample covariance over the number of values: the variance of a mean. */
function meanProduct(a: Float64Array, b: Float64Array): number {
  let s = 0
  for (let i = 0; i < a.length; i++) s += a[i]! * b[i]!
  return s / (a.length - 1) / a.length
}
