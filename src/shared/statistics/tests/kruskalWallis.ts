import { ok } from '#shared/lib/index.ts'
import { fail, ranks, sumOf, tieSizes, type StatisticsResult } from '../core/index.ts'
import { chiSquareSf } from '../distributions/index.ts'

export interface KruskalWallis {
  readonly h: number
  readonly df: number
  readonly p: number
}

/**
 * Kruskal-Wallis rank test of two or more independent groups, corrected for ties, by its chi-square approximation.
 * Source: Kruskal and Wallis, JASA 1952;47:583-621.
 * @returns `too_few` for fewer than 2 groups or an empty group, `missing_values`, `constant`. O(n log n).
 */
export function kruskalWallis(groups: readonly ArrayLike<number>[]): StatisticsResult<KruskalWallis> {
  if (groups.length < 2 || groups.some((g) => g.length === 0)) return fail('too_few', 'A comparison of groups needs at least 2 groups, none of them empty.')
  const pooled = Float64Array.from(groups.flatMap((g) => Array.from(g)))
  if (pooled.some(Number.isNaN)) return fail('missing_values', 'A value is missing: leave out missing values first, and count them.')
  const n = pooled.length, rank = ranks(pooled), sizes = tieSizes(pooled)
  if (sizes.length === 1) return fail('constant', 'All values are equal: the groups cannot be compared.')
  let start = 0
  const between = groups.reduce((s, g) => {
    const from = start
    start += g.length
    return s + sumOf(g.length, (i) => rank[from + i]!) ** 2 / g.length
  }, 0)
  const ties = 1 - sumOf(sizes.length, (i) => sizes[i]! ** 3 - sizes[i]!) / (n ** 3 - n)
  const h = ((12 * between) / (n * (n + 1)) - 3 * (n + 1)) / ties, df = groups.length - 1
  return ok({ h, df, p: chiSquareSf(Math.max(0, h), df) })
}
