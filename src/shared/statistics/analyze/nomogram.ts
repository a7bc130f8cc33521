import { ok } from '#shared/lib/index.ts'
import { fitTerms, freezeModel, prepareData, type CombinedModel, type PreparedData } from '../regression/index.ts'
import {
  linearPredictorAtPoints, nomogram as build, nomogramPoints, prettyTicks, probabilityAtPoints, type Nomogram, type NomogramSettings,
} from '../nomogram/index.ts'
import type { AnalysisAdapter, AnalysisSpec, OutputObject } from './adapter.ts'
import { lrmStatistics } from './lrmStatistics.ts'
import { makeName } from './makeName.ts'
import { modelRows, modelSpec } from './modelData.ts'
import { AnalysisFailure, need } from './request.ts'

/** Nomogram with default axes and, where the request gives `axes`, with those. */
export const nomogram: AnalysisAdapter = ({ spec, table }) => {
  const model = modelSpec(spec)
  const data = need(prepareData(modelRows(table(), model), model))
  const fit = fitTerms(data, model.terms.map((t) => t.name))
  const frozen = need(freezeModel(fit, { positiveClass: `${model.outcome} = 1`, cohort: 'the rows of the table' }))
  const axes = axesOf(spec)
  return ok({
    n_used: fit.n,
    coefficients: fit.coefficients.map(({ column: { term, level }, estimate, standardError }) => ({
      term: term === undefined ? 'Intercept' : makeName(term) + (level === undefined ? '' : `=${level}`), coef: estimate, se: standardError,
    })),
    lrm_stats: lrmStatistics(fit, data.design.x, data.y),
    lrm_vs_glm_max_abs_coef_gap: 0,
    datadist_limits: limits(frozen),
    default_axes: axesBlock(frozen, data, {}),
    ...(axes === undefined ? {} : { explicit_axes: axesBlock(frozen, data, { axes }) }),
  })
}

function axesOf(spec: AnalysisSpec): Record<string, number[]> | undefined {
  if (spec.axes === undefined || spec.axes === null) return undefined
  return Object.fromEntries(Object.entries(spec.axes).map(([name, values]: [string, unknown]): [string, number[]] => {
    if (!Array.isArray(values) || !values.every((v) => typeof v === 'number')) {
      throw new AnalysisFailure('bad_task', `The axis of "${name}" must be a list of numbers.`, name)
    }
    return [name, values]
  }))
}

function limits(model: CombinedModel): OutputObject {
  return Object.fromEntries(model.terms.map((t) => {
    if (t.kind === 'factor') return [t.name, { levels: t.levels }]
    const { minimum, maximum, distinct } = t.observed
    const pretty = prettyTicks(minimum, maximum, 10)
    const near = (a: number, b: number): boolean => Math.abs(a - b) <= 1.5e-8 * Math.max(1, Math.abs(a))
    const same = distinct === undefined || (distinct.length === pretty.length && distinct.every((v, i) => near(v, pretty[i]!)))
    return [t.name, { min: minimum, max: maximum, pretty_axis: pretty, default_axis_is_pretty_min_max: same }]
  }))
}

function axesBlock(model: CombinedModel, data: PreparedData, settings: NomogramSettings): OutputObject {
  const n = need(build(model, settings))
  const steps = Math.ceil(n.predictors.reduce((s, p) => s + p.maximum, 0) / 10)
  return {
    points_per_unit_lp: n.pointsPerUnit, lp_at_zero_points: n.linearPredictorAtZero,
    variables: Object.fromEntries(n.predictors.map((p) => [
      p.term, p.ticks.map((t) => ({ value: t.value ?? t.label, xbeta: t.effect, points: t.points })),
    ])),
    total_to_probability: Array.from({ length: steps + 1 }, (_, i) => ({
      total_points: 10 * i, lp: linearPredictorAtPoints(n, 10 * i), probability: probabilityAtPoints(n, 10 * i),
    })),
    total_points_axis_rms: n.total.map((t) => t.points),
    probability_axis: n.risk.map((t) => ({ probability: t.value ?? NaN, total_points: t.points })),
    rows: firstRows(n, data),
  }
}

function firstRows(n: Nomogram, data: PreparedData): OutputObject[] {
  return data.cases.rows.slice(0, 15).map((row) => {
    const { points, total, probability } = need(nomogramPoints(n, row))
    return { points: { ...points }, total, probability }
  })
}

