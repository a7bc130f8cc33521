import { ok } from '#shared/lib/index.ts'
import { checkProbabilities } from '../calibration/index.ts'
import { defaultLevel, fail, splitClasses, withheldOnFittingRows, type RowUse, type StatisticsResult } from '../core/index.ts'
import { integratedDiscrimination, type IntegratedDiscrimination } from './integratedDiscrimination.ts'
import { netReclassification, type NetReclassification } from './netReclassification.ts'

export interface ReclassificationOptions {
  /** Whether these rows took part in fitting either model. There is no default: the caller must know. */
  readonly rows: RowUse
  /** Risk categories, declared before the data were seen: category k holds cut[k - 1] <= p < cut[k]. Strictly ascending in (0, 1). */
  readonly cutoffs?: readonly number[]
  readonly level?: number
}

/** Categorical NRI with the tables it comes from: rows by the old category, columns by the new one. */
export interface CategoricalReclassification extends NetReclassification {
  readonly cutoffs: readonly number[]
  readonly tableEvents: readonly (readonly number[])[]
  readonly tableNonevents: readonly (readonly number[])[]
}

/** What a new model changes against an old one on the same rows. */
export interface Reclassification {
  readonly method: string
  readonly rows: RowUse
  readonly n: number
  readonly events: number
  readonly nonevents: number
  /** Present when cutoffs were declared. */
  readonly categorical?: CategoricalReclassification
  /** Any upward or downward change counts. */
  readonly continuous: NetReclassification
  readonly idi: IntegratedDiscrimination
  /** Why there are no p values, on fitting rows. */
  readonly withheld?: string
}

/**
 * NRI (categorical and continuous) and IDI of a new model against an old one.
 * @param before,after probabilities of the same rows under the old and the new model
 * @returns the failures of `checkProbabilities`, `one_class`, `out_of_range` for the cutoffs
 */
export function reclassification(
  outcome: ArrayLike<number>, before: ArrayLike<number>, after: ArrayLike<number>, options: ReclassificationOptions,
): StatisticsResult<Reclassification> {
  const { rows, cutoffs, level = defaultLevel } = options
  for (const [p, name] of [[before, 'The old probability'], [after, 'The new probability']] as const) {
    const checked = checkProbabilities(outcome, p, name)
    if (!checked.ok) return checked
  }
  const classes = splitClasses(outcome)
  if (!classes.ok) return classes
  if (cutoffs && (cutoffs.length === 0 || cutoffs.some((c, i) => !(c > 0 && c < 1) || (i > 0 && c <= cutoffs[i - 1]!)))) {
    return fail('out_of_range', `Cutoffs must ascend and lie between 0 and 1; they are ${cutoffs.join(', ') || 'none'}.`)
  }
  const moves = Float64Array.from({ length: outcome.length }, (_, i) => Math.sign(after[i]! - before[i]!))
  return ok({
    method: 'net reclassification improvement and integrated discrimination improvement', rows,
    n: outcome.length, events: classes.value.positives.length, nonevents: classes.value.negatives.length,
    ...(cutoffs ? { categorical: categorical(outcome, before, after, cutoffs, rows, level) } : {}),
    continuous: netReclassification(outcome, moves, rows, level),
    idi: integratedDiscrimination(outcome, before, after, rows, level),
    ...(rows === 'fitting' ? { withheld: withheldOnFittingRows } : {}),
  })
}

/** Number of cutoffs that a probability reaches: its category, counted from 0. */
export function riskCategory(p: number, cutoffs: readonly number[]): number {
  let k = 0
  while (k < cutoffs.length && p >= cutoffs[k]!) k++
  return k
}

function categorical(
  outcome: ArrayLike<number>, before: ArrayLike<number>, after: ArrayLike<number>, cutoffs: readonly number[], rows: RowUse, level: number,
): CategoricalReclassification {
  const size = cutoffs.length + 1
  const tables = [0, 1].map(() => Array.from({ length: size }, () => new Array<number>(size).fill(0)))
  const moves = Float64Array.from({ length: outcome.length }, (_, i) => {
    const from = riskCategory(before[i]!, cutoffs), to = riskCategory(after[i]!, cutoffs)
    tables[outcome[i]!]![from]![to]!++
    return to - from
  })
  return { cutoffs, tableEvents: tables[1]!, tableNonevents: tables[0]!, ...netReclassification(outcome, moves, rows, level) }
}
