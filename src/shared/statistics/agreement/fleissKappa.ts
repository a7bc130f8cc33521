import { ok } from '#shared/lib/index.ts'
import { fail, sumOf, type StatisticsResult } from '../core/index.ts'
import { normalTwoSided } from '../distributions/index.ts'

/** Agreement on one category against all others. */
export interface FleissCategory<T> {
  readonly level: T
  /** Share of all ratings. */
  readonly proportion: number
  /** null for a category that is never or always used. */
  readonly kappa: number | null
  readonly seNull: number
  readonly z: number | null
  readonly p: number | null
}

export interface FleissKappa<T> {
  readonly subjects: number
  readonly raters: number
  /** null when all ratings are one category (0/0). */
  readonly kappa: number | null
  readonly observedAgreement: number
  readonly expectedAgreement: number
  readonly seNull: number | null
  readonly z: number | null
  readonly p: number | null
  readonly categories: readonly FleissCategory<T>[]
}

const finite = (x: number): number | null => (Number.isFinite(x) ? x : null)
const twoSided = (z: number | null): number | null => (z === null ? null : normalTwoSided(z))

/**
 * Fleiss' kappa of the same number of raters a subject, overall and per category, with standard errors under kappa = 0.
 * Sources: Fleiss, Psychol Bull 1971;76:378-82; corrected standard errors of Fleiss, Nee and Landis, Psychol Bull 1979;86:974-7.
 * @param ratings one row a subject with one category a rater, complete
 * @returns `too_few` (1 subject, 2 raters, 2 levels are the least), `length_mismatch`, `unknown_level`. O(subjects x raters).
 */
export function fleissKappa<T>(ratings: readonly (readonly T[])[], levels: readonly T[]): StatisticsResult<FleissKappa<T>> {
  const n = ratings.length, m = ratings[0]?.length ?? 0
  if (n < 1 || m < 2 || levels.length < 2) return fail('too_few', `Fleiss' kappa needs a subject, 2 raters and 2 categories; there are ${n}, ${m} and ${levels.length}.`)
  const counted = countCategories(ratings, levels, m)
  if (!counted.ok) return counted
  const counts = counted.value
  const squares = (j: number): number => sumOf(n, (i) => counts[i]![j]! ** 2)
  const share = levels.map((_, j) => sumOf(n, (i) => counts[i]![j]!) / (n * m))
  const observed = sumOf(n, (i) => (counts[i]!.reduce((s, c) => s + c * c, 0) - m) / (m * (m - 1))) / n
  const expected = sumOf(share.length, (j) => share[j]! ** 2)
  const spread = sumOf(share.length, (j) => share[j]! * (1 - share[j]!))
  const skew = sumOf(share.length, (j) => share[j]! * (1 - share[j]!) * (1 - 2 * share[j]!))
  const pairs = n * m * (m - 1)
  const kappa = finite((observed - expected) / (1 - expected))
  const seNull = finite(Math.sqrt((2 / (spread ** 2 * pairs)) * (spread ** 2 - skew)))
  const z = kappa === null || seNull === null ? null : finite(kappa / seNull)
  const seCategory = Math.sqrt(2 / pairs)
  const categories = levels.map((level, j): FleissCategory<T> => {
    const p = share[j]!
    const own = finite(((squares(j) - n * m * p) / (pairs * p) - p) / (1 - p))
    const zj = own === null ? null : own / seCategory
    return { level, proportion: p, kappa: own, seNull: seCategory, z: zj, p: twoSided(zj) }
  })
  return ok({ subjects: n, raters: m, kappa, observedAgreement: observed, expectedAgreement: expected, seNull, z, p: twoSided(z), categories })
}

function countCategories<T>(ratings: readonly (readonly T[])[], levels: readonly T[], m: number): StatisticsResult<number[][]> {
  const index = new Map(levels.map((l, j) => [l, j]))
  const counts: number[][] = []
  for (const [i, row] of ratings.entries()) {
    if (row.length !== m) return fail('length_mismatch', `Subject ${i + 1} has ${row.length} ratings, the first has ${m}: Fleiss' kappa needs equal numbers.`)
    const own = levels.map(() => 0)
    for (const value of row) {
      const j = index.get(value)
      if (j === undefined) return fail('unknown_level', `The category "${String(value)}" (subject ${i + 1}) is not among the declared levels: ${levels.join(', ')}.`, String(value))
      own[j]!++
    }
    counts.push(own)
  }
  return ok(counts)
}
