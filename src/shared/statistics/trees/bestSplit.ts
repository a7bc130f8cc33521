import type { GrowthRules, NodeTotals, RowTargets } from './growTree.ts'

/** The best cut of one column at a node. */
export interface Split {
  readonly feature: number
  readonly threshold: number
  /** Rise of sum of S^2 / (W + lambda) over the two children. */
  readonly gain: number
}

/** Value of a node's fit: S^2 / (W + lambda). */
export function nodeScore({ sum, weight }: NodeTotals, lambda: number): number {
  return weight + lambda > 0 ? (sum * sum) / (weight + lambda) : 0
}

/**
 * The cut of a column with the largest gain that leaves each side enough rows and weight; null when there is none.
 * Cuts lie midway between neighbouring values. O(n).
 * @param order the node's rows in ascending order of the column
 */
export function bestSplit(feature: number, column: Float64Array, order: Uint32Array, all: NodeTotals, targets: RowTargets, rules: GrowthRules): Split | null {
  const whole = nodeScore(all, rules.lambda)
  let sum = 0, weight = 0, count = 0, best: Split | null = null
  for (let i = 0; i < order.length - 1; i++) {
    const row = order[i]!
    sum += targets.sum[row]!
    weight += targets.weight[row]!
    count += targets.count[row]!
    const value = column[row]!, next = column[order[i + 1]!]!
    if (value === next || count < rules.minLeafRows || weight < rules.minLeafWeight) continue
    if (all.count - count < rules.minLeafRows || all.weight - weight < rules.minLeafWeight) break
    const gain = nodeScore({ sum, weight, count }, rules.lambda)
      + nodeScore({ sum: all.sum - sum, weight: all.weight - weight, count: 0 }, rules.lambda) - whole
    if (gain > rules.minGain && (best === null || gain > best.gain)) best = { feature, threshold: between(value, next), gain }
  }
  return best
}

/** A number from [a, b): the middle, unless rounding makes it b. */
function between(a: number, b: number): number {
  const middle = a + (b - a) / 2
  return middle < b ? middle : a
}
