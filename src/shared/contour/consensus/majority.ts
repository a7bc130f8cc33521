import type { RleMask } from '#shared/geometry/index.ts'
import { maskOfPatterns } from './patterns.ts'

export function countVotes(votes: number): number {
  let count = 0
  for (let rest = votes; rest !== 0; rest &= rest - 1) count++
  return count
}

/** On where more than half of the raters have it on; a tie is off. */
export const majorityVote = (masks: readonly RleMask[]): RleMask => maskOfPatterns(masks, (votes) => countVotes(votes) > masks.length / 2)
