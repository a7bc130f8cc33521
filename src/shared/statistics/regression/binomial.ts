// The limits beyond which a linear predictor is held, as in R's binomial family: probabilities stay inside (0, 1).
const limit = 30

/** Probability of a linear predictor, held to [eps, 1 - eps]. */
export function linkedProbability(eta: number): number {
  const odds = eta < -limit ? Number.EPSILON : eta > limit ? 1 / Number.EPSILON : Math.exp(eta)
  return odds / (1 + odds)
}

/** dmu / deta of the logit link, at least eps: the weight of a row in the information. */
export function irlsWeight(eta: number): number {
  if (Math.abs(eta) > limit) return Number.EPSILON
  const odds = Math.exp(eta)
  return odds / ((1 + odds) * (1 + odds))
}

/** -2 log likelihood of 0/1 outcomes under probabilities. */
export function binomialDeviance(y: ArrayLike<number>, mu: ArrayLike<number>): number {
  let s = 0
  for (let i = 0; i < y.length; i++) s -= y[i] === 1 ? Math.log(mu[i]!) : Math.log(1 - mu[i]!)
  return 2 * s
}
