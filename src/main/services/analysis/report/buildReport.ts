import type { ReportBlock, ReportDocument, ReportTable } from '#main/formats/pdf/index.ts'
import { aidedRocFigure } from '#shared/figures/index.ts'
import type { OpenStudy } from '../../context.ts'
import type { ReportOrder } from '../thread/messages.ts'
import { CHECKLISTS, fillChecklists, type FilledItem } from './checklists.ts'
import { aidedTable, cohortTables } from './cohortTables.ts'
import { camBlocks, flowBlock, nomogramBlocks } from './drawings.ts'
import { checklistFacts } from './facts.ts'
import { calibrationPanels, decisionPanels, diceOf, readerDecision, rocChart } from './figures.ts'
import { fusionBlocks } from './fusion.ts'
import { gather, ROWS, type CohortMaterial, type Material } from './material.ts'
import { combinedTable, methodsText, modelTable, provenance } from './methods.ts'
import { oddsRatioBlocks } from './oddsRatios.ts'
import { comparisonBlocks, modelBlocks, networkBlocks } from './signatureTables.ts'
import { baselineOf, cohortTable, flowTable, maskTable } from './studyTables.ts'

const heading = (text: string, level: 1 | 2 = 1): ReportBlock => ({ kind: 'heading', level, text })
const text = (words: string, tone?: 'notice' | 'quiet'): ReportBlock => ({ kind: 'text', text: words, ...(tone === undefined ? {} : { tone }) })
const table = (given: ReportTable | null): ReportBlock[] => (given === null ? [] : [{ kind: 'table', table: given }])

/** Figure 10 and the tables behind it. */
function calibrationBlocks({ cohorts }: Material): ReportBlock[] {
  const calibrated = cohorts.filter((c) => c.analysis.calibration.length > 0), decided = cohorts.filter((c) => c.analysis.decision !== null)
  if (calibrated.length === 0) return []
  return [
    heading('Calibration and clinical benefit'),
    { kind: 'panels', figures: [...calibrationPanels(calibrated), ...decisionPanels(decided, calibrated.length)], across: 2, caption: 'Figure 10. Calibration (points: bins of equal size with Wilson 95 % intervals; line: lowess) and decision curves of the models by cohort. Decision curves with the readers are in the section of each cohort.' },
    ...cohorts.flatMap((c) => cohortTables(c.roc, c.analysis).calibration.flatMap((t) => table(t))),
  ]
}

/** Supplementary: readers and model of one cohort. */
function readerBlocks({ cohort, roc, analysis }: CohortMaterial): ReportBlock[] {
  const tables = cohortTables(roc, analysis), rows = ROWS[analysis.rows]
  const note = analysis.cohortNote === '' ? [] : [text(`${analysis.cohortNote[0]?.toUpperCase() ?? ''}${analysis.cohortNote.slice(1)}.`, 'quiet')]
  const head: ReportBlock[] = [heading(`Readers and model in ${cohort}`), ...note]
  if (roc.curves.length === 0 && tables.accuracy.length === 0) return [...head, text('No scores in this cohort: no reader has finished a session over it and no signature model has scored it.', 'quiet')]
  const decision = readerDecision(cohort, analysis)
  return [
    ...head, ...(roc.curves.length > 0 ? [{ kind: 'figure', figure: rocChart(cohort, roc), caption: `Supplementary figure. ROC curves in ${cohort}; calls as points. ${roc.sentence}` } as const] : []), ...tables.accuracy.flatMap((t) => table(t)), ...analysis.tests.notes.map((n) => text(n, 'quiet')),
    ...(decision === null || analysis.readers.each.length === 0 ? [] : [{ kind: 'figure', figure: decision, caption: `Supplementary figure. Decision curves of models and readers in ${cohort}, n = ${analysis.decision?.n ?? 0}, ${analysis.decision?.events ?? 0} events, ${rows}. ${analysis.decision?.note ?? ''}.` } as const]),
    ...(tables.readers.length > 0 ? [heading(`Agreement and reading times in ${cohort}`, 2), ...tables.readers.flatMap((t) => table(t))] : []),
    ...(analysis.aided === null ? [] : [heading(`With and without the model in ${cohort}`, 2), { kind: 'figure', figure: aidedRocFigure(cohort, analysis.aided), caption: `Supplementary figure. Mean ROC curves of ${analysis.aided.readers.length} readers without and with the model in ${cohort}, n = ${analysis.aided.n}.${analysis.aidedNote === '' ? '' : ` ${analysis.aidedNote}`}` } as const, ...table(aidedTable(cohort, analysis.aided))]),
  ]
}

function checklistBlocks(items: readonly FilledItem[]): ReportBlock[] {
  const open = items.filter((i) => i.answer === null)
  return [
    heading('Checklists'), text('Item numbers with our own short wording. Filled from the database where it knows the answer; the rest is open for the authors. Numbers are those of the published lists.', 'quiet'),
    ...CHECKLISTS.map(({ id, name }): ReportBlock => {
      const own = items.filter((i) => i.list === id)
      return { kind: 'table', table: { id: `checklist-${id}`, caption: `${name}: ${own.filter((i) => i.answer === null).length} of ${own.length} items open`, columns: [{ label: 'Item', width: 56 }, { label: 'What it asks', width: 190 }, { label: 'Answer', width: 254 }], rows: own.map((i) => [i.number, i.wording, i.answer ?? 'open']) } }
    }),
    heading('Items left for the authors', 2), ...CHECKLISTS.map(({ id, name }): ReportBlock => text(`${name}: ${open.filter((i) => i.list === id).map((i) => i.number).join(', ') || 'none'}.`)),
  ]
}

/** The whole report as data, with every figure computed as the analysis screen computes it, numbered as in the study's paper. */
export async function buildReport(study: OpenStudy, { version, at, models }: ReportOrder, say: (done: number, total: number, note: string) => void): Promise<{ readonly document: ReportDocument; readonly openItems: number }> {
  const material = gather(study, say), { cohorts, masks } = material
  const analyses = cohorts.map((c) => c.analysis)
  const baseline = baselineOf(study), maskRows = maskTable(masks), odds = oddsRatioBlocks(material)
  const items = fillChecklists(checklistFacts(material, { baseline: baseline !== null, masks: maskRows !== null }, version))
  const blocks: ReportBlock[] = [
    ...(study.synthetic ? [text('Synthetic study: images, outcomes and readings are made up. Nothing here says anything about patients.', 'notice')] : []), text('For research use. Not for diagnosis.', 'quiet'),
    { kind: 'facts', rows: provenance(study, version, at) },
    heading('Cases'), flowBlock(material), ...table(flowTable(study)), ...table(cohortTable(study)), ...table(baseline), heading('Clinical factors'), ...odds,
    heading('Masks'), ...(maskRows === null ? [text('No automatic mask has a ground truth to be compared with.', 'quiet')] : [...table(maskRows), { kind: 'figure', figure: { ...diceOf(masks), notes: undefined }, caption: `Supplementary figure. Dice by cohort and network; every dot is one of ${new Set(masks.map((m) => m.caseId)).size} cases. Nothing found counts as 0.` } as const]), ...fusionBlocks(study, models),
    heading('Deep-learning signatures'), ...networkBlocks(material), ...await camBlocks(material),
    heading('Clinical, deep-learning and combined model'), ...modelBlocks(material), ...table(combinedTable(material.frozen)), ...nomogramBlocks(material), ...comparisonBlocks(material),
    ...calibrationBlocks(material), ...cohorts.flatMap(readerBlocks),
    heading('Methods'), ...methodsText(material, analyses).map((t) => text(t)), ...table(modelTable(study)), ...checklistBlocks(items),
  ]
  say(8, 10, 'tables and figures')
  return { openItems: items.filter((i) => i.answer === null).length, document: { title: `Report: ${study.name}`, subtitle: `Outcome ${study.outcome.label} · written ${at.slice(0, 16).replace('T', ' ')} UTC · SLN workstation ${version}`, foot: `${study.name} · SLN workstation ${version} · ${at.slice(0, 10)}${study.synthetic ? ' · synthetic data' : ''} · research use`, blocks } }
}
