import { chiSquareSf } from '../distributions/index.ts'
import { irls } from './irls.ts'
import { subDesign, type PreparedData } from './prepare.ts'

/** A model without one of its terms. The first row of a table has no term: the model itself. */
export interface DroppedTerm {
  readonly term: string | undefined
  /** Degrees of freedom the term has. */
  readonly df: number
  readonly deviance: number
  readonly aic: number
  /** Likelihood-ratio test of the term; NaN in the first row and for a term without degrees of freedom. */
  readonly chiSquare: number
  readonly p: number
}

/** Single-term deletions, whole factors at a time (R's drop1, MASS::dropterm), in the order of the terms. */
export function dropOne(data: PreparedData, names: readonly string[]): DroppedTerm[] {
  const full = quickFit(data, names)
  const rows = names.map((term): DroppedTerm => {
    const fit = quickFit(data, names.filter((n) => n !== term))
    const df = full.rank - fit.rank
    const chiSquare = Math.max(0, fit.deviance - full.deviance)
    return { term, df, deviance: fit.deviance, aic: fit.aic, chiSquare, p: df > 0 ? chiSquareSf(chiSquare, df) : NaN }
  })
  return [{ term: undefined, df: NaN, deviance: full.deviance, aic: full.aic, chiSquare: NaN, p: NaN }, ...rows]
}

/** Deviance, rank and AIC of a model with these terms. */
export function quickFit(
  data: PreparedData, names: readonly string[],
): { readonly deviance: number; readonly rank: number; readonly aic: number } {
  const fit = irls(subDesign(data.design, names).x, data.y)
  return { deviance: fit.deviance, rank: fit.kept.length, aic: fit.deviance + 2 * fit.kept.length }
}
