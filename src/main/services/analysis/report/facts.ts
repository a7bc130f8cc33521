import type { CohortAnalysis } from '#shared/contract/index.ts'
import { CLINICAL_VARIABLES } from '#shared/domain/index.ts'
import { cohortCounts, flowCounts } from '#main/database/queries/cases.ts'
import { caseModelRows, modelsUsed } from '#main/database/queries/inference.ts'
import { metaValue } from '#main/database/queries/meta.ts'
import { protocols } from '#main/database/queries/reading.ts'
import type { OpenStudy } from '../../context.ts'
import { frozenModel } from '../../inference/risk.ts'
import type { ChecklistFacts } from './checklists.ts'
import { n3 } from './words.ts'

/** What the checklists can be filled with. Only what is stored is claimed. */
export function checklistFacts(study: OpenStudy, cohorts: readonly CohortAnalysis[], has: { baseline: boolean; masks: boolean }, version: string): ChecklistFacts {
  const db = study.db.read
  const counts = cohortCounts(db), flow = flowCounts(db), rows = caseModelRows(db), used = modelsUsed(db), frozen = frozenModel(study), all = protocols(db)
  const reasons = [...new Set(flow.flatMap((f) => (f.reason === null ? [] : [f.reason])))]
  const hospitals = [...new Set(flow.map((f) => f.hospital))]
  const named = CLINICAL_VARIABLES.filter((v) => rows.some((r) => (JSON.parse(r.variables) as Record<string, string>)[v.name] !== undefined))
  const cells = rows.length * named.length, present = rows.reduce((s, r) => s + named.filter((v) => (JSON.parse(r.variables) as Record<string, string>)[v.name] !== undefined).length, 0)
  const split = metaValue(db, 'split')
  const empty = rows.filter((r) => r.state === 'empty').length, segmented = rows.filter((r) => r.state !== null).length
  const reporting = counts.filter((c) => c.role === 'report' && c.cases > 0)
  const readers = cohorts.flatMap((c) => c.readers.each.map((r) => r.name))
  return {
    eligibility: reasons.length === 0 ? null : `excluded: ${reasons.join('; ')} (see flow); inclusion criteria to be written by the authors`, sources: `${hospitals.length} hospital${hospitals.length === 1 ? '' : 's'}: ${hospitals.join(', ')}; dates to be added`,
    partitions: `${counts.map((c) => `${c.name} (${c.role}) ${c.patients} patients`).join(', ')}; disjoint by patient; ${split === undefined ? 'assigned by the manifest' : `split at random, ${split}`}`, outcome: `${study.outcome.label}: ${study.outcome.column} = ${study.outcome.positive}`, reference: `${study.outcome.label} as given in the manifest${has.masks ? '; ground-truth masks drawn or imported, never a corrected automatic mask' : ''}`,
    predictors: named.length === 0 ? 'no clinical variable is stored' : named.map((v) => `${v.label}${v.kind === 'number' ? ` (${v.unit})` : ` (${v.levels.join(', ')})`}`).join('; '), missing: `${cells - present} of ${cells} values of clinical variables missing; ${rows.filter((r) => r.outcome === null).length} cases without outcome left out of accuracy; no imputation`,
    size: counts.map((c) => `${c.name}: ${c.cases} cases, ${c.positive} positive`).join('; '), models: used.length === 0 ? null : `${used.map((m) => m.model).join(', ')}${frozen === null ? '' : `, ${frozen.name}`}; hashes in the table of models`, software: `SLN workstation ${version}`, metrics: 'see Methods',
    blinding: all.length === 0 ? null : 'readers saw neither outcome, clinical factors, model output nor other readers; kept by the data layer', readers: readers.length === 0 ? null : [...new Set(readers)].join(', '), thresholds: frozen?.model.threshold === undefined ? null : `carried threshold ${n3(frozen.model.threshold.value)}, ${frozen.model.threshold.rule}, chosen on ${frozen.model.threshold.chosenOn ?? 'no cohort (declared)'}`,
    external: reporting.length === 0 ? null : reporting.map((c) => `${c.name}: ${c.cases} cases`).join('; '), flow: 'table “Flow of cases”', baseline: has.baseline ? 'Table 1' : null, accuracy: cohorts.some((c) => c.operating.length > 0 || c.tests.delong.length > 0) ? 'tables of each cohort' : null, calibration: cohorts.some((c) => c.calibration.length > 0) ? 'tables and figures of each cohort' : null,
    agreement: cohorts.some((c) => c.readers.pairs.length > 0) ? 'agreement between readers, by cohort; of drawings: the agreement report' : null, protocol: all.length === 0 ? null : all.map((p) => `“${p.name}”, SHA-256 ${p.hash.slice(0, 16)}…`).join('; '), failures: segmented === 0 ? null : `no lesion found in ${empty} of ${segmented} segmented cases`,
    specification: frozen === null ? null : 'table of the combined model', deidentified: 'identifiers removed on import; pixels stored by content hash; channel-wise z-score before segmentation',
  }
}
