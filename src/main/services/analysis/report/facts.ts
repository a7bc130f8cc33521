import { CLINICAL_VARIABLES } from '#shared/domain/index.ts'
import { cohortCounts, flowCounts } from '#main/database/queries/cases.ts'
import { modelsUsed } from '#main/database/queries/inference.ts'
import { metaValue } from '#main/database/queries/meta.ts'
import { protocols } from '#main/database/queries/reading.ts'
import type { ChecklistFacts } from './checklists.ts'
import type { Material } from './material.ts'
import { plural } from './words.ts'

/** What the data are: where from, how divided, what is missing. */
function dataFacts({ study, rows, cohorts }: Material, has: { readonly baseline: boolean; readonly masks: boolean }): Pick<ChecklistFacts, 'eligibility' | 'sources' | 'partitions' | 'disjoint' | 'outcome' | 'reference' | 'predictors' | 'missing' | 'size' | 'flow' | 'baseline' | 'deidentified' | 'external' | 'internal' | 'compared' | 'clusters'> {
  const db = study.db.read, counts = cohortCounts(db), flow = flowCounts(db)
  const reasons = [...new Set(flow.flatMap((f) => (f.reason === null ? [] : [f.reason])))], hospitals = [...new Set(flow.map((f) => f.hospital))]
  const values = rows.map((r) => JSON.parse(r.variables) as Readonly<Record<string, string>>)
  const named = CLINICAL_VARIABLES.filter((v) => values.some((r) => r[v.name] !== undefined))
  const cells = rows.length * named.length, present = values.reduce((s, r) => s + named.filter((v) => r[v.name] !== undefined).length, 0)
  const split = metaValue(db, 'split'), reporting = counts.filter((c) => c.role === 'report' && c.cases > 0), inside = counts.filter((c) => c.role !== 'report' && c.cases > 0)
  return {
    eligibility: reasons.length === 0 ? null : `Excluded: ${reasons.join('; ')} (Figure 2); inclusion criteria to be written by the authors`, sources: `${plural(hospitals.length, 'hospital')}: ${hospitals.join(', ')}; dates and setting to be added`,
    partitions: `${counts.map((c) => `${c.name} (${c.role}) ${plural(c.patients, 'patient')}`).join(', ')}; ${split === undefined ? 'assigned by the manifest' : `split at random, ${split}`}`, disjoint: 'by patient: no patient is in two cohorts',
    outcome: `${study.outcome.label}: positive where ${study.outcome.column} = ${study.outcome.positive}`, reference: `${study.outcome.label} as given in the manifest${has.masks ? '; ground-truth masks drawn or imported, never a corrected automatic mask' : ''}`,
    predictors: named.length === 0 ? 'no clinical variable is stored' : named.map((v) => `${v.label}${v.kind === 'number' ? ` (${v.unit})` : ` (${v.levels.join(', ')})`}`).join('; '),
    missing: `${cells - present} of ${cells} values of clinical variables are missing; ${plural(rows.filter((r) => r.outcome === null).length, 'case')} without outcome left out of accuracy; complete cases, no imputation`,
    size: counts.map((c) => `${c.name}: ${plural(c.cases, 'case')}, ${c.positive} positive`).join('; '), flow: 'Figure 2 and table “Flow of cases”', baseline: has.baseline ? 'Table 1' : null, compared: has.baseline && reporting.length > 0 ? 'Table 1, cohorts beside each other' : null,
    deidentified: 'identifiers removed on import, pixels stored by content hash; channel-wise z-score before segmentation, min-max to 0..1 and 224 x 224 by nearest neighbour before classification',
    external: reporting.length === 0 ? null : reporting.map((c) => `${c.name}: ${plural(c.cases, 'case')}`).join('; '), internal: inside.length === 0 ? null : `${inside.map((c) => c.name).join(', ')}: Tables 4 and 5, marked as fitting or choosing`,
    clusters: cohorts.length > 1 && hospitals.length > 1 ? 'performance is given by cohort (hospital); Tables 4 and 5, Figures 6 and 8 to 10' : null,
  }
}

/** What the database says for the checklists. Only what is stored is claimed. */
export function checklistFacts(material: Material, has: { readonly baseline: boolean; readonly masks: boolean }, version: string): ChecklistFacts {
  const { study, rows, cohorts, frozen, clinical, masks } = material
  const db = study.db.read, used = modelsUsed(db), all = protocols(db)
  const empty = rows.filter((r) => r.state === 'empty').length, segmented = rows.filter((r) => r.state !== null).length
  const readers = [...new Set(cohorts.flatMap((c) => c.analysis.readers.each.map((r) => r.name)))], carried = [...new Set(cohorts.flatMap((c) => c.analysis.operating.filter((o) => o.kind === 'model' || o.kind === 'signature' || o.kind === 'clinical').map((o) => `${o.name}: ${o.basis}`)))]
  const specified = frozen === null ? null : `table of the combined model and Figure 7 (SHA-256 ${frozen.sha256.slice(0, 16)}…)`
  return {
    ...dataFacts(material, has), predictorHandling: typeof clinical === 'string' ? null : 'numbers as they are in their unit, levels by dummy coding against the first', models: used.length === 0 ? null : `${used.map((m) => m.model).join(', ')}${frozen === null ? '' : `, ${frozen.name}`}; hashes in the table of models`,
    ensemble: used.some((m) => m.role === 'fusion') ? 'boosted trees over the probability maps of three networks, pixel by pixel; importances in the supplementary figure' : null, software: `SLN workstation ${version}`, metrics: 'see Methods', uncertainty: '95 % intervals throughout; every p value beside its test; Holm’s correction over the pairs of a cohort',
    blinding: all.length === 0 ? null : 'readers saw neither outcome nor other readers, and the model only in aided parts; kept by the data layer', readers: readers.length === 0 ? null : readers.join(', '), thresholds: carried.length === 0 ? null : carried.join('; '),
    cross: cohorts.some((c) => c.analysis.operating.length > 0) ? 'TP/FP/FN/TN in the tables of operating points' : null, accuracy: cohorts.some((c) => c.roc.curves.length > 0) ? 'Tables 4 and 5 and the tables of each cohort' : null, calibration: cohorts.some((c) => c.analysis.calibration.length > 0) ? 'Figure 10 and its tables' : null,
    agreement: cohorts.some((c) => c.analysis.readers.pairs.length > 0) ? 'agreement between readers, by cohort; of drawings: the agreement report' : null, annotators: masks.length === 0 ? null : `ground truth of ${new Set(masks.map((m) => m.caseId)).size} cases, imported or drawn in the workstation by accounts with the role annotator; qualifications to be added`,
    protocol: all.length === 0 ? null : all.map((p) => `“${p.name}”, SHA-256 ${p.hash.slice(0, 16)}…`).join('; '), failures: segmented === 0 ? null : `no lesion found in ${empty} of ${segmented} segmented cases; these have no signature and are left out of accuracy`, specification: specified,
    explanation: material.signature === null ? null : 'Grad-CAM, Figure 5', stored: 'every mask, probability and reading is stored with the hash of its model and a hash-chained audit entry',
  }
}
