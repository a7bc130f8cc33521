import type { Interval } from '../core/index.ts'
import { quantiles } from '../core/index.ts'
import { wilsonInterval } from '../classification/index.ts'

/** A bin of predicted probabilities with what was observed in it. Means and shares are NaN in an empty bin. */
export interface CalibrationBin {
  readonly lower: number
  readonly upper: number
  readonly n: number
  readonly events: number
  readonly meanPredicted: number
  readonly observed: number
  /** Wilson interval of the observed share; null in an empty bin. */
  readonly interval: Interval | null
}

/** Cut points at the quantiles 0, 1/g, ..., 1 with the tied ones merged. */
export interface QuantileCuts {
  readonly cuts: readonly number[]
  /** How many cut points fell on another one. */
  readonly merged: number
}

/** Type 7 quantile cut points; equal ones are merged and counted. */
export function quantileCuts(probability: ArrayLike<number>, groups: number): QuantileCuts {
  const all = quantiles(probability, Array.from({ length: groups + 1 }, (_, i) => Math.min(1, i * (1 / groups))))
  const cuts = [...new Set(all)].sort((a, b) => a - b)
  return { cuts, merged: all.length - cuts.length }
}

/** Position of the bin (lower, upper] that holds x; the first one is closed on both sides. */
export function rightClosedBin(cuts: readonly number[], x: number): number {
  let low = 0, high = cuts.length - 2
  while (low < high) {
    const middle = (low + high) >> 1
    if (x > cuts[middle + 1]!) low = middle + 1
    else high = middle
  }
  return low
}

/** Position of the bin [lower, upper) that holds x; the last one is closed on both sides. */
export function leftClosedBin(cuts: readonly number[], x: number): number {
  let low = 0, high = cuts.length - 2
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (x >= cuts[middle]!) low = middle
    else high = middle - 1
  }
  return low
}

/** Bins [k/g, (k+1)/g), the last one closed. */
export function equalWidthBins(outcome: ArrayLike<number>, probability: ArrayLike<number>, groups = 10, level?: number): CalibrationBin[] {
  const cuts = Array.from({ length: groups + 1 }, (_, k) => k / groups)
  return fillBins(outcome, probability, cuts, leftClosedBin, level)
}

/** Bins between quantile cut points, right-closed; none when all predictions are equal. */
export function quantileBins(outcome: ArrayLike<number>, probability: ArrayLike<number>, groups = 10, level?: number): CalibrationBin[] {
  const { cuts } = quantileCuts(probability, groups)
  return cuts.length < 2 ? [] : fillBins(outcome, probability, cuts, rightClosedBin, level)
}

function fillBins(
  outcome: ArrayLike<number>, probability: ArrayLike<number>, cuts: readonly number[],
  place: (cuts: readonly number[], x: number) => number, level?: number,
): CalibrationBin[] {
  const k = cuts.length - 1
  const n = new Float64Array(k), events = new Float64Array(k), total = new Float64Array(k)
  for (let i = 0; i < outcome.length; i++) {
    const b = place(cuts, probability[i]!)
    n[b]!++
    events[b]! += outcome[i]!
    total[b]! += probability[i]!
  }
  return Array.from(n, (size, b) => ({
    lower: cuts[b]!, upper: cuts[b + 1]!, n: size, events: events[b]!,
    meanPredicted: total[b]! / size, observed: events[b]! / size,
    interval: size > 0 ? wilsonInterval(events[b]!, size, level) : null,
  }))
}

/**
 * Calibration error over bins: the mean of |observed - predicted| weighted by size (ECE) and the largest one (MCE). Empty bins do not
 * count; without a filled bin the largest one is NaN.
 */
export function binnedError(bins: readonly CalibrationBin[]): { readonly expected: number; readonly maximum: number } {
  const filled = bins.filter((b) => b.n > 0)
  const n = filled.reduce((s, b) => s + b.n, 0)
  const gap = (b: CalibrationBin): number => Math.abs(b.observed - b.meanPredicted)
  return {
    expected: filled.reduce((s, b) => s + b.n / n * gap(b), 0),
    maximum: filled.reduce((m, b) => Math.max(m, gap(b)), filled.length > 0 ? 0 : NaN),
  }
}
