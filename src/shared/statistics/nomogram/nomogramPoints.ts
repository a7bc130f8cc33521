import { ok } from '#shared/lib/index.ts'
import { fail, type StatisticsResult } from '../core/index.ts'
import { isMissing, type CombinedTerm, type DataRow } from '../regression/index.ts'
import { linearPredictorAtPoints, probabilityAtPoints, type Nomogram } from './nomogram.ts'

/** A case read off a nomogram. */
export interface NomogramReading {
  /** Points by term; below 0 or above 100 where a value lies beyond its axis. */
  readonly points: Readonly<Record<string, number>>
  readonly total: number
  readonly linearPredictor: number
  readonly probability: number
}

/**
 * Points of each predictor, their total and its risk: the model's own probability, to rounding.
 * @returns `missing_values`, `unknown_level` or `not_finite` with the term named
 */
export function nomogramPoints(n: Nomogram, row: DataRow): StatisticsResult<NomogramReading> {
  const points: Record<string, number> = {}
  for (const [k, term] of n.terms.entries()) {
    if (isMissing(row[term.name])) return fail('missing_values', `The nomogram needs a value of "${term.name}".`, term.name)
    const effect = effectOf(term, row)
    if (!effect.ok) return effect
    const lowest = Math.min(...n.predictors[k]!.ticks.map((t) => t.effect))
    points[term.name] = (effect.value - lowest) * n.pointsPerUnit
  }
  const total = Object.values(points).reduce((s, p) => s + p, 0)
  return ok({ points, total, linearPredictor: linearPredictorAtPoints(n, total), probability: probabilityAtPoints(n, total) })
}

function effectOf(term: CombinedTerm, row: DataRow): StatisticsResult<number> {
  const value = row[term.name]
  if (term.kind === 'numeric') {
    return typeof value === 'number' && Number.isFinite(value)
      ? ok(value * term.coefficient)
      : fail('not_finite', `"${term.name}" needs a finite number, not "${String(value)}".`, term.name)
  }
  const k = term.levels.indexOf(String(value))
  return k < 0
    ? fail('unknown_level', `"${String(value)}" is not a level of "${term.name}": ${term.levels.join(', ')}.`, term.name)
    : ok(term.coefficients[k]!)
}

/** The value of a numeric predictor that has so many points: the reverse reading of its axis. `undefined` where it has no effect. */
export function valueAtPoints(n: Nomogram, name: string, points: number): StatisticsResult<number> {
  const k = n.terms.findIndex((t) => t.name === name)
  const term = n.terms[k]
  if (!term) return fail('unknown_column', `The nomogram has no predictor "${name}".`, name)
  if (term.kind === 'factor') return fail('bad_task', `"${name}" has levels: its points belong to them and to no number.`, name)
  if (term.coefficient === 0) return fail('undefined', `"${name}" has no effect: every value has 0 points.`, name)
  const lowest = Math.min(...n.predictors[k]!.ticks.map((t) => t.effect))
  return ok((points / n.pointsPerUnit + lowest) / term.coefficient)
}
