/** A grid of `width` x `height` points, `row` and `column` apart. */
export interface DistanceGrid {
  readonly width: number
  readonly height: number
  readonly row: number
  readonly column: number
}

/**
 * Exact squared Euclidean distance of every grid point to the nearest site; Infinity everywhere when there is no site.
 * Two passes, down the columns and then lower envelopes of parabolas along the rows
 * (Felzenszwalb and Huttenlocher, Theory of Computing 2012;8:415-28), with a step of its own for each axis. O(width x height).
 * @param isSite one byte a point, row-major; above 0 = a site
 * @param wanted one byte a row: rows with 0 are left at Infinity (they are not asked for); default all rows
 */
export function squaredDistanceTransform(isSite: Uint8Array, grid: DistanceGrid, wanted?: Uint8Array): Float64Array {
  const out = columnPass(isSite, grid)
  const envelope = createEnvelope(grid.width, grid.column)
  for (let r = 0; r < grid.height; r++) {
    const row = out.subarray(r * grid.width, (r + 1) * grid.width)
    if (wanted && wanted[r] === 0) row.fill(Infinity)
    else envelope(row)
  }
  return out
}

/** Squared distance to the nearest site of the same column. */
function columnPass(isSite: Uint8Array, { width, height, row }: DistanceGrid): Float64Array {
  const steps = new Float64Array(width * height)
  for (let c = 0; c < width; c++) steps[c] = isSite[c]! > 0 ? 0 : Infinity
  for (let i = width; i < steps.length; i++) steps[i] = isSite[i]! > 0 ? 0 : steps[i - width]! + 1
  for (let i = steps.length - width - 1; i >= 0; i--) {
    const below = steps[i + width]! + 1
    if (below < steps[i]!) steps[i] = below
  }
  for (let i = 0; i < steps.length; i++) {
    const d = steps[i]! * row
    steps[i] = d * d
  }
  return steps
}

/** Replaces heights f(q) along a row by min over q of f(q) + (step (p - q))^2, in place. */
function createEnvelope(width: number, step: number): (row: Float64Array) => void {
  const site = new Int32Array(width), height = new Float64Array(width), from = new Float64Array(width + 1)
  const step2 = step * step
  return (row) => {
    let k = -1
    for (let q = 0; q < width; q++) {
      const h = row[q]!
      if (h === Infinity) continue
      let start = -Infinity
      while (k >= 0) {
        const v = site[k]!
        start = ((h - height[k]!) / step2 + (q * q - v * v)) / (2 * (q - v))
        if (start > from[k]!) break
        k--
      }
      k++
      site[k] = q
      height[k] = h
      from[k] = k === 0 ? -Infinity : start
    }
    if (k < 0) return
    from[k + 1] = Infinity
    for (let p = 0, j = 0; p < width; p++) {
      while (from[j + 1]! < p) j++
      const d = (p - site[j]!) * step
      row[p] = d * d + height[j]!
    }
  }
}
