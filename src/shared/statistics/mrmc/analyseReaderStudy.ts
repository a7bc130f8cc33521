import { ok } from '#shared/lib/index.ts'
import { at, fail, type StatisticsResult } from '../core/index.ts'
import { adjustP, describeAuc, describeDifference, type AucDifference, type AucEstimate } from '../roc/index.ts'
import { obuchowskiRockette, type ObuchowskiRockette, type OrAnalysis } from './obuchowskiRockette.ts'
import { minimumRandomReaders } from './readerGroup.ts'
import { caseCounts, readerAucs, type CovarianceMethod, type ReaderStudy } from './readerStudy.ts'

/** One reader in one condition. */
export interface ReadingAuc extends AucEstimate {
  readonly test: string
  readonly reader: string
}

/** One reader between two conditions, a - b. */
export interface ReaderDifference extends AucDifference {
  readonly reader: string
  readonly a: string
  readonly b: string
  /** Adjusted over all readers and pairs of conditions. */
  readonly pHolm: number | null
}

export interface ReaderStudyResult {
  readonly aucs: readonly ReadingAuc[]
  readonly single: readonly ReaderDifference[]
  /** Null with a single reader. */
  readonly fixedReaders: OrAnalysis | null
  /** Refused for fewer than three readers. */
  readonly randomReaders: StatisticsResult<OrAnalysis>
  readonly randomReadersFixedCases: StatisticsResult<OrAnalysis>
  readonly components: ObuchowskiRockette['components'] | null
  readonly cases: number
  readonly method: string
}

/**
 * A study of readers with and without aid, as a report shows it: each reader, each difference, and the analyses the number of readers
 * allows.
 */
export function analyseReaderStudy(
  study: ReaderStudy, options: { method?: CovarianceMethod; level?: number } = {},
): StatisticsResult<ReaderStudyResult> {
  const data = readerAucs(study, options.method)
  if (!data.ok) return data
  const { tests, readers, aucs, covariance, positives, negatives, method } = data.value
  if (tests.length < 2) return fail('too_few', 'A comparison of conditions needs at least two: compare a model with readers by its own test.')
  const J = readers.length
  const counts = caseCounts(study, data.value)
  const single = readers.flatMap((reader, j) => tests.flatMap((a, i) => tests.slice(i + 1).map((b, k) => {
    const first = i * J + j, second = (i + 1 + k) * J + j
    const v = at(covariance, first, first) + at(covariance, second, second) - 2 * at(covariance, first, second)
    return { reader, a, b, ...describeDifference(aucs[first]!, aucs[second]!, v, `${method}, paired`, counts, options.level) }
  })))
  const holm = adjustP(single.map((s) => s.p), 'holm')
  const or = J > 1 ? obuchowskiRockette(data.value, options.level) : undefined
  if (or && !or.ok) return or
  const few = fail('too_few', `${J} reader${J === 1 ? '' : 's'}: at least ${minimumRandomReaders} are needed to speak of readers in general; `
    + 'the result holds for these readers only.')
  const allowed = (analysis: OrAnalysis | undefined): StatisticsResult<OrAnalysis> => (analysis && J >= minimumRandomReaders ? ok(analysis) : few)
  return ok({
    aucs: tests.flatMap((test, i) => readers.map((reader, j) => ({
      test, reader, ...describeAuc(aucs[i * J + j]!, at(covariance, i * J + j, i * J + j), method, counts, options.level),
    }))),
    single: single.map((s, i) => ({ ...s, pHolm: holm[i]! })),
    fixedReaders: or?.value.fixedReadersRandomCases ?? null, components: or?.value.components ?? null,
    randomReaders: allowed(or?.value.randomReadersRandomCases), randomReadersFixedCases: allowed(or?.value.randomReadersFixedCases),
    cases: positives + negatives, method,
  })
}
