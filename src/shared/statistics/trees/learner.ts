import type { Random } from '#shared/lib/index.ts'
import type { StatisticsResult } from '../core/index.ts'
import type { DataRow, Term } from '../regression/index.ts'

/** A way to fit a model for a 0/1 outcome, with its settings fixed. Fitting uses only the rows it is given. */
export interface Learner {
  /** What is fitted and with which settings, for a report: 'random forest, 500 trees, leaves of 10'. */
  readonly name: string
  /** The predictors it may use (it may select among them). */
  readonly terms: readonly Term[]
  /** Fits on complete rows. */
  fit(rows: readonly DataRow[], outcome: string, random: Random): StatisticsResult<FittedLearner>
}

export interface FittedLearner {
  /** Probabilities of complete rows. */
  predict(rows: readonly DataRow[]): StatisticsResult<Float64Array>
  /** Sentences a reader must know: separation, unseen levels. */
  readonly findings: readonly string[]
}
