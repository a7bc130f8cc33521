import type { CaseRow } from '#shared/contract/index.ts'
import type { StateKind } from '#renderer/ui/index.ts'

export interface StateWord { readonly kind: StateKind; readonly label: string }

const SEGMENTATION: Readonly<Record<CaseRow['segmentation'], StateWord>> = {
  none: { kind: 'neutral', label: 'Not segmented' },
  found: { kind: 'ok', label: 'Lesion found' },
  empty: { kind: 'attention', label: 'No lesion found' },
  failed: { kind: 'stop', label: 'Failed' },
}
const REVIEW: Readonly<Record<CaseRow['review'], StateWord>> = {
  none: { kind: 'neutral', label: 'Not reviewed' },
  accepted: { kind: 'ok', label: 'Accepted' },
  corrected: { kind: 'ok', label: 'Corrected' },
  rejected: { kind: 'stop', label: 'Rejected' },
}

export const segmentationWord = (row: Pick<CaseRow, 'segmentation'>): StateWord => SEGMENTATION[row.segmentation]
export const reviewWord = (row: Pick<CaseRow, 'review'>): StateWord => REVIEW[row.review]
export const outcomeWord = (outcome: 0 | 1 | null): string => (outcome === null ? '' : outcome === 1 ? 'positive' : 'negative')

export const isExcluded = (row: Pick<CaseRow, 'excludedReason'>): boolean => row.excludedReason !== null
export const isSegmented = (row: Pick<CaseRow, 'segmentation'>): boolean => row.segmentation === 'found' || row.segmentation === 'empty'

type Work = Pick<CaseRow, 'reference' | 'annotated' | 'segmentation' | 'review' | 'readings'>
export const STEP_NAMES = ['drawn', 'segmented', 'reviewed', 'read'] as const

/** The four steps of the progress ring: drawn (by a person, or imported with a mask), segmented, reviewed, read. */
export const stepsOf = (row: Work): readonly boolean[] => [row.reference || row.annotated > 0, isSegmented(row), row.review !== 'none', row.readings > 0]

/** The ring in words: 'drawn, segmented; not yet reviewed, read'. */
export function stepsLabel(row: Work): string {
  const steps = stepsOf(row)
  const done = STEP_NAMES.filter((_, i) => steps[i] === true), open = STEP_NAMES.filter((_, i) => steps[i] !== true)
  if (open.length === 0) return `${done.join(', ')}: all done`
  return done.length === 0 ? `not yet ${open.join(', ')}` : `${done.join(', ')}; not yet ${open.join(', ')}`
}
