import type { ReportTable } from '#main/formats/pdf/index.ts'
import { CLINICAL_VARIABLES, SEGMENTATION_LABELS } from '#shared/domain/index.ts'
import { baselineTable, type BaselineRow, type BaselineVariable } from '#shared/statistics/baseline/index.ts'
import type { DataRow } from '#shared/statistics/regression/index.ts'
import { cohortCounts, cohortFlowCounts, flowCounts } from '#main/database/queries/cases.ts'
import { caseModelRows } from '#main/database/queries/inference.ts'
import type { OpenStudy } from '../../context.ts'
import type { MaskFigure } from '../segmentation.ts'
import { segmentationTable } from '../segmentation.ts'
import { n1, n3, pText } from './words.ts'

const right = (label: string): { label: string; align: 'right' } => ({ label, align: 'right' })

/** The numbers of the flow diagram: recorded, excluded by reason, and where the included went. */
export function flowTable(study: OpenStudy): ReportTable {
  const flow = flowCounts(study.db.read), into = cohortFlowCounts(study.db.read)
  const rows = [...new Set(flow.map((f) => f.hospital))].flatMap((hospital) => {
    const own = flow.filter((f) => f.hospital === hospital)
    const sum = (rows: readonly { cases: number }[]): string => String(rows.reduce((s, r) => s + r.cases, 0))
    return [
      [hospital, 'recorded', sum(own)], ...own.filter((f) => f.reason !== null).map((f) => ['', `excluded: ${f.reason ?? ''}`, String(f.cases)]), ['', 'included', sum(own.filter((f) => f.reason === null))],
      ...into.filter((c) => c.hospital === hospital).map((c) => ['', `in ${c.cohort ?? 'no cohort'}`, String(c.cases)]),
    ]
  })
  return { id: 'flow', caption: 'Flow of cases', columns: [{ label: 'Hospital' }, { label: 'Step' }, right('Cases')], rows, data: { columns: ['hospital', 'step', 'cases'], rows: rows.map(([h, step, cases], i) => [h === '' ? (rows.slice(0, i).findLast((r) => r[0] !== '')?.[0] ?? '') : (h ?? ''), step ?? '', Number(cases)]) } }
}

export function cohortTable(study: OpenStudy): ReportTable {
  const counts = cohortCounts(study.db.read)
  const ROLE = { fit: 'fitting', choose: 'choosing', report: 'reporting' } as const
  return {
    id: 'cohorts', caption: `Cohorts and their role (positive: ${study.outcome.label})`, columns: [{ label: 'Cohort' }, { label: 'Role' }, right('Cases'), right('Patients'), right('Positive'), right('Negative'), right('Unknown')],
    rows: counts.map((c) => [c.name, ROLE[c.role], c.cases, c.patients, c.positive, c.negative, c.unknown].map(String)), note: 'Figures of the fitting cohort are resubstitution, those of the choosing cohort are optimistic; only the reporting cohort evaluates.',
  }
}

const VARIABLES: readonly BaselineVariable[] = CLINICAL_VARIABLES.map((v) => (v.kind === 'number' ? { kind: 'numeric', name: v.name, label: v.label, unit: v.unit, summary: 'mean-sd', test: 'rank' } : { kind: 'factor', name: v.name, label: v.label, levels: v.levels }))

const percent = (p: number | null): string => (p === null ? '' : ` (${n1(p)} %)`)

function baselineLines(row: BaselineRow): string[][] {
  const cohort = row.cohort ?? '', { comparison } = row.outcome
  const p = comparison === null ? '–' : pText(comparison.p), test = comparison === null ? (row.outcome.reason ?? '') : comparison.test
  const name = `${row.variable.label ?? row.variable.name}${row.variable.kind === 'numeric' && row.variable.unit !== '' ? `, ${row.variable.unit}` : ''}`
  const [negative, positive] = row.groups
  if (negative?.kind === 'numeric' && positive?.kind === 'numeric') {
    const cell = (g: typeof negative): string => (g.n === 0 ? '–' : `${n1(g.mean)} ± ${n1(g.sd)}${g.missing > 0 ? ` [${g.missing} missing]` : ''}`)
    return [[cohort, name, 'mean ± SD', cell(negative), cell(positive), p, test]]
  }
  if (negative?.kind !== 'factor' || positive?.kind !== 'factor') return []
  return negative.levels.map((level, i) => {
    const other = positive.levels[i]
    return [i === 0 ? cohort : '', i === 0 ? name : '', level.level, `${level.count}${percent(level.percent)}`, `${other?.count ?? 0}${percent(other?.percent ?? null)}`, i === 0 ? p : '', i === 0 ? test : '']
  })
}

/** Table 1: characteristics by outcome within each cohort; the test is named in each row. Null when no case has an outcome and a cohort. */
export function baselineOf(study: OpenStudy): ReportTable | null {
  const rows = caseModelRows(study.db.read).filter((r) => r.outcome !== null).map((r): DataRow => {
    const raw = JSON.parse(r.variables) as Record<string, string>
    const values = VARIABLES.map((v) => [v.name, raw[v.name] === undefined ? null : v.kind === 'numeric' ? Number(raw[v.name]) : (raw[v.name] ?? null)] as const)
    return { ...Object.fromEntries(values), __cohort: r.cohort, __outcome: r.outcome === 1 ? 'positive' : 'negative' }
  })
  const present = VARIABLES.filter((v) => rows.some((r) => r[v.name] !== null))
  const levels = cohortCounts(study.db.read).map((c) => c.name).filter((name) => rows.some((r) => r['__cohort'] === name))
  const made = baselineTable(rows, { group: { column: '__outcome', levels: ['negative', 'positive'] }, cohort: { column: '__cohort', levels }, variables: present })
  if (!made.ok || levels.length === 0) return null
  const n = made.value.cohorts.map((c) => `${c.cohort ?? ''}: ${c.n[0] ?? 0} negative, ${c.n[1] ?? 0} positive`).join('; ')
  return {
    id: 'table1-characteristics', caption: `Table 1. Characteristics by cohort and ${study.outcome.label}`, columns: [{ label: 'Cohort' }, { label: 'Characteristic' }, { label: 'Level' }, right('Negative'), right('Positive'), right('p'), { label: 'Test', width: 120 }],
    rows: levels.flatMap((cohort) => made.value.rows.filter((r) => r.cohort === cohort).flatMap(baselineLines)),
    note: `n: ${n}. Numbers: mean ± SD with the Mann-Whitney U test; categories: chi-square where Cochran’s rule allows it, else Fisher’s exact test. Missing values are left out per variable. p values are not corrected for the number of rows.`,
  }
}

/** Table 3: masks against the ground truth, mean over images. */
export function maskTable(figures: readonly MaskFigure[]): ReportTable | null {
  const rows = segmentationTable(figures)
  if (rows.length === 0) return null
  return {
    id: 'table3-segmentation', caption: 'Table 3. Automatic masks against the ground truth, mean over images', columns: [{ label: 'Cohort' }, { label: 'Mask' }, right('n'), right('Dice'), right('mIoU'), right('Precision'), right('Recall')],
    rows: rows.map((r) => [r.cohort, SEGMENTATION_LABELS[r.model], String(r.n), n3(r.dice), n3(r.miou), n3(r.precision), n3(r.recall)]), data: { columns: ['cohort', 'mask', 'n', 'dice', 'miou', 'precision', 'recall'], rows: rows.map((r) => [r.cohort, r.model, r.n, r.dice, r.miou, r.precision, r.recall]) },
    note: 'mIoU is the foreground’s intersection over union. Where nothing was found a figure counts as 0. A corrected automatic mask is never the ground truth.',
  }
}
