import type { CaseRow } from '#shared/contract/index.ts'
import type { TableColumn } from '#renderer/ui/index.ts'
import { isExcluded, outcomeWord, reviewWord, segmentationWord, stepsOf } from './caseWords.ts'

/** The worklist's columns. `outcome` is what the study calls its outcome, for the header's tooltip. */
export const caseColumns = (outcome: string): readonly TableColumn<CaseRow>[] => [
  { id: 'progress', label: '', title: 'Progress: drawn, segmented, reviewed, read', value: (r) => (isExcluded(r) ? -1 : stepsOf(r).filter(Boolean).length), text: () => '', kind: 'number', width: 36, filterable: false, fixed: true },
  { id: 'case', label: 'Case', value: (r) => r.label, width: 108, fixed: true },
  { id: 'patient', label: 'Patient', value: (r) => r.patient, width: 104, optional: true },
  { id: 'cohort', label: 'Cohort', value: (r) => r.cohort, kind: 'choice', width: 100 },
  { id: 'hospital', label: 'Hospital', value: (r) => r.hospital, kind: 'choice', width: 68 },
  { id: 'images', label: 'Images', value: (r) => r.images, kind: 'number', width: 64 },
  { id: 'outcome', label: 'Outcome', title: outcome, value: (r) => outcomeWord(r.outcome), kind: 'choice', width: 72 },
  { id: 'reference', label: 'Mask', title: 'Reference mask: imported, or a consensus of what was drawn', value: (r) => r.reference, kind: 'boolean', width: 48 },
  { id: 'drawn', label: 'Drawn', title: 'Contours drawn here by annotators', value: (r) => r.annotated, kind: 'number', width: 54 },
  { id: 'segmentation', label: 'Segmentation', value: (r) => segmentationWord(r).label, kind: 'choice', width: 120 },
  { id: 'review', label: 'Review', value: (r) => reviewWord(r).label, kind: 'choice', width: 96 },
  { id: 'readings', label: 'Readings', value: (r) => r.readings, kind: 'number', width: 66 },
  { id: 'signature', label: 'DL sig.', title: 'DL signature: the network\'s probability of the positive outcome', value: (r) => r.signature, kind: 'number', decimals: 3, width: 62 },
  { id: 'risk', label: 'Risk', title: 'Risk by the combined model', value: (r) => r.risk, kind: 'number', decimals: 3, width: 56 },
  { id: 'excluded', label: 'Excluded', title: 'Why the case is excluded', value: (r) => r.excludedReason ?? '', kind: 'choice', width: 80, grow: true },
]
