/**
 * Bounds of the log probability of every table with these margins (given the margins).
 * A table's probability is prod r! prod t! / (n! prod x!), so bounds of sum log x! are needed:
 * - from below by duality: log x! >= s x - max_m (s m - log m!) for every slope s; with slopes s_ij = u_i + v_j the linear part depends on the margins
 *   only, and the inner maximum is at m = floor(exp s). Slopes of a table close to independence make it tight.
 * - from above by convexity: within a row or column, log x! summed is largest when the counts are as unequal as the other margin allows.
 */
export function logProbabilityBounds(rows: readonly number[], columns: readonly number[], lf: Float64Array): { readonly lowest: number; readonly highest: number } {
  const total = rows.reduce((a, b) => a + b, 0)
  const sumLog = (counts: readonly number[]): number => counts.reduce((s, c) => s + lf[c]!, 0)
  const constant = sumLog(rows) + sumLog(columns) - lf[total]!
  const fewest = Math.max(0, leastLogFactorials(rows, columns, total, lf))
  const most = Math.min(mostLogFactorials(rows, columns, lf), mostLogFactorials(columns, rows, lf))
  // A little slack, so that rounding never turns a bound into a wrong decision.
  return { lowest: constant - most - 1e-9, highest: constant - fewest + 1e-9 }
}

function leastLogFactorials(rows: readonly number[], columns: readonly number[], total: number, lf: Float64Array): number {
  const R = rows.length, C = columns.length, scale = total + (R * C) / 2
  let sum = 0
  for (const r of rows) {
    for (const t of columns) {
      const size = ((r + C / 2) * (t + R / 2)) / scale, slope = Math.log(size), m = Math.min(Math.floor(size), total)
      sum -= slope * m - lf[m]!
    }
  }
  rows.forEach((r) => { sum += r * Math.log(r + C / 2) })
  columns.forEach((t) => { sum += t * Math.log((t + R / 2) / scale) })
  return sum
}

function mostLogFactorials(lines: readonly number[], across: readonly number[], lf: Float64Array): number {
  const caps = [...across].sort((a, b) => b - a)
  return lines.reduce((sum, line) => {
    let need = line
    for (const cap of caps) {
      const x = Math.min(cap, need)
      sum += lf[x]!
      need -= x
      if (need === 0) break
    }
    return sum
  }, 0)
}
