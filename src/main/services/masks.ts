import { intersectionArea, maskArea, maskFromBytes, type RleMask } from '#shared/geometry/index.ts'
import { unwrap } from '#shared/lib/index.ts'
import type { OpenStudy } from './context.ts'

/** A stored mask by the hash of its bytes. */
export const loadMask = (study: OpenStudy, hash: string): RleMask => unwrap(maskFromBytes(study.objects.get(hash)))

/** Overlap of a predicted mask with its reference; null where the figure is 0/0 (both empty, or nothing predicted). */
export function overlapOf(predicted: RleMask, reference: RleMask): { dice: number | null; iou: number | null; precision: number | null; recall: number | null } {
  const both = intersectionArea(predicted, reference)
  const p = maskArea(predicted), r = maskArea(reference)
  const ratio = (a: number, b: number): number | null => (b === 0 ? null : a / b)
  return { dice: ratio(2 * both, p + r), iou: ratio(both, p + r - both), precision: ratio(both, p), recall: ratio(both, r) }
}
