import { BoosterError, marginToProbability, type Booster, type Tree } from './xgboost.ts'

/** The booster over three probabilities, cut into cells at its own thresholds: exact, and a memory read a pixel. */
export interface FusionLookup {
  /** Margin of the cell that a triple falls into: bit-equal to walking the trees. */
  margin(a: number, b: number, c: number): number
  /** Fused probabilities of whole maps, row-major float32. */
  fuse(a: Float32Array, b: Float32Array, c: Float32Array): Float32Array
  readonly cells: number
}

const BUCKETS = 4096

/** Where a value lies among sorted thresholds: how many are at or below it. `start` skips most of the search. */
interface Axis { readonly thresholds: Float32Array; readonly start: Uint16Array }

function createAxis(booster: Booster, feature: number): Axis {
  const found = new Set<number>()
  for (const tree of booster.trees) {
    for (let i = 0; i < tree.left.length; i++) if (tree.left[i] !== -1 && tree.feature[i] === feature) found.add(tree.condition[i] as number)
  }
  const thresholds = Float32Array.from([...found].sort((x, y) => x - y))
  const start = new Uint16Array(BUCKETS + 1)
  let at = 0
  for (let bucket = 0; bucket <= BUCKETS; bucket++) {
    while (at < thresholds.length && (thresholds[at] as number) <= bucket / BUCKETS) at++
    start[bucket] = at
  }
  return { thresholds, start }
}

function binOf(axis: Axis, value: number): number {
  const { thresholds, start } = axis
  if (!(value > 0)) return value < 0 || Number.isNaN(value) ? 0 : countFrom(thresholds, 0, value)
  return countFrom(thresholds, value >= 1 ? (start[BUCKETS] as number) : (start[(value * BUCKETS) | 0] as number), value)
}

function countFrom(thresholds: Float32Array, from: number, value: number): number {
  let bin = from
  while (bin < thresholds.length && value >= (thresholds[bin] as number)) bin++
  return bin
}

interface Box { lo: number[]; hi: number[] }

/** Adds one tree: each leaf is a box of cells. */
function addTree(tree: Tree, axes: readonly Axis[], margins: Float32Array, sizes: readonly number[]): void {
  const visit = (node: number, box: Box): void => {
    if (tree.left[node] === -1) return addBox(box, tree.condition[node] as number, margins, sizes)
    const feature = tree.feature[node] as number
    const at = (axes[feature] as Axis).thresholds.indexOf(tree.condition[node] as number)
    const left = { lo: [...box.lo], hi: [...box.hi] }
    const right = { lo: [...box.lo], hi: [...box.hi] }
    left.hi[feature] = Math.min(left.hi[feature] as number, at)
    right.lo[feature] = Math.max(right.lo[feature] as number, at + 1)
    if ((left.lo[feature] as number) <= (left.hi[feature] as number)) visit(tree.left[node] as number, left)
    if ((right.lo[feature] as number) <= (right.hi[feature] as number)) visit(tree.right[node] as number, right)
  }
  visit(0, { lo: [0, 0, 0], hi: sizes.map((n) => n - 1) })
}

function addBox(box: Box, value: number, margins: Float32Array, sizes: readonly number[]): void {
  const [n1 = 0, n2 = 0] = [sizes[1], sizes[2]]
  for (let i = box.lo[0] as number; i <= (box.hi[0] as number); i++) {
    for (let j = box.lo[1] as number; j <= (box.hi[1] as number); j++) {
      const row = (i * n1 + j) * n2
      for (let k = box.lo[2] as number; k <= (box.hi[2] as number); k++) margins[row + k] = (margins[row + k] as number) + value
    }
  }
}

/** Cuts the booster into a table. Throws BoosterError for other than three features or more than about 2 million cells. */
export function createFusionLookup(booster: Booster): FusionLookup {
  if (booster.features !== 3) throw new BoosterError(`the fusion model has ${booster.features} features; it takes the three probability maps`)
  const axes = [0, 1, 2].map((f) => createAxis(booster, f))
  const sizes = axes.map((axis) => axis.thresholds.length + 1)
  const cells = sizes.reduce((n, size) => n * size, 1)
  if (cells > 2_200_000) throw new BoosterError(`the fusion model has too many thresholds (${sizes.map((s) => s - 1).join(', ')}); fit it with max_bin 64`)
  const margins = new Float32Array(cells).fill(booster.baseMargin)
  for (const tree of booster.trees) addTree(tree, axes, margins, sizes)
  const probabilities = Float32Array.from(margins, marginToProbability)
  const [x, y, z] = axes as [Axis, Axis, Axis]
  const [, n1, n2] = sizes as [number, number, number]
  return {
    cells,
    margin: (a, b, c) => margins[(binOf(x, a) * n1 + binOf(y, b)) * n2 + binOf(z, c)] as number,
    fuse(a, b, c) {
      const out = new Float32Array(a.length)
      for (let i = 0; i < a.length; i++) {
        out[i] = probabilities[(binOf(x, a[i] as number) * n1 + binOf(y, b[i] as number)) * n2 + binOf(z, c[i] as number)] as number
      }
      return out
    },
  }
}
