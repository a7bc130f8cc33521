/** Shares of explained deviance. */
export interface PseudoR2 {
  /** McFadden: 1 - deviance / null deviance. */
  readonly mcFadden: number
  /** Cox and Snell: 1 - exp(-LR / n). */
  readonly coxSnell: number
  /** Nagelkerke: Cox and Snell's over its largest possible value. */
  readonly nagelkerke: number
}

/**
 * Pseudo R^2 of a logistic model from its deviances and number of rows (McFadden 1974; Cox and Snell 1989; Nagelkerke, Biometrika
 * 1991;78:691-2).
 */
export function pseudoR2(deviance: number, nullDeviance: number, n: number): PseudoR2 {
  const coxSnell = -Math.expm1((deviance - nullDeviance) / n)
  return { mcFadden: 1 - deviance / nullDeviance, coxSnell, nagelkerke: coxSnell / -Math.expm1(-nullDeviance / n) }
}
