import type { PredictionRow } from '#shared/contract/index.ts'
import { networkLabel } from '#shared/domain/index.ts'
import { csvTable } from './csv.ts'
import type { TableColumn } from '#renderer/ui/index.ts'

/** What the models say of a case: the combined risk, else the DL signature. */
export const probabilityOf = (row: PredictionRow): number | null => row.risk ?? row.signature
/** How far the models are from the outcome, 0 to 1; null without either. */
export const wrongness = (row: PredictionRow): number | null => {
  const p = probabilityOf(row)
  return p === null || row.outcome === null ? null : Math.abs(p - row.outcome)
}
/** How far the models are from the share of readers who called it positive; null without either. */
export const readerGap = (row: PredictionRow): number | null => {
  const p = probabilityOf(row)
  return p === null || row.readers === 0 ? null : Math.abs(p - row.readersPositive / row.readers)
}

const outcomeText = (row: PredictionRow): string => (row.outcome === null ? '' : row.outcome === 1 ? '+' : '−')

/** The networks that gave any of the cases a value, by name. */
export const networksOf = (rows: readonly PredictionRow[]): string[] => [...new Set(rows.flatMap((r) => Object.keys(r.networks)))].sort()

/** Narrow columns: the list stands beside the picture. With more than one network each has a column of its own, to be chosen. */
export function predictionColumns(outcome: string, networks: readonly string[] = []): TableColumn<PredictionRow>[] {
  return [
    { id: 'label', label: 'Case', value: (r) => r.label, grow: true, width: 88, fixed: true },
    { id: 'cohort', label: 'Cohort', value: (r) => r.cohort ?? 'none', kind: 'choice', width: 92, optional: true },
    { id: 'outcome', label: 'Truth', title: outcome, value: (r) => outcomeText(r), kind: 'choice', width: 50 },
    { id: 'signature', label: 'Sig.', title: 'DL signature', value: (r) => r.signature, kind: 'number', decimals: 2, width: 50 },
    ...(networks.length < 2 ? [] : networks.map((name): TableColumn<PredictionRow> => ({ id: `network-${name}`, label: networkLabel(name), title: `Probability by ${networkLabel(name)}`, value: (r) => r.networks[name] ?? null, kind: 'number', decimals: 2, width: 84, optional: true }))),
    { id: 'risk', label: 'Risk', title: 'Risk by the combined model', value: (r) => r.risk, kind: 'number', decimals: 2, width: 50 },
    { id: 'wrong', label: 'Error', title: 'How far the risk (without one, the DL signature) is from the outcome: 0 agrees with it, 1 is its opposite', value: wrongness, kind: 'number', decimals: 2, width: 66 },
    { id: 'readers', label: 'Readers', title: 'Readers who called it positive, of those who may be seen', value: (r) => (r.readers === 0 ? null : r.readersPositive / r.readers), text: (r) => (r.readers === 0 ? '' : `${r.readersPositive}/${r.readers}`), kind: 'number', width: 62, optional: true },
    { id: 'gap', label: 'Gap', title: 'Distance of the models and of the readers', value: readerGap, kind: 'number', decimals: 2, width: 50, optional: true },
  ]
}

/** The table as a file: full precision, one row a case. */
export function predictionCsv(rows: readonly PredictionRow[]): string {
  const networks = networksOf(rows)
  const head = ['case_id', 'cohort', 'outcome', 'dl_signature', 'mask', 'risk', 'positive', 'wrong', 'readers', 'readers_positive', 'gap', ...networks.map((n) => `signature_${n}`)]
  return csvTable([head, ...rows.map((r) => [r.label, r.cohort, r.outcome, r.signature, r.maskKind, r.risk, r.positive === null ? null : r.positive ? 1 : 0, wrongness(r), r.readers, r.readersPositive, readerGap(r), ...networks.map((n) => r.networks[n] ?? null)])])
}
