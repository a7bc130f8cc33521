import { ok, type Random } from '#shared/lib/index.ts'
import { fail, gatherClusters, type PatientId, type StatisticsResult } from '../core/index.ts'

/**
 * Folds of a cross-validation: all rows of a patient in one fold, the share of positive patients (with any positive row) equal to within one patient,
 * fold sizes in patients equal to within one. Seeded by the generator given.
 * @returns the fold (0..folds-1) of each row; `out_of_range` for fewer than 2 folds, `too_few` when a class has fewer patients than there are folds. O(n).
 */
export function groupedFolds(outcome: ArrayLike<number>, patients: ArrayLike<PatientId> | undefined, folds: number, random: Random): StatisticsResult<Uint32Array> {
  if (!(Number.isInteger(folds) && folds >= 2)) return fail('out_of_range', `A cross-validation needs 2 folds or more, not ${folds}.`)
  const clusters = gatherClusters(patients ?? Array.from({ length: outcome.length }, (_, i) => i))
  const positive = clusters.rows.map((rows) => rows.some((i) => outcome[i] === 1))
  const members = (wanted: boolean): number[] => positive.flatMap((p, k) => (p === wanted ? [k] : []))
  const [positives, negatives] = [members(true), members(false)]
  if (Math.min(positives.length, negatives.length) < folds) {
    return fail('too_few', `${folds} folds need ${folds} positive and ${folds} negative patients; there are ${positives.length} and ${negatives.length}: use fewer folds.`)
  }
  const dealt = [...random.shuffle(positives), ...random.shuffle(negatives)]
  const foldOf = new Uint32Array(clusters.count)
  dealt.forEach((patient, at) => { foldOf[patient] = at % folds })
  return ok(Uint32Array.from(clusters.of, (patient) => foldOf[patient]!))
}
