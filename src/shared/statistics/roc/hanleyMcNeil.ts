/**
 * Standard error of an AUC from the AUC and the class sizes alone, under negative exponential scores. For planning and for checking
 * printed results:
 * where the data are at hand, DeLong's variance is the one to report.
 * Source: Hanley JA, McNeil BJ. Radiology 1982;143:29-36.
 */
export function hanleyMcNeilError(area: number, positives: number, negatives: number): number {
  const q1 = area / (2 - area), q2 = 2 * area * area / (1 + area)
  return Math.sqrt((area * (1 - area) + (positives - 1) * (q1 - area * area) + (negatives - 1) * (q2 - area * area)) / (positives * negatives))
}
