import { CLINICAL_VARIABLES, clinicalVariable } from '#shared/domain/index.ts'
import type { AuditEntry, CaseDetail, CaseImage, CaseRow } from '#shared/contract/index.ts'
import { maskFromText } from '#shared/geometry/index.ts'
import { meaningColours } from '#shared/figures/index.ts'
import type { KeyValue, StateKind } from '#renderer/ui/index.ts'
import type { OverlaySpec } from '#renderer/canvas/index.ts'
import { localTime } from '#renderer/features/study/index.ts'
import { isSegmented, outcomeWord, reviewWord, segmentationWord } from './caseWords.ts'

const outline = (id: string, label: string, colour: string, text: string | null, dash?: readonly number[]): OverlaySpec[] => {
  const mask = text === null ? null : maskFromText(text)
  return mask === null || !mask.ok ? [] : [{ id, kind: 'mask', label, colour, mask: mask.value, fill: 0, lineWidth: 1.5, dash }]
}

/** Outlines of a frame: the ground truth and, where there is one, the fused mask, each on its own frame only. On the image the dark theme's colours always hold. */
export const previewOverlays = (picture: Pick<CaseImage, 'reference' | 'fused'> & Partial<Pick<CaseImage, 'referenceFrame' | 'fusedFrame'>>, frame = 0): readonly OverlaySpec[] => [
  ...((picture.referenceFrame ?? 0) === frame ? outline('reference', 'Ground truth', meaningColours.dark.groundTruth, picture.reference) : []),
  ...((picture.fusedFrame ?? 0) === frame ? outline('fused', 'Fused', meaningColours.dark.fused, picture.fused, [4, 3]) : []),
]

/** The clinical variables in the field's order with label and unit, then what else the manifest held. */
export function variableLists(variables: Readonly<Record<string, string>>): { readonly clinical: KeyValue[]; readonly other: KeyValue[] } {
  const clinical = CLINICAL_VARIABLES.map((v): KeyValue => ({ key: v.label, value: variables[v.name], unit: v.kind === 'number' ? v.unit : undefined }))
  const other = Object.entries(variables).filter(([name]) => clinicalVariable(name) === undefined).map(([key, value]): KeyValue => ({ key, value }))
  return { clinical, other }
}

export interface WorkLine { readonly id: string; readonly label: string; readonly kind: StateKind; readonly word: string; readonly by: string }

/** '2026-11-23 19:04' in the reader's own time. */
export const shortTime = (iso: string): string => localTime(iso).slice(0, 16)

const newestOf = (audit: readonly AuditEntry[], test: (e: AuditEntry) => boolean): string => {
  const entry = audit.filter(test).at(-1)
  return entry === undefined ? '' : `${shortTime(entry.at).slice(0, 10)} ${entry.actor}`
}

/** What was done to a case: the four steps of the ring in words, with who and when where the audit trail has it. */
export function workLines(row: CaseRow, detail: Pick<CaseDetail, 'audit'> | null): WorkLine[] {
  const audit = detail?.audit ?? []
  const drawn = row.annotated > 0 ? `${row.annotated} ${row.annotated === 1 ? 'contour' : 'contours'}` : row.reference ? 'Mask imported' : 'Not drawn'
  return [
    { id: 'drawn', label: 'Drawn', kind: row.annotated > 0 || row.reference ? 'ok' : 'neutral', word: drawn, by: newestOf(audit, (e) => e.subject === 'annotation') },
    { id: 'segmented', label: 'Segmented', ...toLine(segmentationWord(row)), by: newestOf(audit, (e) => e.action === 'segmentation.create') },
    { id: 'reviewed', label: 'Reviewed', ...toLine(reviewWord(row)), by: isSegmented(row) ? newestOf(audit, (e) => e.subject === 'review') : '' },
    { id: 'read', label: 'Read', kind: row.readings > 0 ? 'ok' : 'neutral', word: row.readings === 0 ? 'No reading' : `${row.readings} ${row.readings === 1 ? 'reading' : 'readings'}`, by: '' },
  ]
}
const toLine = (word: { kind: StateKind; label: string }): { kind: StateKind; word: string } => ({ kind: word.kind, word: word.label })

/** Where the case stands: patient, cohort, outcome, and what the models say. */
export const standing = (row: CaseRow, outcome: string): KeyValue[] => [
  { key: 'Patient', value: row.patient },
  { key: 'Cohort', value: row.cohort },
  { key: 'Hospital', value: row.hospital },
  { key: outcome, value: outcomeWord(row.outcome) },
  ...(row.excludedReason === null ? [] : [{ key: 'Excluded', value: row.excludedReason }]),
  { key: 'DL signature', value: row.signature?.toFixed(3) },
  { key: 'Risk', value: row.risk?.toFixed(3), title: 'By the study\'s combined model' },
]
