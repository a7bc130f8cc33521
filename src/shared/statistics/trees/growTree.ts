import type { Random } from '#shared/lib/index.ts'
import { order } from '../core/index.ts'
import { bestSplit, type Split } from './bestSplit.ts'
import type { DecisionTree } from './tree.ts'

/** Feature columns with the rows in ascending order of each. */
export interface SortedColumns {
  readonly columns: readonly Float64Array[]
  readonly orders: readonly Uint32Array[]
}

/** Sorts the rows by each column, once for all trees. O(columns x n log n). */
export function sortColumns(columns: readonly Float64Array[]): SortedColumns {
  return { columns, orders: columns.map((column) => order(column)) }
}

/** What a tree fits: per row S (a target sum), W (its weight) and how many cases the row stands for. A leaf's value is sum S / (sum W + lambda). */
export interface RowTargets {
  readonly sum: ArrayLike<number>
  readonly weight: ArrayLike<number>
  readonly count: ArrayLike<number>
}

export interface NodeTotals {
  readonly sum: number
  readonly weight: number
  readonly count: number
}

export interface GrowthRules {
  readonly maxDepth: number
  readonly minLeafRows: number
  readonly minLeafWeight: number
  /** A split must gain more than this. */
  readonly minGain: number
  readonly lambda: number
  /** Columns tried at each split, drawn at random; all when absent. More are tried only until one of them can split at all. */
  readonly featuresPerSplit?: number
}

export interface GrownTree {
  readonly tree: DecisionTree
  /** Gain of all splits on each column. */
  readonly gains: Float64Array
}

/**
 * Grows a tree greedily by the gain in sum of S^2 / (W + lambda). With S = y and W = 1 that is the decrease of the Gini index (up to a factor,
 * Breiman et al., Classification and Regression Trees, 1984); with S = -gradient and W = curvature it is the second-order gain of
 * boosting (Chen and Guestrin, KDD 2016, eq. 7). Ties go to the column tried first. Rows are sorted once for all trees and kept in order
 * by partition, so a tree costs O(depth x columns x n).
 * @param rows the rows to grow on, each once
 */
export function growTree({ columns, orders }: SortedColumns, rows: Uint32Array, targets: RowTargets, rules: GrowthRules, random: Random): GrownTree {
  const tree = { feature: [] as number[], threshold: [] as number[], left: [] as number[], right: [] as number[], value: [] as number[] }
  const gains = new Float64Array(columns.length)
  const goesLeft = new Uint8Array(columns[0]?.length ?? 0)
  const grow = (own: readonly Uint32Array[], depth: number): number => {
    const totals = totalsOf(own[0] ?? new Uint32Array(0), targets), node = tree.feature.length
    tree.feature.push(-1)
    tree.threshold.push(0)
    tree.left.push(-1)
    tree.right.push(-1)
    tree.value.push(totals.weight + rules.lambda > 0 ? totals.sum / (totals.weight + rules.lambda) : 0)
    const split = depth < rules.maxDepth && totals.count >= 2 * rules.minLeafRows ? findSplit(columns, own, totals, targets, rules, random) : null
    if (!split) return node
    const column = columns[split.feature]!
    const [left, right] = partition(own, column, split.threshold, goesLeft)
    gains[split.feature]! += split.gain
    tree.feature[node] = split.feature
    tree.threshold[node] = split.threshold
    tree.left[node] = grow(left, depth + 1)
    tree.right[node] = grow(right, depth + 1)
    return node
  }
  const used = new Uint8Array(columns[0]?.length ?? 0)
  for (const row of rows) used[row] = 1
  grow(orders.map((sorted) => sorted.filter((row) => used[row] === 1)), 0)
  return { tree, gains }
}

function findSplit(columns: readonly Float64Array[], own: readonly Uint32Array[], totals: NodeTotals, targets: RowTargets, rules: GrowthRules, random: Random): Split | null {
  const all = columns.map((_, j) => j), wanted = rules.featuresPerSplit ?? all.length
  const tried = wanted < all.length ? random.shuffle(all) : all
  let best: Split | null = null
  for (const [k, feature] of tried.entries()) {
    if (k >= wanted && best !== null) break
    const split = bestSplit(feature, columns[feature]!, own[feature]!, totals, targets, rules)
    if (split && (best === null || split.gain > best.gain)) best = split
  }
  return best
}

/** Both sides of a cut, each in the order of every column. */
function partition(own: readonly Uint32Array[], column: Float64Array, threshold: number, goesLeft: Uint8Array): [Uint32Array[], Uint32Array[]] {
  let size = 0
  for (const row of own[0]!) size += goesLeft[row] = column[row]! <= threshold ? 1 : 0
  const left: Uint32Array[] = [], right: Uint32Array[] = []
  for (const sorted of own) {
    const a = new Uint32Array(size), b = new Uint32Array(sorted.length - size)
    for (let i = 0, j = 0, k = 0; i < sorted.length; i++) {
      const row = sorted[i]!
      if (goesLeft[row] === 1) a[j++] = row
      else b[k++] = row
    }
    left.push(a)
    right.push(b)
  }
  return [left, right]
}

function totalsOf(rows: Uint32Array, targets: RowTargets): NodeTotals {
  let sum = 0, weight = 0, count = 0
  for (const row of rows) {
    sum += targets.sum[row]!
    weight += targets.weight[row]!
    count += targets.count[row]!
  }
  return { sum, weight, count }
}
