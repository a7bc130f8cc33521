import { err, type Result } from '#shared/lib/index.ts'

/** Why a statistic cannot be given. A code for programs, beside a sentence for people. */
export type StatisticsErrorCode =
  | 'one_class' // all outcomes are equal
  | 'too_few' // not enough rows, cases, readers, groups
  | 'constant' // a variable or score does not vary
  | 'not_finite' // NaN, or an infinity where only finite numbers make sense
  | 'missing_values' // a value is missing where complete rows are needed
  | 'all_missing' // nothing is left after rows with missing values are dropped
  | 'length_mismatch' // columns of different lengths
  | 'bad_labels' // an outcome other than 0 and 1
  | 'unknown_level' // a category that was not declared
  | 'unknown_column' // a table has no such column
  | 'out_of_range' // a parameter or value outside its domain
  | 'too_large' // beyond what an exact method can do in reasonable time
  | 'clustered_rows' // rows of the same patient given to a method for independent rows
  | 'not_paired' // two sets of cases that should be the same
  | 'not_crossed' // a reader study in which not every reader read every case in every condition
  | 'singular' // a matrix that cannot be inverted
  | 'collinear' // predictors that determine each other
  | 'separation' // predictors that separate the classes: estimates are infinite
  | 'not_converged' // an iteration that did not settle
  | 'undefined' // 0/0 and the like
  | 'used_in_fitting' // a test that is valid only on rows not used in fitting
  | 'cohort_mismatch' // a value chosen on one cohort used as if it were chosen on another
  | 'bad_task' // an analysis request that does not make sense

/** An expected failure of a statistic. */
export interface StatisticsError {
  readonly code: StatisticsErrorCode
  /** A sentence that says what is wrong and what to do. */
  readonly message: string
  /** The column, level, group or term it is about, where there is one. */
  readonly subject?: string
}

export type StatisticsResult<T> = Result<T, StatisticsError>

/** A failed result. */
export function fail(code: StatisticsErrorCode, message: string, subject?: string): { readonly ok: false; readonly error: StatisticsError } {
  return err(subject === undefined ? { code, message } : { code, message, subject })
}
