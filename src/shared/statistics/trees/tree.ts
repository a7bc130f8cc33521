/** A binary tree in flat arrays (plain numbers, so that a model can be stored as JSON). Node 0 is the root. */
export interface DecisionTree {
  /** Column a node splits on, -1 for a leaf. */
  readonly feature: readonly number[]
  /** Rows with value <= threshold go left. */
  readonly threshold: readonly number[]
  readonly left: readonly number[]
  readonly right: readonly number[]
  /** Value of a leaf (of an inner node: what it would be as a leaf). */
  readonly value: readonly number[]
}

/** The leaf value of one row. O(depth). */
export function treeValue(tree: DecisionTree, columns: readonly ArrayLike<number>[], row: number): number {
  let node = 0
  for (;;) {
    const feature = tree.feature[node]!
    if (feature < 0) return tree.value[node]!
    node = columns[feature]![row]! <= tree.threshold[node]! ? tree.left[node]! : tree.right[node]!
  }
}
