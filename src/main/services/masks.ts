import { intersectionArea, maskArea, maskFromBytes, type RleMask } from '#shared/geometry/index.ts'
import { unwrap } from '#shared/lib/index.ts'
import { storedMetric, type MetricRow } from '#main/database/queries/inference.ts'
import type { OpenStudy } from './context.ts'

/** A stored mask by the hash of its bytes. */
export const loadMask = (study: OpenStudy, hash: string): RleMask => unwrap(maskFromBytes(study.objects.get(hash)))

/** Overlap of a predicted mask with its reference; null where the figure is 0/0 (both empty, or nothing predicted). */
export function overlapOf(predicted: RleMask, reference: RleMask): MetricRow {
  const both = intersectionArea(predicted, reference)
  const p = maskArea(predicted), r = maskArea(reference)
  const ratio = (a: number, b: number): number | null => (b === 0 ? null : a / b)
  return { dice: ratio(2 * both, p + r), iou: ratio(both, p + r - both), precision: ratio(both, p), recall: ratio(both, r) }
}

export interface AutomaticMask { readonly segmentation_id: string; readonly frame: number; readonly model: string; readonly mask: string }
const measured = new WeakMap<OpenStudy, Map<string, MetricRow>>()

/**
 * Overlap of an automatic mask with the ground truth as it is now; null where that was drawn on another frame. What the run stored is of the truth
 * of that day; of a truth that came later the figure is computed, once as long as the study is open.
 */
export function overlapWith(study: OpenStudy, automatic: AutomaticMask, reference: { readonly id: string; readonly mask: string; readonly frame: number } | undefined): MetricRow | null {
  if (reference === undefined || reference.frame !== automatic.frame) return null
  const key = `${automatic.segmentation_id} ${automatic.model} ${reference.id}`
  const own = measured.get(study) ?? new Map<string, MetricRow>()
  measured.set(study, own)
  const known = own.get(key) ?? storedMetric(study.db.read, automatic.segmentation_id, automatic.model, reference.id) ?? overlapOf(loadMask(study, automatic.mask), loadMask(study, reference.mask))
  own.set(key, known)
  return known
}
