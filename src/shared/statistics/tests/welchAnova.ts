import { ok } from '#shared/lib/index.ts'
import { fail, mean, sumOf, variance, type StatisticsResult } from '../core/index.ts'
import { fSf } from '../distributions/index.ts'

export interface WelchAnova {
  readonly f: number
  readonly df1: number
  readonly df2: number
  readonly p: number
}

/**
 * Welch's one-way analysis of variance (unequal variances) of two or more groups. Source: Welch, Biometrika 1951;38:330-6.
 * @returns `too_few` for fewer than 2 groups or 2 values in one, `not_finite`, `constant` when a group does not vary. O(n).
 */
export function welchAnova(groups: readonly ArrayLike<number>[]): StatisticsResult<WelchAnova> {
  const k = groups.length
  if (k < 2 || groups.some((g) => g.length < 2)) return fail('too_few', "Welch's analysis of variance needs at least 2 groups of 2 values.")
  if (groups.some((g) => !Array.from(g).every(Number.isFinite))) return fail('not_finite', 'A value is missing or infinite: leave such values out first.')
  const variances = groups.map(variance)
  if (variances.some((v) => v === 0)) return fail('constant', 'A group does not vary: its weight would be infinite.')
  const means = groups.map(mean), weights = groups.map((g, i) => g.length / variances[i]!)
  const total = sumOf(k, (i) => weights[i]!), grand = sumOf(k, (i) => weights[i]! * means[i]!) / total
  const spread = sumOf(k, (i) => (1 - weights[i]! / total) ** 2 / (groups[i]!.length - 1)) / (k * k - 1)
  const f = sumOf(k, (i) => weights[i]! * (means[i]! - grand) ** 2) / (k - 1) / (1 + 2 * (k - 2) * spread)
  const df1 = k - 1, df2 = 1 / (3 * spread)
  return ok({ f, df1, df2, p: fSf(f, df1, df2) })
}
