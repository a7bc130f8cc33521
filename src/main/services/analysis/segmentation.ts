import type { CallOutput, Evaluation } from '#shared/contract/index.ts'
import { SEGMENTATION_MODELS } from '#shared/domain/index.ts'
import { caseModelRows, masksOfSegmentation, referenceAnnotation, type MetricRow } from '#main/database/queries/inference.ts'
import type { OpenStudy } from '../context.ts'
import { overlapWith } from '../masks.ts'

/** Per-image overlap of every automatic mask with its ground truth, for included cases that have both. */
export interface MaskFigure { readonly caseId: string; readonly label: string; readonly cohort: string; readonly patientId: string; readonly model: (typeof SEGMENTATION_MODELS)[number]; readonly metric: MetricRow }

export function maskFigures(study: OpenStudy): MaskFigure[] {
  const db = study.db.read
  const figures: MaskFigure[] = []
  for (const row of caseModelRows(db)) {
    if (row.segmentation_id === null) continue
    const reference = referenceAnnotation(db, row.image_id)
    if (reference === undefined) continue
    for (const mask of masksOfSegmentation(db, row.segmentation_id)) {
      const metric = overlapWith(study, { ...mask, frame: row.frame ?? 0 }, reference)
      if (metric !== null) figures.push({ caseId: row.case_id, label: row.label, cohort: row.cohort ?? 'no cohort', patientId: row.patient_id, model: mask.model, metric })
    }
  }
  return figures
}

/** Mean over images, by cohort and model, as in the paper's Table 3. An image where a figure is 0/0 counts as 0: nothing found where something is. */
export function segmentationTable(figures: readonly MaskFigure[]): Evaluation['segmentation'] {
  const rows: Evaluation['segmentation'] = []
  for (const cohort of [...new Set(figures.map((f) => f.cohort))]) {
    for (const model of SEGMENTATION_MODELS) {
      const own = figures.filter((f) => f.cohort === cohort && f.model === model)
      const mean = (key: keyof MetricRow): number | null => (own.length === 0 ? null : own.reduce((s, f) => s + (f.metric[key] ?? 0), 0) / own.length)
      if (own.length > 0) rows.push({ cohort, model, n: own.length, dice: mean('dice'), miou: mean('iou'), precision: mean('precision'), recall: mean('recall') })
    }
  }
  return rows
}

/** The table and every figure behind it, as the screen shows them. */
export function maskAnswer(study: OpenStudy): CallOutput<'analysis.segmentation'> {
  const figures = maskFigures(study)
  return { table: segmentationTable(figures), figures: figures.map(({ caseId, label, cohort, model, metric }) => ({ caseId, label, cohort, model, ...metric })) }
}
