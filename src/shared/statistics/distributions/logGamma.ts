import { logSqrt2Pi } from './normal.ts'

const eulerGamma = 0.57721566490153286061

/** zeta(k) - 1 for k >= 2: the terms 2..9 and the Euler-Maclaurin rest from 10. */
function zetaMinusOne(k: number): number {
  const n = 10
  let s = n ** (1 - k) / (k - 1) + n ** -k / 2 + k * n ** (-k - 1) / 12 - k * (k + 1) * (k + 2) * n ** (-k - 3) / 720
    + k * (k + 1) * (k + 2) * (k + 3) * (k + 4) * n ** (-k - 5) / 30240
    - k * (k + 1) * (k + 2) * (k + 3) * (k + 4) * (k + 5) * (k + 6) * n ** (-k - 7) / 1209600
  for (let i = n - 1; i >= 2; i--) s += i ** -k
  return s
}

/** (-1)^k (zeta(k) - 1) / k for k = 2.. */
const coefficients = Float64Array.from({ length: 30 }, (_, i) => (i % 2 === 0 ? 1 : -1) * zetaMinusOne(i + 2) / (i + 2))

/** log Gamma(2 + z) for |z| <= 1/2, accurate also near z = 0 where it vanishes (Abramowitz and Stegun 6.1.33). */
function nearTwo(z: number): number {
  let s = 0
  for (let i = coefficients.length - 1; i >= 0; i--) s = s * z + coefficients[i]!
  return z * (1 - eulerGamma) + z * z * s
}

/** log Gamma(1 + z) for z > -1, without cancellation near z = 0. */
export function logGamma1p(z: number): number {
  if (z > -0.5 && z <= 0.5) return nearTwo(z) - Math.log1p(z)
  return logGamma(1 + z)
}

/**
 * log Gamma(x) for x > 0; Infinity at 0, NaN below. Relative error about 1e-15, absolute error near the zeros 1 and 2 likewise relative.
 */
export function logGamma(x: number): number {
  if (Number.isNaN(x) || x < 0) return NaN
  if (x === 0 || x === Infinity) return Infinity
  if (x >= 10) return (x - 0.5) * Math.log(x) - x + logSqrt2Pi + stirlingSeries(x)
  if (x < 0.5) return nearTwo(x) - Math.log1p(x) - Math.log(x)
  if (x <= 1.5) return nearTwo(x - 1) - Math.log(x)
  let product = 1, y = x
  while (y > 2.5) {
    y -= 1
    product *= y
  }
  return Math.log(product) + nearTwo(y - 2)
}

/** B(2k) / (2k (2k - 1)): 1/12, -1/360, ... of Stirling's series. */
const stirlingTerms = [1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360, 1 / 156, -3617 / 122400, 43867 / 244188]

/** The rest of Stirling's formula for log Gamma(x) at x >= 8: 1/(12 x) - 1/(360 x^3) + ... */
export function stirlingSeries(x: number): number {
  const w = 1 / (x * x)
  let s = 0
  for (let i = stirlingTerms.length - 1; i >= 0; i--) s = s * w + stirlingTerms[i]!
  return s / x
}

/** log B(a, b). */
export function logBeta(a: number, b: number): number {
  const small = Math.min(a, b), large = Math.max(a, b)
  if (small < 10) return logGamma(small) + (large < 10 ? logGamma(large) - logGamma(small + large) : logGammaRatio(large, small))
  const n = small + large
  return logSqrt2Pi - 0.5 * Math.log(small) + stirlingSeries(small) + stirlingSeries(large) - stirlingSeries(n)
    + (small) * Math.log(small / n) + (large - 0.5) * Math.log1p(-small / n)
}

/** log (Gamma(a) / Gamma(a + b)) for a >= 10 and b < 10, without cancellation of large logarithms. */
function logGammaRatio(a: number, b: number): number {
  const n = a + b
  return -(a - 0.5) * Math.log1p(b / a) - b * Math.log(n) + b + stirlingSeries(a) - stirlingSeries(n)
}

/** log of the binomial coefficient n over k (real n >= k >= 0). */
export function logChoose(n: number, k: number): number {
  if (k < 0 || k > n) return -Infinity
  if (k === 0 || k === n) return 0
  return -Math.log(n + 1) - logBeta(n - k + 1, k + 1)
}
