/**
 * Number of arrangements of m and n untied values with each value of U, 0..m n: the coefficients of the Gaussian binomial polynomial,
 * built as the product over i of (1 - q^(n+i)) / (1 - q^i); only the lower half is computed, the rest follows by symmetry. O(m^2 n).
 * Exact while counts stay below 2^53, relative error of a few eps beyond (all lower-half sums are of growing terms).
 */
export function uDistribution(m: number, n: number): Float64Array {
  const [small, large] = m <= n ? [m, n] : [n, m]
  const top = small * large, half = Math.floor(top / 2)
  const counts = new Float64Array(top + 1)
  counts[0] = 1
  for (let i = 1; i <= small; i++) {
    const shift = large + i
    for (let u = half; u >= shift; u--) counts[u]! -= counts[u - shift]!
    for (let u = i; u <= half; u++) counts[u]! += counts[u - i]!
  }
  for (let u = half + 1; u <= top; u++) counts[u] = counts[top - u]!
  return counts
}
