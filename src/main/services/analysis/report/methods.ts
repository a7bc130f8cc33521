import type { CohortAnalysis } from '#shared/contract/index.ts'
import type { ReportTable } from '#main/formats/pdf/index.ts'
import { protocols } from '#main/database/queries/reading.ts'
import { clinicalVariable, SIGNATURE_TERM } from '#shared/domain/index.ts'
import { modelsUsed } from '#main/database/queries/inference.ts'
import { auditHeads } from '#main/database/queries/auditLog.ts'
import type { OpenStudy } from '../../context.ts'
import { frozenModel, withheldModel, type FrozenModel } from '../../inference/risk.ts'
import type { Material } from './material.ts'
import { readingMethods } from './readingMethods.ts'
import { n3 } from './words.ts'

/** Who wrote the report from what: the lines at its head. */
export function provenance(study: OpenStudy, version: string, at: string): [string, string][] {
  const all = protocols(study.db.read)
  return [
    ['Study', `${study.name}${study.synthetic ? ' (synthetic: no patient is behind any figure)' : ''}`], ['Study id', study.id], ['Outcome', `${study.outcome.label}; positive where ${study.outcome.column} = ${study.outcome.positive}`],
    ['Written', `${at} by SLN workstation ${version}`],
    ...all.map((p): [string, string] => [`Reading protocol “${p.name}” v${p.version}`, `${p.state}, SHA-256 ${p.hash}`]),
    ...(all.length === 0 ? [['Reading protocol', 'none'] as [string, string]] : []),
    ...auditHeads(study.db.read).map((h): [string, string] => ['Audit log at writing', `entry ${h.seq}, ${h.hash}`]),
  ]
}

/** Which model files made the stored results, by hash. */
export function modelTable(study: OpenStudy): ReportTable | null {
  const rows = modelsUsed(study.db.read).map((m) => [m.role, m.model, String(m.images), m.sha256])
  const frozen = frozenModel(study)
  if (frozen !== null) rows.push(['combined model', frozen.name, String(frozen.model.n), frozen.sha256])
  return rows.length === 0 ? null : { id: 'models', caption: 'Models behind the stored results', columns: [{ label: 'Role' }, { label: 'Model' }, { label: 'Images', align: 'right' }, { label: 'SHA-256', width: 270 }], rows, note: 'Images: with a stored result of exactly this file; for the combined model: rows it was fitted on.' }
}

/** A coefficient's column name as a reader knows it: the factor and its level, or the unit. */
function written(column: string, model: FrozenModel['model']): string {
  const term = model.terms.find((t) => column === t.name || (t.kind === 'factor' && column.startsWith(t.name) && t.levels.includes(column.slice(t.name.length))))
  if (term === undefined) return column
  const name = term.name === SIGNATURE_TERM ? 'DL signature' : (clinicalVariable(term.name)?.label ?? term.name)
  return term.kind === 'factor' ? `${name}: ${column.slice(term.name.length)} against ${term.levels[0] ?? ''}` : `${name}, per ${term.unit ?? 'unit'}`
}

/** The frozen combined model, every coefficient with its standard error. */
export function combinedTable(frozen: FrozenModel | null): ReportTable | null {
  if (frozen === null) return null
  const { model } = frozen
  const values = new Map<string, number>([[model.columns[0] ?? '(Intercept)', model.intercept]])
  for (const term of model.terms) {
    if (term.kind === 'numeric') values.set(term.name, term.coefficient)
    else for (const [i, level] of term.levels.entries()) values.set(`${term.name}${level}`, term.coefficients[i] ?? 0)
  }
  const rows = model.columns.map((name, i) => ({ name, value: values.get(name) ?? null, se: Math.sqrt(model.covariance[i]?.[i] ?? NaN) }))
  return {
    id: 'combined-model', caption: `Combined model “${frozen.name}”, fitted on ${model.cohort} (n = ${model.n}, ${model.events} events)`, columns: [{ label: 'Term' }, ...['Coefficient', 'SE', 'Odds ratio', '95 % CI'].map((label) => ({ label, align: 'right' as const }))],
    rows: rows.map((r, i) => [written(r.name, model), n3(r.value), n3(r.se), r.value === null || i === 0 ? '–' : n3(Math.exp(r.value)), r.value === null || i === 0 ? '–' : `${n3(Math.exp(r.value - 1.959964 * r.se))} to ${n3(Math.exp(r.value + 1.959964 * r.se))}`]),
    data: { columns: ['term', 'coefficient', 'se'], rows: rows.map((r) => [r.name, r.value, r.se]) }, note: `${model.method}. Wald 95 % intervals. Carried threshold: ${model.threshold === undefined ? 'none' : n3(model.threshold.value)}.`,
  }
}

/** The methods section, as far as the database knows it. */
export function methodsText({ study, fitting, clinical }: Material, cohorts: readonly CohortAnalysis[]): string[] {
  const texts = [
    ...(study.synthetic ? ['The study is synthetic: its pictures, clinical factors, outcomes and the readers that came with it were made by the program. No patient is behind any figure, and nothing in this report is a clinical finding.'] : []),
    'Images were de-identified on import and stored by their content. Masks are proposed by three networks (DeepLabV3, U-Net, U-Net++) on channel-wise z-scored images and fused by gradient-boosted trees over the three probability maps. The smallest rectangle around the fused mask, scaled to 0..1 and to 224 x 224 pixels by nearest neighbour, is what a signature network sees.',
    'Masks are compared with the ground truth by Dice, foreground intersection over union, precision and recall, averaged over images.',
    'AUCs have DeLong’s variance and symmetric 95 % intervals; where a patient has several cases the variance is clustered by patient (Obuchowski). Paired AUCs are compared by DeLong’s test on the cases that both scored; p values of all pairs of a cohort are corrected by Holm’s method.',
    typeof clinical === 'string' ? `There is no clinical model. ${clinical}` : `Clinical factors were fitted on ${typeof fitting === 'string' ? '' : fitting.cohort} alone (n = ${clinical.fit.n}, ${clinical.fit.events} events), levels by dummy coding: univariable and multivariable logistic models with Wald 95 % intervals; the clinical model by backward selection by AIC (kept: ${clinical.selected.join(', ')}; ${clinical.estimator}${clinical.vif.length === 0 ? '' : `; adjusted variance inflation at most ${n3(Math.max(...clinical.vif.map((v) => v.adjusted)))}`}).`,
    'Every signature and model has one threshold: that of the greatest Youden index on the choosing cohort, or the one that a frozen model carries. It is the same in every cohort.',
    'Net reclassification improvement (continuous, and over two categories cut at the newer model’s carried threshold) and integrated discrimination improvement follow Pencina and others (2008), with z tests; no p value is given on rows that a model may have been fitted on.',
    'Shares have Wilson 95 % intervals. The model’s calls are compared with a reader’s calls by McNemar’s test (exact below 25 discordant pairs). Sensitivity is also compared at each reader’s own specificity.',
    'The model is compared with a group of readers by the mean of the readers’ AUCs: for these readers (DeLong contrast) and, with at least three readers, for readers like these by the single-treatment random-reader test (Hillis 2007).',
    'Calibration is shown by bins of equal size and a lowess curve, with Brier score, slope, intercept and the Hosmer-Lemeshow test over ten quantile groups (df: groups less 2 on fitting rows, groups elsewhere). Clinical benefit is shown by decision curves (Vickers and Elkin 2006).',
    'Readings with and without the model are compared by Obuchowski and Rockette’s analysis of the readers’ AUCs with Hillis’ degrees of freedom (2007), for these readers and, with at least three, for readers like these.',
    'Agreement between readers: Cohen’s kappa of calls, quadratically weighted kappa of ratings, Fleiss’ kappa over all readers, ICC(2,1) of ratings. Intervals of kappa are normal and are cut to −1 and 1 in the tables; the files of the tables keep them as computed.',
  ]
  texts.push(...readingMethods(study.db.read))
  const other = withheldModel(study)
  if (other !== null) texts.push(`There is no combined model in this report: ${other}.`)
  const withheld = [...new Set(cohorts.flatMap((c) => c.withheld))]
  if (withheld.length > 0) texts.push(`Not in this report, because their session is still open: ${withheld.join(', ')}.`)
  return texts
}
