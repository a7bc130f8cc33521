/** A variable of a baseline table. What is shown and which test compares groups is declared with it, not picked by looking at p values. */
export type BaselineVariable = NumericVariable | FactorVariable

export interface NumericVariable {
  readonly kind: 'numeric'
  readonly name: string
  /** Shown instead of the name. */
  readonly label?: string
  /** Part of the variable: 'mm', 'years', or '' for a count or score without one. */
  readonly unit: string
  readonly summary: 'mean-sd' | 'median-iqr'
  /** By default the test that goes with the summary: Welch's t (analysis of variance) with means, rank tests with medians. */
  readonly test?: 'welch' | 'student' | 'rank'
}

export interface FactorVariable {
  readonly kind: 'factor'
  readonly name: string
  readonly label?: string
  readonly levels: readonly string[]
  /** By default Cochran's rule: chi-square where its approximation holds, Fisher's exact test elsewhere. */
  readonly test?: 'pearson' | 'yates' | 'fisher'
}
