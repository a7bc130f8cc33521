import type { Matrix } from '../core/index.ts'
import { solveLinearProgram, type LinearProgram } from './simplex.ts'

/**
 * Whether a linear combination of the columns splits the classes.
 * complete: some combination is positive for every positive and negative for every negative case.
 * quasi: some combination never errs and is zero for part of the cases. In both the maximum-likelihood estimates are infinite.
 */
export type SeparationKind = 'none' | 'quasi' | 'complete'

export interface Separation {
  readonly kind: SeparationKind
  /** A smallest set of columns (the intercept aside) that separates alone: dropping any of them loses this kind of separation. */
  readonly columns: readonly number[]
  /** The sign of infinity that the estimate of each of these columns runs to. */
  readonly signs: readonly (1 | -1)[]
  /** Rows that lie strictly on their own side. */
  readonly separatedRows: number
}

const none: Separation = { kind: 'none', columns: [], signs: [], separatedRows: 0 }

/**
 * Separation in logistic regression, decided by linear programming.
 * Source: Albert and Anderson, Biometrika 1984;71:1-10; program of Konis K, Linear programming algorithms for detecting separated data
 * (2007).
 * Solved through its dual, which has one row a column of the design, so that a million rows are no matter.
 * @param x full-rank design with the intercept in its first column
 */
export function detectSeparation(x: Matrix, y: ArrayLike<number>): Separation {
  const z = signedScaled(x, y)
  const all = Array.from({ length: x.cols }, (_, j) => j)
  const found = kindOf(z, all)
  if (found.kind === 'none') return none
  let columns = all
  for (let j = x.cols - 1; j >= 1; j--) {
    const fewer = columns.filter((c) => c !== j)
    if (kindOf(z, fewer).kind === found.kind) columns = fewer
  }
  const smallest = kindOf(z, columns)
  const named = columns.filter((c) => c !== 0)
  return {
    kind: found.kind, columns: named,
    signs: named.map((c) => (smallest.direction[columns.indexOf(c)]! < 0 ? -1 : 1)),
    separatedRows: smallest.separatedRows,
  }
}

/** The kind of separation alone, without the search for its columns. */
export function separationKind(x: Matrix, y: ArrayLike<number>): SeparationKind {
  return kindOf(signedScaled(x, y), Array.from({ length: x.cols }, (_, j) => j)).kind
}

/** Rows times +1 or -1 by class; columns centred and scaled to at most 1, which changes no combination as long as there is an intercept. */
function signedScaled(x: Matrix, y: ArrayLike<number>): Matrix {
  const { rows, cols } = x
  const data = Float64Array.from(x.data)
  for (let j = 0; j < cols; j++) {
    let low = Infinity, high = -Infinity
    for (let i = 0; i < rows; i++) {
      low = Math.min(low, data[i * cols + j]!)
      high = Math.max(high, data[i * cols + j]!)
    }
    const centre = j === 0 ? 0 : (low + high) / 2
    const scale = Math.max(high - centre, Number.MIN_VALUE)
    for (let i = 0; i < rows; i++) data[i * cols + j] = (data[i * cols + j]! - centre) / scale * (y[i] === 1 ? 1 : -1)
  }
  return { rows, cols, data }
}

interface Found {
  readonly kind: SeparationKind
  readonly direction: Float64Array
  readonly separatedRows: number
}

function kindOf(z: Matrix, columns: readonly number[]): Found {
  const widest = margins(z, columns, negated(solveLinearProgram(sumProgram(z, columns)).duals))
  if (!(widest.largest > 1e-7)) return { kind: 'none', direction: widest.direction, separatedRows: 0 }
  const { duals, objective } = solveLinearProgram(marginProgram(z, columns))
  if (!(objective > 1e-9)) return { kind: 'quasi', direction: widest.direction, separatedRows: widest.above }
  return { kind: 'complete', direction: negated(duals.subarray(0, columns.length)), separatedRows: z.rows }
}

function negated(v: Float64Array): Float64Array {
  return v.map((x) => -x)
}

function margins(
  z: Matrix, columns: readonly number[], direction: Float64Array,
): { largest: number; above: number; direction: Float64Array } {
  let largest = 0, above = 0
  for (let i = 0; i < z.rows; i++) {
    const m = dotRow(z, columns, i, direction)
    if (m > largest) largest = m
    if (m > 1e-7) above++
  }
  return { largest, above, direction }
}

function dotRow(z: Matrix, columns: readonly number[], i: number, w: Float64Array): number {
  let s = 0
  for (let k = 0; k < columns.length; k++) s += z.data[i * z.cols + columns[k]!]! * w[k]!
  return s
}

function addRow(z: Matrix, columns: readonly number[], i: number, scale: number, into: Float64Array): void {
  for (let k = 0; k < columns.length; k++) into[k]! += scale * z.data[i * z.cols + columns[k]!]!
}

/** Dual of: maximise the sum of z_i'b subject to z_i'b >= 0 and |b_j| <= 1. That is, minimise |Z'(1 + l)|_1 over l >= 0. */
function sumProgram(z: Matrix, columns: readonly number[]): LinearProgram {
  const n = z.rows, p = columns.length
  const b = new Float64Array(p)
  for (let i = 0; i < n; i++) addRow(z, columns, i, -1, b)
  return {
    rows: p, columns: n + 2 * p, b,
    basis: Array.from(b, (v, j) => n + (v >= 0 ? 0 : p) + j),
    cost: (j) => (j < n ? 0 : 1),
    price: (j, w) => (j < n ? dotRow(z, columns, j, w) : j < n + p ? w[j - n]! : -w[j - n - p]!),
    addColumn: (j, s, into) => {
      if (j < n) addRow(z, columns, j, s, into)
      else if (j < n + p) into[j - n]! += s
      else into[j - n - p]! -= s
    },
  }
}

/** Dual of: maximise t subject to z_i'b >= t and |b_j| <= 1. That is, minimise |Z'm|_1 over weights m >= 0 that sum to 1. */
function marginProgram(z: Matrix, columns: readonly number[]): LinearProgram {
  const n = z.rows, p = columns.length
  const b = new Float64Array(p + 1)
  b[p] = 1
  return {
    rows: p + 1, columns: n + 2 * p, b,
    basis: [...columns.map((c, j) => n + (z.data[c]! >= 0 ? 0 : p) + j), 0],
    cost: (j) => (j < n ? 0 : 1),
    price: (j, w) => (j < n ? dotRow(z, columns, j, w) + w[p]! : j < n + p ? -w[j - n]! : w[j - n - p]!),
    addColumn: (j, s, into) => {
      if (j < n) {
        addRow(z, columns, j, s, into)
        into[p]! += s
      } else if (j < n + p) into[j - n]! -= s
      else into[j - n - p]! += s
    },
  }
}
