import { ok } from '#shared/lib/index.ts'
import { fail, type StatisticsResult } from './error.ts'
import { identity, zeros, type Matrix } from './matrix.ts'

/**
 * Lower triangular L with L L' = A for a symmetric positive definite A (only its lower triangle is read). O(n^3 / 3).
 * @returns `singular` when a pivot falls below n eps of its diagonal element.
 */
export function cholesky(a: Matrix): StatisticsResult<Matrix> {
  const n = a.rows
  if (n !== a.cols) throw new Error('cholesky: the matrix is not square')
  const l = zeros(n, n)
  for (let j = 0; j < n; j++) {
    for (let i = j; i < n; i++) {
      let s = a.data[i * n + j]!
      for (let k = 0; k < j; k++) s -= l.data[i * n + k]! * l.data[j * n + k]!
      if (i > j) l.data[i * n + j] = s / l.data[j * n + j]!
      else if (s > n * Number.EPSILON * Math.abs(a.data[j * n + j]!)) l.data[j * n + j] = Math.sqrt(s)
      else return fail('singular', `The matrix is not positive definite: its row ${j + 1} depends on the rows before it.`)
    }
  }
  return ok(l)
}

/** x with L L' x = b. */
export function choleskySolve(l: Matrix, b: ArrayLike<number>): Float64Array {
  const n = l.rows
  const x = Float64Array.from(b)
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) x[i]! -= l.data[i * n + k]! * x[k]!
    x[i]! /= l.data[i * n + i]!
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) x[i]! -= l.data[k * n + i]! * x[k]!
    x[i]! /= l.data[i * n + i]!
  }
  return x
}

/** log |A| from A's Cholesky factor. */
export function choleskyLogDeterminant(l: Matrix): number {
  let s = 0
  for (let i = 0; i < l.rows; i++) s += 2 * Math.log(l.data[i * l.cols + i]!)
  return s
}

/** Inverse of a symmetric positive definite matrix, exactly symmetric. */
export function inverseSymmetric(a: Matrix): StatisticsResult<Matrix> {
  const l = cholesky(a)
  if (!l.ok) return l
  const n = a.rows
  const out = zeros(n, n)
  const unit = identity(n)
  for (let j = 0; j < n; j++) {
    const x = choleskySolve(l.value, unit.data.subarray(j * n, (j + 1) * n))
    for (let i = 0; i < n; i++) out.data[i * n + j] = x[i]!
  }
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) out.data[i * n + j] = out.data[j * n + i] = (out.data[i * n + j]! + out.data[j * n + i]!) / 2
  }
  return ok(out)
}
