import type { StatisticsResult } from '../core/index.ts'
import type { Table } from './table.ts'

/** One entry of a task's `analyses`: what to compute, by field names of its type. */
export interface AnalysisSpec {
  readonly id: string
  readonly type: string
  readonly [field: string]: unknown
}

/** A numeric array of one image or matrix, row-major, channels last. */
export interface ImageArray {
  readonly height: number
  readonly width: number
  readonly channels: number
  readonly data: ArrayLike<number>
}

/** What an adapter may return; a NaN is written as null (undefined) and an infinity as "Inf" or "-Inf" by the runner. */
export type Output = null | boolean | number | string | readonly Output[] | { readonly [field: string]: Output | undefined } | ArrayLike<number>
export type OutputObject = { readonly [field: string]: Output | undefined }

/** What one analysis may see: its own request, its table after the `where` filter, and the images it names. */
export interface AnalysisInput {
  readonly spec: AnalysisSpec
  /** The table the request names (`data`, else the default one), filtered by `where`. Throws an AnalysisFailure when there is none. */
  table(): Table
  /**
   * An image by file name or written out in the task (rows of numbers or of channel lists). Throws an AnalysisFailure when it is unknown.
   */
  image(source: unknown): ImageArray
  /** Lower-case hexadecimal SHA-256 of bytes, given by the host. */
  sha256(bytes: Uint8Array): string
}

/** Computes one type of analysis. Expected failures are results; a malformed request may throw an AnalysisFailure (see `request.ts`). */
export type AnalysisAdapter = (input: AnalysisInput) => StatisticsResult<OutputObject>
