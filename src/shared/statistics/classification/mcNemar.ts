import { ok } from '#shared/lib/index.ts'
import { fail, type StatisticsResult } from '../core/index.ts'
import { binomialTwoSided, chiSquareSf } from '../distributions/index.ts'

/** Two paired yes/no results compared by their discordant pairs. */
export interface McNemar {
  /** Pairs in which only the first is right, and only the second. */
  readonly firstOnly: number
  readonly secondOnly: number
  /** Null without discordant pairs. */
  readonly chiSquare: number | null
  readonly p: number | null
  /** With Edwards' continuity correction. */
  readonly chiSquareCorrected: number | null
  readonly pCorrected: number | null
  /** Exact binomial p; 1 without discordant pairs. */
  readonly pExact: number
  readonly pairs: number
}

/**
 * McNemar's test of two columns of right (1) and wrong (0) on the same cases; report the exact p for fewer than 25 discordant pairs.
 * Source: McNemar Q. Psychometrika 1947;12:153-7; Edwards AL. Psychometrika 1948;13:185-7. O(n).
 */
export function mcNemar(first: ArrayLike<number | boolean>, second: ArrayLike<number | boolean>): StatisticsResult<McNemar> {
  if (first.length !== second.length) return fail('length_mismatch', `The two columns have ${first.length} and ${second.length} cases.`)
  let b = 0, c = 0
  for (let i = 0; i < first.length; i++) {
    const x = Boolean(first[i]), y = Boolean(second[i])
    if (x && !y) b++
    else if (y && !x) c++
  }
  const n = b + c
  const plain = n === 0 ? null : (b - c) ** 2 / n, corrected = n === 0 ? null : (Math.abs(b - c) - 1) ** 2 / n
  return ok({
    firstOnly: b, secondOnly: c, pairs: first.length,
    chiSquare: plain, p: plain === null ? null : chiSquareSf(plain, 1),
    chiSquareCorrected: corrected, pCorrected: corrected === null ? null : chiSquareSf(corrected, 1),
    pExact: n === 0 ? 1 : binomialTwoSided(b, n),
  })
}
