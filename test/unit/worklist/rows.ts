import type { CaseRow } from '#shared/contract/index.ts'

export const caseRow = (change: Partial<CaseRow> = {}): CaseRow => ({
  id: 'c1', label: 'Case 1', patient: 'P1', cohort: 'train', hospital: 'A', images: 1, outcome: 0, excludedReason: null, reference: false, annotated: 0, segmentation: 'none', review: 'none', readings: 0, signature: null, risk: null, ...change,
})
