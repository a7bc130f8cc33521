import { at, defaultLevel, type Interval, type Matrix } from '../core/index.ts'
import { normalQuantile, normalTwoSided } from '../distributions/index.ts'
import type { DesignColumn, Term } from './term.ts'

/** One estimated coefficient with its Wald test and odds ratio. */
export interface Coefficient {
  readonly column: DesignColumn
  /** Level that a factor's odds ratio compares with. */
  readonly reference?: string
  /** Unit that a numeric term's odds ratio is for one of. */
  readonly unit?: string
  readonly estimate: number
  readonly standardError: number
  /** Wald statistic and two-sided p from the normal distribution. */
  readonly z: number
  readonly p: number
  /** exp(estimate). */
  readonly oddsRatio: number
  /** Interval of the odds ratio. */
  readonly interval: Interval
}

/** Wald table of estimated columns. */
export function coefficientTable(
  columns: readonly DesignColumn[], terms: readonly Term[], estimates: ArrayLike<number>, covariance: Matrix, level = defaultLevel,
): Coefficient[] {
  const z975 = normalQuantile((1 + level) / 2)
  return columns.map((column, i) => {
    const estimate = estimates[i]!
    const standardError = Math.sqrt(at(covariance, i, i))
    const z = estimate / standardError
    return {
      column, ...described(column, terms), estimate, standardError, z, p: normalTwoSided(z), oddsRatio: Math.exp(estimate),
      interval: { lower: Math.exp(estimate - z975 * standardError), upper: Math.exp(estimate + z975 * standardError), level, method: 'Wald' },
    }
  })
}

/** What an odds ratio compares: the reference level or the unit of its term. */
export function described(column: DesignColumn, terms: readonly Term[]): { reference?: string; unit?: string } {
  const term = terms.find((t) => t.name === column.term)
  if (term?.kind === 'factor') return { reference: term.levels[0]! }
  return term?.kind === 'numeric' && term.unit !== undefined ? { unit: term.unit } : {}
}
