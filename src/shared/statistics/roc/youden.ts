import type { RocCurve } from './rocCurve.ts'

/** A cut on a curve. */
export interface CurvePoint {
  /** Index into the curve. */
  readonly index: number
  /** Observed value: positive at or above it; Infinity calls nobody positive. */
  readonly threshold: number
  readonly midThreshold: number
  readonly truePositives: number
  readonly falsePositives: number
  readonly sensitivity: number
  readonly specificity: number
}

/** The greatest sensitivity + specificity - 1 and every threshold that reaches it. */
export interface Youden {
  readonly j: number
  /** All thresholds with that J, ascending; ties are decided in whole numbers. */
  readonly ties: readonly CurvePoint[]
  /** The first of them. */
  readonly selected: CurvePoint
  readonly rule: string
}

export const youdenRule = 'Youden: greatest sensitivity + specificity - 1; among ties the smallest threshold (highest sensitivity); '
  + 'positive when score >= threshold'

/** Youden's index over a curve. Source: Youden WJ. Cancer 1950;3:32-5. O(points). */
export function youden(curve: RocCurve): Youden {
  const { positives: m, negatives: n } = curve
  let best = -Infinity
  let at: number[] = []
  for (let i = 0; i < curve.thresholds.length; i++) {
    const j = curve.truePositives[i]! * n - curve.falsePositives[i]! * m
    if (j > best) {
      best = j
      at = [i]
    } else if (j === best) at.push(i)
  }
  const ties = at.map((i) => curvePoint(curve, i))
  return { j: best / (m * n), ties, selected: ties[0]!, rule: youdenRule }
}

export function curvePoint(curve: RocCurve, index: number): CurvePoint {
  const truePositives = curve.truePositives[index]!, falsePositives = curve.falsePositives[index]!
  return {
    index, threshold: curve.thresholds[index]!, midThreshold: curve.midThresholds[index]!, truePositives, falsePositives,
    sensitivity: truePositives / curve.positives, specificity: 1 - falsePositives / curve.negatives,
  }
}
