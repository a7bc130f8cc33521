import type { PreparedData } from './prepare.ts'
import { univariableModels } from './univariableTable.ts'

/** Predictors kept by their univariable likelihood-ratio p. */
export interface Screening {
  readonly method: string
  readonly cut: number
  /** Univariable likelihood-ratio p by term. */
  readonly p: Readonly<Record<string, number>>
  readonly kept: readonly string[]
}

/** Univariable screening: a term is kept when the likelihood-ratio p of its own model is below `cut`. */
export function screenTerms(data: PreparedData, cut: number): Screening {
  const models = univariableModels(data)
  const p = Object.fromEntries(models.map((m) => [m.terms[0]!.name, m.likelihoodRatio.p]))
  return {
    method: `univariable likelihood-ratio p < ${cut}`, cut, p,
    kept: models.map((m) => m.terms[0]!.name).filter((name) => p[name]! < cut),
  }
}
