import { ok } from '#shared/lib/index.ts'
import { fail, mean, sumOf, type StatisticsResult } from '../core/index.ts'

/** Mean squares of a subjects x raters table. `within` pools raters and residual (one-way analysis). */
export interface IccMeanSquares {
  readonly subjects: number
  readonly raters: number
  readonly residual: number
  readonly within: number
}

/** Two-way analysis of variance without replication, each sum of squares summed directly (no cancellation). O(n k). Errors as `icc`. */
export function iccMeanSquares(ratings: readonly ArrayLike<number>[]): StatisticsResult<IccMeanSquares> {
  const n = ratings.length, k = ratings[0]?.length ?? 0
  if (n < 2 || k < 2) return fail('too_few', `Agreement needs at least 2 subjects and 2 raters; there are ${n} complete subjects and ${k} raters.`)
  const broken = ratings.findIndex((row) => row.length !== k)
  if (broken >= 0) return fail('length_mismatch', `Subject ${broken + 1} has ${ratings[broken]!.length} ratings, the first has ${k}: leave out incomplete subjects.`)
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < k; j++) if (!Number.isFinite(ratings[i]![j])) return fail('not_finite', `Subject ${i + 1} has a rating that is not a finite number.`)
  }
  const value = (i: number, j: number): number => ratings[i]![j]!
  const ofSubject = ratings.map((row) => mean(row))
  const ofRater = Array.from({ length: k }, (_, j) => sumOf(n, (i) => value(i, j)) / n)
  const grand = mean(ofSubject)
  // A deviation of a few units in the last place is rounding of an exact 0: left in, it would pass for a residual variance and F for 1e30.
  const rounding = 4 * Number.EPSILON * Math.max(...ratings.map((row) => Math.max(...Array.from(row, Math.abs))))
  const all = (f: (i: number, j: number) => number): number => sumOf(n * k, (at) => {
    const deviation = f(Math.floor(at / k), at % k)
    return Math.abs(deviation) > rounding ? deviation ** 2 : 0
  })
  return ok({
    subjects: (k * sumOf(n, (i) => (ofSubject[i]! - grand) ** 2)) / (n - 1),
    raters: (n * sumOf(k, (j) => (ofRater[j]! - grand) ** 2)) / (k - 1),
    residual: all((i, j) => value(i, j) - ofSubject[i]! - ofRater[j]! + grand) / ((n - 1) * (k - 1)),
    within: all((i, j) => value(i, j) - ofSubject[i]!) / (n * (k - 1)),
  })
}
