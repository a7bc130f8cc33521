import { mean, quantiles, standardDeviation } from '../core/index.ts'
import { shapiroWilk } from '../tests/index.ts'

/** A numeric variable in one group, in the variable's unit; figures are null where there are too few values. */
export interface NumericSummary {
  readonly kind: 'numeric'
  readonly group: string
  readonly n: number
  readonly missing: number
  readonly mean: number | null
  readonly sd: number | null
  readonly median: number | null
  /** Quartiles, type 7. */
  readonly q1: number | null
  readonly q3: number | null
  readonly min: number | null
  readonly max: number | null
  /** Shapiro-Wilk test of normality, for information: it does not choose the test. */
  readonly normality: { readonly w: number; readonly p: number } | null
}

/** A categorical variable in one group. */
export interface FactorSummary {
  readonly kind: 'factor'
  readonly group: string
  readonly n: number
  readonly missing: number
  readonly levels: readonly { readonly level: string; readonly count: number; readonly percent: number | null }[]
}

export function describeNumbers(group: string, values: Float64Array, missing: number): NumericSummary {
  const n = values.length
  const [min, q1, median, q3, max] = n > 0 ? quantiles(values, [0, 0.25, 0.5, 0.75, 1]) : []
  const normality = shapiroWilk(values)
  return {
    kind: 'numeric', group, n, missing,
    mean: n > 0 ? mean(values) : null, sd: n > 1 ? standardDeviation(values) : null,
    median: median ?? null, q1: q1 ?? null, q3: q3 ?? null, min: min ?? null, max: max ?? null,
    normality: normality.ok ? { w: normality.value.w, p: normality.value.p } : null,
  }
}

/** @param counts one a level */
export function describeLevels(group: string, levels: readonly string[], counts: readonly number[], missing: number): FactorSummary {
  const n = counts.reduce((a, b) => a + b, 0)
  return {
    kind: 'factor', group, n, missing,
    levels: levels.map((level, i) => ({ level, count: counts[i]!, percent: n > 0 ? (counts[i]! / n) * 100 : null })),
  }
}
