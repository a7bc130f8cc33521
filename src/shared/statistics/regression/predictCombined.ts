import { ok } from '#shared/lib/index.ts'
import { defaultLevel, fail, type Interval, type StatisticsResult } from '../core/index.ts'
import { normalQuantile } from '../distributions/index.ts'
import type { CombinedModel, CombinedTerm } from './combinedModel.ts'
import { expit } from './link.ts'
import { isMissing, type DataRow } from './term.ts'

/** What one term adds to the linear predictor of a case. */
export interface Contribution {
  readonly term: string
  readonly value: number | string
  readonly unit?: string
  /** On the logit scale, against a numeric value of zero or the reference level. */
  readonly contribution: number
}

/** The model's word on one case. */
export interface Prediction {
  readonly linearPredictor: number
  /** Standard error of the linear predictor. */
  readonly standardError: number
  readonly probability: number
  /** Of the probability: the delta method on the linear predictor, carried through the inverse logit. */
  readonly interval: Interval
  readonly contributions: readonly Contribution[]
  /** probability >= the model's own threshold; absent when it carries none. */
  readonly positive?: boolean
  /** Numeric terms whose value lies outside the fitting rows. */
  readonly extrapolated: readonly string[]
}

/**
 * Probability of one case with its interval and the part of each term. O(terms^2).
 * @param row values by term name; other columns are ignored
 * @returns `missing_values` naming every value that is absent, `unknown_level` or `not_finite` naming the first value the model does not
 * know
 */
export function predictCombined(model: CombinedModel, row: DataRow, level = defaultLevel): StatisticsResult<Prediction> {
  const missing = model.terms.filter((t) => isMissing(row[t.name])).map((t) => t.name)
  if (missing.length > 0) {
    return fail(
      'missing_values',
      `The model needs ${missing.map((n) => `"${n}"`).join(', ')}: enter the missing value${missing.length > 1 ? 's' : ''}.`,
      missing.join(', '),
    )
  }
  const contributions: Contribution[] = []
  const x: number[] = [1]
  for (const term of model.terms) {
    const coded = code(term, row)
    if (!coded.ok) return coded
    x.push(...coded.value.columns)
    contributions.push(coded.value.contribution)
  }
  const linearPredictor = contributions.reduce((s, c) => s + c.contribution, model.intercept)
  const standardError = Math.sqrt(Math.max(0, x.reduce((s, a, i) => s + a * x.reduce((t, b, j) => t + b * model.covariance[i]![j]!, 0), 0)))
  const z = normalQuantile((1 + level) / 2)
  const probability = expit(linearPredictor)
  return ok({
    linearPredictor, standardError, probability,
    interval: {
      lower: expit(linearPredictor - z * standardError), upper: expit(linearPredictor + z * standardError), level,
      method: 'Wald on the linear predictor',
    },
    contributions,
    ...(model.threshold ? { positive: probability >= model.threshold.value } : {}),
    extrapolated: model.terms.flatMap((t) => (t.kind === 'numeric' && outside(t.observed, row[t.name] as number) ? [t.name] : [])),
  })
}

function code(term: CombinedTerm, row: DataRow): StatisticsResult<{ columns: number[]; contribution: Contribution }> {
  const value = row[term.name]!
  if (term.kind === 'factor') {
    const k = term.levels.indexOf(String(value))
    if (k < 0) {
      return fail(
        'unknown_level', `"${String(value)}" is not a level of "${term.name}" that the model knows: ${term.levels.join(', ')}.`,
        term.name,
      )
    }
    return ok({
      columns: term.levels.slice(1).map((_, i) => (i + 1 === k ? 1 : 0)),
      contribution: { term: term.name, value: term.levels[k]!, contribution: term.coefficients[k]! },
    })
  }
  if (typeof value !== 'number' || !Number.isFinite(value)) {
    return fail('not_finite', `"${term.name}" needs a finite number, not "${String(value)}".`, term.name)
  }
  return ok({
    columns: [value],
    contribution: { term: term.name, value, ...(term.unit === undefined ? {} : { unit: term.unit }), contribution: term.coefficient * value },
  })
}

function outside({ minimum, maximum }: { minimum: number; maximum: number }, value: number): boolean {
  return value < minimum || value > maximum
}
