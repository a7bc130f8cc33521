/** The test in a row of the table, named in full. */
export interface Comparison {
  /** For example 'Welch t', 'Mann-Whitney, exact', 'Pearson chi-square with Yates correction', 'Fisher exact, 2 x 2'. */
  readonly test: string
  /** Name and value of the statistic; null for Fisher's test, which has none. */
  readonly statistic: { readonly name: 't' | 'F' | 'U' | 'H' | 'chi-square'; readonly value: number } | null
  readonly df: readonly number[]
  readonly p: number
  /** Why this test: the rule that led to it, or what to know about it. */
  readonly note: string
}

/** A comparison, or the reason why there is none. */
export type ComparisonOutcome = { readonly comparison: Comparison; readonly reason?: undefined } | { readonly comparison: null; readonly reason: string }

export const compared = (comparison: Comparison): ComparisonOutcome => ({ comparison })
export const notCompared = (reason: string): ComparisonOutcome => ({ comparison: null, reason })
