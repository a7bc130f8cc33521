import { ok } from '#shared/lib/index.ts'
import { at, defaultLevel, fail, mean, quadraticForm, variance, type Interval, type StatisticsResult } from '../core/index.ts'
import { normalQuantile, normalTwoSided, studentTQuantile, studentTTwoSided } from '../distributions/index.ts'
import type { ReaderAucs } from './readerStudy.ts'

/** A test of mean reader AUC - model AUC. */
export interface ReaderModelTest {
  readonly standardError: number
  /** NaN, as is p, where the standard error is 0: nothing varies, so there is no test; `method` then says so. */
  readonly t: number
  /** Infinity where the normal distribution is used. */
  readonly df: number
  readonly p: number
  readonly interval: Interval
  readonly method: string
}

/**
 * A model against a group of readers on the same cases. The group's figure is the mean of its readers' AUCs, never the AUC of averaged
 * ratings.
 */
export interface ModelVersusReaders {
  readonly modelAuc: number
  readonly readers: readonly string[]
  readonly readerAucs: readonly number[]
  readonly meanReaderAuc: number
  /** Mean reader AUC - model AUC. */
  readonly difference: number
  /** Reader AUC - model AUC, one a reader. */
  readonly perReader: readonly number[]
  /** For these readers only: a contrast of the covariance. */
  readonly fixedReaders: ReaderModelTest
  /** For readers like these; null with a single reader. */
  readonly randomReaders: (ReaderModelTest & { readonly msReader: number; readonly variance: number; readonly cov2: number }) | null
  /** For readers like these on these very cases; null with a single reader. */
  readonly randomReadersFixedCases: ReaderModelTest | null
}

/**
 * Compares a model with readers by the covariance of all their AUCs: fixed readers by a DeLong contrast, random readers by the
 * single-treatment test on the
 * readers' differences from the model.
 * Source: Hillis SL. Stat Med 2007;26:596-619, section 5.3 (also Chakraborty's 1T-RRRC). O(readers^2).
 * @param data AUCs and covariance with the model first and the readers after it, as one "test"
 */
export function modelVersusReaders(
  data: Pick<ReaderAucs, 'aucs' | 'covariance' | 'method'> & { readers: readonly string[] }, level = defaultLevel,
): StatisticsResult<ModelVersusReaders> {
  const { aucs, covariance, readers } = data
  const J = readers.length
  if (J === 0) return fail('too_few', 'There are no readers to compare the model with.')
  if (aucs.length !== J + 1) throw new Error('modelVersusReaders: one AUC for the model and one a reader are needed')
  const perReader = aucs.slice(1).map((a) => a - aucs[0]!)
  const difference = mean(perReader)
  const contrast = [-1, ...readers.map(() => 1 / J)]
  const describe = (standardError: number, df: number, method: string): ReaderModelTest => {
    const t = difference / standardError
    if (standardError === 0) {
      const none = `${method}: nothing varies, no test`
      return { standardError, t: NaN, df: Infinity, p: NaN, method: none, interval: { lower: difference, upper: difference, level, method: none } }
    }
    const half = (df === Infinity ? normalQuantile(1 - (1 - level) / 2) : studentTQuantile(1 - (1 - level) / 2, df)) * standardError
    return {
      standardError, t, df, p: df === Infinity ? normalTwoSided(t) : studentTTwoSided(t, df), method,
      interval: { lower: difference - half, upper: difference + half, level, method },
    }
  }
  const base = {
    modelAuc: aucs[0]!, readers, readerAucs: aucs.slice(1), meanReaderAuc: mean(aucs.slice(1)), difference, perReader,
    fixedReaders: describe(Math.sqrt(quadraticForm(covariance, contrast)), Infinity, `fixed readers, ${data.method} contrast`),
  }
  if (J === 1) return ok({ ...base, randomReaders: null, randomReadersFixedCases: null })
  // Covariance of the differences from the model.
  let diagonal = 0, off = 0
  for (let a = 1; a <= J; a++) for (let b = 1; b <= J; b++) {
    const v = at(covariance, a, b) - at(covariance, a, 0) - at(covariance, 0, b) + at(covariance, 0, 0)
    if (a === b) diagonal += v
    else off += v
  }
  const msReader = variance(perReader), cov2 = off / (J * (J - 1))
  const denominator = msReader + J * Math.max(cov2, 0)
  return ok({
    ...base,
    randomReaders: {
      ...describe(Math.sqrt(denominator / J), denominator ** 2 / (msReader ** 2 / (J - 1)),
        `random readers, single-treatment test (Hillis 2007), ${data.method} covariance`),
      msReader, variance: diagonal / J, cov2,
    },
    randomReadersFixedCases: describe(Math.sqrt(msReader / J), J - 1, 'random readers, these cases'),
  })
}
