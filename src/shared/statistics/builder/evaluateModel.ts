import { calibration } from '../calibration/index.ts'
import { metricsAtThreshold, type Proportion, type Threshold } from '../classification/index.ts'
import type { RowUse } from '../core/index.ts'
import { isMissing, predictCombined, type CombinedModel } from '../regression/index.ts'
import { compareAucs, estimateAuc, rocCurve, type UnitOfAnalysis } from '../roc/index.ts'
import { oneOrNull } from './finite.ts'
import type { BuilderCohort, BuilderRow } from './spec.ts'

export interface ShareFigure { readonly estimate: number | null; readonly ci95: readonly [number, number] | null; readonly count: number; readonly of: number }

/** A signature by itself on the same rows, and the model against it. p is null on fitting rows, where the larger model looks better by construction. */
export interface AgainstSignature { readonly signature: string; readonly auc: number; readonly ci95: readonly [number, number]; readonly difference: number; readonly p: number | null; readonly note: string }

/** What a frozen model is worth on one cohort, at the threshold that it carries. */
export interface CohortEvaluation {
  readonly cohort: string
  readonly use: BuilderCohort['use']
  /** 'fitting' on the rows it was fitted on: figures are resubstitution. */
  readonly rows: RowUse
  readonly label: string
  readonly n: number
  readonly events: number
  /** Rows without a value the model needs, or with a level it has not seen. */
  readonly leftOut: number
  readonly auc: number | null
  readonly ci95: readonly [number, number] | null
  readonly aucMethod: string
  readonly sensitivity: ShareFigure | null
  readonly specificity: ShareFigure | null
  readonly ppv: ShareFigure | null
  readonly npv: ShareFigure | null
  readonly accuracy: ShareFigure | null
  readonly brier: number | null
  readonly slope: number | null
  readonly intercept: number | null
  readonly roc: readonly { readonly x: number; readonly y: number }[]
  readonly signatures: readonly AgainstSignature[]
}

const share = ({ estimate, wilson, count, of }: Proportion): ShareFigure => ({ estimate, ci95: wilson === null ? null : [wilson.lower, wilson.upper], count, of })

/** A patient with several rows makes them dependent: then the variance is clustered by patient. */
export function unitOfRows(rows: readonly BuilderRow[]): UnitOfAnalysis {
  const patient = rows.map((r) => r.patient)
  return new Set(patient).size === patient.length ? { unit: 'patient', patient } : { unit: 'case', patient }
}

/** At most 200 points of a ROC curve from (0, 0) to (1, 1). */
export function rocPoints(outcome: ArrayLike<number>, score: ArrayLike<number>): { x: number; y: number }[] {
  const curve = rocCurve(outcome, score)
  if (!curve.ok) return []
  const { thresholds, truePositives, falsePositives, positives, negatives } = curve.value
  const last = thresholds.length - 1, step = Math.max(1, Math.floor(last / 200))
  return [...thresholds.keys()].reverse().filter((i) => i % step === 0 || i === last).map((i) => ({ x: falsePositives[i]! / negatives, y: truePositives[i]! / positives }))
}

/** Discrimination, calls at the carried threshold and calibration of a frozen model on the rows of one cohort. O(n log n). */
export function evaluateModel(model: CombinedModel, threshold: Threshold | null, outcome: string, cohort: BuilderCohort, all: readonly BuilderRow[], signatures: readonly string[]): CohortEvaluation {
  const rows: RowUse = cohort.use === 'fit' ? 'fitting' : 'evaluation'
  const scored = all.flatMap((row) => {
    const y = row.values[outcome]
    const made = isMissing(y) ? null : predictCombined(model, row.values)
    return made?.ok === true ? [{ row, y: Number(y), p: made.value.probability }] : []
  })
  const y = scored.map((s) => s.y), p = scored.map((s) => s.p), unit = unitOfRows(scored.map((s) => s.row))
  const area = estimateAuc(y, p, unit)
  const calls = threshold === null ? null : metricsAtThreshold(threshold, { cohort: cohort.name, outcome: y, score: p })
  const metrics = calls?.ok === true ? calls.value.metrics : null
  const fitness = calibration(y, p, { rows })
  const line = fitness.ok && !('message' in fitness.value.recalibration) && fitness.value.recalibration.separation === 'none' ? fitness.value.recalibration : null
  const against = signatures.flatMap((name): AgainstSignature[] => {
    const score = scored.map((s) => s.row.values[name])
    if (!score.every((v): v is number => typeof v === 'number')) return []
    const own = estimateAuc(y, score, unit), test = compareAucs(y, p, score, unit)
    if (!own.ok || !test.ok) return []
    return [{
      signature: name, auc: own.value.auc, ci95: [own.value.interval.lower, own.value.interval.upper], difference: test.value.difference,
      p: rows === 'fitting' ? null : oneOrNull(test.value.p), note: rows === 'fitting' ? 'no p value: these rows were used in fitting' : test.value.method,
    }]
  })
  return {
    cohort: cohort.name, use: cohort.use, rows, label: cohort.use === 'fit' ? 'resubstitution: the rows the model was fitted on' : cohort.note,
    n: scored.length, events: y.reduce((s, v) => s + v, 0), leftOut: all.length - scored.length,
    auc: area.ok ? area.value.auc : null, ci95: area.ok && area.value.informative ? [area.value.interval.lower, area.value.interval.upper] : null, aucMethod: area.ok ? area.value.method : area.error.message,
    sensitivity: metrics && share(metrics.sensitivity), specificity: metrics && share(metrics.specificity), ppv: metrics && share(metrics.ppv), npv: metrics && share(metrics.npv), accuracy: metrics && share(metrics.accuracy),
    brier: fitness.ok ? oneOrNull(fitness.value.brier) : null, slope: oneOrNull(line?.slope), intercept: oneOrNull(line?.intercept),
    roc: rocPoints(y, p), signatures: against,
  }
}
