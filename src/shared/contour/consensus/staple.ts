import type { RleMask } from '#shared/geometry/index.ts'
import { decisionPatterns, maskOfPatterns, type Pattern } from './patterns.ts'

export interface StapleRater { readonly sensitivity: number; readonly specificity: number }

export interface StapleResult {
  /** On where the probability of the true segmentation is at least 1/2. */
  readonly consensus: RleMask
  /** In the order of the masks. */
  readonly raters: readonly StapleRater[]
  readonly iterations: number
  readonly converged: boolean
  /** The prior probability of a pixel being on: the raters' mean share of set pixels, as in Warfield et al. */
  readonly prior: number
  /** The probability for a pattern of votes (bit r: rater r has it on). */
  probability(votes: number): number
}

export interface StapleOptions { readonly maximumIterations?: number; readonly tolerance?: number; readonly startingQuality?: number }

function probabilityOf(votes: number, raters: readonly StapleRater[], prior: number): number {
  let on = Math.log(prior), off = Math.log(1 - prior)
  raters.forEach(({ sensitivity, specificity }, r) => {
    const voted = (votes >>> r) & 1
    on += Math.log(voted === 1 ? sensitivity : 1 - sensitivity)
    off += Math.log(voted === 1 ? 1 - specificity : specificity)
  })
  // Both impossible: no rater's model explains the pixel, which then keeps the prior.
  if (on === -Infinity && off === -Infinity) return prior
  return 1 / (1 + Math.exp(off - on))
}

function estimate(patterns: readonly Pattern[], weights: readonly number[], rater: number): StapleRater {
  let on = 0, off = 0, hits = 0, rejections = 0
  patterns.forEach(({ votes, count }, i) => {
    const w = weights[i] as number
    on += w * count
    off += (1 - w) * count
    if (((votes >>> rater) & 1) === 1) hits += w * count
    else rejections += (1 - w) * count
  })
  return { sensitivity: on > 0 ? hits / on : 1, specificity: off > 0 ? rejections / off : 1 }
}

const distanceBetween = (a: StapleRater, b: StapleRater): number =>
  Math.max(Math.abs(a.sensitivity - b.sensitivity), Math.abs(a.specificity - b.specificity))

/**
 * Simultaneous truth and performance level estimation of binary masks by expectation maximisation
 * (Warfield, Zou and Wells, IEEE Trans Med Imaging 2004; 23:903-921, equations 14, 18 and 19), with one global prior and no neighbourhood term.
 * Stops when no sensitivity or specificity changes by more than the tolerance (1e-7), or after 1000 rounds.
 */
export function staple(masks: readonly RleMask[], options: StapleOptions = {}): StapleResult {
  const { maximumIterations = 1000, tolerance = 1e-7, startingQuality = 0.99999 } = options
  const patterns = decisionPatterns(masks)
  const pixels = patterns.reduce((sum, p) => sum + p.count, 0)
  const set = masks.map((_, r) => patterns.reduce((sum, p) => sum + (((p.votes >>> r) & 1) === 1 ? p.count : 0), 0))
  const prior = set.reduce((a, b) => a + b, 0) / (pixels * masks.length)
  let raters: StapleRater[] = masks.map(() => ({ sensitivity: startingQuality, specificity: startingQuality }))
  let iterations = 0, converged = prior === 0 || prior === 1
  while (!converged && iterations < maximumIterations) {
    const weights = patterns.map((p) => probabilityOf(p.votes, raters, prior))
    const next = masks.map((_, r) => estimate(patterns, weights, r))
    converged = next.every((rater, r) => distanceBetween(rater, raters[r] as StapleRater) <= tolerance)
    raters = next
    iterations++
  }
  const probability = (votes: number): number => (prior === 0 || prior === 1 ? prior : probabilityOf(votes, raters, prior))
  return { consensus: maskOfPatterns(masks, (votes) => probability(votes) >= 0.5), raters, iterations, converged, prior, probability }
}
