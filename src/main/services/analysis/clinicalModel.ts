import { CLINICAL_VARIABLES } from '#shared/domain/index.ts'
import { firthTerms, fitTerms, freezeModel, interceptName, predictCombined, prepareData, stepwiseAic, varianceInflation, type CombinedModel, type DataRow, type LogisticModel, type PreparedData, type Term } from '#shared/statistics/regression/index.ts'
import type { CaseModelRow } from '#main/database/queries/inference.ts'
import { cohorts } from '#main/database/queries/cases.ts'
import type { OpenStudy } from '../context.ts'

/** Fewest cases of each class for a clinical model to be tried: below that its estimates say nothing. */
const FEWEST = 10
/** A factor with more missing values than this on the fitting rows is left out, so that complete cases stay most of them. */
const MOST_MISSING = 0.2
const OUTCOME = '__outcome'

/** The rows of the fitting cohorts, coded once for all models made of them. */
export interface FittingRows { readonly cohort: string; readonly terms: readonly Term[]; readonly data: PreparedData; readonly leftOut: readonly string[] }

/** A case's clinical variables as regression reads them: numbers as numbers, levels as text. */
export function clinicalRow(row: Pick<CaseModelRow, 'variables' | 'outcome'>): DataRow {
  const raw = JSON.parse(row.variables) as Readonly<Record<string, string>>
  return { ...Object.fromEntries(CLINICAL_VARIABLES.map((v) => [v.name, raw[v.name] === undefined ? null : v.kind === 'number' ? Number(raw[v.name]) : (raw[v.name] ?? null)])), [OUTCOME]: row.outcome }
}

/** The clinical factors of the fitting cohorts (never of any other cohort), unordered levels by dummy coding; or the sentence why there is no model. */
export function fittingRows(study: OpenStudy, rows: readonly CaseModelRow[]): FittingRows | string {
  const fit = cohorts(study.db.read).filter((c) => c.role === 'fit').map((c) => c.name)
  if (fit.length === 0) return 'No cohort has the role of fitting.'
  const own = rows.filter((r) => r.outcome !== null && r.cohort !== null && fit.includes(r.cohort)).map(clinicalRow)
  const positives = own.filter((r) => r[OUTCOME] === 1).length
  if (positives < FEWEST || own.length - positives < FEWEST) return `The fitting cohort ${fit.join(', ')} has ${positives} positive and ${own.length - positives} negative cases; a clinical model needs ${FEWEST} of each.`
  const known = (name: string): (string | number)[] => own.flatMap((r) => { const v = r[name]; return v === null || v === undefined ? [] : [v] })
  const usable = CLINICAL_VARIABLES.filter((v) => known(v.name).length >= (1 - MOST_MISSING) * own.length && new Set(known(v.name)).size > 1)
  if (usable.length === 0) return `No clinical factor is known for at least ${100 * (1 - MOST_MISSING)} % of the fitting cohort.`
  const terms = usable.map((v): Term => (v.kind === 'number' ? { kind: 'numeric', name: v.name, unit: v.unit } : { kind: 'factor', name: v.name, levels: v.levels }))
  const data = prepareData(own, { outcome: OUTCOME, terms })
  if (!data.ok) return data.error.message
  return { cohort: fit.join(', '), terms, data: data.value, leftOut: CLINICAL_VARIABLES.filter((v) => !usable.includes(v) && known(v.name).length > 0).map((v) => v.label) }
}

/** The clinical signature: clinical factors alone, backward by AIC, on the fitting rows only. */
export interface ClinicalModel { readonly model: CombinedModel; readonly fit: LogisticModel; readonly selected: readonly string[]; readonly estimator: string; readonly vif: readonly { readonly term: string; readonly adjusted: number }[] }

export function clinicalModel(rows: FittingRows): ClinicalModel | string {
  const selected = stepwiseAic(rows.data, { direction: 'backward' }).selected
  if (selected.length === 0) return 'No clinical factor is kept by backward selection on the fitting cohort.'
  const fit = fitTerms(rows.data, selected)
  const settings = { positiveClass: 'positive', cohort: rows.cohort }
  const vif = varianceInflation(fit)
  const rest = { fit, selected, vif: vif.ok ? vif.value.map(({ term, adjusted }) => ({ term, adjusted })) : [] }
  const plain = freezeModel(fit, settings)
  if (plain.ok) return { model: plain.value, estimator: fit.method, ...rest }
  const firth = firthTerms(rows.data, selected, { intervals: 'wald' })
  const frozen = firth.ok ? freezeModel(firth.value, settings) : firth
  return frozen.ok ? { model: frozen.value, estimator: `${frozen.value.method}, because ${plain.error.message}`, ...rest } : frozen.error.message
}

/** The clinical signature's probability of a case; null where a value that it needs is missing or unknown to it. */
export function clinicalProbability({ model }: ClinicalModel, row: CaseModelRow): number | null {
  const made = predictCombined(model, clinicalRow(row))
  return made.ok ? made.value.probability : null
}

export { interceptName }
