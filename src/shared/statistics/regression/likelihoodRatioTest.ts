import { ok } from '#shared/lib/index.ts'
import { fail, type StatisticsResult } from '../core/index.ts'
import { chiSquareSf } from '../distributions/index.ts'
import type { ChiSquareTest, LogisticModel } from './logisticRegression.ts'

/**
 * Likelihood-ratio test of nested logistic models on the rows both were fitted on: the valid test of added value on fitting rows.
 * @param smaller model whose terms are among those of `larger`
 * @returns `not_paired` when the rows differ, `bad_task` when the models are not nested, `separation` when a fit has no finite estimates
 */
export function likelihoodRatioTest(smaller: LogisticModel, larger: LogisticModel): StatisticsResult<ChiSquareTest> {
  if (smaller.n !== larger.n || smaller.events !== larger.events || smaller.nullDeviance !== larger.nullDeviance) {
    return fail(
      'not_paired',
      `The models were fitted on different rows (${smaller.n} and ${larger.n}): fit both on the rows that are complete for both.`,
    )
  }
  const names = new Set(larger.columns.map((c) => c.name))
  const extra = smaller.columns.find((c) => !names.has(c.name))
  if (extra) return fail('bad_task', `The models are not nested: "${extra.name}" is not part of the larger one.`, extra.name)
  for (const model of [smaller, larger]) {
    if (model.separation.message !== undefined) return fail('separation', model.separation.message, model.separation.terms.join(', '))
  }
  const df = larger.columns.length - smaller.columns.length
  if (df === 0) return fail('undefined', 'Both models have the same columns: there is nothing to test.')
  const chiSquare = Math.max(0, smaller.deviance - larger.deviance)
  return ok({ chiSquare, df, p: chiSquareSf(chiSquare, df), method: 'likelihood ratio' })
}
