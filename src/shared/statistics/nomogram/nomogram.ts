import { ok } from '#shared/lib/index.ts'
import { fail, type StatisticsResult } from '../core/index.ts'
import { expit, logit, type CombinedModel, type CombinedTerm } from '../regression/index.ts'
import { prettyTicks } from './prettyTicks.ts'

/**
 * A mark on an axis. `position` is where it stands as a share (0..1) of the axis it is drawn on: the points axis, or the total-points axis.
 */
export interface AxisTick {
  readonly label: string
  /** The number behind the label; absent for a level. */
  readonly value?: number
  /** Points (of a predictor), or total points (of the lower axes). */
  readonly points: number
  readonly position: number
}

/** The axis of one predictor. */
export interface PredictorAxis {
  readonly term: string
  readonly kind: 'numeric' | 'factor'
  readonly unit?: string
  /** In order of value or level; `effect` is the part of the linear predictor. */
  readonly ticks: readonly (AxisTick & { readonly effect: number })[]
  /** The largest number of points that the axis shows. */
  readonly maximum: number
}

/** A nomogram as data: a drawing places ticks, the arithmetic is `nomogramPoints` and its inverse. */
export interface Nomogram {
  readonly method: 'rms nomogram'
  readonly outcome: string
  readonly positiveClass: string
  /** Points of the widest effect. */
  readonly maximumPoints: number
  /** Points for one unit of the linear predictor, and the linear predictor of zero total points. */
  readonly pointsPerUnit: number
  readonly linearPredictorAtZero: number
  readonly points: readonly AxisTick[]
  readonly predictors: readonly PredictorAxis[]
  readonly total: readonly AxisTick[]
  /** Largest total the lower axes are drawn to. */
  readonly maximumTotal: number
  readonly linearPredictor: readonly AxisTick[]
  readonly risk: readonly AxisTick[]
  /** The terms with their coefficients, as used. */
  readonly terms: readonly CombinedTerm[]
}

export interface NomogramSettings {
  /**
   * Axis values of numeric predictors, at least two; by default the values seen when there are at most ten, else round values over their
   * range.
   */
  readonly axes?: Readonly<Record<string, readonly number[]>>
  readonly maximumPoints?: number
  /** Probabilities marked on the risk axis. */
  readonly riskTicks?: readonly number[]
}

export const defaultRiskTicks: readonly number[] = [0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99]

/**
 * Nomogram of a logistic model with the conventions of R's rms: the predictor whose effect is widest over its axis spans 0 to 100 points,
 * each other
 * one starts at 0 points at its smallest effect, and risk = expit(linear predictor at zero points + total points / points per unit).
 * Source: Harrell, Regression Modeling Strategies (2nd ed.), section 5.1.3; rms 6.5.
 * @returns `constant` when no predictor has an effect, `out_of_range` for an axis of fewer than two finite values
 */
export function nomogram(model: CombinedModel, settings: NomogramSettings = {}): StatisticsResult<Nomogram> {
  const { maximumPoints = 100, riskTicks = defaultRiskTicks } = settings
  for (const [name, values] of Object.entries(settings.axes ?? {})) {
    if (values.length < 2 || !values.every(Number.isFinite)) {
      return fail('out_of_range', `The axis of "${name}" needs at least two finite values.`, name)
    }
  }
  const effects = model.terms.map((t) => effectsOf(t, settings.axes?.[t.name]))
  const lowest = effects.map((e) => Math.min(...e.map((x) => x.effect)))
  const widest = Math.max(0, ...effects.map((e, k) => Math.max(...e.map((x) => x.effect)) - lowest[k]!))
  if (!(widest > 0)) return fail('constant', 'No predictor of the model has an effect over its axis: there is nothing to draw.')
  const pointsPerUnit = maximumPoints / widest
  const linearPredictorAtZero = model.intercept + lowest.reduce((s, v) => s + v, 0)
  const predictors = model.terms.map((t, k): PredictorAxis => {
    const ticks = effects[k]!.map((x) => tickOf(x.label, x.value, (x.effect - lowest[k]!) * pointsPerUnit, maximumPoints, x.effect))
    return {
      term: t.name, kind: t.kind, ...(t.kind === 'numeric' && t.unit !== undefined ? { unit: t.unit } : {}), ticks,
      maximum: Math.max(...ticks.map((x) => x.points)),
    }
  })
  const toTotal = (lp: number): number => (lp - linearPredictorAtZero) * pointsPerUnit
  const lpTicks = prettyTicks(...model.linearPredictorRange, 10)
  const reach = model.terms.length === 1 ? maximumPoints : Math.max(maximumPoints, toTotal(lpTicks.at(-1)!))
  const total = prettyTicks(0, reach, 10)
  const maximumTotal = total.at(-1)!
  return ok({
    method: 'rms nomogram', outcome: model.outcome, positiveClass: model.positiveClass, maximumPoints, pointsPerUnit, linearPredictorAtZero,
    points: prettyTicks(0, maximumPoints, 10).map((p) => tickOf(shortLabel(p), p, p, maximumPoints)),
    predictors,
    total: total.map((p) => tickOf(shortLabel(p), p, p, maximumTotal)), maximumTotal,
    linearPredictor: lpTicks.map((lp) => tickOf(shortLabel(lp), lp, toTotal(lp), maximumTotal)),
    risk: riskTicks.map((p) => tickOf(shortLabel(p), p, toTotal(logit(p)), maximumTotal)),
    terms: model.terms,
  })
}

interface Effect {
  readonly label: string
  readonly value?: number
  readonly effect: number
}

function effectsOf(term: CombinedTerm, axis: readonly number[] | undefined): Effect[] {
  if (term.kind === 'factor') return term.levels.map((label, k) => ({ label, effect: term.coefficients[k]! }))
  const values = axis ?? term.observed.distinct ?? prettyTicks(term.observed.minimum, term.observed.maximum, 10)
  return values.map((value) => ({ label: shortLabel(value), value, effect: value * term.coefficient }))
}

function tickOf(label: string, value: number | undefined, points: number, length: number): AxisTick
function tickOf(label: string, value: number | undefined, points: number, length: number, effect: number): AxisTick & { effect: number }
function tickOf(label: string, value: number | undefined, points: number, length: number, effect?: number): AxisTick {
  return { label, ...(value === undefined ? {} : { value }), points, position: points / length, ...(effect === undefined ? {} : { effect }) }
}

/** A number without the noise of its last digits. */
function shortLabel(value: number): string {
  return String(Number(value.toPrecision(12)))
}

/** Probability at a total of points. */
export function probabilityAtPoints(n: Nomogram, total: number): number {
  return expit(linearPredictorAtPoints(n, total))
}

/** Linear predictor at a total of points. */
export function linearPredictorAtPoints(n: Nomogram, total: number): number {
  return n.linearPredictorAtZero + total / n.pointsPerUnit
}

/** Total of points at a probability: -Infinity at 0, Infinity at 1. */
export function pointsAtProbability(n: Nomogram, probability: number): number {
  return (logit(probability) - n.linearPredictorAtZero) * n.pointsPerUnit
}
