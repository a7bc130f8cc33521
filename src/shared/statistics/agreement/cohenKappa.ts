import { ok } from '#shared/lib/index.ts'
import { defaultLevel, fail, sumOf, type Interval, type StatisticsResult } from '../core/index.ts'
import { normalQuantile, normalTwoSided } from '../distributions/index.ts'
import type { CountTable } from './crossTable.ts'

/** Variances are differences of terms around 1: what is left below this is rounding of an exact 0 (a rater who never varies). */
const rounding = 1e-14

/** How much a disagreement counts: all alike, by the distance of the ordered categories, or by its square. */
export type KappaWeights = 'unweighted' | 'linear' | 'quadratic'

export interface CohenKappa {
  readonly weights: KappaWeights
  readonly n: number
  /** null when chance agreement is 1 (both raters always gave the same one category): 0/0, and nothing below is defined. */
  readonly kappa: number | null
  readonly observedAgreement: number
  readonly expectedAgreement: number
  /** Standard error for the interval (not assuming kappa = 0). */
  readonly se: number | null
  readonly interval: Interval | null
  /** Standard error under kappa = 0, for the test; z and p are null where it is 0. */
  readonly seNull: number | null
  readonly z: number | null
  readonly p: number | null
}

/**
 * Cohen's kappa of two raters, weighted over the full list of ordered categories (also unused ones, so that spacing does not depend on the sample).
 * Sources: Cohen, Educ Psychol Meas 1960;20:37-46 and Psychol Bull 1968;70:213-20; variances of Fleiss, Cohen and Everitt, Psychol Bull 1969;72:323-7.
 * @param table square counts, see `crossTable`; at least 2 categories and 1 pair, else `too_few`; `out_of_range` for a table that is not square. O(K^2).
 */
export function cohenKappa(table: CountTable, weights: KappaWeights = 'unweighted', level = defaultLevel): StatisticsResult<CohenKappa> {
  const size = table.length
  if (table.some((row) => row.length !== size)) return fail('out_of_range', 'Kappa needs a square table: the same categories for both raters.')
  const n = table.reduce((s, row) => s + row.reduce((a, b) => a + b, 0), 0)
  if (size < 2 || n < 1) return fail('too_few', `Kappa needs at least 2 categories and 1 rated pair; there are ${size} and ${n}.`)
  const p = (i: number, j: number): number => table[i]![j]! / n
  const w = (i: number, j: number): number => agreementWeight(Math.abs(i - j), size, weights)
  const row = table.map((_, i) => sumOf(size, (j) => p(i, j))), col = table.map((_, j) => sumOf(size, (i) => p(i, j)))
  const rowWeight = table.map((_, i) => sumOf(size, (j) => w(i, j) * col[j]!)), colWeight = table.map((_, j) => sumOf(size, (i) => w(i, j) * row[i]!))
  const over = (f: (i: number, j: number) => number): number => sumOf(size * size, (at) => f(Math.floor(at / size), at % size))
  const po = over((i, j) => w(i, j) * p(i, j)), pe = over((i, j) => w(i, j) * row[i]! * col[j]!)
  const common = { weights, n, observedAgreement: po, expectedAgreement: pe }
  const kappa = (po - pe) / (1 - pe)
  if (!Number.isFinite(kappa)) return ok({ ...common, kappa: null, se: null, interval: null, seNull: null, z: null, p: null })
  const margin = (i: number, j: number): number => rowWeight[i]! + colWeight[j]!
  const scale = n * (1 - pe) ** 2
  const spread = over((i, j) => p(i, j) * (w(i, j) - margin(i, j) * (1 - kappa)) ** 2) - (kappa - pe * (1 - kappa)) ** 2
  const spreadNull = over((i, j) => row[i]! * col[j]! * (w(i, j) - margin(i, j)) ** 2) - pe ** 2
  const error = (variance: number): number => (variance > rounding ? Math.sqrt(variance / scale) : 0)
  const se = error(spread), seNull = error(spreadNull)
  const half = normalQuantile(1 - (1 - level) / 2) * se
  const z = seNull > 0 ? kappa / seNull : null
  return ok({
    ...common, kappa, se, seNull, z, p: z === null ? null : normalTwoSided(z),
    interval: { lower: kappa - half, upper: kappa + half, level, method: 'Wald, Fleiss-Cohen-Everitt standard error' },
  })
}

function agreementWeight(distance: number, size: number, weights: KappaWeights): number {
  if (weights === 'unweighted') return distance === 0 ? 1 : 0
  const d = distance / (size - 1)
  return weights === 'linear' ? 1 - d : 1 - d * d
}
