import { createRandom, ok } from '#shared/lib/index.ts'
import { fail, type PatientId, type StatisticsResult } from '../core/index.ts'
import { createResampler } from '../bootstrap/index.ts'
import type { DataRow, Term } from '../regression/index.ts'
import { featureColumns, importanceByTerm, type FeatureCoding, type FeatureImportance } from './features.ts'
import { growTree, sortColumns, type GrowthRules } from './growTree.ts'
import { prepareTraining } from './training.ts'
import { treeValue, type DecisionTree } from './tree.ts'

export interface ForestOptions {
  /** 500 unless given. */
  readonly trees?: number
  /** Columns tried at each split; floor(sqrt(columns)) unless given. */
  readonly featuresPerSplit?: number
  /** Fewest cases in a leaf; 5 unless given (probabilities, not votes, are wanted). */
  readonly minLeafRows?: number
  readonly maxDepth?: number
  readonly seed: string | number
  /** Patient of each row: whole patients are drawn, so that no patient is both in and out of a tree's sample. */
  readonly patient?: ArrayLike<PatientId>
}

/** A fitted forest: plain data, to be stored as JSON. */
export interface RandomForest {
  readonly method: 'random forest'
  readonly coding: FeatureCoding
  readonly trees: readonly DecisionTree[]
  readonly seed: string | number
  readonly n: number
  readonly events: number
  /** Mean decrease of the Gini index by term, summing to 1. It favours terms with many values: read it beside `permutationImportance`. */
  readonly importance: readonly FeatureImportance[]
  /** Probability of each fitting row by the trees that did not draw it; NaN for a row that every tree drew. */
  readonly outOfBag: Float64Array
}

/**
 * Random forest of probability trees for a 0/1 outcome: the mean over trees of the share of positives in the leaf.
 * Sources: Breiman, Mach Learn 2001;45:5-32; probability trees: Malley et al., Methods Inf Med 2012;51:74-81. Seeded: the same seed gives the same forest.
 * @returns failures of `completeCases`-like checks: `missing_values`, `not_finite`, `unknown_level`, `bad_labels`, `one_class`, `out_of_range`. O(trees x n log^2 n).
 */
export function randomForest(rows: readonly DataRow[], outcome: string, terms: readonly Term[], options: ForestOptions): StatisticsResult<RandomForest> {
  const training = prepareTraining(rows, outcome, terms)
  if (!training.ok) return training
  const { coding, columns, y, events } = training.value
  const count = options.trees ?? 500
  if (!(Number.isInteger(count) && count > 0)) return fail('out_of_range', 'A forest needs a whole number of trees above 0.')
  const rules: GrowthRules = {
    maxDepth: options.maxDepth ?? 64, minLeafRows: options.minLeafRows ?? 5, minLeafWeight: 0, minGain: 1e-12, lambda: 0,
    featuresPerSplit: options.featuresPerSplit ?? Math.max(1, Math.floor(Math.sqrt(columns.length))),
  }
  const n = rows.length, sorted = sortColumns(columns), random = createRandom(options.seed)
  const resampler = createResampler(options.patient ? { rows: n, patient: options.patient } : { rows: n })
  const gains = new Float64Array(columns.length), outSum = new Float64Array(n), outTrees = new Uint32Array(n)
  const trees = Array.from({ length: count }, (_, b) => {
    const own = random.fork(b), drawn = new Float64Array(n)
    for (const row of resampler.draw(own)) drawn[row]!++
    const sum = drawn.map((c, i) => c * y[i]!)
    const used = Uint32Array.from({ length: n }, (_, i) => i).filter((i) => drawn[i]! > 0)
    const grown = growTree(sorted, used, { sum, weight: drawn, count: drawn }, rules, own)
    grown.gains.forEach((g, j) => { gains[j]! += g })
    for (let i = 0; i < n; i++) {
      if (drawn[i]! > 0) continue
      outSum[i]! += treeValue(grown.tree, columns, i)
      outTrees[i]!++
    }
    return grown.tree
  })
  return ok({
    method: 'random forest', coding, trees, seed: options.seed, n, events, importance: importanceByTerm(coding, gains),
    outOfBag: outSum.map((s, i) => s / outTrees[i]!),
  })
}

/** Probabilities of rows by a fitted forest. Failures as for fitting: `missing_values`, `not_finite`, `unknown_level`. O(trees x depth) a row. */
export function predictForest({ coding, trees }: Pick<RandomForest, 'coding' | 'trees'>, rows: readonly DataRow[]): StatisticsResult<Float64Array> {
  const columns = featureColumns(rows, coding)
  if (!columns.ok) return columns
  return ok(Float64Array.from(rows, (_, i) => {
    let sum = 0
    for (const tree of trees) sum += treeValue(tree, columns.value, i)
    return Math.min(1, sum / trees.length)
  }))
}

