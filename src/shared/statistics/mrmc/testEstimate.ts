import { at, variance, type Interval } from '../core/index.ts'
import { studentTQuantile } from '../distributions/index.ts'
import type { Generalisation } from './obuchowskiRockette.ts'
import type { ReaderAucs } from './readerStudy.ts'

/** The mean AUC of one condition over its readers, with an interval from that condition's own variance components, cut to [0, 1]. */
export interface TestEstimate {
  readonly test: string
  /** Mean of the readers' AUCs. */
  readonly estimate: number
  readonly msReader: number
  readonly variance: number
  readonly cov2: number
  readonly standardError: number
  readonly df: number
  readonly interval: Interval
}

/** Single-condition estimate. Source: Hillis SL, Schartz KM. Multireader sample size program, 2018, and Hillis 2007. O(readers^2). */
export function estimateTest({ tests, readers, aucs, covariance }: ReaderAucs, i: number, how: Generalisation, level: number): TestEstimate {
  const J = readers.length
  const own = aucs.slice(i * J, (i + 1) * J)
  let diagonal = 0, off = 0
  for (let a = 0; a < J; a++) for (let b = 0; b < J; b++) {
    const v = at(covariance, i * J + a, i * J + b)
    if (a === b) diagonal += v
    else off += v
  }
  const error = diagonal / J, cov2 = off / (J * (J - 1)), spread = Math.max(cov2, 0), msReader = variance(own)
  const estimate = own.reduce((s, v) => s + v, 0) / J
  const { standardError, df } = precision(how, { J, msReader, error, spread })
  const half = studentTQuantile(1 - (1 - level) / 2, df) * standardError
  return {
    test: tests[i]!, estimate, msReader, variance: error, cov2, standardError, df,
    interval: { lower: Math.max(0, estimate - half), upper: Math.min(1, estimate + half), level, method: 'single condition, cut to [0, 1]' },
  }
}

function precision(how: Generalisation, { J, msReader, error, spread }: { J: number; msReader: number; error: number; spread: number }) {
  if (how === 'random_readers_random_cases') {
    const total = msReader + J * spread
    return { standardError: Math.sqrt(msReader / J + spread), df: total === 0 ? Infinity : total ** 2 / (msReader ** 2 / (J - 1)) }
  }
  if (how === 'fixed_readers_random_cases') return { standardError: Math.sqrt((error + (J - 1) * spread) / J), df: Infinity }
  return { standardError: Math.sqrt(msReader / J), df: J - 1 }
}
