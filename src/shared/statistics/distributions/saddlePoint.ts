import { logGamma1p, stirlingSeries } from './logGamma.ts'
import { logSqrt2Pi } from './normal.ts'

/** Error of Stirling's formula: log n! - log(sqrt(2 pi n) (n / e)^n) for real n > 0. */
export function stirlingError(n: number): number {
  return n >= 8 ? stirlingSeries(n) : logGamma1p(n) - (n + 0.5) * Math.log(n) + n - logSqrt2Pi
}

/**
 * Deviance part x log(x / m) + m - x, without cancellation near x = m.
 * Source: Loader C. Fast and accurate computation of binomial probabilities. 2000.
 */
export function devianceTerm(x: number, m: number): number {
  if (Math.abs(x - m) >= 0.1 * (x + m)) return x * Math.log(x / m) + m - x
  const v = (x - m) / (x + m)
  const v2 = v * v
  let s = (x - m) * v
  let power = 2 * x * v
  for (let j = 1; j < 1000; j++) {
    power *= v2
    const next = s + power / (2 * j + 1)
    if (next === s) break
    s = next
  }
  return s
}

/** log of x^a e^-x / Gamma(a + 1), the Poisson probability of a real count a > 0 at mean x > 0. */
export function logPoissonTerm(a: number, x: number): number {
  return -stirlingError(a) - devianceTerm(a, x) - logSqrt2Pi - 0.5 * Math.log(a)
}

/** log of x^a y^b / B(a, b) for a, b > 0 and y = 1 - x given separately, so that neither end loses digits. */
export function logBetaTerm(a: number, b: number, x: number, y: number): number {
  const n = a + b
  return stirlingError(n) - stirlingError(a) - stirlingError(b) - devianceTerm(a, n * x) - devianceTerm(b, n * y)
    - logSqrt2Pi + 0.5 * (Math.log(a) + Math.log(b) - Math.log(n))
}
