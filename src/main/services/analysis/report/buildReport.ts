import type { ReportBlock, ReportDocument, ReportTable } from '#main/formats/pdf/index.ts'
import type { CallOutput, CohortAnalysis } from '#shared/contract/index.ts'
import type { OpenStudy } from '../../context.ts'
import { frozenModel } from '../../inference/risk.ts'
import { analyseCohort } from '../cohort/analyseCohort.ts'
import { rocOf } from '../roc.ts'
import { maskFigures } from '../segmentation.ts'
import { CHECKLISTS, fillChecklists, type FilledItem } from './checklists.ts'
import { cohortTables } from './cohortTables.ts'
import { checklistFacts } from './facts.ts'
import { calibrationChart, decisionChart, diceOf, rocChart } from './figures.ts'
import { combinedTable, methodsText, modelTable, provenance } from './methods.ts'
import { baselineOf, cohortTable, flowTable, maskTable } from './studyTables.ts'

const heading = (text: string, level: 1 | 2 = 1): ReportBlock => ({ kind: 'heading', level, text })
const text = (words: string, tone?: 'notice' | 'quiet'): ReportBlock => ({ kind: 'text', text: words, ...(tone === undefined ? {} : { tone }) })
const table = (given: ReportTable | null): ReportBlock[] => (given === null ? [] : [{ kind: 'table', table: given }])

function cohortBlocks(cohort: string, roc: CallOutput<'analysis.roc'>, analysis: CohortAnalysis): ReportBlock[] {
  const tables = cohortTables(roc, analysis)
  const rows = analysis.rows === 'fitting' ? 'fitting rows, optimistic' : 'rows that took no part in fitting'
  const head: ReportBlock[] = [heading(`Cohort ${cohort}`), ...(analysis.cohortNote === '' ? [] : [text(`${analysis.cohortNote[0]?.toUpperCase() ?? ''}${analysis.cohortNote.slice(1)}.`, 'quiet')])]
  if (roc.curves.length === 0 && tables.accuracy.length === 0) return [...head, text('No scores in this cohort: no reader has finished a session over it and no signature model has scored it.', 'quiet')]
  return [
    ...head, ...(roc.curves.length > 0 ? [{ kind: 'figure', figure: rocChart(cohort, roc), caption: `ROC curves in ${cohort}; calls as points. ${roc.sentence}` } as const] : []), ...tables.accuracy.flatMap((t) => table(t)), ...analysis.tests.notes.map((n) => text(n, 'quiet')),
    ...(analysis.calibration.length > 0 ? [heading('Calibration', 2), { kind: 'figure', figure: calibrationChart(analysis), caption: `Calibration in ${cohort}, n = ${analysis.calibration[0]?.n ?? 0}, ${rows}. Points: bins of equal size with Wilson 95 % intervals; line: lowess.` } as const] : []), ...tables.calibration.flatMap((t) => table(t)),
    ...(analysis.decision === null ? [] : [heading('Clinical benefit', 2), { kind: 'figure', figure: decisionChart(cohort, analysis.decision), caption: `Decision curves in ${cohort}, n = ${analysis.decision.n}, ${analysis.decision.events} events, ${rows}. ${analysis.decision.note}.` } as const]),
    ...(tables.readers.length > 0 ? [heading('Readers', 2), ...tables.readers.flatMap((t) => table(t))] : []),
  ]
}

function checklistBlocks(items: readonly FilledItem[]): ReportBlock[] {
  return [
    heading('Checklists'), text('Item numbers with our own short wording. Filled from the database where it knows the answer; the rest is open for the authors. “(check)”: the item’s number or place is from memory and must be checked against the published list.', 'quiet'),
    ...CHECKLISTS.map(({ id, name }): ReportBlock => {
      const own = items.filter((i) => i.list === id)
      return { kind: 'table', table: { id: `checklist-${id}`, caption: `${name}: ${own.filter((i) => i.answer === null).length} of ${own.length} items open`, columns: [{ label: 'Item', width: 60 }, { label: 'What it asks', width: 170 }, { label: 'Answer', width: 270 }], rows: own.map((i) => [`${i.number}${i.unsure ? ' (check)' : ''}`, i.wording, i.answer ?? 'open']) } }
    }),
  ]
}

/** The whole report as data, with every figure computed as the analysis screen computes it. */
export function buildReport(study: OpenStudy, version: string, at: string, progress: (done: number, total: number, note: string) => void = () => undefined): { readonly document: ReportDocument; readonly openItems: number } {
  const masks = maskFigures(study), baseline = baselineOf(study), maskRows = maskTable(masks)
  const names = rocOf(study, '').cohorts
  const cohorts = names.map((cohort, i) => {
    progress(i, names.length + 2, `cohort ${cohort}`)
    return { cohort, roc: rocOf(study, cohort), analysis: analyseCohort(study, cohort) }
  })
  const analyses = cohorts.map((c) => c.analysis)
  const items = fillChecklists(checklistFacts(study, analyses, { baseline: baseline !== null, masks: maskRows !== null }, version))
  const blocks: ReportBlock[] = [
    ...(study.synthetic ? [text('Synthetic study: images, outcomes and readings are made up. Nothing here says anything about patients.', 'notice')] : []), text('For research use. Not for diagnosis.', 'quiet'),
    { kind: 'facts', rows: provenance(study, version, at) },
    heading('Cases'), ...table(flowTable(study)), ...table(cohortTable(study)), ...table(baseline),
    heading('Masks'), ...(maskRows === null ? [text('No automatic mask has a ground truth to be compared with.', 'quiet')] : [...table(maskRows), { kind: 'figure', figure: { ...diceOf(masks), notes: undefined }, caption: `Dice by cohort and network; every dot is one of ${new Set(masks.map((m) => m.caseId)).size} cases. Nothing found counts as 0.` } as const]),
    ...(frozenModel(study) === null ? [] : [heading('Combined model'), ...table(combinedTable(frozenModel(study)))]),
    ...cohorts.flatMap((c) => cohortBlocks(c.cohort, c.roc, c.analysis)),
    heading('Methods'), ...methodsText(study, analyses).map((t) => text(t)), ...table(modelTable(study)), ...checklistBlocks(items),
  ]
  return { openItems: items.filter((i) => i.answer === null).length, document: { title: `Report: ${study.name}`, subtitle: `Outcome ${study.outcome.label} · written ${at.slice(0, 16).replace('T', ' ')} UTC · SLN workstation ${version}`, foot: `${study.name} · SLN workstation ${version} · ${at.slice(0, 10)}${study.synthetic ? ' · synthetic data' : ''} · research use`, blocks } }
}
