/** A dense matrix, row-major: element (i, j) is data[i * cols + j]. */
export interface Matrix {
  readonly rows: number
  readonly cols: number
  readonly data: Float64Array
}

export function zeros(rows: number, cols: number): Matrix {
  return { rows, cols, data: new Float64Array(rows * cols) }
}

export function identity(n: number): Matrix {
  const m = zeros(n, n)
  for (let i = 0; i < n; i++) m.data[i * n + i] = 1
  return m
}

/** A matrix from rows of equal length. */
export function fromRows(rows: readonly ArrayLike<number>[]): Matrix {
  const cols = rows[0]?.length ?? 0
  const m = zeros(rows.length, cols)
  rows.forEach((row, i) => {
    if (row.length !== cols) throw new Error('fromRows: rows of different lengths')
    for (let j = 0; j < cols; j++) m.data[i * cols + j] = row[j]!
  })
  return m
}

/** A matrix from columns of equal length. */
export function fromColumns(columns: readonly ArrayLike<number>[]): Matrix {
  return transpose(fromRows(columns))
}

export function at(m: Matrix, i: number, j: number): number {
  return m.data[i * m.cols + j]!
}

export function set(m: Matrix, i: number, j: number, value: number): void {
  m.data[i * m.cols + j] = value
}

export function toRows(m: Matrix): number[][] {
  return Array.from({ length: m.rows }, (_, i) => Array.from(m.data.subarray(i * m.cols, (i + 1) * m.cols)))
}

export function diagonal(m: Matrix): Float64Array {
  return Float64Array.from({ length: Math.min(m.rows, m.cols) }, (_, i) => at(m, i, i))
}

export function transpose(m: Matrix): Matrix {
  const out = zeros(m.cols, m.rows)
  for (let i = 0; i < m.rows; i++) for (let j = 0; j < m.cols; j++) out.data[j * m.rows + i] = m.data[i * m.cols + j]!
  return out
}

export function multiply(a: Matrix, b: Matrix): Matrix {
  if (a.cols !== b.rows) throw new Error(`multiply: ${a.rows}x${a.cols} by ${b.rows}x${b.cols}`)
  const out = zeros(a.rows, b.cols)
  for (let i = 0; i < a.rows; i++) {
    for (let k = 0; k < a.cols; k++) {
      const x = a.data[i * a.cols + k]!
      if (x === 0) continue
      for (let j = 0; j < b.cols; j++) out.data[i * b.cols + j]! += x * b.data[k * b.cols + j]!
    }
  }
  return out
}

/** The product with a column vector. */
export function multiplyVector(a: Matrix, x: ArrayLike<number>): Float64Array {
  if (a.cols !== x.length) throw new Error('multiplyVector: lengths differ')
  const out = new Float64Array(a.rows)
  for (let i = 0; i < a.rows; i++) {
    let s = 0
    for (let j = 0; j < a.cols; j++) s += a.data[i * a.cols + j]! * x[j]!
    out[i] = s
  }
  return out
}

/** w' A w, the variance of a contrast w when A is a covariance. */
export function quadraticForm(a: Matrix, w: ArrayLike<number>): number {
  const aw = multiplyVector(a, w)
  let s = 0
  for (let i = 0; i < aw.length; i++) s += w[i]! * aw[i]!
  return s
}

/** The rows and columns of a square matrix named by index, in that order. */
export function submatrix(m: Matrix, index: readonly number[]): Matrix {
  return fromRows(index.map((i) => index.map((j) => at(m, i, j))))
}
