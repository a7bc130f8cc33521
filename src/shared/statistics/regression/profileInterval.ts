/** One end of a profile-likelihood interval: the value at which the profile has fallen by `drop` from its top. */
export interface ProfileRequest {
  /** Profile log likelihood at a value of the parameter. */
  readonly profile: (value: number) => number
  readonly estimate: number
  /** A first guess of the distance, usually the Wald half-width. */
  readonly step: number
  /** Profile at the estimate less half the chi-square quantile. */
  readonly target: number
  readonly side: 1 | -1
}

/**
 * Root of profile(value) = target away from the estimate: the distance is doubled until the profile is below the target, then halved onto
 * it
 * (regula falsi of the Illinois kind). Infinite where the profile never falls that far.
 */
export function profileEnd({ profile, estimate, step, target, side }: ProfileRequest): number {
  let near = estimate, nearValue = profile(estimate) - target
  let distance = Math.max(step, 1e-8)
  let far = estimate + side * distance, farValue = profile(far) - target
  for (let k = 0; farValue > 0; k++) {
    if (k > 40) return side * Infinity
    near = far
    nearValue = farValue
    distance *= 2
    far = estimate + side * distance
    farValue = profile(far) - target
  }
  for (let k = 0; k < 100 && Math.abs(far - near) > 1e-12 * Math.max(1, Math.abs(far)); k++) {
    const middle = k % 4 === 3 ? (near + far) / 2 : far - farValue * (far - near) / (farValue - nearValue)
    const value = profile(middle) - target
    if (Math.abs(value) < 1e-12) return middle
    if (value > 0) {
      near = middle
      nearValue = value
      farValue /= 2
    } else {
      far = middle
      farValue = value
      nearValue /= 2
    }
  }
  return (near + far) / 2
}
