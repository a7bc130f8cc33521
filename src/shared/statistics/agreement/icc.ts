import { ok } from '#shared/lib/index.ts'
import { defaultLevel, fail, type Interval, type StatisticsResult } from '../core/index.ts'
import { fQuantile, fSf } from '../distributions/index.ts'
import { iccMeanSquares, type IccMeanSquares } from './iccMeanSquares.ts'

/** Shrout and Fleiss' names: the first number is the model, the second what is rated (one rating or the mean of k). */
export type IccForm = 'ICC(1,1)' | 'ICC(2,1)' | 'ICC(3,1)' | 'ICC(1,k)' | 'ICC(2,k)' | 'ICC(3,k)'

/** One coefficient with everything a report must state beside it. */
export interface IccEstimate {
  readonly form: IccForm
  /** McGraw and Wong's name: A absolute agreement, C consistency. */
  readonly mcGrawWong: 'ICC(1)' | 'ICC(A,1)' | 'ICC(C,1)' | 'ICC(k)' | 'ICC(A,k)' | 'ICC(C,k)'
  readonly model: 'one-way random' | 'two-way random' | 'two-way mixed'
  readonly agreement: 'absolute' | 'consistency'
  readonly unit: 'single rating' | 'mean of k ratings'
  readonly estimate: number
  /** Test of ICC = 0. */
  readonly f: number
  readonly df1: number
  readonly df2: number
  readonly p: number
  /** null where F is infinite (no residual variance): a perfect agreement has no width to speak of. */
  readonly interval: Interval | null
}

/** All six forms on the same ratings. */
export interface IccResult {
  readonly subjects: number
  readonly raters: number
  readonly meanSquares: IccMeanSquares
  /** Satterthwaite degrees of freedom of the interval of ICC(2,1) and ICC(2,k); NaN where nothing but the subjects varies (no interval then). */
  readonly satterthwaiteDf: number
  readonly forms: Readonly<Record<IccForm, IccEstimate>>
}

type Bounds = readonly [number, number]

/**
 * Intraclass correlation, six forms with F intervals. Which form to report follows from the design, not from the values:
 * state the form, the model and the unit.
 * Sources: Shrout and Fleiss, Psychol Bull 1979;86:420-8; McGraw and Wong, Psychol Methods 1996;1:30-46 (with its correction).
 * @param ratings one row a subject, one value a rater, complete; at least 2 x 2
 * @returns `too_few`, `length_mismatch`, `not_finite`, or `constant` when all ratings are equal (0/0). O(subjects x raters).
 */
export function icc(ratings: readonly ArrayLike<number>[], level = defaultLevel): StatisticsResult<IccResult> {
  const ms = iccMeanSquares(ratings)
  if (!ms.ok) return ms
  const { subjects: b, raters: c, residual: e, within: w } = ms.value
  if (b === 0 && c === 0 && e === 0) return fail('constant', 'All ratings are equal: the intraclass correlation is 0/0.')
  const n = ratings.length, k = ratings[0]!.length
  const upper = 1 - (1 - level) / 2
  const df1 = n - 1, dfWithin = n * (k - 1), dfResidual = (n - 1) * (k - 1)
  const oneWay = fBounds(b / w, df1, dfWithin, upper), twoWay = fBounds(b / e, df1, dfResidual, upper)
  const agreement = (b - e) / (b + (k - 1) * e + (k * (c - e)) / n)
  const absolute = absoluteBounds(ms.value, n, k, agreement, upper)
  const single = (f: Bounds): Bounds => [(f[0] - 1) / (f[0] + k - 1), (f[1] - 1) / (f[1] + k - 1)]
  const average = (f: Bounds): Bounds => [1 - 1 / f[0], 1 - 1 / f[1]]
  const spearmanBrown = (x: number): number => (k * x) / (1 + (k - 1) * x)
  const estimate = (form: IccForm, value: number, [lower, higher]: Bounds): IccEstimate => {
    const f = form.startsWith('ICC(1') ? b / w : b / e, df2 = form.startsWith('ICC(1') ? dfWithin : dfResidual
    const defined = !Number.isNaN(lower) && !Number.isNaN(higher)
    return {
      form, ...description[form], estimate: value, f, df1, df2, p: f === Infinity ? 0 : fSf(f, df1, df2),
      interval: defined ? { lower, upper: higher, level, method: 'F (Shrout and Fleiss; McGraw and Wong)' } : null,
    }
  }
  return ok({
    subjects: n, raters: k, meanSquares: ms.value, satterthwaiteDf: absolute.df,
    forms: {
      'ICC(1,1)': estimate('ICC(1,1)', (b - w) / (b + (k - 1) * w), single(oneWay)),
      'ICC(2,1)': estimate('ICC(2,1)', agreement, absolute.bounds),
      'ICC(3,1)': estimate('ICC(3,1)', (b - e) / (b + (k - 1) * e), single(twoWay)),
      'ICC(1,k)': estimate('ICC(1,k)', (b - w) / b, average(oneWay)),
      'ICC(2,k)': estimate('ICC(2,k)', (b - e) / (b + (c - e) / n), [spearmanBrown(absolute.bounds[0]), spearmanBrown(absolute.bounds[1])]),
      'ICC(3,k)': estimate('ICC(3,k)', (b - e) / b, average(twoWay)),
    },
  })
}

const description: Readonly<Record<IccForm, Pick<IccEstimate, 'mcGrawWong' | 'model' | 'agreement' | 'unit'>>> = {
  'ICC(1,1)': { mcGrawWong: 'ICC(1)', model: 'one-way random', agreement: 'absolute', unit: 'single rating' },
  'ICC(2,1)': { mcGrawWong: 'ICC(A,1)', model: 'two-way random', agreement: 'absolute', unit: 'single rating' },
  'ICC(3,1)': { mcGrawWong: 'ICC(C,1)', model: 'two-way mixed', agreement: 'consistency', unit: 'single rating' },
  'ICC(1,k)': { mcGrawWong: 'ICC(k)', model: 'one-way random', agreement: 'absolute', unit: 'mean of k ratings' },
  'ICC(2,k)': { mcGrawWong: 'ICC(A,k)', model: 'two-way random', agreement: 'absolute', unit: 'mean of k ratings' },
  'ICC(3,k)': { mcGrawWong: 'ICC(C,k)', model: 'two-way mixed', agreement: 'consistency', unit: 'mean of k ratings' },
}

function fBounds(f: number, df1: number, df2: number, upper: number): Bounds {
  return [f / fQuantile(upper, df1, df2), f * fQuantile(upper, df2, df1)]
}

/** Interval of ICC(2,1): McGraw and Wong's table 7, case 2, with Satterthwaite's df. k enters the df once (a known slip elsewhere uses it twice). */
function absoluteBounds({ subjects: b, raters: c, residual: e }: IccMeanSquares, n: number, k: number, rho: number, upper: number): { bounds: Bounds; df: number } {
  const p = (k * rho) / (n * (1 - rho)), q = 1 + (k * rho * (n - 1)) / (n * (1 - rho))
  const df = (p * c + q * e) ** 2 / ((p * c) ** 2 / (k - 1) + (q * e) ** 2 / ((n - 1) * (k - 1)))
  if (!(df > 0)) return { bounds: [NaN, NaN], df }
  const lower = fQuantile(upper, n - 1, df), higher = fQuantile(upper, df, n - 1)
  const noise = k * c + (k * n - k - n) * e
  return { bounds: [(n * (b - lower * e)) / (lower * noise + n * b), (n * (higher * b - e)) / (noise + n * higher * b)], df }
}
