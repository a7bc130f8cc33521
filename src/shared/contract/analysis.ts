import { z } from 'zod'
import { query } from './call.ts'
import { id, interval, nothing, segmentationModel } from './common.ts'

export const figureRow = z.object({ n: z.number().int(), positives: z.number().int(), auc: z.number().nullable(), ci95: interval.nullable() })
export const rocPoint = z.object({ fpr: z.number(), tpr: z.number(), threshold: z.number().nullable() })

export const segmentationRow = z.object({ cohort: z.string(), model: segmentationModel, n: z.number().int(), dice: z.number().nullable(), miou: z.number().nullable(), precision: z.number().nullable(), recall: z.number().nullable() })
export const signatureRow = figureRow.extend({ cohort: z.string(), signature: z.string(), note: z.string() })
export const readerRow = figureRow.extend({ cohort: z.string(), reader: z.string(), seniority: z.string().nullable(), sensitivity: z.number().nullable(), specificity: z.number().nullable() })
export const delongRow = z.object({ cohort: z.string(), a: z.string(), b: z.string(), n: z.number().int(), difference: z.number().nullable(), z: z.number().nullable(), p: z.number().nullable(), note: z.string() })

/** The shape of `sln evaluate --json`. */
export const evaluation = z.object({ segmentation: z.array(segmentationRow), signatures: z.array(signatureRow), readers: z.array(readerRow), delong: z.array(delongRow) })
export type Evaluation = z.infer<typeof evaluation>

export const rocCurve = z.object({
  cohort: z.string(), name: z.string(), kind: z.enum(['model', 'signature', 'senior', 'junior', 'reader']), n: z.number().int(), positives: z.number().int(), auc: z.number(), ci95: interval, points: z.array(rocPoint),
  /** the reader's binary calls, or the model at its carried threshold */
  operating: z.object({ fpr: z.number(), tpr: z.number() }).nullable(),
})

/** One automatic mask of one case against its ground truth. */
export const maskFigure = z.object({ caseId: id, label: z.string(), cohort: z.string(), model: segmentationModel, dice: z.number().nullable(), iou: z.number().nullable(), precision: z.number().nullable(), recall: z.number().nullable() })
export type MaskFigureRow = z.infer<typeof maskFigure>

export const analysisCalls = {
  'analysis.segmentation': query(['investigator'], nothing, z.object({ table: z.array(segmentationRow), figures: z.array(maskFigure) })),
  'analysis.evaluation': query(['investigator'], nothing, evaluation),
  'analysis.roc': query(['investigator'], z.strictObject({ cohort: z.string().max(200) }), z.object({
    cohorts: z.array(z.string()), curves: z.array(rocCurve), delong: z.array(delongRow),
    /** readers whose session is still open: their scores are not shown */
    withheld: z.array(z.string()), sentence: z.string(),
  })),
}
