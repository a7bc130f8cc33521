import { ok } from '#shared/lib/index.ts'
import { fail, type RowUse, type StatisticsResult } from '../core/index.ts'
import { chiSquareSf } from '../distributions/index.ts'
import { checkProbabilities } from './probabilities.ts'
import { quantileCuts, rightClosedBin } from './bins.ts'

/** A group of the test. Expected counts are sums of probabilities. */
export interface HosmerLemeshowGroup {
  readonly lower: number
  readonly upper: number
  readonly n: number
  readonly observed: number
  readonly expected: number
}

/** The test with everything it rests on. */
export interface HosmerLemeshow {
  readonly method: string
  readonly rows: RowUse
  readonly requestedGroups: number
  readonly groups: readonly HosmerLemeshowGroup[]
  /** Tied cut points that were merged, and intervals without a row that were left out. */
  readonly mergedCutPoints: number
  readonly emptyIntervals: number
  /** NaN when a group expects 0 events or 0 non-events. */
  readonly chiSquare: number
  /** G - 2 on fitting rows, G on rows not used in fitting. */
  readonly df: number
  /** NaN where the test is undefined; `undefinedBecause` says why. */
  readonly p: number
  readonly undefinedBecause?: string
}

/**
 * Hosmer-Lemeshow test over groups between type 7 quantiles of the probability, right-closed. A small p speaks against the calibration; a
 * large one
 * does not prove it: show the groups, slope and intercept beside it.
 * Source: Hosmer and Lemeshow, Applied Logistic Regression (2nd ed.), section 5.2.2; df for rows not used in fitting, section 5.3.
 * @param groups asked for, at least 2
 * @returns `constant` when all probabilities are equal; a result whose p is NaN for fewer than three groups or a group that expects nothing
 */
export function hosmerLemeshow(
  outcome: ArrayLike<number>, probability: ArrayLike<number>, groups: number, rows: RowUse,
): StatisticsResult<HosmerLemeshow> {
  const checked = checkProbabilities(outcome, probability)
  if (!checked.ok) return checked
  if (!Number.isInteger(groups) || groups < 2) return fail('out_of_range', `The test needs at least two groups, not ${groups}.`)
  const { cuts, merged } = quantileCuts(probability, groups)
  if (cuts.length < 2) return fail('constant', 'All predictions are equal: there are no groups to compare.')
  const all = groupRows(outcome, probability, cuts)
  const filled = all.filter((g) => g.n > 0)
  const g = filled.length
  const nothing = filled.some((x) => x.expected <= 0 || x.n - x.expected <= 0)
  const chiSquare = nothing
    ? NaN
    : filled.reduce((s, x) => s + (x.observed - x.expected) ** 2 / x.expected + (x.observed - x.expected) ** 2 / (x.n - x.expected), 0)
  const df = rows === 'fitting' ? g - 2 : g
  const undefinedBecause = nothing ? 'a group expects no event or no non-event'
    : g < 3 ? `only ${g} group${g === 1 ? ' is' : 's are'} left after tied cut points are merged; at least 3 are needed` : undefined
  return ok({
    method: 'Hosmer-Lemeshow, type 7 quantile groups, right-closed', rows, requestedGroups: groups, groups: filled,
    mergedCutPoints: merged, emptyIntervals: all.length - g, chiSquare, df,
    p: undefinedBecause === undefined ? chiSquareSf(chiSquare, df) : NaN,
    ...(undefinedBecause === undefined ? {} : { undefinedBecause }),
  })
}

function groupRows(outcome: ArrayLike<number>, probability: ArrayLike<number>, cuts: readonly number[]): HosmerLemeshowGroup[] {
  const groups = cuts.slice(1).map((upper, k) => ({ lower: cuts[k]!, upper, n: 0, observed: 0, expected: 0 }))
  for (let i = 0; i < outcome.length; i++) {
    const group = groups[rightClosedBin(cuts, probability[i]!)]!
    group.n++
    group.observed += outcome[i]!
    group.expected += probability[i]!
  }
  return groups
}
