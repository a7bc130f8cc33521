import { ok, type Random } from '#shared/lib/index.ts'
import type { StatisticsResult } from '../core/index.ts'
import { figures, indices, type FoldData } from './foldData.ts'
import { groupedFolds } from './groupedFolds.ts'
import type { Learner } from './learner.ts'

/** How a candidate did in the inner cross-validation: figures of its pooled out-of-fold probabilities. */
export interface CandidateScore {
  readonly name: string
  readonly auc: number
  readonly logLoss: number
}

/**
 * Chooses among candidates by an inner cross-validation of the given rows only; all candidates see the same inner folds.
 * A single candidate is taken as it is. Ties go to the first.
 */
export function chooseCandidate(candidates: readonly Learner[], data: FoldData, inside: readonly number[], random: Random):
StatisticsResult<{ learner: Learner; scores: readonly CandidateScore[] }> {
  if (candidates.length === 1) return ok({ learner: candidates[0]!, scores: [] })
  const y = Float64Array.from(inside, (i) => data.y[i]!)
  const folds = groupedFolds(y, inside.map((i) => data.patients[i]!), data.innerFolds, random.fork('folds'))
  if (!folds.ok) return folds
  const scores: CandidateScore[] = []
  for (const candidate of candidates) {
    const predicted = new Float64Array(inside.length)
    for (let k = 0; k < data.innerFolds; k++) {
      const fitting = indices(folds.value, (f) => f !== k), held = indices(folds.value, (f) => f === k)
      const fitted = candidate.fit(fitting.map((i) => data.rows[inside[i]!]!), data.outcome, random.fork(k))
      if (!fitted.ok) return fitted
      const p = fitted.value.predict(held.map((i) => data.rows[inside[i]!]!))
      if (!p.ok) return p
      held.forEach((i, at) => { predicted[i] = p.value[at]! })
    }
    const { auc, logLoss } = figures(y, predicted)
    scores.push({ name: candidate.name, auc, logLoss })
  }
  const better = (a: CandidateScore, b: CandidateScore): boolean => (data.chooseBy === 'auc' ? a.auc > b.auc : a.logLoss < b.logLoss)
  const best = scores.reduce((at, score, i) => (better(score, scores[at]!) ? i : at), 0)
  return ok({ learner: candidates[best]!, scores })
}
