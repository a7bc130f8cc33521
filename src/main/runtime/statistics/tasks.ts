import { buildCombined, compareLearners, type BuilderReport, type BuilderRow, type BuilderSpec, type ComparisonSpec, type LearnerComparison } from '#shared/statistics/builder/index.ts'
import type { StatisticsResult } from '#shared/statistics/core/index.ts'

/** Long computations by name: what they are given and what they give back, all plain data. */
export interface StatisticsTasks {
  readonly build: { readonly input: { readonly rows: readonly BuilderRow[]; readonly spec: BuilderSpec }; readonly output: BuilderReport }
  readonly compare: { readonly input: { readonly rows: readonly BuilderRow[]; readonly spec: ComparisonSpec }; readonly output: LearnerComparison }
}
export type TaskName = keyof StatisticsTasks
export type TaskProgress = (done: number, total: number, what: string) => void

export const tasks: { readonly [N in TaskName]: (input: StatisticsTasks[N]['input'], progress: TaskProgress) => StatisticsResult<StatisticsTasks[N]['output']> } = {
  build: ({ rows, spec }, progress) => buildCombined(rows, spec, progress),
  compare: ({ rows, spec }, progress) => compareLearners(rows, spec, progress),
}
