import { createRandom, ok, type Random } from '#shared/lib/index.ts'
import { fail, type StatisticsResult } from '../core/index.ts'
import { expit, logit, type DataRow, type Term } from '../regression/index.ts'
import { featureColumns, importanceByTerm, type FeatureCoding, type FeatureImportance } from './features.ts'
import { growTree, sortColumns, type GrowthRules } from './growTree.ts'
import { prepareTraining } from './training.ts'
import { treeValue, type DecisionTree } from './tree.ts'

export interface BoostingOptions {
  /** Number of trees; 100 unless given. */
  readonly rounds?: number
  /** Shrinkage of each tree; 0.1 unless given. */
  readonly learningRate?: number
  /** 3 unless given. */
  readonly maxDepth?: number
  /** Ridge penalty of leaf values; 1 unless given. */
  readonly lambda?: number
  /** Least sum of p (1 - p) in a leaf; 1 unless given. */
  readonly minLeafWeight?: number
  /** Share of rows drawn (without replacement) for each tree; 1 unless given. */
  readonly subsample?: number
  readonly seed: string | number
}

/** Fitted boosted trees: plain data, to be stored as JSON. The log odds of a row are `base` + learningRate x the sum of its leaf values. */
export interface BoostedTrees {
  readonly method: 'gradient-boosted trees, logistic loss'
  readonly coding: FeatureCoding
  readonly base: number
  readonly learningRate: number
  readonly trees: readonly DecisionTree[]
  readonly seed: string | number
  readonly n: number
  readonly events: number
  /** Total gain of the splits on each term, summing to 1. */
  readonly importance: readonly FeatureImportance[]
  /** Mean log loss on the fitting rows before the first and after each tree: never a measure of performance on new cases. */
  readonly fittingLoss: readonly number[]
}

/**
 * Gradient-boosted trees for a 0/1 outcome: Newton steps of the logistic loss, shrunken, on rows drawn without replacement.
 * Sources: Friedman, Ann Stat 2001;29:1189-232 and Comput Stat Data Anal 2002;38:367-78; second-order splits: Chen and Guestrin, KDD 2016.
 * @returns failures of `prepareTraining`, or `out_of_range` for an impossible option. O(rounds x depth x columns x n log n).
 */
export function boostedTrees(rows: readonly DataRow[], outcome: string, terms: readonly Term[], options: BoostingOptions): StatisticsResult<BoostedTrees> {
  const { rounds = 100, learningRate = 0.1, maxDepth = 3, lambda = 1, minLeafWeight = 1, subsample = 1, seed } = options
  if (!(Number.isInteger(rounds) && rounds > 0 && learningRate > 0 && maxDepth >= 1 && lambda >= 0 && subsample > 0 && subsample <= 1)) {
    return fail('out_of_range', 'Boosting needs rounds and depth of 1 or more, a positive learning rate, a penalty of 0 or more and a subsample in (0, 1].')
  }
  const training = prepareTraining(rows, outcome, terms)
  if (!training.ok) return training
  const { coding, columns, y, events } = training.value
  const n = rows.length, sorted = sortColumns(columns), random = createRandom(seed), base = logit(events / n)
  const rules: GrowthRules = { maxDepth, minLeafRows: 1, minLeafWeight, minGain: 1e-9, lambda }
  const ones = new Float64Array(n).fill(1), logOdds = new Float64Array(n).fill(base), gains = new Float64Array(columns.length)
  const fittingLoss = [meanLoss(y, logOdds)]
  const trees = Array.from({ length: rounds }, (_, round) => {
    const own = random.fork(round), p = logOdds.map(expit)
    const targets = { sum: y.map((v, i) => v - p[i]!), weight: p.map((v) => v * (1 - v)), count: ones }
    const grown = growTree(sorted, drawRows(n, subsample, own), targets, rules, own)
    grown.gains.forEach((g, j) => { gains[j]! += g })
    for (let i = 0; i < n; i++) logOdds[i]! += learningRate * treeValue(grown.tree, columns, i)
    fittingLoss.push(meanLoss(y, logOdds))
    return grown.tree
  })
  return ok({
    method: 'gradient-boosted trees, logistic loss', coding, base, learningRate, trees, seed, n, events,
    importance: importanceByTerm(coding, gains), fittingLoss,
  })
}

/** Probabilities of rows. Failures: `missing_values`, `not_finite`, `unknown_level`. O(trees x depth) a row. */
export function predictBoosted(
  { coding, base, learningRate, trees }: Pick<BoostedTrees, 'coding' | 'base' | 'learningRate' | 'trees'>, rows: readonly DataRow[],
): StatisticsResult<Float64Array> {
  const columns = featureColumns(rows, coding)
  if (!columns.ok) return columns
  return ok(Float64Array.from(rows, (_, i) => {
    let logOdds = base
    for (const tree of trees) logOdds += learningRate * treeValue(tree, columns.value, i)
    return expit(logOdds)
  }))
}

function drawRows(n: number, share: number, random: Random): Uint32Array {
  const all = Array.from({ length: n }, (_, i) => i)
  return Uint32Array.from(share < 1 ? random.shuffle(all).slice(0, Math.max(1, Math.round(share * n))).sort((a, b) => a - b) : all)
}

function meanLoss(y: Float64Array, logOdds: Float64Array): number {
  let sum = 0
  for (let i = 0; i < y.length; i++) {
    const margin = y[i] === 1 ? logOdds[i]! : -logOdds[i]!
    sum += margin > 0 ? Math.log1p(Math.exp(-margin)) : Math.log1p(Math.exp(margin)) - margin
  }
  return sum / y.length
}
