import type { CallOutput, CohortAnalysis } from '#shared/contract/index.ts'
import { kappaInterval, scorerLabel, slug } from '#shared/figures/index.ts'
import type { ReportTable } from '#main/formats/pdf/index.ts'
import { n1, n3, pText, range, shareText } from './words.ts'

type Roc = CallOutput<'analysis.roc'>
const right = (label: string): { label: string; align: 'right' } => ({ label, align: 'right' })
const KIND = { model: 'combined model', signature: 'signature', clinical: 'clinical model', senior: 'senior reader', junior: 'junior reader', reader: 'reader' } as const

function aucTable(roc: Roc, cohort: string): ReportTable {
  return {
    id: `auc-${slug(cohort)}`, caption: `Area under the ROC curve, ${cohort}`, columns: [{ label: 'Scorer' }, { label: 'Kind' }, right('n'), right('Positive'), right('AUC'), right('95 % CI')], rows: [...roc.curves.map((c) => [c.name, KIND[c.kind], String(c.n), String(c.positives), n3(c.auc), range(c.ci95)]), ...roc.means.map((m) => [`mean of ${m.readers.length} ${m.group} readers`, 'these readers', String(m.n), '', n3(m.auc), range(m.ci95)]), ...roc.callsOnly.map((c) => [c.name, `${KIND[c.kind]}, calls only`, String(c.n), '', 'no AUC', ''])],
    note: `Intervals: ${[...new Set(roc.curves.map((c) => c.method))].join('; ')}.`,
    data: { columns: ['scorer', 'kind', 'n', 'positives', 'auc', 'ci_low', 'ci_high'], rows: roc.curves.map((c) => [c.name, c.kind, c.n, c.positives, c.auc, c.ci95[0], c.ci95[1]]) },
  }
}

function delongTable({ tests, cohort }: CohortAnalysis): ReportTable {
  return {
    id: `delong-${slug(cohort)}`, caption: `Differences of AUC between all scorers, ${cohort}`, columns: [{ label: 'A' }, { label: 'B' }, right('n'), right('A − B'), right('95 % CI'), right('p'), right('p, Holm')],
    rows: tests.delong.map((d) => [d.a, d.b, String(d.n), n3(d.difference), range(d.ci95), pText(d.p), pText(d.pHolm)]), note: `${[...new Set(tests.delong.filter((d) => d.p !== null).map((d) => d.method))].join('; ') || 'No p on fitting rows'}. Holm’s correction over all ${tests.delong.filter((d) => d.p !== null).length} pairs of the cohort.`,
    data: { columns: ['a', 'b', 'n', 'difference', 'ci_low', 'ci_high', 'p', 'p_holm', 'method'], rows: tests.delong.map((d) => [d.a, d.b, d.n, d.difference, d.ci95?.[0] ?? null, d.ci95?.[1] ?? null, d.p, d.pHolm, d.method]) },
  }
}

function operatingTable({ operating, cohort }: CohortAnalysis): ReportTable {
  const shares = ['sensitivity', 'specificity', 'ppv', 'npv', 'accuracy'] as const
  return {
    id: `operating-${slug(cohort)}`, caption: `Operating points with Wilson 95 % intervals, ${cohort}`, columns: [{ label: 'Scorer' }, { label: 'By' }, right('n'), right('TP/FP/FN/TN'), ...['Sensitivity', 'Specificity', 'PPV', 'NPV', 'Accuracy'].map(right)],
    rows: operating.map((o) => [o.name, o.basis, String(o.n), `${o.tp}/${o.fp}/${o.fn}/${o.tn}`, ...shares.map((s) => shareText(o[s]))]),
    data: { columns: ['scorer', 'kind', 'basis', 'n', 'tp', 'fp', 'fn', 'tn', ...shares.flatMap((s) => [s, `${s}_low`, `${s}_high`])], rows: operating.map((o) => [o.name, o.kind, o.basis, o.n, o.tp, o.fp, o.fn, o.tn, ...shares.flatMap((s) => [o[s].estimate, o[s].ci95?.[0] ?? null, o[s].ci95?.[1] ?? null])]) },
  }
}

function groupTable({ tests, cohort }: CohortAnalysis): ReportTable {
  return {
    id: `groups-${slug(cohort)}`, caption: `Readers’ mean AUC less the model’s, ${cohort}`, columns: [{ label: 'Group' }, right('Readers'), right('n'), right('Difference'), right('p, these readers'), right('95 % CI'), right('p, readers like these'), right('95 % CI')],
    rows: tests.groups.map((g) => [g.group, String(g.readers.length), String(g.n), n3(g.difference), pText(g.fixed.p), range(g.fixed.ci95), g.random === null ? '–' : pText(g.random.p), g.random === null ? '–' : range(g.random.ci95)]),
    note: [...new Set(tests.groups.flatMap((g) => [g.fixed.method, g.random?.method ?? g.reason]))].join('. '),
    data: { columns: ['group', 'readers', 'n', 'model_auc', 'mean_reader_auc', 'difference', 'p_fixed', 'fixed_low', 'fixed_high', 'p_random', 'df_random', 'random_low', 'random_high'], rows: tests.groups.map((g) => [g.group, g.readers.length, g.n, g.modelAuc, g.meanAuc, g.difference, g.fixed.p, ...g.fixed.ci95, g.random?.p ?? null, g.random?.df ?? null, g.random?.ci95[0] ?? null, g.random?.ci95[1] ?? null]) },
  }
}

function callTable({ tests, cohort }: CohortAnalysis): ReportTable {
  return {
    id: `mcnemar-${slug(cohort)}`, caption: `Model at its carried threshold against each reader’s calls (McNemar), ${cohort}`, columns: [{ label: 'Reader' }, right('n'), right('Only model right'), right('Only reader right'), right('p'), right('p, Holm'), { label: 'Method' }],
    rows: tests.calls.map((c) => [c.reader, String(c.n), String(c.modelOnly), String(c.readerOnly), pText(c.p), pText(c.pHolm), c.method]),
    data: { columns: ['reader', 'n', 'only_model_right', 'only_reader_right', 'p', 'p_holm', 'method'], rows: tests.calls.map((c) => [c.reader, c.n, c.modelOnly, c.readerOnly, c.p, c.pHolm, c.method]) },
  }
}

function matchedTable({ tests, cohort }: CohortAnalysis): ReportTable {
  return {
    id: `matched-${slug(cohort)}`, caption: `Sensitivity of the model at each reader’s specificity, ${cohort}`, columns: [{ label: 'Reader' }, right('n'), right('Specificity'), right('Reader’s sensitivity'), right('Model’s sensitivity'), right('Difference'), right('p'), right('p, Holm')],
    rows: tests.matched.map((m) => [m.reader, String(m.n), n3(m.readerSpecificity), n3(m.readerSensitivity), n3(m.modelSensitivity), n3(m.difference), pText(m.p), pText(m.pHolm)]), note: 'McNemar, exact, on the positive cases; the threshold was set on the negative ones.',
    data: { columns: ['reader', 'n', 'threshold', 'reader_specificity', 'model_specificity', 'reader_sensitivity', 'model_sensitivity', 'difference', 'p', 'p_holm'], rows: tests.matched.map((m) => [m.reader, m.n, m.threshold, m.readerSpecificity, m.modelSpecificity, m.readerSensitivity, m.modelSensitivity, m.difference, m.p, m.pHolm]) },
  }
}

function calibrationTables({ calibration, cohort, rows }: CohortAnalysis): ReportTable[] {
  const summary: ReportTable = {
    id: `calibration-${slug(cohort)}`, caption: `Calibration in ${cohort} (${rows === 'fitting' ? 'fitting rows: optimistic' : 'rows that took no part in fitting'})`, columns: [{ label: 'Model' }, right('n'), right('Events'), right('Brier'), right('Slope'), right('95 % CI'), right('Intercept'), right('In the large'), right('Hosmer-Lemeshow'), right('p')],
    rows: calibration.map((c) => [scorerLabel(c), String(c.n), String(c.events), n3(c.brier), n3(c.slope), range(c.slopeCi95), n3(c.intercept), n3(c.inTheLarge), c.hosmerLemeshow?.chiSquare == null ? '–' : `${c.hosmerLemeshow.chiSquare.toFixed(2)}, ${c.hosmerLemeshow.df} df`, pText(c.hosmerLemeshow?.p)]),
    note: 'A large p of the Hosmer-Lemeshow test does not prove good calibration; see its groups below.',
    data: { columns: ['model', 'kind', 'rows', 'n', 'events', 'brier', 'slope', 'slope_low', 'slope_high', 'intercept', 'in_the_large', 'hl_chisq', 'hl_df', 'hl_p'], rows: calibration.map((c) => [c.name, c.kind, rows, c.n, c.events, c.brier, c.slope, c.slopeCi95?.[0] ?? null, c.slopeCi95?.[1] ?? null, c.intercept, c.inTheLarge, c.hosmerLemeshow?.chiSquare ?? null, c.hosmerLemeshow?.df ?? null, c.hosmerLemeshow?.p ?? null]) },
  }
  const tested = calibration.flatMap((c) => (c.hosmerLemeshow === null ? [] : [{ c, groups: c.hosmerLemeshow.groups, note: c.hosmerLemeshow.note }]))
  const longest = Math.max(0, ...tested.map((t) => t.groups.length))
  const groups: ReportTable = {
    id: `hosmer-lemeshow-${slug(cohort)}`, caption: `Groups of the Hosmer-Lemeshow test, ${cohort}`, columns: [right('Group'), ...tested.flatMap(() => [right('Risk'), right('n'), right('Observed'), right('Expected')])], heads: [{ label: '', span: 1 }, ...tested.map(({ c }) => ({ label: scorerLabel(c), span: 4 }))],
    rows: Array.from({ length: longest }, (_, i) => [String(i + 1), ...tested.flatMap(({ groups: own }) => { const g = own[i]; return g === undefined ? ['', '', '', ''] : [`${n3(g.lower)} to ${n3(g.upper)}`, String(g.n), String(g.observed), n1(g.expected)] })]),
    note: `${[...new Set(tested.map((t) => t.note))].join('; ')}.`,
    data: { columns: ['model', 'group', 'from', 'to', 'n', 'observed', 'expected'], rows: tested.flatMap(({ c, groups: own }) => own.map((g, i) => [c.name, i + 1, g.lower, g.upper, g.n, g.observed, g.expected])) },
  }
  return [summary, groups]
}

function readerTables({ readers, cohort }: CohortAnalysis): ReportTable[] {
  const each: ReportTable = {
    id: `readers-${slug(cohort)}`, caption: `Readings in ${cohort}`, columns: [{ label: 'Reader' }, { label: 'Kind' }, right('Read'), right('Called positive'), right('Median seconds a case'), right('Quartiles')],
    rows: readers.each.map((r) => [r.name, KIND[r.kind], String(r.n), String(r.positiveCalls), n1(r.medianSeconds), r.q1Seconds === null ? '–' : `${n1(r.q1Seconds)} to ${n1(r.q3Seconds)}`]), note: 'Time without input is not counted.',
    data: { columns: ['reader', 'kind', 'read', 'called_positive', 'median_seconds', 'q1_seconds', 'q3_seconds'], rows: readers.each.map((r) => [r.name, r.kind, r.n, r.positiveCalls, r.medianSeconds, r.q1Seconds, r.q3Seconds]) },
  }
  const all = [readers.fleiss, readers.icc].flatMap((a) => (a === null ? [] : [`${a.method}: ${n3(a.estimate)}${a.ci95 === null ? '' : ` (95 % CI ${range(a.ci95)})`}, n = ${a.n}, p ${a.p !== null && a.p < 0.001 ? pText(a.p) : `= ${pText(a.p)}`}`]))
  const pairs: ReportTable = {
    id: `kappa-${slug(cohort)}`, caption: `Agreement between readers, ${cohort}`, columns: [{ label: 'A' }, { label: 'B' }, right('n'), right('Observed'), right('Kappa of calls'), right('95 % CI'), right('Weighted kappa of ratings'), right('95 % CI')],
    rows: readers.pairs.map((p) => [p.a, p.b, String(p.n), n3(p.observed), n3(p.calls.estimate), range(kappaInterval(p.calls.ci95)), n3(p.ratings?.estimate), range(kappaInterval(p.ratings?.ci95))]), ...(all.length === 0 ? {} : { note: `${all.join('. ')}.` }),
    data: { columns: ['a', 'b', 'n', 'observed', 'kappa', 'kappa_low', 'kappa_high', 'weighted_kappa', 'weighted_low', 'weighted_high'], rows: readers.pairs.map((p) => [p.a, p.b, p.n, p.observed, p.calls.estimate, p.calls.ci95?.[0] ?? null, p.calls.ci95?.[1] ?? null, p.ratings?.estimate ?? null, p.ratings?.ci95?.[0] ?? null, p.ratings?.ci95?.[1] ?? null]) },
  }
  return [each, pairs]
}

/** Aided against unaided, each reader and all of them. */
export function aidedTable(cohort: string, aided: NonNullable<CohortAnalysis['aided']>): ReportTable {
  const all = ([['all, these readers', aided.fixed], ['all, readers like these', aided.random]] as const).flatMap(([name, t]) => (t === null ? [] : [[name, n3(aided.unaidedMean), n3(aided.aidedMean), n3(t.difference), range(t.ci95), pText(t.p), '', '', '']]))
  const test = (t: NonNullable<typeof aided.fixed>): string => `${t.method}: ${t.df2 === null ? `chi-square ${t.statistic.toFixed(2)}, ${t.df1} df` : `F ${t.statistic.toFixed(2)}, ${t.df1} and ${t.df2.toFixed(1)} df`}`
  return {
    id: `aided-${slug(cohort)}`, caption: `AUC without and with the model, n = ${aided.n} (Obuchowski-Rockette)`, columns: [{ label: 'Reader' }, right('Unaided'), right('Aided'), right('Difference'), right('95 % CI'), right('p'), right('p, Holm'), right('Seconds unaided'), right('Seconds aided')],
    rows: [...aided.each.map((e) => [e.reader, n3(e.unaided), n3(e.aided), n3(e.difference), range(e.ci95), pText(e.p), pText(e.pHolm), n1(e.unaidedSeconds), n1(e.aidedSeconds)]), ...all],
    note: [...[aided.fixed, aided.random].flatMap((t) => (t === null ? [] : [test(t)])), ...(aided.reason === '' ? [] : [aided.reason]), 'Each reader by DeLong’s paired test'].join('. ') + '.',
    data: { columns: ['reader', 'unaided', 'aided', 'difference', 'ci_low', 'ci_high', 'p', 'p_holm', 'unaided_seconds', 'aided_seconds', 'unaided_sensitivity', 'aided_sensitivity', 'unaided_specificity', 'aided_specificity'], rows: aided.each.map((e) => [e.reader, e.unaided, e.aided, e.difference, e.ci95?.[0] ?? null, e.ci95?.[1] ?? null, e.p, e.pHolm, e.unaidedSeconds, e.aidedSeconds, e.unaidedSensitivity, e.aidedSensitivity, e.unaidedSpecificity, e.aidedSpecificity]) },
  }
}

/** Every table of one cohort that has rows. */
export function cohortTables(roc: Roc, analysis: CohortAnalysis): { readonly accuracy: ReportTable[]; readonly calibration: ReportTable[]; readonly readers: ReportTable[] } {
  const filled = (tables: ReportTable[]): ReportTable[] => tables.filter((t) => t.rows.length > 0)
  return {
    accuracy: filled([aucTable(roc, analysis.cohort), delongTable(analysis), operatingTable(analysis), callTable(analysis), groupTable(analysis), matchedTable(analysis)]), calibration: filled(calibrationTables(analysis)), readers: filled(readerTables(analysis)),
  }
}
