/** A confidence interval that carries its level and method, so that a 90 % interval cannot pass for a 95 % one. */
export interface Interval {
  readonly lower: number
  readonly upper: number
  /** Coverage aimed at, for example 0.95. */
  readonly level: number
  /** How it was made, in words for a report: 'Wilson score', 'DeLong, truncated to [0, 1]', ... */
  readonly method: string
}

/** The default coverage of every interval. */
export const defaultLevel = 0.95
