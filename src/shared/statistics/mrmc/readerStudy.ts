import { ok } from '#shared/lib/index.ts'
import { fail, type Matrix, type PatientId, type StatisticsResult } from '../core/index.ts'
import { clusteredCovariance, deLongCovariance, patientCounts, type CaseCounts } from '../roc/index.ts'
import { jackknifeCovariance } from './jackknifeCovariance.ts'

/** A fully crossed reader study: every reader rates every case in every condition (test). */
export interface ReaderStudy {
  /** Names of the conditions, such as unaided and aided. */
  readonly tests: readonly string[]
  readonly readers: readonly string[]
  /** 1 positive, 0 negative, one a case. */
  readonly outcome: ArrayLike<number>
  /** `ratings[i][j]` are reader j's ratings of all cases in condition i, higher for more suspicious. */
  readonly ratings: readonly (readonly ArrayLike<number>[])[]
  /** The patient of each case when patients have several: the covariance is then Obuchowski's for clustered data. */
  readonly patient?: ArrayLike<PatientId>
}

/** How the covariance of the AUCs is estimated. */
export type CovarianceMethod = 'delong' | 'jackknife'

/** AUCs of all test-reader pairs, test by test, with the covariance of their errors in the same order. */
export interface ReaderAucs {
  readonly tests: readonly string[]
  readonly readers: readonly string[]
  readonly aucs: readonly number[]
  readonly covariance: Matrix
  readonly positives: number
  readonly negatives: number
  readonly method: string
}

/** AUCs and covariance of a study. O((tests x readers)^2 x cases). Errors: `not_crossed`, `too_few`, and those of the covariance. */
export function readerAucs(study: ReaderStudy, method: CovarianceMethod = 'delong'): StatisticsResult<ReaderAucs> {
  const { tests, readers, outcome, ratings } = study
  if (tests.length === 0 || readers.length === 0) return fail('too_few', 'A reader study needs at least one condition and one reader.')
  const columns: ArrayLike<number>[] = []
  for (const [i, test] of tests.entries()) {
    for (const [j, reader] of readers.entries()) {
      const column = ratings[i]?.[j]
      if (!column || column.length !== outcome.length || hasMissing(column)) {
        return fail('not_crossed',
          `${reader} did not read all ${outcome.length} cases in the condition "${test}": a crossed design needs every reading.`, reader)
      }
      columns.push(column)
    }
  }
  if (study.patient && method === 'jackknife') {
    return fail('bad_task', 'The jackknife over cases is not valid for several cases a patient: use the clustered covariance.')
  }
  const c = study.patient ? clusteredCovariance(outcome, columns, study.patient)
    : method === 'delong' ? deLongCovariance(outcome, columns) : jackknifeCovariance(outcome, columns)
  return c.ok ? ok({ tests, readers, ...c.value }) : c
}

/** What a study's figures rest on: cases are patients unless the patient of each case is given. */
export function caseCounts({ patient }: Pick<ReaderStudy, 'patient'>, { positives, negatives }: { positives: number; negatives: number }): CaseCounts {
  return patient ? { positives, negatives, unit: 'case', clusters: new Set(Array.from(patient)).size } : patientCounts({ positives, negatives })
}

function hasMissing(column: ArrayLike<number>): boolean {
  for (let i = 0; i < column.length; i++) if (Number.isNaN(column[i])) return true
  return false
}
