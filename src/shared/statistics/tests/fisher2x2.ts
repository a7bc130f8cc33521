import { ok } from '#shared/lib/index.ts'
import { defaultLevel, fail, type Interval, type StatisticsResult } from '../core/index.ts'
import { logFactorials } from './logFactorials.ts'

/** Fisher's exact test of a 2 x 2 table. */
export interface Fisher2x2 {
  readonly method: 'Fisher exact, 2 x 2'
  /** Two-sided: the probability of all tables at most as probable as the observed one (relative tolerance 1e-7). */
  readonly p: number
  /** Conditional maximum-likelihood odds ratio (not ad / bc); 0 or Infinity at the ends of its support. */
  readonly oddsRatio: number
  /** Exact interval by inverting both one-sided conditional tests. */
  readonly interval: Interval
}

/**
 * Fisher's exact test, conditional odds ratio and exact interval of [[a, b], [c, d]].
 * Sources: Fisher, JRSS 1935;98:39-54; conditional estimate and interval: Cornfield 1956, Agresti, Categorical Data Analysis (2013), 16.6.
 * @returns `too_few` when a margin is empty (only one table is possible), `out_of_range` for counts that are not whole numbers >= 0.
 * O(support) for p; the odds ratio and its ends are found to 1e-13 relative (R's fisher.test stops at about 1e-4 of its bracket).
 */
export function fisher2x2(table: readonly (readonly number[])[], level = defaultLevel): StatisticsResult<Fisher2x2> {
  const [[a, b] = [], [c, d] = []] = table
  if (table.length !== 2 || a === undefined || b === undefined || c === undefined || d === undefined || table.some((r) => r.length !== 2)) {
    return fail('out_of_range', 'This test needs a table of 2 rows and 2 columns.')
  }
  if (![a, b, c, d].every((x) => Number.isInteger(x) && x >= 0)) return fail('out_of_range', 'A contingency table holds whole counts of 0 or more.')
  if (Math.min(a + b, c + d, a + c, b + d) === 0) return fail('too_few', 'A row or column of the 2 x 2 table is empty: only this table is possible.')
  const law = conditionalLaw(a, b, c, d)
  const central = law.at(0), observed = central[law.observed]! * (1 + 1e-7)
  let p = 0
  for (const x of central) if (x <= observed) p += x
  const alpha = (1 - level) / 2
  const { low, high } = law
  const mean = (logOdds: number): number => law.at(logOdds).reduce((s, x, i) => s + x * (low + i), 0)
  const atMost = (logOdds: number): number => law.at(logOdds).subarray(0, law.observed + 1).reduce((s, x) => s + x, 0)
  const atLeast = (logOdds: number): number => law.at(logOdds).subarray(law.observed).reduce((s, x) => s + x, 0)
  return ok({
    method: 'Fisher exact, 2 x 2',
    p: Math.min(1, p),
    oddsRatio: a === low ? 0 : a === high ? Infinity : Math.exp(root((t) => mean(t) - a)),
    interval: {
      lower: a === low ? 0 : Math.exp(root((t) => atLeast(t) - alpha)),
      upper: a === high ? Infinity : Math.exp(root((t) => alpha - atMost(t))),
      level, method: 'exact conditional (Cornfield)',
    },
  })
}

/** The noncentral hypergeometric law of the first cell given all margins. */
interface ConditionalLaw {
  readonly low: number
  readonly high: number
  /** Index of the observed count in the support. */
  readonly observed: number
  /** Probabilities over the support at a log odds ratio. */
  at(logOdds: number): Float64Array
}

function conditionalLaw(a: number, b: number, c: number, d: number): ConditionalLaw {
  const row = a + b, column = a + c, total = a + b + c + d
  const low = Math.max(0, row + column - total), high = Math.min(row, column)
  const lf = logFactorials(total)
  const central = Float64Array.from({ length: high - low + 1 }, (_, i) => {
    const x = low + i
    return -lf[x]! - lf[row - x]! - lf[column - x]! - lf[total - row - column + x]!
  })
  return {
    low, high, observed: a - low,
    at: (logOdds) => {
      const log = central.map((v, i) => v + logOdds * (low + i))
      let top = -Infinity
      for (const v of log) if (v > top) top = v
      const weight = log.map((v) => Math.exp(v - top))
      const sum = weight.reduce((s, v) => s + v, 0)
      return weight.map((v) => v / sum)
    },
  }
}

/** Root of an increasing function of the log odds ratio: widen a bracket, then halve it to the last bit. */
function root(f: (t: number) => number): number {
  let lower = -1, upper = 1
  while (f(lower) > 0) lower *= 2
  while (f(upper) < 0) upper *= 2
  for (;;) {
    const middle = (lower + upper) / 2
    if (middle <= lower || middle >= upper || upper - lower < 1e-14 * Math.max(1, Math.abs(middle))) return middle
    if (f(middle) < 0) lower = middle
    else upper = middle
  }
}
