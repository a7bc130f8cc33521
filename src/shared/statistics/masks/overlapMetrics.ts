import type { OverlapCounts } from './overlap.ts'

/**
 * Agreement of two masks by pixel counts. `null` = undefined (0/0): with both masks empty there is no overlap to speak of,
 * so Dice and IoU are null (not 1) and a mean over cases leaves such a case out, saying so by its `n`.
 */
export interface OverlapMetrics {
  readonly dice: number | null
  readonly iou: number | null
  readonly precision: number | null
  readonly recall: number | null
  readonly specificity: number | null
  readonly accuracy: number | null
  /** Mean of the IoU of foreground and of background. */
  readonly meanIou: number | null
  /** 1 - |difference of areas| / sum of areas. */
  readonly volumetricSimilarity: number | null
}

const ratio = (x: number, y: number): number | null => (y === 0 ? null : x / y)

/** Dice similarity 2 TP / (2 TP + FP + FN) (Dice, Ecology 1945;26:297); null when both masks are empty. Symmetric in the two masks. */
export function dice({ tp, fp, fn }: OverlapCounts): number | null {
  return ratio(2 * tp, 2 * tp + fp + fn)
}

/** Intersection over union (Jaccard) TP / (TP + FP + FN) = Dice / (2 - Dice); null when both masks are empty. */
export function iou({ tp, fp, fn }: OverlapCounts): number | null {
  return ratio(tp, tp + fp + fn)
}

/** All overlap metrics of one pair. Definitions: Taha and Hanbury, BMC Med Imaging 2015;15:29. O(1). */
export function overlapMetrics(counts: OverlapCounts): OverlapMetrics {
  const { tp, fp, fn, tn } = counts
  const foreground = iou(counts), background = ratio(tn, tn + fp + fn)
  const areaGap = ratio(Math.abs(fp - fn), 2 * tp + fp + fn)
  return {
    dice: dice(counts),
    iou: foreground,
    precision: ratio(tp, tp + fp),
    recall: ratio(tp, tp + fn),
    specificity: ratio(tn, tn + fp),
    accuracy: ratio(tp + tn, tp + fp + fn + tn),
    meanIou: foreground === null || background === null ? null : (foreground + background) / 2,
    volumetricSimilarity: areaGap === null ? null : 1 - areaGap,
  }
}
