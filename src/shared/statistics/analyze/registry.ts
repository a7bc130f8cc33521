import type { AnalysisAdapter } from './adapter.ts'

/** Adapters by the `type` of an analysis: one file a type. */
export const adapters: ReadonlyMap<string, AnalysisAdapter> = new Map<string, AnalysisAdapter>([
])
