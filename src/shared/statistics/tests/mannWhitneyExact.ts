import { ok } from '#shared/lib/index.ts'
import { fail, ranks, tieSizes, type StatisticsResult } from '../core/index.ts'
import { checkSamples, pool } from './mannWhitney.ts'
import { rankSumDistribution } from './rankSumDistribution.ts'
import { uDistribution } from './uDistribution.ts'

/** An exact two-sided p value and how it was made. */
export interface ExactRankSum {
  readonly p: number
  readonly method: 'exact distribution of U' | 'exact permutation of midranks'
}

/** Beyond this many steps the exact distribution takes longer than a user waits; the normal approximation is then as good. */
const mostSteps = 2e9

/**
 * Exact two-sided Mann-Whitney p value. Without ties: twice the smaller tail of U (at most 1), as R's wilcox.test.
 * With ties: the permutation distribution of the sum of midranks, P(|T - E T| >= |t - E T|), as exactRankTests::wilcox.exact.
 * Sources: Mann and Whitney 1947 (recursion as a product of Gaussian polynomials); Streitberg and Roehmel, Biom J 1987;29:365-81 (shift algorithm).
 * @returns `too_few`, `missing_values`, or `too_large`. O(n1^2 n2) without ties, O(n^2 n1 n) additions with ties.
 */
export function mannWhitneyExact(first: ArrayLike<number>, second: ArrayLike<number>): StatisticsResult<ExactRankSum> {
  const checked = checkSamples(first, second)
  if (!checked.ok) return checked
  const m = first.length, n = second.length
  const pooled = pool(first, second)
  const rank = ranks(pooled)
  const ties = tieSizes(pooled).length < m + n
  const steps = ties ? (m + n) * m * m * (m + n) : m * m * n
  if (steps > mostSteps || !(binomialMagnitude(m, n) < 300)) {
    return fail('too_large', `An exact rank-sum test of ${m} and ${n} values is too large: use the normal approximation.`)
  }
  let rankSum = 0
  for (let i = 0; i < m; i++) rankSum += rank[i]!
  if (!ties) return ok({ p: twoSidedU(rankSum - (m * (m + 1)) / 2, m, n), method: 'exact distribution of U' })
  return ok({ p: twoSidedPermutation(rank, m, rankSum), method: 'exact permutation of midranks' })
}

/** Twice the tail of U on the side of the observed value. */
function twoSidedU(u: number, m: number, n: number): number {
  const counts = uDistribution(m, n)
  const lower = Math.min(u, m * n - u)
  let tail = 0, total = 0
  counts.forEach((c, i) => {
    total += c
    if (i <= lower) tail += c
  })
  return Math.min(1, (2 * tail) / total)
}

/** Share of all choices of m midranks whose sum lies at least as far from its mean. Doubled midranks are integers. */
function twoSidedPermutation(rank: Float64Array, m: number, rankSum: number): number {
  const scores = Array.from(rank, (r) => Math.round(2 * r))
  const counts = rankSumDistribution(scores, m)
  const center = m * (rank.length + 1)
  const observed = Math.abs(2 * rankSum - center)
  let extreme = 0, total = 0
  counts.forEach((c, s) => {
    total += c
    if (Math.abs(s - center) >= observed) extreme += c
  })
  return Math.min(1, extreme / total)
}

/** log10 of the number of choices, which must fit a double. */
function binomialMagnitude(m: number, n: number): number {
  let log = 0
  for (let i = 1; i <= Math.min(m, n); i++) log += Math.log10((Math.max(m, n) + i) / i)
  return log
}
