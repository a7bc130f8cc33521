import { transpose, type Matrix } from './matrix.ts'

/**
 * Householder QR of a rows x cols matrix (rows >= cols) with the limited pivoting of LINPACK's dqrdc2, the one R's lm and glm use:
 * a column whose remaining norm falls below `tolerance` of its original norm goes to the end; the others keep their order.
 */
export interface Qr {
  readonly rows: number
  readonly cols: number
  /** Columns that are not determined by those before them. */
  readonly rank: number
  /** `pivot[k]` is the given column that stands at k; from `rank` on they are the aliased ones. */
  readonly pivot: readonly number[]
  /** Householder vectors by column (column-major, rows long), R above. */
  readonly columns: readonly Float64Array[]
  readonly diagonal: Float64Array
}

export function qrDecompose(a: Matrix, tolerance = 1e-7): Qr {
  const { rows, cols } = a
  const byColumn = transpose(a)
  const columns = Array.from({ length: cols }, (_, j) => byColumn.data.slice(j * rows, (j + 1) * rows))
  const pivot = columns.map((_, j) => j)
  const original = columns.map((c) => norm(c, 0))
  const diag = new Float64Array(cols)
  let rank = 0
  let left = cols
  while (rank < Math.min(left, rows)) {
    const column = columns[rank]!
    const length = norm(column, rank)
    if (!(length > tolerance * original[rank]!)) {
      for (const list of [columns, pivot, original] as unknown[][]) list.push(...list.splice(rank, 1))
      left--
      continue
    }
    const alpha = column[rank]! > 0 ? -length : length
    column[rank]! -= alpha
    const squared = dot(column, column, rank)
    if (squared > 0) {
      for (let j = rank + 1; j < cols; j++) {
        const other = columns[j]!
        const f = 2 * dot(column, other, rank) / squared
        for (let i = rank; i < rows; i++) other[i]! -= f * column[i]!
      }
    }
    diag[rank] = alpha
    rank++
  }
  return { rows, cols, rank, pivot, columns, diagonal: diag }
}

/** Least-squares coefficients in the order of the given columns; aliased columns are NaN. */
export function qrSolve(q: Qr, b: ArrayLike<number>): Float64Array {
  const y = Float64Array.from(b)
  for (let k = 0; k < q.rank; k++) {
    const v = q.columns[k]!
    const squared = dot(v, v, k)
    if (squared === 0) continue
    const f = 2 * dot(v, y, k) / squared
    for (let i = k; i < q.rows; i++) y[i]! -= f * v[i]!
  }
  const out = new Float64Array(q.cols).fill(NaN)
  for (let k = q.rank - 1; k >= 0; k--) {
    for (let j = k + 1; j < q.rank; j++) y[k]! -= q.columns[j]![k]! * y[j]!
    y[k]! /= q.diagonal[k]!
    out[q.pivot[k]!] = y[k]!
  }
  return out
}

function dot(a: Float64Array, b: Float64Array, from: number): number {
  let s = 0
  for (let i = from; i < a.length; i++) s += a[i]! * b[i]!
  return s
}

function norm(a: Float64Array, from: number): number {
  return Math.sqrt(dot(a, a, from))
}
