import type { CallOutput, CohortAnalysis } from '#shared/contract/index.ts'
import { SEGMENTATION_LABELS, SEGMENTATION_MODELS, type SegmentationModel } from '#shared/domain/index.ts'
import { studyCalibrationFigure, studyDecisionFigure, studyDiceFigure, studyRocFigure, type Figure, type Meaning } from '#shared/figures/index.ts'
import { quantiles } from '#shared/statistics/core/index.ts'
import type { MaskFigure } from '../segmentation.ts'

const COLOURS: Readonly<Record<SegmentationModel, Meaning>> = { deeplabv3: 'deeplabv3', unet: 'unet', unetpp: 'unetpp', fusion: 'fused' }

function boxOf(values: readonly number[]): { min: number; q1: number; median: number; q3: number; max: number } | undefined {
  if (values.length < 3) return undefined
  const [min, q1, median, q3, max] = quantiles(values, [0, 0.25, 0.5, 0.75, 1]) as [number, number, number, number, number]
  return { min, q1, median, q3, max }
}

export const diceOf = (figures: readonly MaskFigure[]): Figure => studyDiceFigure(figures.map((f) => ({ cohort: f.cohort, model: f.model, label: f.label, dice: f.metric.dice })), SEGMENTATION_MODELS.map((model) => ({ model, label: SEGMENTATION_LABELS[model], colour: COLOURS[model] })), boxOf)

/** The captions carry what the chart's own notes would say, so these are left out of the drawing. */
const bare = (figure: Figure): Figure => ({ ...figure, notes: undefined })
export const rocChart = (cohort: string, roc: CallOutput<'analysis.roc'>): Figure => bare(studyRocFigure(cohort, roc))
export const calibrationChart = (c: CohortAnalysis): Figure => bare(studyCalibrationFigure(c.cohort, c.calibration, []))
export const decisionChart = (cohort: string, decision: NonNullable<CohortAnalysis['decision']>): Figure => bare(studyDecisionFigure(cohort, decision, []))
