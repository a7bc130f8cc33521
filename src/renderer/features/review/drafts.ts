import type { ReviewCase } from '#shared/contract/index.ts'

/** What a person has said about a case but not yet decided. */
export interface Draft { readonly difficulty: 'easy' | 'medium' | 'hard' | null; readonly comment: string; readonly seconds: number }

/** Kept while the program runs, by person and case: going to the editor and back, or to another screen, loses no word. */
const kept = new Map<string, Draft & { readonly versions: number }>()
const keyOf = (owner: string, segmentationId: string): string => `${owner}\n${segmentationId}`

/** The kept draft, else the difficulty of the newest review and nothing more. A decision that came since (a correction in the editor) ends a draft. */
export function draftOf(owner: string, data: Pick<ReviewCase, 'segmentationId' | 'reviews'>): Draft {
  const draft = kept.get(keyOf(owner, data.segmentationId))
  return draft !== undefined && draft.versions === data.reviews.length ? draft : { difficulty: data.reviews[0]?.difficulty ?? null, comment: '', seconds: 0 }
}
export const keepDraft = (owner: string, data: Pick<ReviewCase, 'segmentationId' | 'reviews'>, draft: Draft): void => {
  kept.set(keyOf(owner, data.segmentationId), { ...draft, versions: data.reviews.length })
}
export const dropDraft = (owner: string, segmentationId: string): void => {
  kept.delete(keyOf(owner, segmentationId))
}
