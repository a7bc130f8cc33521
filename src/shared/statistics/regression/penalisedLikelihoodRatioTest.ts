import { ok } from '#shared/lib/index.ts'
import { fail, qrDecompose, type StatisticsResult } from '../core/index.ts'
import { chiSquareSf } from '../distributions/index.ts'
import { firthFit } from './firthFit.ts'
import { keepColumns, type ChiSquareTest } from './logisticRegression.ts'
import { subDesign, type PreparedData } from './prepare.ts'

/**
 * Penalised likelihood-ratio test of a term in Firth's model: its coefficients held at zero, the penalty taken over all columns as in
 * logistf.
 * Source: Heinze and Schemper, Stat Med 2002;21:2409-19.
 */
export function penalisedLikelihoodRatioTest(data: PreparedData, names: readonly string[], term: string): StatisticsResult<ChiSquareTest> {
  const design = subDesign(data.design, names)
  const qr = qrDecompose(design.x, 1e-11)
  const kept = [...qr.pivot.slice(0, qr.rank)]
  const held = new Set(kept.flatMap((j, k) => (design.columns[j]!.term === term ? [k] : [])))
  if (held.size === 0) return fail('collinear', `"${term}" has no column of its own in the model.`, term)
  const x = keepColumns(design.x, kept)
  const full = firthFit(x, data.y), part = firthFit(x, data.y, { held })
  if (!full.converged || !part.converged) return fail('not_converged', `The penalised fits for the test of "${term}" did not settle.`, term)
  const chiSquare = Math.max(0, 2 * (full.penalisedLogLikelihood - part.penalisedLogLikelihood))
  return ok({ chiSquare, df: held.size, p: chiSquareSf(chiSquare, held.size), method: 'penalised likelihood ratio' })
}
