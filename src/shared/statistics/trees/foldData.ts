import { accuracyScores } from '../calibration/index.ts'
import type { PatientId } from '../core/index.ts'
import type { DataRow } from '../regression/index.ts'
import { auc } from '../roc/index.ts'

/** What the folds of a cross-validation share. */
export interface FoldData {
  readonly rows: readonly DataRow[]
  readonly y: Float64Array
  readonly patients: readonly PatientId[]
  readonly outcome: string
  readonly innerFolds: number
  readonly chooseBy: 'logLoss' | 'auc'
}

/** AUC (NaN where a fold has one class), log loss and Brier score. */
export function figures(y: Float64Array, p: Float64Array): { auc: number; logLoss: number; brier: number } {
  const area = auc(y, p), scores = accuracyScores(y, p)
  return { auc: area.ok ? area.value : NaN, logLoss: scores.logLoss, brier: scores.brier }
}

export function indices(values: Uint32Array, keep: (value: number) => boolean): number[] {
  const out: number[] = []
  values.forEach((v, i) => { if (keep(v)) out.push(i) })
  return out
}
