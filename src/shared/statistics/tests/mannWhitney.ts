import { ok } from '#shared/lib/index.ts'
import { fail, ranks, sumOf, tieSizes, type StatisticsResult } from '../core/index.ts'
import { normalTwoSided } from '../distributions/index.ts'

/** U statistics and normal-approximation p values of two independent samples. */
export interface MannWhitney {
  /** Pairs with first > second plus half the tied pairs (R's W). */
  readonly u: number
  /** The same of the second sample: n1 n2 - u. */
  readonly uSecond: number
  readonly n: readonly [number, number]
  readonly ties: boolean
  /** P(first > second) + P(equal) / 2 = u / (n1 n2), the AUC. */
  readonly probability: number
  /** Without and with continuity correction, variance corrected for ties; null when all values are equal. */
  readonly normal: { readonly z: number; readonly p: number } | null
  readonly normalCorrected: { readonly z: number; readonly p: number } | null
}

/**
 * Mann-Whitney (Wilcoxon rank-sum) test by the normal approximation; exact p values: `mannWhitneyExact`.
 * Sources: Mann and Whitney, Ann Math Stat 1947;18:50-60; tie-corrected variance: Lehmann, Nonparametrics (1975), section 1.4. Infinities are allowed.
 * @returns `too_few` when a sample is empty, `missing_values` for NaN. O(n log n).
 */
export function mannWhitney(first: ArrayLike<number>, second: ArrayLike<number>): StatisticsResult<MannWhitney> {
  const checked = checkSamples(first, second)
  if (!checked.ok) return checked
  const m = first.length, n = second.length, total = m + n
  const pooled = pool(first, second)
  const rank = ranks(pooled)
  const u = sumOf(m, (i) => rank[i]!) - (m * (m + 1)) / 2
  const sizes = tieSizes(pooled)
  const variance = ((m * n) / 12) * (total + 1 - sumOf(sizes.length, (i) => sizes[i]! ** 3 - sizes[i]!) / (total * (total - 1)))
  const distance = u - (m * n) / 2
  const test = (shift: number): MannWhitney['normal'] => {
    if (!(variance > 0)) return null
    const z = (distance - Math.sign(distance) * shift) / Math.sqrt(variance)
    return { z, p: Math.min(1, normalTwoSided(z)) }
  }
  return ok({
    u, uSecond: m * n - u, n: [m, n], ties: sizes.length < total, probability: u / (m * n),
    normal: test(0), normalCorrected: test(0.5),
  })
}

export function pool(first: ArrayLike<number>, second: ArrayLike<number>): Float64Array {
  const out = new Float64Array(first.length + second.length)
  out.set(first)
  out.set(second, first.length)
  return out
}

export function checkSamples(first: ArrayLike<number>, second: ArrayLike<number>): StatisticsResult<true> {
  if (first.length === 0 || second.length === 0) return fail('too_few', `A comparison of two groups needs values in both; there are ${first.length} and ${second.length}.`)
  for (const [name, values] of [['first', first], ['second', second]] as const) {
    for (let i = 0; i < values.length; i++) {
      if (Number.isNaN(values[i])) return fail('missing_values', `Value ${i + 1} of the ${name} group is missing: leave out missing values first, and count them.`)
    }
  }
  return ok(true)
}
