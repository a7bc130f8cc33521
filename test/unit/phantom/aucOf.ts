import { unwrap } from '#shared/lib/index.ts'
import { auc } from '#shared/statistics/roc/index.ts'

/** Empirical AUC of a score for a positive class. */
export function aucOf(score: readonly number[], positive: readonly boolean[]): number {
  return unwrap(auc(positive.map(Number), score))
}
