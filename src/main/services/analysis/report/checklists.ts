import { CLAIM } from './checklists/claim.ts'
import { STARD_AI } from './checklists/stardAi.ts'
import { TRIPOD_AI } from './checklists/tripodAi.ts'

/** What the database can say for a checklist; null: not known to the workstation. */
export interface ChecklistFacts {
  readonly eligibility: string | null; readonly sources: string; readonly partitions: string; readonly disjoint: string; readonly outcome: string; readonly reference: string | null; readonly predictors: string; readonly predictorHandling: string | null; readonly missing: string; readonly size: string
  readonly models: string | null; readonly ensemble: string | null; readonly software: string; readonly metrics: string; readonly uncertainty: string; readonly blinding: string | null; readonly readers: string | null; readonly thresholds: string | null; readonly external: string | null; readonly internal: string | null; readonly flow: string
  readonly baseline: string | null; readonly cross: string | null; readonly accuracy: string | null; readonly calibration: string | null; readonly agreement: string | null; readonly annotators: string | null; readonly protocol: string | null; readonly failures: string | null; readonly specification: string | null; readonly deidentified: string
  readonly explanation: string | null; readonly stored: string; readonly clusters: string | null; readonly compared: string | null
}
/** Number, our own short wording, where the answer comes from. */
export type ChecklistItem = readonly [number: string, wording: string, fill: keyof ChecklistFacts | null]

export interface FilledItem { readonly list: string; readonly number: string; readonly wording: string; readonly answer: string | null }
export const CHECKLISTS = [
  { id: 'tripod-ai', name: 'TRIPOD+AI (2024)', items: TRIPOD_AI }, { id: 'stard-ai', name: 'STARD-AI (2025)', items: STARD_AI }, { id: 'claim', name: 'CLAIM (2024 update)', items: CLAIM },
] as const

/** Each item with what the database says of it; null stays open for the authors. */
export const fillChecklists = (facts: ChecklistFacts): FilledItem[] =>
  CHECKLISTS.flatMap(({ id, items }) => items.map(([number, wording, fill]) => ({ list: id, number, wording, answer: fill === null ? null : facts[fill] })))
