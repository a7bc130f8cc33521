import { ok } from '#shared/lib/index.ts'
import { at, fail, submatrix, type StatisticsResult } from '../core/index.ts'
import { adjustP, describeDifference, type AucDifference } from '../roc/index.ts'
import { modelVersusReaders, type ModelVersusReaders, type ReaderModelTest } from './modelVersusReaders.ts'
import { caseCounts, readerAucs, type CovarianceMethod, type ReaderStudy } from './readerStudy.ts'

/** Readers needed before anything is said about readers in general. */
export const minimumRandomReaders = 3

/** A named group of readers, such as junior and senior. */
export interface ReaderGroup {
  readonly name: string
  readonly readers: readonly string[]
}

/** The model against one group; `randomReaders` is refused for fewer than three readers. */
export interface GroupComparison extends Omit<ModelVersusReaders, 'randomReaders' | 'randomReadersFixedCases'> {
  readonly group: string
  readonly randomReaders: StatisticsResult<ReaderModelTest>
  readonly randomReadersFixedCases: StatisticsResult<ReaderModelTest>
  readonly covarianceMethod: string
}

/** The model against one reader, model - reader, with p adjusted over all readers of the study. */
export interface SingleReaderComparison extends AucDifference {
  readonly reader: string
  readonly pHolm: number | null
}

export interface ModelReaderStudy extends Pick<ReaderStudy, 'outcome' | 'patient' | 'readers'> {
  readonly model: ArrayLike<number>
  /** One column a reader. */
  readonly ratings: readonly ArrayLike<number>[]
  readonly groups: readonly ReaderGroup[]
}

/** Compares a model with each group of readers and with each reader. O(readers^2 x cases). */
export function compareModelWithReaders(
  study: ModelReaderStudy, options: { method?: CovarianceMethod; level?: number } = {},
): StatisticsResult<{ readonly groups: readonly GroupComparison[]; readonly single: readonly SingleReaderComparison[]; readonly cases: number }> {
  const all = readerAucs({
    tests: ['reading'], readers: ['the model', ...study.readers], outcome: study.outcome, ratings: [[study.model, ...study.ratings]],
    ...(study.patient ? { patient: study.patient } : {}),
  }, options.method)
  if (!all.ok) return all
  const { aucs, covariance, method } = all.value
  const counts = caseCounts(study, all.value)
  const groups: GroupComparison[] = []
  for (const group of study.groups) {
    const places = group.readers.map((r) => study.readers.indexOf(r) + 1)
    if (places.includes(0)) return fail('unknown_level', `The group "${group.name}" names a reader who is not in the study.`, group.name)
    const index = [0, ...places]
    const one = modelVersusReaders({ aucs: index.map((i) => aucs[i]!), covariance: submatrix(covariance, index), method, readers: group.readers }, options.level)
    if (!one.ok) return one
    const few = fail('too_few', `The group "${group.name}" has ${places.length} reader${places.length === 1 ? '' : 's'}: `
      + `at least ${minimumRandomReaders} are needed to speak of readers in general; the result holds for these readers only.`, group.name)
    const allowed = (test: ReaderModelTest | null): StatisticsResult<ReaderModelTest> => (test && places.length >= minimumRandomReaders ? ok(test) : few)
    groups.push({
      ...one.value, group: group.name, covarianceMethod: method,
      randomReaders: allowed(one.value.randomReaders), randomReadersFixedCases: allowed(one.value.randomReadersFixedCases),
    })
  }
  const single = study.readers.map((reader, j) => {
    const variance = at(covariance, 0, 0) + at(covariance, j + 1, j + 1) - 2 * at(covariance, 0, j + 1)
    return { reader, ...describeDifference(aucs[0]!, aucs[j + 1]!, variance, `${method}, paired`, counts, options.level) }
  })
  const holm = adjustP(single.map((s) => s.p), 'holm')
  return ok({ groups, single: single.map((s, i) => ({ ...s, pHolm: holm[i]! })), cases: study.outcome.length })
}
