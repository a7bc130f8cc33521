import { ok } from '#shared/lib/index.ts'
import { fail, type StatisticsResult } from './error.ts'
import { zeros, type Matrix } from './matrix.ts'

/**
 * P A = L U with partial pivoting: L (unit diagonal) and U in one matrix, `row[i]` the row of A that stands at i, `sign` of the
 * permutation.
 */
export interface Lu {
  readonly lu: Matrix
  readonly row: Uint32Array
  readonly sign: 1 | -1
}

/** LU factors of a square matrix. O(2 n^3 / 3). `singular` when no pivot is left. */
export function luDecompose(a: Matrix): StatisticsResult<Lu> {
  const n = a.rows
  if (n !== a.cols) throw new Error('luDecompose: the matrix is not square')
  const m = Float64Array.from(a.data)
  const row = Uint32Array.from({ length: n }, (_, i) => i)
  const largest = m.reduce((x, v) => Math.max(x, Math.abs(v)), 0)
  let sign: 1 | -1 = 1
  for (let k = 0; k < n; k++) {
    let pivot = k
    for (let i = k + 1; i < n; i++) if (Math.abs(m[i * n + k]!) > Math.abs(m[pivot * n + k]!)) pivot = i
    if (!(Math.abs(m[pivot * n + k]!) > n * Number.EPSILON * largest)) {
      return fail('singular', 'The matrix cannot be inverted: its rows depend on each other.')
    }
    if (pivot !== k) {
      for (let j = 0; j < n; j++) [m[k * n + j], m[pivot * n + j]] = [m[pivot * n + j]!, m[k * n + j]!]
      ;[row[k], row[pivot]] = [row[pivot]!, row[k]!]
      sign = sign === 1 ? -1 : 1
    }
    for (let i = k + 1; i < n; i++) {
      const f = m[i * n + k]! / m[k * n + k]!
      m[i * n + k] = f
      for (let j = k + 1; j < n; j++) m[i * n + j]! -= f * m[k * n + j]!
    }
  }
  return ok({ lu: { rows: n, cols: n, data: m }, row, sign })
}

/** x with A x = b from A's factors. */
export function luBackSolve({ lu, row }: Lu, b: ArrayLike<number>): Float64Array {
  const n = lu.rows
  const x = Float64Array.from(row, (r) => b[r]!)
  for (let i = 0; i < n; i++) for (let k = 0; k < i; k++) x[i]! -= lu.data[i * n + k]! * x[k]!
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) x[i]! -= lu.data[i * n + k]! * x[k]!
    x[i]! /= lu.data[i * n + i]!
  }
  return x
}

/** x with A x = b for a square A. */
export function solve(a: Matrix, b: ArrayLike<number>): StatisticsResult<Float64Array> {
  const f = luDecompose(a)
  return f.ok ? ok(luBackSolve(f.value, b)) : f
}

/** Inverse of a square matrix. */
export function inverse(a: Matrix): StatisticsResult<Matrix> {
  const f = luDecompose(a)
  if (!f.ok) return f
  const n = a.rows
  const out = zeros(n, n)
  const unit = new Float64Array(n)
  for (let j = 0; j < n; j++) {
    unit.fill(0)
    unit[j] = 1
    const x = luBackSolve(f.value, unit)
    for (let i = 0; i < n; i++) out.data[i * n + j] = x[i]!
  }
  return ok(out)
}

/** |A|; 0 for a singular matrix. */
export function determinant(a: Matrix): number {
  const f = luDecompose(a)
  if (!f.ok) return 0
  let d: number = f.value.sign
  for (let i = 0; i < a.rows; i++) d *= f.value.lu.data[i * a.cols + i]!
  return d
}
