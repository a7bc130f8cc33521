import { tailsFrom, type Tails } from './incompleteGamma.ts'
import { logBetaTerm } from './saddlePoint.ts'

const maximumSteps = 1_000_000

/**
 * Regularised incomplete beta function I_x(a, b) (lower) and its complement (upper) for a, b > 0 by the continued fraction DLMF 8.17.22,
 * taken from the side where it converges fast. O(sqrt(a + b)) steps near the mean.
 * @param y 1 - x, given apart when it is known more exactly
 */
export function incompleteBeta(a: number, b: number, x: number, y = 1 - x): Tails {
  if (!(a > 0) || !(b > 0) || Number.isNaN(x)) return { lower: NaN, upper: NaN, logLower: NaN, logUpper: NaN }
  if (x <= 0) return tailsFrom(-Infinity, 'lower')
  if (y <= 0) return tailsFrom(-Infinity, 'upper')
  const term = logBetaTerm(a, b, x, y)
  return x * (a + b + 2) < a + 1
    ? tailsFrom(term + Math.log(fraction(a, b, x, y)), 'lower')
    : tailsFrom(term + Math.log(fraction(b, a, y, x)), 'upper')
}

/**
 * B(a, b) I_x(a, b) / (x^a y^b) by modified Lentz on the even part of the fraction, in which the distance from the mean, a y - b x,
 * stands by itself and keeps its digits when a or b is large.
 */
function fraction(a: number, b: number, x: number, y: number): number {
  const tiny = 1e-300
  const distance = a * y - b * x
  let f = a * (distance + 1) / (a + 1)
  if (f === 0) f = tiny
  let c = f, d = 0
  for (let m = 1; m < maximumSteps; m++) {
    const s = a + 2 * m - 1
    const w = m * (b - m) * x / s
    const alpha = (a + m - 1) * (a + b + m - 1) / s * w * x
    const beta = m + w + (a + m) * (distance + 1 + m * (1 + y)) / (s + 2)
    d = beta + alpha * d
    if (d === 0) d = tiny
    c = beta + alpha / c
    if (c === 0) c = tiny
    d = 1 / d
    const step = c * d
    f *= step
    if (Math.abs(step - 1) < 1e-16) break
  }
  return 1 / f
}
