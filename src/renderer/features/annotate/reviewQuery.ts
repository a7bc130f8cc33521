import type { LocationQuery } from 'vue-router'
import { reviewVersion } from '#shared/contract/index.ts'

/** What a person had said in the review before they chose to correct, as the review hands it over in the address; anything else counts as nothing said. */
export function saidInReview(query: LocationQuery): { difficulty: 'easy' | 'medium' | 'hard' | null; comment: string; seconds: number } {
  const difficulty = reviewVersion.shape.difficulty.safeParse(query['difficulty'] ?? null)
  const seconds = Number(query['seconds'] ?? 0)
  return { difficulty: difficulty.success ? difficulty.data : null, comment: typeof query['comment'] === 'string' ? query['comment'] : '', seconds: Number.isFinite(seconds) && seconds > 0 ? seconds : 0 }
}
