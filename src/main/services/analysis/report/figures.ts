import type { CallOutput, CohortAnalysis } from '#shared/contract/index.ts'
import { SEGMENTATION_LABELS, SEGMENTATION_MODELS, type SegmentationModel } from '#shared/domain/index.ts'
import { studyCalibrationFigure, studyDecisionFigure, studyDiceFigure, studyRocFigure, slug, type Figure, type Meaning } from '#shared/figures/index.ts'
import { cohortLabel, type CohortMaterial } from './material.ts'
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

const LETTERS = 'ABCDEFGHIJKL'
const lettered = (figure: Figure, id: string, title: string, place: number): Figure => ({ ...figure, id, title: `${LETTERS[place] ?? ''}  ${title}`, legend: 'bottom', notes: undefined })

/** Calibration of every model in each cohort, a panel a cohort. */
export const calibrationPanels = (cohorts: readonly CohortMaterial[]): Figure[] =>
  cohorts.map((c, i) => lettered(studyCalibrationFigure(c.cohort, c.analysis.calibration.filter((k) => k.kind !== 'signature' || k.name === c.analysis.model || isMain(c, k.name)), [], c.analysis.calibration), `figure10-calibration-${slug(c.cohort)}`, cohortLabel(c), i))

/** Decision curves of the models alone, a panel a cohort. */
export const decisionPanels = (cohorts: readonly CohortMaterial[], from: number): Figure[] => cohorts.flatMap((c, i) => {
  const { decision } = c.analysis
  return decision === null ? [] : [lettered(studyDecisionFigure(c.cohort, { ...decision, curves: decision.curves.filter((k) => k.kind === 'model' || k.kind === 'clinical' || k.kind === 'signature') }, [], c.analysis.calibration), `figure10-decision-${slug(c.cohort)}`, cohortLabel(c), from + i)]
})

/** Whether a signature takes part in the cohort's comparison of models: the DL signature. */
const isMain = (c: CohortMaterial, name: string): boolean => c.analysis.reclassification.some((r) => r.old === name || r.new === name)

/** Decision curves of models and readers of a cohort. */
export const readerDecision = (cohort: string, { decision, calibration }: CohortAnalysis): Figure | null => (decision === null ? null : bare(studyDecisionFigure(cohort, decision, [], calibration)))
