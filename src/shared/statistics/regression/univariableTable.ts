import { ok } from '#shared/lib/index.ts'
import { defaultLevel, type StatisticsResult } from '../core/index.ts'
import { fitTerms, logisticRegression, type LogisticModel } from './logisticRegression.ts'
import { prepareData, type ModelSpec, type PreparedData } from './prepare.ts'
import type { DataRow } from './term.ts'

/**
 * Which rows univariable models use: those complete for all predictors (comparable with the multivariable model), or those complete for the
 * one.
 */
export type UnivariableRows = 'complete for all' | 'complete for each'

/** One model a predictor, in the order of the terms. */
export function univariableModels(data: PreparedData, level = defaultLevel): LogisticModel[] {
  return data.design.terms.map((t) => fitTerms(data, [t.name], level))
}

/** Uni- and multivariable models side by side, as a paper's table shows them. */
export interface OddsRatioTables {
  readonly univariable: readonly LogisticModel[]
  readonly multivariable: LogisticModel
  readonly rows: UnivariableRows
}

/** Both tables at once. Failures as for `logisticRegression`. */
export function oddsRatioTables(
  rows: readonly DataRow[], spec: ModelSpec, which: UnivariableRows = 'complete for all', level = defaultLevel,
): StatisticsResult<OddsRatioTables> {
  const data = prepareData(rows, spec)
  if (!data.ok) return data
  const multivariable = fitTerms(data.value, data.value.design.terms.map((t) => t.name), level)
  if (which === 'complete for all') return ok({ univariable: univariableModels(data.value, level), multivariable, rows: which })
  const univariable: LogisticModel[] = []
  for (const term of spec.terms) {
    const one = logisticRegression(rows, { outcome: spec.outcome, terms: [term] }, level)
    if (!one.ok) return one
    univariable.push(one.value)
  }
  return ok({ univariable, multivariable, rows: which })
}
