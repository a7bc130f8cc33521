import { chooseThreshold } from '#shared/statistics/classification/index.ts'
import type { Score, Scorer } from './scores.ts'

/** A threshold and where it was chosen. */
export interface Carried { readonly value: number; readonly from: string }

/**
 * The threshold of greatest Youden index on the one cohort whose role it is (choosing; where there is none, fitting). It is chosen there
 * once and carried to every other cohort unchanged. Null where no such cohort has both classes.
 */
export function carriedThreshold(scores: ReadonlyMap<string, readonly Score[]>, roles: ReadonlyMap<string, string>): Carried | null {
  for (const role of ['choose', 'fit']) {
    for (const [cohort, own] of scores) {
      if (roles.get(cohort) !== role) continue
      const chosen = chooseThreshold({ cohort, outcome: own.map((s) => s.outcome), score: own.map((s) => s.value) })
      if (chosen.ok && Number.isFinite(chosen.value.value)) return { value: chosen.value.value, from: cohort }
    }
  }
  return null
}

/** A model's column before it has calls. */
export type Uncalled = Omit<Scorer, 'threshold' | 'basis' | 'callsOnly'>

/** The scorer with a call at the carried threshold on every case, in every cohort the same one. */
export function withCalls(scorer: Uncalled, carried: Carried | null): Scorer {
  if (carried === null) return { ...scorer, callsOnly: false, threshold: null, basis: '' }
  const called = new Map([...scorer.cohorts].map(([cohort, own]) => [cohort, own.map((s) => ({ ...s, call: s.value >= carried.value }))]))
  return { ...scorer, callsOnly: false, threshold: carried.value, basis: `threshold ${carried.value.toFixed(3)} ${carried.from === 'declared beforehand' ? carried.from : `chosen on ${carried.from}`}`, cohorts: called }
}
