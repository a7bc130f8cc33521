import type { Result } from '#shared/lib/index.ts'
import type { Admission, AdmitOptions } from '../admit.ts'
import type { DicomFault } from '../faults.ts'
import type { DicomLimits } from '../limits.ts'
import type { DisplayFrame } from '../pixels/displayFrame.ts'
import type { DicomSummary } from '../summary.ts'

export type DicomRequest =
  | { readonly kind: 'inspect'; readonly path: string; readonly decode: 'none' | 'first' | 'all' }
  | { readonly kind: 'admit'; readonly path: string; readonly options: AdmitOptions }
  | { readonly kind: 'frame'; readonly path: string; readonly frame: number }

interface Answers { readonly inspect: DicomSummary; readonly admit: Admission; readonly frame: DisplayFrame }
export type DicomAnswer<K extends DicomRequest['kind']> = Result<Answers[K], DicomFault>

export interface WorkerSettings { readonly limits: DicomLimits; readonly openFiles: number }
export interface ToWorker { readonly id: number; readonly request: DicomRequest }
export interface FromWorker { readonly id: number; readonly answer: Result<DicomSummary | Admission | DisplayFrame, DicomFault> }
