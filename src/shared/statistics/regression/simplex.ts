import { at, inverse, zeros, type Matrix } from '../core/index.ts'

/** minimise c'x subject to A x = b, x >= 0, from a basis that is known to be feasible. Few rows, any number of columns. */
export interface LinearProgram {
  readonly rows: number
  readonly columns: number
  /** Adds `scale` times column j of A to `into` (length rows). */
  addColumn(j: number, scale: number, into: Float64Array): void
  /** w'A_j. */
  price(j: number, w: Float64Array): number
  cost(j: number): number
  readonly b: Float64Array
  /** Column standing in each row; their inverse times b must not be negative. */
  readonly basis: readonly number[]
}

export interface LinearProgramSolution {
  readonly objective: number
  /** Multipliers of the rows: the solution of the dual program. */
  readonly duals: Float64Array
  readonly optimal: boolean
}

const tolerance = 1e-12

/**
 * Revised simplex method with an explicit inverse of the (small) basis, refreshed every 40 pivots; the entering column is the one of most
 * negative reduced cost, after a run of pivots without progress the lowest-numbered one (Bland's rule, which cannot cycle).
 * Source: Chvatal, Linear Programming (1983), chapters 7 and 8. O(rows x columns) a pivot.
 */
export function solveLinearProgram(program: LinearProgram): LinearProgramSolution {
  const m = program.rows
  const basis = [...program.basis]
  const inBasis = new Uint8Array(program.columns)
  for (const j of basis) inBasis[j] = 1
  let inverseBasis = invertBasis(program, basis)
  let x = times(inverseBasis, program.b)
  let stalled = 0
  const most = 200 * (m + 10) + 2000
  for (let pivots = 0; pivots < most; pivots++) {
    const duals = dualsOf(program, basis, inverseBasis)
    const entering = chooseEntering(program, duals, inBasis, stalled > 30)
    if (entering < 0) return { objective: objectiveOf(program, basis, x), duals, optimal: true }
    const column = new Float64Array(m)
    program.addColumn(entering, 1, column)
    const direction = times(inverseBasis, column)
    const leaving = chooseLeaving(direction, x, basis, stalled > 30)
    if (leaving < 0) return { objective: -Infinity, duals, optimal: false }
    stalled = x[leaving]! / direction[leaving]! > 1e-12 ? 0 : stalled + 1
    inBasis[basis[leaving]!] = 0
    inBasis[entering] = 1
    basis[leaving] = entering
    inverseBasis = pivots % 40 === 39 ? invertBasis(program, basis) : pivot(inverseBasis, direction, leaving)
    x = times(inverseBasis, program.b)
    for (let i = 0; i < m; i++) if (x[i]! < 0) x[i] = 0
  }
  return { objective: objectiveOf(program, basis, x), duals: dualsOf(program, basis, inverseBasis), optimal: false }
}

function chooseEntering(program: LinearProgram, duals: Float64Array, inBasis: Uint8Array, first: boolean): number {
  let best = -1, least = -tolerance
  for (let j = 0; j < program.columns; j++) {
    if (inBasis[j]) continue
    const reduced = program.cost(j) - program.price(j, duals)
    if (reduced >= least) continue
    if (first) return j
    least = reduced
    best = j
  }
  return best
}

function chooseLeaving(direction: Float64Array, x: Float64Array, basis: readonly number[], lowest: boolean): number {
  let best = -1, ratio = Infinity
  for (let i = 0; i < direction.length; i++) {
    const d = direction[i]!
    if (d <= 1e-11) continue
    const r = x[i]! / d
    const tie = best >= 0 && Math.abs(r - ratio) <= 1e-14
    if (best < 0 || (tie ? (lowest ? basis[i]! < basis[best]! : d > direction[best]!) : r < ratio)) {
      best = i
      ratio = r
    }
  }
  return best
}

function invertBasis(program: LinearProgram, basis: readonly number[]): Matrix {
  const m = program.rows
  const b = zeros(m, m)
  basis.forEach((j, k) => {
    const column = new Float64Array(m)
    program.addColumn(j, 1, column)
    for (let i = 0; i < m; i++) b.data[i * m + k] = column[i]!
  })
  const inverted = inverse(b)
  if (!inverted.ok) throw new Error('solveLinearProgram: singular basis')
  return inverted.value
}

function pivot(inverseBasis: Matrix, direction: Float64Array, row: number): Matrix {
  const m = inverseBasis.rows
  const out = Float64Array.from(inverseBasis.data)
  const d = direction[row]!
  for (let k = 0; k < m; k++) out[row * m + k]! /= d
  for (let i = 0; i < m; i++) {
    const f = direction[i]!
    if (i === row || f === 0) continue
    for (let k = 0; k < m; k++) out[i * m + k]! -= f * out[row * m + k]!
  }
  return { rows: m, cols: m, data: out }
}

function times(a: Matrix, v: Float64Array): Float64Array {
  const out = new Float64Array(a.rows)
  for (let i = 0; i < a.rows; i++) for (let k = 0; k < a.cols; k++) out[i]! += at(a, i, k) * v[k]!
  return out
}

function dualsOf(program: LinearProgram, basis: readonly number[], inverseBasis: Matrix): Float64Array {
  const m = program.rows
  const out = new Float64Array(m)
  basis.forEach((j, i) => {
    const c = program.cost(j)
    if (c !== 0) for (let k = 0; k < m; k++) out[k]! += c * at(inverseBasis, i, k)
  })
  return out
}

function objectiveOf(program: LinearProgram, basis: readonly number[], x: Float64Array): number {
  return basis.reduce((s, j, i) => s + program.cost(j) * x[i]!, 0)
}
