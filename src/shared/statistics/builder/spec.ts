import type { DataRow, StepDirection, Term } from '../regression/index.ts'

/** A case as the builder sees it: its values by column, the cohort it is in and whose it is. */
export interface BuilderRow {
  readonly cohort: string
  readonly patient: string
  readonly values: DataRow
}

/** What a cohort is used for. `note` says why its figures may be too good; empty where nothing speaks for it. */
export interface BuilderCohort {
  readonly name: string
  readonly use: 'fit' | 'evaluate'
  readonly note: string
}

/** How terms are chosen among the candidates; forced ones always stay. */
export type BuilderSelection =
  | { readonly kind: 'none' }
  | { readonly kind: 'aic'; readonly direction: StepDirection }
  | { readonly kind: 'screen'; readonly cut: number }

/** How the one threshold is set: on the fitting rows, or declared beforehand. It is carried to every other cohort. */
export type ThresholdRule =
  | { readonly kind: 'youden' }
  | { readonly kind: 'specificity'; readonly atLeast: number }
  | { readonly kind: 'declared'; readonly value: number }

/** Everything a combined model is built from, besides the rows. */
export interface BuilderSpec {
  /** Column that holds 0 or 1. */
  readonly outcome: string
  /** What a probability is the probability of. */
  readonly positiveClass: string
  /** Candidate factors and signatures, in order of the tables. */
  readonly terms: readonly Term[]
  /** Which of the candidates are signatures: each is shown beside the model by itself. */
  readonly signatures: readonly string[]
  readonly forced: readonly string[]
  readonly selection: BuilderSelection
  /** 'firth' where classes are separated or events are few. */
  readonly estimator: 'maximum likelihood' | 'firth'
  readonly cohorts: readonly BuilderCohort[]
  readonly threshold: ThresholdRule
  /** Of numeric variables in Table 1; the test goes with it. */
  readonly summary: 'mean-sd' | 'median-iqr'
  /** Bootstrap resamples of the optimism correction; 0 leaves it out. */
  readonly resamples: number
  readonly seed: number
}

/** Rows of the cohorts with one use. */
export const rowsFor = (rows: readonly BuilderRow[], { cohorts }: Pick<BuilderSpec, 'cohorts'>, use: BuilderCohort['use']): BuilderRow[] => {
  const names = new Set(cohorts.filter((c) => c.use === use).map((c) => c.name))
  return rows.filter((r) => names.has(r.cohort))
}

/** The cohorts a model was fitted on, as one name. */
export const fittingName = ({ cohorts }: BuilderSpec): string => cohorts.filter((c) => c.use === 'fit').map((c) => c.name).join(' + ')
