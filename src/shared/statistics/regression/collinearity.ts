import { fromRows, qrDecompose, qrSolve, type Matrix } from '../core/index.ts'
import type { DesignColumn } from './term.ts'

/** A design column that others determine exactly, so that it has no estimate of its own. */
export interface Collinearity {
  readonly column: DesignColumn
  /** The columns that make it up. */
  readonly dependsOn: readonly DesignColumn[]
  /** A sentence for a report. */
  readonly message: string
}

/** Names what each aliased column depends on: the columns with a part in its least-squares fit on those that were kept. */
export function explainCollinearity(
  x: Matrix, columns: readonly DesignColumn[], kept: readonly number[], aliased: readonly number[],
): Collinearity[] {
  if (aliased.length === 0) return []
  const q = qrDecompose(fromRows(Array.from({ length: x.rows }, (_, i) => kept.map((j) => x.data[i * x.cols + j]!))), 1e-11)
  return aliased.map((j) => {
    const target = Float64Array.from({ length: x.rows }, (_, i) => x.data[i * x.cols + j]!)
    const weights = qrSolve(q, target)
    const size = largest(target)
    const dependsOn = kept.filter((k, position) => Math.abs(weights[position]!) * largestOfColumn(x, k) > 1e-8 * size).map((k) => columns[k]!)
    const names = dependsOn.filter((c) => c.term !== undefined).map((c) => c.name)
    const column = columns[j]!
    const message = names.length === 0
      ? `"${column.name}" does not vary: it cannot be told from the intercept and was left out.`
      : `"${column.name}" is determined by ${names.join(', ')} and was left out: remove one of them.`
    return { column, dependsOn, message }
  })
}

function largest(v: Float64Array): number {
  return v.reduce((m, a) => Math.max(m, Math.abs(a)), 0)
}

function largestOfColumn(x: Matrix, j: number): number {
  let m = 0
  for (let i = 0; i < x.rows; i++) m = Math.max(m, Math.abs(x.data[i * x.cols + j]!))
  return m
}
