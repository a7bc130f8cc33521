import { ok } from '#shared/lib/index.ts'
import { at, fail, type PatientId, type StatisticsResult } from '../core/index.ts'
import { describeAuc, type AucEstimate } from './aucEstimate.ts'
import { clusteredCovariance } from './clusteredCovariance.ts'
import { describeDifference, compareAucsPaired, type AucDifference } from './compareAucs.ts'
import { deLong } from './deLong.ts'

/**
 * What one row of an analysis is. By default a patient: then each patient may have one row only. Another unit (a lesion, an image) must be
 * declared
 * with the patient of every row, and gets the clustered variance.
 */
export type UnitOfAnalysis =
  | { readonly unit?: 'patient'; readonly patient?: ArrayLike<PatientId> }
  | { readonly unit: string; readonly patient: ArrayLike<PatientId> }

/** AUC with the variance that its unit of analysis needs: DeLong by patient, Obuchowski's for clustered rows. O(n log n). */
export function estimateAuc(
  outcome: ArrayLike<number>, score: ArrayLike<number>, by: UnitOfAnalysis & { readonly level?: number } = {},
): StatisticsResult<AucEstimate> {
  const unit = by.unit ?? 'patient'
  if (unit === 'patient') return deLong(outcome, score, by)
  if (by.patient === undefined) return fail('clustered_rows', `The unit of analysis is the ${unit}: the patient of each row is needed for the variance.`)
  const c = clusteredCovariance(outcome, [score], by.patient)
  if (!c.ok) return c
  const { aucs, covariance, positives, negatives, patients, method } = c.value
  return ok(describeAuc(aucs[0]!, at(covariance, 0, 0), method, { positives, negatives, unit, clusters: patients }, by.level))
}

/** Difference of two AUCs on the same rows with the variance that the unit of analysis needs. O(n log n). */
export function compareAucs(
  outcome: ArrayLike<number>, a: ArrayLike<number>, b: ArrayLike<number>, by: UnitOfAnalysis & { readonly level?: number } = {},
): StatisticsResult<AucDifference> {
  const unit = by.unit ?? 'patient'
  if (unit === 'patient') return compareAucsPaired(outcome, a, b, by)
  if (by.patient === undefined) return fail('clustered_rows', `The unit of analysis is the ${unit}: the patient of each row is needed for the variance.`)
  const c = clusteredCovariance(outcome, [a, b], by.patient)
  if (!c.ok) return c
  const { aucs, covariance, positives, negatives, patients, method } = c.value
  const variance = at(covariance, 0, 0) + at(covariance, 1, 1) - 2 * at(covariance, 0, 1)
  return ok(describeDifference(aucs[0]!, aucs[1]!, variance, `${method}, paired`, { positives, negatives, unit, clusters: patients }, by.level))
}
