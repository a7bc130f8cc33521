/** All r x c tables with the margins of the given one. */
export function tablesLike(counts: readonly (readonly number[])[]): number[][][] {
  const rows = counts.map((r) => r.reduce((a, b) => a + b, 0)), width = counts[0]!.length
  const columns = Array.from({ length: width }, (_, j) => counts.reduce((s, r) => s + r[j]!, 0))
  const fill = (i: number, left: readonly number[]): number[][][] => {
    if (i === rows.length) return left.every((c) => c === 0) ? [[]] : []
    return rowsOf(rows[i]!, left).flatMap((row) => fill(i + 1, left.map((c, j) => c - row[j]!)).map((rest) => [row, ...rest]))
  }
  return fill(0, columns)
}

/** All ways to split a total over cells of at most the given sizes. */
function rowsOf(total: number, caps: readonly number[]): number[][] {
  if (caps.length === 1) return total <= caps[0]! ? [[total]] : []
  return Array.from({ length: Math.min(total, caps[0]!) + 1 }, (_, x) => rowsOf(total - x, caps.slice(1)).map((rest) => [x, ...rest])).flat()
}

const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1))

/** Fisher's p by adding up every table. */
export function slowFisher(counts: readonly (readonly number[])[]): number {
  const weight = (t: readonly (readonly number[])[]): number => t.flat().reduce((w, c) => w / factorial(c), 1)
  const observed = weight(counts) * (1 + 1e-7)
  const all = tablesLike(counts).map(weight), total = all.reduce((a, b) => a + b, 0)
  return all.filter((w) => w <= observed).reduce((a, b) => a + b, 0) / total
}
