import { ok } from '#shared/lib/index.ts'
import { eigenSymmetric, fail, multiply, multiplyVector, transpose, zeros, type Matrix, type StatisticsResult } from '../core/index.ts'
import { chiSquareSf } from '../distributions/index.ts'
import type { AucCovariance } from './deLongCovariance.ts'

/** A test that all AUCs of a family are equal. */
export interface Omnibus {
  readonly chiSquare: number
  readonly df: number
  readonly p: number
  readonly cases: number
  readonly method: string
}

/**
 * DeLong's omnibus test: are the AUCs of k scores on the same cases all equal? (L a)' (L S L')^- (L a) with successive contrasts L;
 * chi-square with
 * df = rank, k - 1 unless some scores rank all cases alike. A generalised inverse takes such duplicates out.
 * Source: DeLong 1988, equation 5. O(k^3).
 */
export function compareAucsOmnibus({ aucs, covariance, positives, negatives, method }: AucCovariance): StatisticsResult<Omnibus> {
  const k = aucs.length
  if (k < 2) return fail('too_few', 'An omnibus test needs at least two scores.')
  const contrasts = zeros(k - 1, k)
  for (let i = 0; i < k - 1; i++) {
    contrasts.data[i * k + i] = 1
    contrasts.data[i * k + i + 1] = -1
  }
  const differences = multiplyVector(contrasts, aucs)
  const { statistic, rank } = generalisedQuadratic(multiply(multiply(contrasts, covariance), transpose(contrasts)), differences)
  if (rank === 0) return fail('constant', 'The scores rank all cases alike: their AUCs do not differ and there is nothing to test.')
  return ok({ chiSquare: statistic, df: rank, p: chiSquareSf(statistic, rank), cases: positives + negatives, method: `${method}, omnibus` })
}

/** v' S^- v and the rank of S; eigenvalues below 1e-10 of the largest count as 0. */
function generalisedQuadratic(s: Matrix, v: Float64Array): { statistic: number; rank: number } {
  const { values, vectors } = eigenSymmetric(s)
  let statistic = 0, rank = 0
  for (let j = 0; j < values.length; j++) {
    if (!(values[j]! > 1e-10 * values[0]!) || values[j]! < 1e-15) continue
    let dot = 0
    for (let i = 0; i < v.length; i++) dot += vectors.data[i * vectors.cols + j]! * v[i]!
    statistic += dot * dot / values[j]!
    rank++
  }
  return { statistic, rank }
}
