import { fSf } from './fisherF.ts'
import { incompleteGamma } from './incompleteGamma.ts'
import { incompleteBeta } from './incompleteBeta.ts'
import { logPoissonTerm } from './saddlePoint.ts'

/**
 * P(F > x) of a noncentral F, the power of an F test: a Poisson mixture of central beta tails, summed outwards from its mode.
 * Source: Johnson, Kotz and Balakrishnan, Continuous univariate distributions, vol. 2, section 30.2. O(sqrt(lambda)) beta functions.
 * @param df2 Infinity gives a noncentral chi-square over df1
 * @param lambda noncentrality, >= 0; half of it is the mean of the mixture
 */
export function noncentralFSf(x: number, df1: number, df2: number, lambda: number): number {
  if (!(lambda >= 0) || !(df1 > 0) || !(df2 > 0)) return NaN
  if (lambda === 0) return fSf(x, df1, df2)
  if (x <= 0) return 1
  const half = lambda / 2
  const u = df1 * x / (df1 * x + df2), v = df2 / (df1 * x + df2)
  const upper = (j: number): number =>
    (df2 === Infinity ? incompleteGamma(df1 / 2 + j, df1 * x / 2) : incompleteBeta(df1 / 2 + j, df2 / 2, u, v)).upper
  const term = (j: number): { weight: number; value: number } => {
    const weight = Math.exp(j === 0 ? -half : logPoissonTerm(j, half))
    return { weight, value: weight * upper(j) }
  }
  const mode = Math.floor(half)
  let total = 0
  for (let j = mode; j >= 0; j--) {
    const t = term(j)
    total += t.value
    if (t.weight < 1e-18) break
  }
  for (let j = mode + 1; ; j++) {
    const t = term(j)
    total += t.value
    if (t.weight < 1e-18) break
  }
  return Math.min(1, total)
}
