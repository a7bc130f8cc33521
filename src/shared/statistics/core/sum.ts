/**
 * Sum with Neumaier's compensation: the error does not grow with the number of terms.
 * Source: Neumaier A. Rundungsfehleranalyse einiger Verfahren zur Summation endlicher Summen. ZAMM 1974;54:39-51. O(n).
 * @returns 0 for no terms; an infinity or NaN among the terms is passed on.
 */
export function sum(values: ArrayLike<number>): number {
  let total = 0, lost = 0
  for (let i = 0; i < values.length; i++) {
    const x = values[i]!
    const next = total + x
    lost += Math.abs(total) >= Math.abs(x) ? (total - next) + x : (x - next) + total
    total = next
  }
  return Number.isFinite(total) ? total + lost : total
}

/** Sum of f(0..n-1) with the same compensation. */
export function sumOf(n: number, f: (i: number) => number): number {
  let total = 0, lost = 0
  for (let i = 0; i < n; i++) {
    const x = f(i)
    const next = total + x
    lost += Math.abs(total) >= Math.abs(x) ? (total - next) + x : (x - next) + total
    total = next
  }
  return Number.isFinite(total) ? total + lost : total
}
