import type { Design } from './designMatrix.ts'

/** What a numeric predictor looked like on the fitting rows: its axis, and where a prediction becomes an extrapolation. */
export interface ObservedRange {
  readonly minimum: number
  readonly maximum: number
  /** All values in ascending order, when there are at most ten. */
  readonly distinct?: readonly number[]
}

/** Observed ranges of the numeric terms of a design, by name. */
export function observedRanges(design: Design): Record<string, ObservedRange> {
  const out: Record<string, ObservedRange> = {}
  design.columns.forEach((column, j) => {
    const term = design.terms.find((t) => t.name === column.term)
    if (term?.kind !== 'numeric') return
    const values = new Set<number>()
    let minimum = Infinity, maximum = -Infinity
    for (let i = 0; i < design.x.rows; i++) {
      const v = design.x.data[i * design.x.cols + j]!
      minimum = Math.min(minimum, v)
      maximum = Math.max(maximum, v)
      if (values.size <= 10) values.add(v)
    }
    out[term.name] = values.size <= 10 ? { minimum, maximum, distinct: [...values].sort((a, b) => a - b) } : { minimum, maximum }
  })
  return out
}
