import { ok } from '#shared/lib/index.ts'
import { mean } from '../core/index.ts'
import { hausdorffAllPixels, maskAgreement, type MaskAgreement, type MaskPixels } from '../masks/index.ts'
import type { AnalysisAdapter, AnalysisInput, ImageArray, OutputObject } from './adapter.ts'
import { AnalysisFailure, need, recordList } from './request.ts'

/** Foreground (above 0) of an image's first channel. */
export function maskOf(image: ImageArray): MaskPixels {
  const data = new Uint8Array(image.width * image.height)
  for (let i = 0; i < data.length; i++) data[i] = image.data[i * image.channels]! > 0 ? 1 : 0
  return { width: image.width, height: image.height, data }
}

const averaged = ['dice', 'iou', 'precision', 'recall', 'mean_iou_fg_bg'] as const

/** `masks`: each pair of `pairs` (`pred` against `ref`, `spacing` [row, column]), and means over the pairs where a value is defined. */
export const masksAdapter: AnalysisAdapter = (input) => {
  const pairs = recordList(input.spec, 'pairs').map((p) => pair(input, p))
  const means = averaged.map((field) => {
    const values = pairs.map((p) => p[field]).filter((v): v is number => typeof v === 'number')
    return [`mean_${field}`, values.length > 0 ? mean(values) : null]
  })
  return ok({ pairs, ...Object.fromEntries(means), mean_rule: 'mean over pairs where the value is defined' })
}

function pair(input: AnalysisInput, request: Readonly<Record<string, unknown>>): OutputObject {
  const prediction = maskOf(input.image(request.pred)), reference = maskOf(input.image(request.ref))
  const [row, column] = spacingOf(request.spacing)
  const spacing = { row, column, unit: 'mm' } as const
  const found = need(maskAgreement(prediction, reference, spacing))
  const { counts } = found
  return {
    id: String(request.id), shape: [prediction.height, prediction.width], spacing_row_col: [row, column],
    area_pred: counts.tp + counts.fp, area_ref: counts.tp + counts.fn, tp: counts.tp, fp: counts.fp, fn: counts.fn, tn: counts.tn,
    dice: found.dice, iou: found.iou, precision: found.precision, recall: found.recall, specificity: found.specificity, accuracy: found.accuracy,
    mean_iou_fg_bg: found.meanIou, volumetric_similarity: found.volumetricSimilarity,
    ...distanceFields(found), hausdorff_all_pixels: need(hausdorffAllPixels(prediction, reference, spacing)),
  }
}

function spacingOf(value: unknown): readonly [number, number] {
  if (value === undefined) return [1, 1]
  if (Array.isArray(value) && typeof value[0] === 'number' && typeof value[1] === 'number') return [value[0], value[1]]
  throw new AnalysisFailure('bad_task', 'The spacing of a pair of masks must be two numbers: between rows and between columns.')
}

function distanceFields({ distances }: MaskAgreement): OutputObject {
  if (!distances) return { hausdorff: null, hd95_pooled: null, hd95_max_of_directed: null, assd_mean_of_directed: null, assd_pooled: null }
  const { boundaryPixels, hausdorffDirected, hd95, hd95Directed, meanDirected, assd } = distances
  return {
    boundary_px_pred: boundaryPixels.prediction, boundary_px_ref: boundaryPixels.reference,
    hausdorff: distances.hausdorff, hausdorff_pred_to_ref: hausdorffDirected.predictionToReference, hausdorff_ref_to_pred: hausdorffDirected.referenceToPrediction,
    hd95_pooled: hd95.pooled, hd95_max_of_directed: hd95.maxOfDirected,
    hd95_pred_to_ref: hd95Directed.predictionToReference, hd95_ref_to_pred: hd95Directed.referenceToPrediction,
    mean_surface_pred_to_ref: meanDirected.predictionToReference, mean_surface_ref_to_pred: meanDirected.referenceToPrediction,
    assd_mean_of_directed: assd.meanOfDirected, assd_pooled: assd.pooled,
  }
}
