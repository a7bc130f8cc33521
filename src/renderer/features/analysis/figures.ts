import { slug, studyCalibrationFigure, studyDecisionFigure, studyDiceFigure, studyRocFigure, type Figure, type Meaning } from '#shared/figures/index.ts'
import type { CallOutput, CohortAnalysis, MaskFigureRow } from '#shared/contract/index.ts'
import { SEGMENTATION_LABELS, SEGMENTATION_MODELS, type SegmentationModel } from '#shared/domain/index.ts'
import { quantiles } from '#shared/statistics/core/index.ts'

/** ROC of the model, the signatures and every reader; readers' calls as points. */
export const studyRoc = (cohort: string, roc: CallOutput<'analysis.roc'>): Figure => studyRocFigure(cohort, roc)

const COLOURS: Readonly<Record<SegmentationModel, Meaning>> = { deeplabv3: 'deeplabv3', unet: 'unet', unetpp: 'unetpp', fusion: 'fused' }

function boxOf(values: readonly number[]): { min: number; q1: number; median: number; q3: number; max: number } | undefined {
  if (values.length < 3) return undefined
  const [min, q1, median, q3, max] = quantiles(values, [0, 0.25, 0.5, 0.75, 1]) as [number, number, number, number, number]
  return { min, q1, median, q3, max }
}

/** Dice of every mask by cohort and network, boxes with all cases as dots. */
export const diceFigure = (rows: readonly MaskFigureRow[]): Figure =>
  studyDiceFigure(rows, SEGMENTATION_MODELS.map((model) => ({ model, label: SEGMENTATION_LABELS[model], colour: COLOURS[model] })), boxOf)

const ROWS = { fitting: 'fitting rows: optimistic', evaluation: 'rows that took no part in fitting' } as const

/** The combined model first; the error bars of several models over each other cannot be read, so the legend shows the others on demand. */
export function calibrationChart(data: CohortAnalysis): Figure {
  const others = data.calibration.some((c) => c.kind === 'model') ? data.calibration.filter((c) => c.kind !== 'model').map((c) => slug(c.name)) : []
  const n = data.calibration.find((c) => c.kind === 'model') ?? data.calibration[0]
  const notes = [`n = ${n?.n ?? 0}, ${ROWS[data.rows]}. Points: bins of equal size with Wilson 95 % intervals; line: lowess.`, ...(others.length === 0 ? [] : ['The legend shows and hides each model.'])]
  return { ...studyCalibrationFigure(data.cohort, data.calibration, notes), startsHidden: others }
}

export const decisionChart = (data: CohortAnalysis): Figure | null =>
  (data.decision === null ? null : studyDecisionFigure(data.cohort, data.decision, [`n = ${data.decision.n}, ${data.decision.events} events, ${ROWS[data.rows]}. Net benefit after Vickers and Elkin (2006). A reader’s call does not move with the threshold.`], data.calibration))
