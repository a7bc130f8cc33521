import type { CohortAnalysis } from '#shared/contract/index.ts'
import type { ReportBlock, ReportTable } from '#main/formats/pdf/index.ts'
import { matrixFigure, rocFigure, scorerLabel, slug, type Figure, type MatrixCell, type RocCurve } from '#shared/figures/index.ts'
import { cohortLabel, ROWS, type CohortMaterial, type Material } from './material.ts'
import { n3, range, shareText } from './words.ts'

const right = (label: string): { label: string; align: 'right' } => ({ label, align: 'right' })
const SHARES = ['sensitivity', 'specificity', 'ppv', 'npv', 'accuracy'] as const
type Curve = CohortMaterial['roc']['curves'][number]
type Point = CohortAnalysis['operating'][number]

/** Figures of some models in every cohort, each at the one threshold that it carries. */
function metricsTable(id: string, caption: string, cohorts: readonly CohortMaterial[], names: readonly string[]): ReportTable | null {
  const rows = names.flatMap((name) => cohorts.flatMap((c) => {
    const curve = c.roc.curves.find((k) => k.name === name), point = c.analysis.operating.find((o) => o.name === name)
    return curve === undefined ? [] : [{ c, curve, point }]
  }))
  if (rows.length === 0) return null
  const cells = ({ c, curve, point }: { c: CohortMaterial; curve: Curve; point: Point | undefined }, i: number): string[] => [
    rows[i - 1]?.curve.name === curve.name ? '' : scorerLabel(curve), cohortLabel(c), String(curve.n), n3(curve.auc), range(curve.ci95), ...SHARES.map((s) => (point === undefined ? '–' : shareText(point[s]))),
  ]
  const bases = [...new Set(rows.flatMap((r) => (r.point === undefined ? [] : [`${scorerLabel(r.curve)}: ${r.point.basis}`])))]
  return {
    id, caption, columns: [{ label: 'Model' }, { label: 'Cohort' }, right('n'), right('AUC'), right('95 % CI'), ...['Sensitivity', 'Specificity', 'PPV', 'NPV', 'Accuracy'].map(right)], rows: rows.map(cells),
    data: { columns: ['model', 'kind', 'cohort', 'role', 'n', 'positives', 'auc', 'auc_low', 'auc_high', 'basis', 'tp', 'fp', 'fn', 'tn', ...SHARES.flatMap((s) => [s, `${s}_low`, `${s}_high`])], rows: rows.map(({ c, curve, point }) => [curve.name, curve.kind, c.cohort, c.role ?? null, curve.n, curve.positives, curve.auc, ...curve.ci95, point?.basis ?? null, point?.tp ?? null, point?.fp ?? null, point?.fn ?? null, point?.tn ?? null, ...SHARES.flatMap((s) => [point?.[s].estimate ?? null, point?.[s].ci95?.[0] ?? null, point?.[s].ci95?.[1] ?? null])]) },
    note: `AUC, 95 % interval: ${[...new Set(rows.map((r) => r.curve.method))].join('; ')}; shares: Wilson’s 95 % interval. One threshold a model, the same in every cohort. ${bases.join('; ')}. Fitting and choosing rows are optimistic.`,
  }
}

const COLOURS = [0, 1, 2, 4, 3]
const rocOver = (id: string, title: string, curves: readonly { readonly label: string; readonly curve: Curve; readonly thick?: boolean }[]): Figure => ({
  ...rocFigure({ id, title, curves: curves.map(({ label, curve, thick }, i): RocCurve => ({ id: `${slug(label)}-${i}`, label, colour: thick === true ? 'model' : (COLOURS[i % COLOURS.length] ?? 0), thick: thick ?? false, points: curve.points.map((p) => ({ x: p.fpr, y: p.tpr })), auc: curve.auc, ci95: curve.ci95 })) }), legend: 'bottom',
})

const LETTERS = 'ABCDEFGHIJKL'
const letter = (i: number): string => LETTERS[i] ?? ''

/** Table 4 and Figure 4: every network's signature over the cohorts. */
export function networkBlocks({ cohorts }: Material): ReportBlock[] {
  const names = [...new Set(cohorts.flatMap((c) => c.roc.curves.filter((k) => k.kind === 'signature').map((k) => k.name)))]
  const table = metricsTable('table4-signatures', 'Table 4. Deep-learning signatures by cohort', cohorts, names)
  if (table === null) return [{ kind: 'text', text: 'No network has given a signature yet.', tone: 'quiet' }]
  const figures = names.map((name, i) => rocOver(`figure4-roc-${slug(name)}`, `${letter(i)}  ${name}`, cohorts.flatMap((c) => { const curve = c.roc.curves.find((k) => k.name === name); return curve === undefined ? [] : [{ label: cohortLabel(c), curve }] })))
  return [{ kind: 'table', table }, { kind: 'panels', figures, across: Math.min(2, figures.length), caption: 'Figure 4. ROC curves of each network’s signature in every cohort, AUC with its 95 % interval.' }]
}

/** The models whose comparison the study is about, oldest first: clinical, DL signature, combined. */
export const modelNames = ({ signature, cohorts }: Material): string[] => ['clinical', signature, 'combined'].filter((n): n is string => n !== null && cohorts.some((c) => c.roc.curves.some((k) => k.name === n)))

/** Table 5 and Figure 6: clinical model, DL signature and combined model. */
export function modelBlocks(material: Material): ReportBlock[] {
  const names = modelNames(material), { cohorts } = material
  const table = metricsTable('table5-models', 'Table 5. Clinical model, DL signature and combined model by cohort', cohorts, names)
  if (table === null) return []
  const figures = cohorts.map((c, i) => rocOver(`figure6-roc-${slug(c.cohort)}`, `${letter(i)}  ${cohortLabel(c)}`, names.flatMap((name) => { const curve = c.roc.curves.find((k) => k.name === name); return curve === undefined ? [] : [{ label: scorerLabel(curve), curve, thick: curve.kind === 'model' }] }))).filter((f) => f.series.length > 0)
  return [{ kind: 'table', table }, { kind: 'panels', figures, across: 2, caption: 'Figure 6. ROC curves of the clinical model, the DL signature and the combined model by cohort, AUC with its 95 % interval.' }]
}

const WORDS: Readonly<Record<string, string>> = { clinical: 'Clinical', combined: 'Combined' }

/** Figure 8: DeLong’s test between the models, by cohort; Figure 9: NRI and IDI of the newer against the older. */
export function comparisonBlocks(material: Material): ReportBlock[] {
  const names = modelNames(material), { cohorts } = material
  if (names.length < 2) return []
  const matrix = (id: string, title: string, cells: readonly MatrixCell[], full: number): Figure => matrixFigure({ id, title, rows: names.slice(1), columns: names.slice(0, -1), label: (n) => WORDS[n] ?? 'DL signature', cells, full })
  const delong = cohorts.map((c, i) => matrix(`figure8-delong-${slug(c.cohort)}`, `${letter(i)}  ${cohortLabel(c)}`, c.analysis.tests.delong.flatMap((d): MatrixCell[] => {
    if (!names.includes(d.a) || !names.includes(d.b)) return []
    const forward = names.indexOf(d.a) > names.indexOf(d.b)
    return [{ row: forward ? d.a : d.b, column: forward ? d.b : d.a, value: d.difference === null ? null : forward ? d.difference : -d.difference, p: d.p }]
  }), 0.3))
  const moved = (what: 'nri' | 'idi', full: number, from: number): Figure[] => cohorts.map((c, i) => matrix(`figure9-${what}-${slug(c.cohort)}`, `${letter(from + i)}  ${what.toUpperCase()}, ${cohortLabel(c)}`, c.analysis.reclassification.map((r): MatrixCell => ({ row: r.new, column: r.old, value: r[what].estimate, p: r[what].p })), full))
  return [
    { kind: 'panels', figures: delong, across: 3, caption: 'Figure 8. AUC of the row less AUC of the column with the p value of DeLong’s test (not corrected here; the tables of readers and models have Holm’s correction over all pairs). No p on fitting rows.' },
    { kind: 'panels', figures: [...moved('nri', 1, 0), ...moved('idi', 0.4, cohorts.length)], across: 3, caption: 'Figure 9. Net reclassification improvement (continuous) and integrated discrimination improvement of the row against the column, p by z test. No p on fitting rows.' },
    { kind: 'table', table: reclassificationTable(cohorts) },
  ]
}

function reclassificationTable(cohorts: readonly CohortMaterial[]): ReportTable {
  const rows = cohorts.flatMap((c) => c.analysis.reclassification.map((r) => ({ c, r })))
  const name = (n: string): string => WORDS[n] ?? 'DL signature'
  const p = (v: number | null): string => (v === null ? '–' : v < 0.001 ? '< 0.001' : v.toFixed(3))
  return {
    id: 'reclassification', caption: 'Reclassification by the newer model', columns: [{ label: 'Cohort' }, { label: 'Newer against older' }, right('n'), right('NRI'), right('95 % CI'), right('p'), right('NRI at threshold'), right('p'), right('IDI'), right('95 % CI'), right('p')],
    rows: rows.map(({ c, r }, i) => [rows[i - 1]?.c === c ? '' : cohortLabel(c), `${name(r.new)} against ${name(r.old)}`, String(r.n), n3(r.nri.estimate), range(r.nri.ci95), p(r.nri.p), n3(r.categorical?.estimate), p(r.categorical?.p ?? null), n3(r.idi.estimate), range(r.idi.ci95), p(r.idi.p)]),
    data: { columns: ['cohort', 'rows', 'newer', 'older', 'n', 'events', 'nri', 'nri_low', 'nri_high', 'nri_events', 'nri_nonevents', 'nri_p', 'cut', 'nri_cut', 'nri_cut_p', 'idi', 'idi_low', 'idi_high', 'idi_p'], rows: rows.map(({ c, r }) => [c.cohort, ROWS[c.analysis.rows], r.new, r.old, r.n, r.events, r.nri.estimate, ...(r.nri.ci95 ?? [null, null]), r.nri.events, r.nri.nonevents, r.nri.p, r.categorical?.cut ?? null, r.categorical?.estimate ?? null, r.categorical?.p ?? null, r.idi.estimate, ...(r.idi.ci95 ?? [null, null]), r.idi.p]) },
    note: 'NRI: continuous, any change of risk counts, z test with the sample variance; at threshold: two categories cut at the newer model’s carried threshold. IDI: z test of paired differences (Pencina and others 2008). No p on fitting rows, where a larger model looks better by construction.',
  }
}
