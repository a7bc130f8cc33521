import { at } from '../core/index.ts'
import type { ReaderAucs } from './readerStudy.ts'

/**
 * Mean squares and variance components of the Obuchowski-Rockette model for one table of AUCs. Components that need two readers or tests
 * are NaN without them.
 */
export interface Components {
  readonly tests: number
  readonly readers: number
  /** Mean AUC of each test over its readers. */
  readonly testMeans: readonly number[]
  readonly msTest: number
  readonly msReader: number
  readonly msTestReader: number
  /** Variance of the error of one AUC. */
  readonly error: number
  /** Error covariance of the same reader in different tests. */
  readonly cov1: number
  /** Error covariance of different readers in the same test. */
  readonly cov2: number
  /** Error covariance of different readers in different tests. */
  readonly cov3: number
  readonly reader: number
  readonly testReader: number
}

/**
 * Estimates the components. Source: Obuchowski NA, Rockette HE. Commun Stat Simul Comput 1995;24:285-308; Hillis SL. Stat Med
 * 2014;33:330-60.
 * O((tests x readers)^2).
 */
export function orComponents({ tests, readers, aucs, covariance }: ReaderAucs): Components {
  const I = tests.length, J = readers.length
  const value = (i: number, j: number): number => aucs[i * J + j]!
  const testMeans = tests.map((_, i) => average(J, (j) => value(i, j)))
  const readerMeans = readers.map((_, j) => average(I, (i) => value(i, j)))
  const grand = average(I, (i) => testMeans[i]!)
  let msTest = 0, msReader = 0, msTestReader = 0
  for (const m of testMeans) msTest += (m - grand) ** 2 * J / (I - 1)
  for (const m of readerMeans) msReader += (m - grand) ** 2 * I / (J - 1)
  for (let i = 0; i < I; i++) for (let j = 0; j < J; j++) msTestReader += (value(i, j) - readerMeans[j]! - testMeans[i]! + grand) ** 2 / ((I - 1) * (J - 1))
  const sums = [0, 0, 0, 0], counts = [0, 0, 0, 0]
  for (let a = 0; a < I * J; a++) {
    for (let b = 0; b < I * J; b++) {
      const sameTest = Math.floor(a / J) === Math.floor(b / J), sameReader = a % J === b % J
      const kind = sameTest ? (sameReader ? 0 : 2) : sameReader ? 1 : 3
      sums[kind]! += at(covariance, a, b)
      counts[kind]!++
    }
  }
  const [error, cov1, cov2, cov3] = sums.map((s, k) => s / counts[k]!) as [number, number, number, number]
  return {
    tests: I, readers: J, testMeans, msTest: I > 1 ? msTest : NaN, msReader: J > 1 ? msReader : NaN, msTestReader: I > 1 && J > 1 ? msTestReader : NaN,
    error, cov1, cov2, cov3, reader: (msReader - msTestReader) / I - cov1 + cov3, testReader: msTestReader - error + cov1 + (cov2 - cov3),
  }
}

function average(n: number, f: (i: number) => number): number {
  let s = 0
  for (let i = 0; i < n; i++) s += f(i)
  return s / n
}
