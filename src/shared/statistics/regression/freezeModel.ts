import { ok } from '#shared/lib/index.ts'
import { fail, toRows, type StatisticsResult } from '../core/index.ts'
import type { CombinedModel, CombinedTerm, ModelThreshold } from './combinedModel.ts'
import type { FirthModel } from './firthRegression.ts'
import type { LogisticModel } from './logisticRegression.ts'
import { interceptName, type Term } from './term.ts'

export interface FreezeSettings {
  /** What a probability is the probability of, for example 'SLN metastasis'. */
  readonly positiveClass: string
  /** Name of the cohort the model was fitted on. */
  readonly cohort: string
  readonly threshold?: ModelThreshold
}

/**
 * Turns a fit into a frozen, serialisable model. Only a fit whose estimates mean something can be frozen.
 * @returns `separation`, `collinear` or `not_converged` with the terms named; `out_of_range` for a threshold outside [0, 1]
 */
export function freezeModel(fit: LogisticModel | FirthModel, settings: FreezeSettings): StatisticsResult<CombinedModel> {
  if ('separation' in fit && fit.separation.message !== undefined) {
    return fail('separation', fit.separation.message, fit.separation.terms.join(', '))
  }
  const [collinear] = fit.collinear
  if (collinear) return fail('collinear', collinear.message, collinear.column.name)
  if (!fit.converged) return fail('not_converged', 'The fit did not converge: its estimates must not be used for predictions.')
  const { threshold } = settings
  if (threshold && !(threshold.value >= 0 && threshold.value <= 1)) {
    return fail('out_of_range', `The threshold ${threshold.value} is not a probability.`)
  }
  const estimates = new Map(fit.coefficients.map((c) => [c.column.name, c.estimate]))
  return ok(deepFreeze<CombinedModel>({
    format: 'sln-combined-model', version: 1, method: fit.method,
    outcome: fit.outcome, positiveClass: settings.positiveClass, cohort: settings.cohort, n: fit.n, events: fit.events,
    intercept: estimates.get(interceptName)!,
    terms: fit.terms.map((t) => combinedTerm(t, fit, estimates)),
    columns: fit.columns.map((c) => c.name),
    covariance: toRows(fit.covariance),
    linearPredictorRange: [minimum(fit.linearPredictor), -minimum(fit.linearPredictor.map((v) => -v))],
    ...(threshold ? { threshold: {
      value: threshold.value, rule: threshold.rule, chosenOn: threshold.chosenOn, chosenOnCases: threshold.chosenOnCases,
    } } : {}),
  }))
}

function combinedTerm(term: Term, fit: LogisticModel | FirthModel, estimates: ReadonlyMap<string, number>): CombinedTerm {
  if (term.kind === 'factor') return {
    kind: 'factor', name: term.name, levels: [...term.levels],
    coefficients: term.levels.map((l, k) => (k === 0 ? 0 : estimates.get(term.name + l)!)),
  }
  return {
    kind: 'numeric', name: term.name, ...(term.unit === undefined ? {} : { unit: term.unit }), coefficient: estimates.get(term.name)!,
    observed: fit.observed[term.name]!,
  }
}

function minimum(values: Float64Array): number {
  return values.reduce((m, v) => Math.min(m, v), Infinity)
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    for (const part of Object.values(value)) deepFreeze(part)
    Object.freeze(value)
  }
  return value
}
