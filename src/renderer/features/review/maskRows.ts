import type { Overlap } from '#shared/contract/index.ts'
import { intersectionArea, maskArea } from '#shared/geometry/index.ts'
import { SEGMENTATION_MODELS } from '#shared/domain/index.ts'
import { meaningLabels, type Meaning } from '#shared/figures/index.ts'
import { distanceOf, meaningOf, spacingOf } from './lineage.ts'
import type { ShownCase } from './useReviewCase.ts'

export interface MaskRow { readonly id: string; readonly key: string; readonly label: string; readonly meaning: Meaning; readonly present: boolean; readonly against: Overlap | null }

/** The newest correction: the one that stands. */
export const standingCorrection = (shown: ShownCase | null): ShownCase['lineage'][number] | null => shown?.lineage.findLast((m) => m.meaning === 'correction') ?? null

function correctionAgainst(shown: ShownCase): Overlap | null {
  const drawn = standingCorrection(shown)
  const truth = shown.lineage.find((m) => m.id === 'reference')
  if (drawn === null || truth === undefined) return null
  const both = intersectionArea(drawn.mask, truth.mask), p = maskArea(drawn.mask), r = maskArea(truth.mask)
  const ratio = (a: number, b: number): number | null => (b === 0 ? null : a / b)
  return { ...distanceOf(drawn.mask, truth.mask, spacingOf(shown.data.calibration)), iou: ratio(both, p + r - both), precision: ratio(both, p), recall: ratio(both, r) }
}

/** One row a mask, always the same six in the same places; those that the case lacks are marked so. Keys 1 to 6. */
export function maskRows(shown: ShownCase | null): MaskRow[] {
  const automatic = SEGMENTATION_MODELS.map((model, i): MaskRow => {
    const mask = shown?.data.masks.find((m) => m.model === model)
    return { id: model, key: String(i + 1), label: meaningLabels[meaningOf[model]], meaning: meaningOf[model], present: mask !== undefined, against: mask?.against ?? null }
  })
  const truth = shown?.lineage.some((m) => m.id === 'reference') === true
  const drawn = standingCorrection(shown)
  return [
    ...automatic,
    { id: 'reference', key: '5', label: meaningLabels.groundTruth, meaning: 'groundTruth', present: truth, against: null },
    { id: 'correction', key: '6', label: meaningLabels.correction, meaning: 'correction', present: drawn !== null, against: shown === null ? null : correctionAgainst(shown) },
  ]
}
