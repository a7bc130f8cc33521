import { ok } from '#shared/lib/index.ts'
import { fail, zeros, type StatisticsResult } from '../core/index.ts'
import { placements, type AucCovariance } from '../roc/index.ts'

/**
 * Covariance of AUCs by the jackknife over cases: (N - 1)^2 / N times the covariance of the leave-one-out AUCs, which follow from the
 * placement values
 * without ranking again. Source: Quenouille MH. Biometrika 1956;43:353-60; Hillis SL et al. Stat Med 2005;24:1579-607. O(k n log n + k^2
 * n).
 */
export function jackknifeCovariance(outcome: ArrayLike<number>, scores: readonly ArrayLike<number>[]): StatisticsResult<AucCovariance> {
  const placed = placements(outcome, scores)
  if (!placed.ok) return placed
  const { positives, negatives, aucs, ofPositives, ofNegatives } = placed.value
  const m = positives.length, n = negatives.length, size = m + n, k = aucs.length
  if (m < 2 || n < 2) return fail('too_few', `The jackknife needs two cases of each class: there are ${m} positive and ${n} negative.`)
  const left = aucs.map((area, c) => {
    const v = new Float64Array(size)
    for (let i = 0; i < m; i++) v[i] = (area - ofPositives[c]![i]!) / (m - 1)
    for (let j = 0; j < n; j++) v[m + j] = (area - ofNegatives[c]![j]!) / (n - 1)
    return v
  })
  const out = zeros(k, k)
  for (let a = 0; a < k; a++) {
    for (let b = 0; b <= a; b++) {
      let s = 0
      for (let i = 0; i < size; i++) s += left[a]![i]! * left[b]![i]!
      out.data[a * k + b] = out.data[b * k + a] = (size - 1) / size * s
    }
  }
  return ok({ aucs, covariance: out, positives: m, negatives: n, method: 'jackknife' })
}
