import { identity, type Matrix } from './matrix.ts'

/** Eigenvalues in descending order; the k-th column of `vectors` belongs to the k-th value. */
export interface SymmetricEigen {
  readonly values: Float64Array
  readonly vectors: Matrix
}

/**
 * Eigenvalues and vectors of a symmetric matrix by cyclic Jacobi rotations (Golub and Van Loan, section 8.5). O(n^3) a sweep, few sweeps.
 */
export function eigenSymmetric(a: Matrix): SymmetricEigen {
  const n = a.rows
  if (n !== a.cols) throw new Error('eigenSymmetric: the matrix is not square')
  const m = Float64Array.from(a.data)
  const v = identity(n).data
  const scale = m.reduce((s, x) => s + x * x, 0)
  for (let sweep = 0; sweep < 100 && offDiagonal(m, n) > 1e-32 * scale; sweep++) {
    for (let p = 0; p < n - 1; p++) for (let q = p + 1; q < n; q++) rotate(m, v, n, p, q)
  }
  const ranked = Array.from({ length: n }, (_, i) => i).sort((i, j) => m[j * n + j]! - m[i * n + i]!)
  const vectors = new Float64Array(n * n)
  ranked.forEach((from, to) => { for (let i = 0; i < n; i++) vectors[i * n + to] = v[i * n + from]! })
  return { values: Float64Array.from(ranked, (i) => m[i * n + i]!), vectors: { rows: n, cols: n, data: vectors } }
}

function offDiagonal(m: Float64Array, n: number): number {
  let s = 0
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) if (i !== j) s += m[i * n + j]! ** 2
  return s
}

function rotate(m: Float64Array, v: Float64Array, n: number, p: number, q: number): void {
  const apq = m[p * n + q]!
  if (apq === 0) return
  const theta = (m[q * n + q]! - m[p * n + p]!) / (2 * apq)
  const t = (theta >= 0 ? 1 : -1) / (Math.abs(theta) + Math.hypot(theta, 1))
  const c = 1 / Math.hypot(t, 1), s = t * c
  for (let k = 0; k < n; k++) {
    const x = m[k * n + p]!, y = m[k * n + q]!
    m[k * n + p] = c * x - s * y
    m[k * n + q] = s * x + c * y
  }
  for (let k = 0; k < n; k++) {
    const x = m[p * n + k]!, y = m[q * n + k]!
    m[p * n + k] = c * x - s * y
    m[q * n + k] = s * x + c * y
    const vx = v[k * n + p]!, vy = v[k * n + q]!
    v[k * n + p] = c * vx - s * vy
    v[k * n + q] = s * vx + c * vy
  }
}
