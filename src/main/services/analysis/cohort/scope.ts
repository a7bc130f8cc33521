import type { Interval } from '#shared/statistics/core/index.ts'
import { DL_SIGNATURE, type Score, type Scorer } from '../scores.ts'

/** The scorers of one cohort, the model among them first of all: the combined model, else the DL signature. */
export interface CohortScope { readonly cohort: string; readonly rows: 'fitting' | 'evaluation'; readonly scorers: readonly Scorer[]; readonly model: Scorer | null; readonly readers: readonly Scorer[] }

export const isReader = (scorer: Scorer): boolean => scorer.kind !== 'model' && scorer.kind !== 'signature' && scorer.kind !== 'clinical'
export const scoresIn = (scorer: Scorer, cohort: string): readonly Score[] => scorer.cohorts.get(cohort) ?? []

export function cohortScope(all: readonly Scorer[], cohort: string, role: string | undefined): CohortScope {
  const scorers = all.filter((s) => scoresIn(s, cohort).length > 0)
  return { cohort, rows: role === 'fit' ? 'fitting' : 'evaluation', scorers, model: scorers.find((s) => s.kind === 'model') ?? scorers.find((s) => s.note === DL_SIGNATURE) ?? null, readers: scorers.filter(isReader) }
}

/** One row a case that every one of these scorers scored: the case's first score and all of them in order. */
export function commonCases(scorers: readonly Scorer[], cohort: string): { readonly first: Score; readonly all: readonly Score[] }[] {
  const [first, ...rest] = scorers
  if (first === undefined) return []
  const others = rest.map((s) => new Map(scoresIn(s, cohort).map((score) => [score.caseId, score])))
  return scoresIn(first, cohort).flatMap((score) => {
    const all = others.map((m) => m.get(score.caseId))
    return all.every((s) => s !== undefined) ? [{ first: score, all: [score, ...all] }] : []
  })
}

export const ends = (interval: Interval): [number, number] => [interval.lower, interval.upper]
export const finite = (value: number): number | null => (Number.isFinite(value) ? value : null)
