import { BoosterError, marginToProbability, type Booster, type Tree } from './xgboost.ts'

/** The booster over three probabilities, cut into cells at its own thresholds: exact, and a memory read a pixel. */
export interface FusionLookup {
  /** Margin of the cell that a triple falls into: bit-equal to walking the trees. */
  margin(a: number, b: number, c: number): number
  /** Fused probabilities of whole maps, row-major float32; written to `out` where it is given. */
  fuse(a: Float32Array, b: Float32Array, c: Float32Array, out?: Float32Array): Float32Array
  readonly cells: number
}

/** A value's bucket is the upper half of its bits as float32: sign, exponent and seven bits of the mantissa, in the order of the values. */
const BUCKETS = 65_536

/** Where a value lies among sorted thresholds: how many are at or below it. `bins` says it for a whole bucket, or SEARCH where the bucket has a threshold inside. */
interface Axis { readonly thresholds: Float32Array; readonly bins: Int32Array }
const SEARCH = -1

function createAxis(booster: Booster, feature: number): Axis {
  const found = new Set<number>()
  for (const tree of booster.trees) {
    for (let i = 0; i < tree.left.length; i++) if (tree.left[i] !== -1 && tree.feature[i] === feature) found.add(tree.condition[i] as number)
  }
  const thresholds = Float32Array.from([...found].sort((x, y) => x - y))
  const bits = new Uint32Array(2), ends = new Float32Array(bits.buffer)
  const bins = Int32Array.from({ length: BUCKETS }, (_, bucket) => {
    bits[0] = bucket * BUCKETS
    bits[1] = bucket * BUCKETS + (BUCKETS - 1)
    const first = search(thresholds, ends[0] as number)
    return first === search(thresholds, ends[1] as number) ? first : SEARCH
  })
  return { thresholds, bins }
}

/** How many thresholds are at or below the value; none for what is no number. */
function search(thresholds: Float32Array, value: number): number {
  let low = 0, high = thresholds.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (value >= (thresholds[middle] as number)) low = middle + 1
    else high = middle
  }
  return low
}

/** Each bucket's bin as a step through the table of cells, so that three of them add up to a cell. */
const stepsOf = (axis: Axis, stride: number): Int32Array => axis.bins.map((bin) => (bin === SEARCH ? SEARCH : bin * stride))
const bitsOf = (values: Float32Array): Uint32Array => new Uint32Array(values.buffer, values.byteOffset, values.length)

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
  const stepsX = stepsOf(x, n1 * n2), stepsY = stepsOf(y, n2), stepsZ = z.bins
  return {
    cells,
    margin: (a, b, c) => margins[(search(x.thresholds, a) * n1 + search(y.thresholds, b)) * n2 + search(z.thresholds, c)] as number,
    fuse(a, b, c, out = new Float32Array(a.length)) {
      const bitsA = bitsOf(a), bitsB = bitsOf(b), bitsC = bitsOf(c)
      for (let i = 0; i < out.length; i++) {
        let p = stepsX[(bitsA[i] as number) >>> 16] as number, q = stepsY[(bitsB[i] as number) >>> 16] as number, r = stepsZ[(bitsC[i] as number) >>> 16] as number
        if (p < 0) p = search(x.thresholds, a[i] as number) * n1 * n2
        if (q < 0) q = search(y.thresholds, b[i] as number) * n2
        if (r < 0) r = search(z.thresholds, c[i] as number)
        out[i] = probabilities[p + q + r] as number
      }
      return out
    },
  }
}
