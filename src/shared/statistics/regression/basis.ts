import { at, qrDecompose, zeros, type Matrix } from '../core/index.ts'

/** A design x in other columns: x = z R with R upper triangular. Held columns stand last, so that a coefficient of theirs depends on held ones only. */
export interface Basis {
  readonly z: Matrix
  readonly r: Matrix
  /** Which column of x stands at each place. */
  readonly order: readonly number[]
  /** How many of the leading columns of z may move. */
  readonly free: number
  /** log |R|: what log |information| / 2 has more on x than on z. */
  readonly logDeterminant: number
  /** Coefficients of x as those of z. */
  toBasis(b: ArrayLike<number>): Float64Array
  /** Back to the columns of x; held ones keep exactly their starting value. */
  fromBasis(c: Float64Array, start: ArrayLike<number>): Float64Array
  /** R' I R in the columns of x. */
  information(i: Matrix): Matrix
}

/**
 * Columns with z'z = rows I.
 * @param x full-rank design; throws where it is not
 */
export function orthonormalBasis(x: Matrix, held: ReadonlySet<number>): Basis {
  const { rows: n, cols: p } = x
  const all = Array.from({ length: p }, (_, j) => j)
  const order = [...all.filter((j) => !held.has(j)), ...all.filter((j) => held.has(j))]
  const ordered = zeros(n, p)
  for (let i = 0; i < n; i++) for (let k = 0; k < p; k++) ordered.data[i * p + k] = x.data[i * p + order[k]!]!
  const qr = qrDecompose(ordered, 1e-14)
  if (qr.rank < p) throw new Error('orthonormalBasis: the design has not full rank')
  const size = Math.sqrt(n), r = zeros(p, p)
  for (let j = 0; j < p; j++) {
    for (let k = 0; k < j; k++) r.data[k * p + j] = qr.columns[j]![k]! / size
    r.data[j * p + j] = qr.diagonal[j]! / size
  }
  return basisOf(solveRows(ordered, r), r, order, p - held.size)
}

/** Columns on which the information is the identity, given its Cholesky factor L on the present ones: z L'^-1 and L'R. */
export function rebased(basis: Basis, l: Matrix): Basis {
  const p = l.rows, upper = zeros(p, p), r = zeros(p, p)
  for (let i = 0; i < p; i++) for (let j = i; j < p; j++) upper.data[i * p + j] = at(l, j, i)
  for (let i = 0; i < p; i++) {
    for (let j = i; j < p; j++) {
      for (let k = i; k <= j; k++) r.data[i * p + j]! += at(upper, i, k) * at(basis.r, k, j)
    }
  }
  return basisOf(solveRows(basis.z, upper), r, basis.order, basis.free)
}

function basisOf(z: Matrix, r: Matrix, order: readonly number[], free: number): Basis {
  const p = r.rows
  let logDeterminant = 0
  for (let j = 0; j < p; j++) logDeterminant += Math.log(Math.abs(at(r, j, j)))
  return {
    z, r, order, free, logDeterminant,
    toBasis: (b) => {
      const c = new Float64Array(p)
      for (let k = 0; k < p; k++) for (let j = k; j < p; j++) c[k]! += at(r, k, j) * b[order[j]!]!
      return c
    },
    fromBasis: (c, start) => {
      const b = new Float64Array(p)
      for (let k = p - 1; k >= 0; k--) {
        let s = c[k]!
        for (let j = k + 1; j < p; j++) s -= at(r, k, j) * b[order[j]!]!
        b[order[k]!] = k >= free ? start[order[k]!]! : s / at(r, k, k)
      }
      return b
    },
    information: (i) => {
      const out = zeros(p, p)
      for (let a = 0; a < p; a++) {
        for (let c = 0; c <= a; c++) {
          let s = 0
          for (let k = 0; k <= a; k++) for (let m = 0; m <= c; m++) s += at(r, k, a) * at(i, k, m) * at(r, m, c)
          out.data[order[a]! * p + order[c]!] = out.data[order[c]! * p + order[a]!] = s
        }
      }
      return out
    },
  }
}

/** Row by row the solution z of z R = x, R upper triangular. */
function solveRows(x: Matrix, r: Matrix): Matrix {
  const { rows: n, cols: p } = x, z = zeros(n, p)
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < p; j++) {
      let s = x.data[i * p + j]!
      for (let k = 0; k < j; k++) s -= z.data[i * p + k]! * r.data[k * p + j]!
      z.data[i * p + j] = s / r.data[j * p + j]!
    }
  }
  return z
}
