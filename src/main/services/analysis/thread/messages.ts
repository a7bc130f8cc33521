import type { CallOutput, ParsedInput } from '#shared/contract/index.ts'
import type { WrittenReport } from '../report/writeReport.ts'

/** What the analysis thread can be asked for; every answer comes from its own read-only connection. */
export interface Questions {
  readonly cohort: { readonly input: ParsedInput<'analysis.cohort'>; readonly output: CallOutput<'analysis.cohort'> }
  readonly roc: { readonly input: ParsedInput<'analysis.roc'>; readonly output: CallOutput<'analysis.roc'> }
  readonly variables: { readonly input: null; readonly output: CallOutput<'analysis.variables'> }
  readonly segmentation: { readonly input: null; readonly output: CallOutput<'analysis.segmentation'> }
  readonly report: { readonly input: ReportOrder; readonly output: WrittenReport }
}
export type QuestionName = keyof Questions

/** Where the report goes, who says when it is written, and where the models lie. */
export interface ReportOrder { readonly folder: string; readonly at: string; readonly version: string; readonly models: string }

export interface Asked { readonly id: number; readonly name: QuestionName; readonly input: unknown }
export type Answered =
  | { readonly id: number; readonly kind: 'answer'; readonly value: unknown }
  | { readonly id: number; readonly kind: 'progress'; readonly done: number; readonly total: number; readonly note: string }
  | { readonly id: number; readonly kind: 'failure'; readonly code: string | null; readonly message: string }
