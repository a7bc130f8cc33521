import { ok } from '#shared/lib/index.ts'
import { fail, solve, submatrix, type StatisticsResult } from '../core/index.ts'
import { chiSquareSf } from '../distributions/index.ts'
import type { ChiSquareTest, LogisticModel } from './logisticRegression.ts'

/**
 * Wald chi-square test that all coefficients of a term are zero (a factor has one a level but the reference).
 * @returns `unknown_column` for a term the model has not, `separation` when its estimates are not finite, `collinear` when it has no column
 * of its own
 */
export function waldTest(model: LogisticModel, term: string): StatisticsResult<ChiSquareTest> {
  if (!model.terms.some((t) => t.name === term)) return fail('unknown_column', `The model has no term "${term}".`, term)
  if (model.separation.message !== undefined) return fail('separation', model.separation.message, model.separation.terms.join(', '))
  const index = model.columns.flatMap((c, i) => (c.term === term ? [i] : []))
  if (index.length === 0) return fail('collinear', `"${term}" is determined by the other terms and has no estimate.`, term)
  const b = index.map((i) => model.coefficients[i]!.estimate)
  const solved = solve(submatrix(model.covariance, index), b)
  if (!solved.ok) return solved
  const chiSquare = b.reduce((s, v, i) => s + v * solved.value[i]!, 0)
  return ok({ chiSquare, df: index.length, p: chiSquareSf(chiSquare, index.length), method: 'Wald' })
}
