import { ok } from '#shared/lib/index.ts'
import { at, toRows } from '../core/index.ts'
import {
  designInflation, dropOne, firthTerms, fitTerms, irls, prepareData, screenTerms, stepwiseAic, subDesign, univariableModels, varianceInflation,
  type LogisticModel, type PreparedData,
} from '../regression/index.ts'
import type { AnalysisAdapter, Output, OutputObject } from './adapter.ts'
import { modelRows, modelSpec } from './modelData.ts'
import { flag, optionalNumber } from './request.ts'

/** Uni- and multivariable logistic models, stepwise selection and univariable screening, over rows complete for all predictors. */
export const logistic: AnalysisAdapter = ({ spec, table }) => {
  const model = modelSpec(spec)
  const rows = modelRows(table(), model)
  const prepared = prepareData(rows, model)
  if (!prepared.ok) return prepared
  const data = prepared.value
  const names = model.terms.map((t) => t.name)
  const cut = optionalNumber(spec, 'univariable_p')
  return ok({
    n_total: rows.length, n_used: data.y.length, events: data.y.reduce((s, v) => s + v, 0),
    missing: { ...data.cases.missing.byColumn },
    univariable: Object.fromEntries(univariableModels(data).map((m) => [m.terms[0]!.name, block(data, m)])),
    multivariable: detailed(data, names),
    ...(flag(spec, 'stepwise') ? { backward_aic: backward(data) } : {}),
    ...(cut === undefined ? {} : { screened: screened(data, cut) }),
  })
}

function backward(data: PreparedData): OutputObject {
  const selection = stepwiseAic(data, { direction: 'backward' })
  return {
    selected: selection.selected,
    path: selection.path.map((s) => ({ step: s.step, removed: s.removed ?? '', aic: s.aic })),
    model: detailed(data, selection.selected),
  }
}

function screened(data: PreparedData, cut: number): OutputObject {
  const screening = screenTerms(data, cut)
  return {
    cut, p: { ...screening.p }, kept: screening.kept,
    ...(screening.kept.length > 0 ? { model: detailed(data, screening.kept) } : {}),
  }
}

function block(data: PreparedData, m: LogisticModel): OutputObject {
  const lr = m.likelihoodRatio
  return {
    formula: m.formula, n: m.n, events: m.events, separation: m.separation.kind, comparable: m.interpretable,
    separating: m.separation.columns.map((c) => ({ column: c.name, sign: c.sign })),
    findings: m.findings,
    warnings_r_default: warningsOfDefaultRun(data, m),
    aliased: m.collinear.map((c) => c.column.name),
    converged: m.converged,
    terms: m.coefficients.map((c) => ({
      term: c.column.name, coef: c.estimate, se: c.standardError, z: c.z, p: c.p,
      or: c.oddsRatio, or_lo: c.interval.lower, or_hi: c.interval.upper,
    })),
    log_lik: m.logLikelihood, deviance: m.deviance, null_deviance: m.nullDeviance, aic: m.aic, bic: m.bic,
    lr_chisq: lr.chiSquare, lr_df: lr.df, ...(lr.df > 0 ? { lr_p: lr.p } : {}),
    r2_mcfadden: m.pseudoR2.mcFadden, r2_cox_snell: m.pseudoR2.coxSnell, r2_nagelkerke: m.pseudoR2.nagelkerke,
  }
}

function detailed(data: PreparedData, names: readonly string[]): OutputObject {
  const m = fitTerms(data, names)
  const first = Math.min(10, m.n)
  return {
    ...block(data, m),
    vcov: toRows(m.covariance),
    drop1: dropOne(data, names).map((d) => ({
      term: d.term ?? '<none>', df: d.df, deviance: d.deviance, aic: d.aic, lrt: d.chiSquare, p: d.p,
    })),
    first_rows_probability: m.fitted.slice(0, first),
    first_rows_linear_predictor: m.linearPredictor.slice(0, first),
    ...inflation(data, m), ...firth(data, names),
  }
}

function inflation(data: PreparedData, m: LogisticModel): OutputObject {
  const gvif = varianceInflation(m)
  if (!gvif.ok) return {}
  const classic = designInflation(subDesign(data.design, m.terms.map((t) => t.name)))
  return {
    vif_car: gvif.value.map((v) => ({ term: v.term, gvif: v.gvif, df: v.df, gvif_adj: v.adjusted })),
    ...(classic.ok ? { vif_design_r2: classic.value.map((v) => ({ ...v })) } : {}),
  }
}

function firth(data: PreparedData, names: readonly string[]): OutputObject {
  const fit = firthTerms(data, names, { intervals: 'wald' })
  if (!fit.ok) return { firth_error: fit.error.message }
  const { columns, coefficients, covariance, converged } = fit.value
  const all = subDesign(data.design, names).columns
  const terms = all.map((c): Output => {
    const i = columns.findIndex((k) => k.name === c.name)
    return { term: c.name, coef: coefficients[i]?.estimate ?? NaN, se: i < 0 ? NaN : Math.sqrt(at(covariance, i, i)) }
  })
  return { firth: { terms, converged } }
}

/** The warnings that a fit with the usual, looser stopping rule (1e-8 within 25 steps) would give: the format reports them. */
function warningsOfDefaultRun(data: PreparedData, m: LogisticModel): string[] {
  const run = irls(subDesign(data.design, m.terms.map((t) => t.name)).x, data.y, { epsilon: 1e-8, maxIterations: 25 })
  return [
    ...(run.converged ? [] : ['glm.fit: algorithm did not converge']),
    ...(run.boundary ? ['glm.fit: fitted probabilities numerically 0 or 1 occurred'] : []),
  ]
}
