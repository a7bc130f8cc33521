/** Inverse logit, accurate in both tails. */
export function expit(lp: number): number {
  if (lp >= 0) return 1 / (1 + Math.exp(-lp))
  const e = Math.exp(lp)
  return e / (1 + e)
}

/** log(p / (1 - p)); -Infinity at 0 and Infinity at 1. */
export function logit(p: number): number {
  return Math.log(p) - Math.log1p(-p)
}

/** log(1 + exp(lp)) without overflow. */
export function softplus(lp: number): number {
  return lp > 0 ? lp + Math.log1p(Math.exp(-lp)) : Math.log1p(Math.exp(lp))
}
