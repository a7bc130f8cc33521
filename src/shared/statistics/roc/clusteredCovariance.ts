import { ok } from '#shared/lib/index.ts'
import { fail, gatherClusters, zeros, type Clusters, type PatientId, type StatisticsResult } from '../core/index.ts'
import type { AucCovariance } from './deLongCovariance.ts'
import { placements, type Placements } from './placements.ts'

/** A covariance of AUCs for rows that are clustered in patients. */
export interface ClusteredAucCovariance extends AucCovariance {
  readonly patients: number
  /** Patients with at least one positive row, and with at least one negative row. */
  readonly patientsWithPositives: number
  readonly patientsWithNegatives: number
}

/**
 * Covariance of the AUCs of k scores on rows clustered in patients (several lesions or images a patient): placement values are summed by
 * patient before
 * their covariance is taken, with the cross term of patients that hold both classes. One row a patient gives DeLong's covariance.
 * Source: Obuchowski NA. Nonparametric analysis of clustered ROC curve data. Biometrics 1997;53:567-78. O(k n log n + k^2 n).
 */
export function clusteredCovariance(
  outcome: ArrayLike<number>, scores: readonly ArrayLike<number>[], patient: ArrayLike<PatientId>,
): StatisticsResult<ClusteredAucCovariance> {
  if (patient.length !== outcome.length) return fail('length_mismatch', `There are ${patient.length} patient ids for ${outcome.length} rows.`)
  const placed = placements(outcome, scores)
  if (!placed.ok) return placed
  const clusters = gatherClusters(patient)
  const { positives, negatives, aucs } = placed.value
  const withPositives = distinct(clusters, positives), withNegatives = distinct(clusters, negatives)
  if (withPositives < 2 || withNegatives < 2) {
    return fail('too_few', `The clustered variance needs two patients with positive and two with negative rows: there are ${withPositives} and ${withNegatives}.`)
  }
  const first = placed.value.ofPositives.map((v, i) => totals(clusters, positives, v, aucs[i]!))
  const second = placed.value.ofNegatives.map((v, i) => totals(clusters, negatives, v, aucs[i]!))
  return ok({
    aucs, covariance: combine(placed.value, first, second, { withPositives, withNegatives, all: clusters.count }),
    positives: positives.length, negatives: negatives.length, method: 'Obuchowski 1997, clustered by patient',
    patients: clusters.count, patientsWithPositives: withPositives, patientsWithNegatives: withNegatives,
  })
}

function combine(p: Placements, first: Float64Array[], second: Float64Array[], count: { withPositives: number; withNegatives: number; all: number }) {
  const m = p.positives.length, n = p.negatives.length, k = p.aucs.length
  const out = zeros(k, k)
  const f10 = count.withPositives / (count.withPositives - 1) / (m * m)
  const f01 = count.withNegatives / (count.withNegatives - 1) / (n * n)
  const f11 = count.all / (count.all - 1) / (m * n)
  for (let i = 0; i < k; i++) {
    for (let j = 0; j <= i; j++) {
      out.data[i * k + j] = out.data[j * k + i] = f10 * dot(first[i]!, first[j]!) + f01 * dot(second[i]!, second[j]!)
        + f11 * (dot(first[i]!, second[j]!) + dot(second[i]!, first[j]!))
    }
  }
  return out
}

/** Sums of (placement - AUC) by patient. */
function totals(clusters: Clusters, rows: Uint32Array, values: Float64Array, area: number): Float64Array {
  const out = new Float64Array(clusters.count)
  for (let i = 0; i < rows.length; i++) out[clusters.of[rows[i]!]!]! += values[i]! - area
  return out
}

function distinct(clusters: Clusters, rows: Uint32Array): number {
  return new Set(Array.from(rows, (r) => clusters.of[r]!)).size
}

function dot(a: Float64Array, b: Float64Array): number {
  let s = 0
  for (let i = 0; i < a.length; i++) s += a[i]! * b[i]!
  return s
}
