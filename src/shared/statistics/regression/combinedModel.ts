import type { ObservedRange } from './observedRange.ts'

/** A numeric term of a frozen model. */
export interface CombinedNumericTerm {
  readonly kind: 'numeric'
  readonly name: string
  readonly unit?: string
  /** Change of the logit a unit. */
  readonly coefficient: number
  /** Of the fitting rows. */
  readonly observed: ObservedRange
}

/** A categorical term of a frozen model. */
export interface CombinedFactorTerm {
  readonly kind: 'factor'
  readonly name: string
  /** The first one is the reference, its coefficient 0. */
  readonly levels: readonly string[]
  /** Change of the logit against the reference, by position in `levels`. */
  readonly coefficients: readonly number[]
}

export type CombinedTerm = CombinedNumericTerm | CombinedFactorTerm

/**
 * A cut point of the probability, chosen once and carried with the model: positive when probability >= value. A `Threshold` of
 * `classification` fits.
 */
export interface ModelThreshold {
  readonly value: number
  /** How it was chosen, for example by the Youden index. */
  readonly rule: string
  /** The one cohort it was chosen on; null when it was declared beforehand. */
  readonly chosenOn: string | null
  readonly chosenOnCases: number | null
}

/** A logistic model as plain data: what a prediction, a nomogram and a report need, and nothing that can change afterwards. */
export interface CombinedModel {
  readonly format: 'sln-combined-model'
  readonly version: 1
  /** How it was fitted. */
  readonly method: string
  readonly outcome: string
  /** What a probability is the probability of. */
  readonly positiveClass: string
  /** The cohort whose rows it was fitted on; no p value of performance may come from these rows. */
  readonly cohort: string
  readonly n: number
  readonly events: number
  readonly intercept: number
  readonly terms: readonly CombinedTerm[]
  /**
   * Names of the coefficients in the order of `covariance`: the intercept, then numeric terms by name and factor levels as name followed by
   * level.
   */
  readonly columns: readonly string[]
  readonly covariance: readonly (readonly number[])[]
  /** Smallest and largest linear predictor of the fitting rows. */
  readonly linearPredictorRange: readonly [number, number]
  readonly threshold?: ModelThreshold
}
