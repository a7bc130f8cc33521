import { ok } from '#shared/lib/index.ts'
import { checkIndependent, fail, type PatientId, type StatisticsResult } from '../core/index.ts'
import { aucOfGroups } from './auc.ts'
import { describeAuc, patientCounts, type AucEstimate } from './aucEstimate.ts'
import { scoreGroups, type ScoreGroups } from './scoreGroups.ts'

export interface AucOptions {
  /** Coverage of the intervals; 0.95 unless given. */
  readonly level?: number
  /** The patient of each row. Repeats are refused here: see `clusteredAuc`. */
  readonly patient?: ArrayLike<PatientId>
}

/**
 * AUC with DeLong's variance, intervals and test against 0.5; one row a patient.
 * Source: DeLong ER, DeLong DM, Clarke-Pearson DL. Biometrics 1988;44:837-45, by ranks after Sun X, Xu W. IEEE Signal Process Lett
 * 2014;21:1389-93.
 * O(n log n) in the sort, O(distinct values) after it.
 * @returns the errors of `scoreGroups`, `clustered_rows`, or `too_few` with fewer than two cases of a class
 */
export function deLong(outcome: ArrayLike<number>, score: ArrayLike<number>, options: AucOptions = {}): StatisticsResult<AucEstimate> {
  const independent = checkIndependent(options.patient, outcome.length)
  if (!independent.ok) return independent
  const groups = scoreGroups(outcome, score)
  if (!groups.ok) return groups
  const { positives, negatives } = groups.value
  if (positives < 2 || negatives < 2) {
    return fail('too_few', `DeLong's variance needs two cases of each class: there are ${positives} positive and ${negatives} negative.`)
  }
  return ok(describeAuc(aucOfGroups(groups.value), deLongVariance(groups.value), 'DeLong', patientCounts(groups.value), options.level))
}

/** DeLong's variance of one AUC from grouped scores: the variances of the two kinds of placement values over their class sizes. */
export function deLongVariance(g: ScoreGroups): number {
  const { positives: m, negatives: n } = g
  // Twice the placement values times the size of the other class: whole numbers, with exact means.
  const positivePlaces = new Float64Array(g.values.length), negativePlaces = new Float64Array(g.values.length)
  let below = 0, above = m
  let doubled = 0
  for (let k = 0; k < g.values.length; k++) {
    const p = g.positivesAt[k]!, q = g.negativesAt[k]!
    above -= p
    positivePlaces[k] = 2 * below + q
    negativePlaces[k] = 2 * above + p
    doubled += p * positivePlaces[k]!
    below += q
  }
  const s10 = weightedSquares(positivePlaces, g.positivesAt, doubled / m) / (m - 1) / (4 * n * n)
  const s01 = weightedSquares(negativePlaces, g.negativesAt, doubled / n) / (n - 1) / (4 * m * m)
  return s10 / m + s01 / n
}

function weightedSquares(values: Float64Array, weights: Float64Array, centre: number): number {
  let s = 0
  for (let k = 0; k < values.length; k++) {
    const d = values[k]! - centre
    s += weights[k]! * d * d
  }
  return s
}
