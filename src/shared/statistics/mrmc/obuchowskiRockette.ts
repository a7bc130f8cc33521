import { ok } from '#shared/lib/index.ts'
import { defaultLevel, fail, type Interval, type StatisticsResult } from '../core/index.ts'
import { chiSquareSf, fSf, studentTQuantile, studentTTwoSided } from '../distributions/index.ts'
import { orComponents, type Components } from './components.ts'
import { estimateTest, type TestEstimate } from './testEstimate.ts'
import type { ReaderAucs } from './readerStudy.ts'

/** To whom the conclusion extends: new readers and new cases, these readers and new cases, or new readers and these cases. */
export type Generalisation = 'random_readers_random_cases' | 'fixed_readers_random_cases' | 'random_readers_fixed_cases'

/** A difference of two conditions' mean AUCs, a - b. */
export interface TestDifference {
  readonly a: string
  readonly b: string
  readonly difference: number
  readonly standardError: number
  /** Infinity where the normal distribution is used. */
  readonly df: number
  /** NaN, as is p, where the standard error is 0 (nothing varies) or undefined: there is no test; the interval's method then says so. */
  readonly t: number
  readonly p: number
  readonly interval: Interval
}

/** One analysis of a reader study. */
export interface OrAnalysis {
  readonly generalisation: Generalisation
  /** F with df1 and df2, or (readers fixed) a chi-square with df1. NaN, as is p, where the denominator is not above 0: there is no test. */
  readonly statistic: number
  readonly df1: number
  readonly df2: number
  readonly p: number
  /** The denominator of the statistic's mean square. */
  readonly denominator: number
  readonly differences: readonly TestDifference[]
  readonly tests: readonly TestEstimate[]
}

export interface ObuchowskiRockette {
  readonly components: Components
  readonly randomReadersRandomCases: OrAnalysis
  readonly fixedReadersRandomCases: OrAnalysis
  /** The fixed-reader test with Cov2 - Cov3 cut at 0. */
  readonly fixedReadersTruncated: { readonly chiSquare: number; readonly p: number }
  readonly randomReadersFixedCases: OrAnalysis
  readonly method: string
}

/**
 * Obuchowski and Rockette's analysis of a fully crossed study of at least two conditions and two readers, with Hillis' degrees of freedom.
 * For random
 * readers Cov2 - Cov3 is cut at 0, for fixed readers it is not.
 * Source: Obuchowski and Rockette 1995; Hillis SL. Stat Med 2007;26:596-619. O((tests x readers)^2).
 */
export function obuchowskiRockette(data: ReaderAucs, level = defaultLevel): StatisticsResult<ObuchowskiRockette> {
  if (data.tests.length < 2) return fail('too_few', 'A comparison of conditions needs at least two: compare a model with readers by its own test.')
  if (data.readers.length < 2) {
    return fail('too_few', 'Obuchowski-Rockette needs at least two readers: a single reader is compared by the paired DeLong test.')
  }
  const c = orComponents(data)
  const { readers: J, tests: I, msTest, msTestReader } = c
  const untruncated = c.cov2 - c.cov3, spread = Math.max(untruncated, 0)
  const randomDenominator = msTestReader + J * spread
  const interactionDf = (I - 1) * (J - 1)
  const randomDf = randomDenominator === 0 ? Infinity : randomDenominator ** 2 / (msTestReader ** 2 / interactionDf)
  const fixedDenominator = c.error - c.cov1 + (J - 1) * untruncated, fixedTruncated = c.error - c.cov1 + (J - 1) * spread
  const byF = (generalisation: Generalisation, denominator: number, df2: number): OrAnalysis => ({
    generalisation, statistic: denominator > 0 ? msTest / denominator : NaN, df1: I - 1, df2,
    p: denominator > 0 ? fSf(msTest / denominator, I - 1, df2) : NaN, denominator,
    differences: differences(data.tests, c, Math.sqrt(2 / J * denominator), df2, level),
    tests: data.tests.map((_, i) => estimateTest(data, i, generalisation, level)),
  })
  const chiSquare = (denominator: number): number => (denominator > 0 ? (I - 1) * msTest / denominator : NaN)
  return ok({
    components: c,
    randomReadersRandomCases: byF('random_readers_random_cases', randomDenominator, randomDf),
    fixedReadersRandomCases: {
      ...byF('fixed_readers_random_cases', fixedDenominator, Infinity), statistic: chiSquare(fixedDenominator),
      p: chiSquareSf(chiSquare(fixedDenominator), I - 1),
    },
    fixedReadersTruncated: { chiSquare: chiSquare(fixedTruncated), p: chiSquareSf(chiSquare(fixedTruncated), I - 1) },
    randomReadersFixedCases: byF('random_readers_fixed_cases', msTestReader, interactionDf),
    method: `Obuchowski-Rockette, ${data.method} covariance, Hillis degrees of freedom`,
  })
}

function differences(tests: readonly string[], c: Components, standardError: number, df: number, level: number): TestDifference[] {
  if (!(standardError > 0)) {
    const method = 'Obuchowski-Rockette: nothing varies, no test'
    return tests.flatMap((a, i) => tests.slice(i + 1).map((b, k): TestDifference => {
      const difference = c.testMeans[i]! - c.testMeans[i + 1 + k]!
      return { a, b, difference, standardError, df, t: NaN, p: NaN, interval: { lower: difference, upper: difference, level, method } }
    }))
  }
  const quantile = studentTQuantile(1 - (1 - level) / 2, df)
  return tests.flatMap((a, i) => tests.slice(i + 1).map((b, k): TestDifference => {
    const difference = c.testMeans[i]! - c.testMeans[i + 1 + k]!, t = difference / standardError
    return {
      a, b, difference, standardError, df, t, p: studentTTwoSided(t, df),
      interval: { lower: difference - quantile * standardError, upper: difference + quantile * standardError, level, method: 'Obuchowski-Rockette' },
    }
  }))
}
