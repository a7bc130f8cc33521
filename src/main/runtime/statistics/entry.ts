/** A worker thread for one long computation: it is given the rows, tells how far it is, answers and ends. It has neither database nor files. */
import { parentPort, workerData } from 'node:worker_threads'
import type { StatisticsResult } from '#shared/statistics/core/index.ts'
import { tasks, type StatisticsTasks, type TaskName, type TaskProgress } from './tasks.ts'

export interface StatisticsRequest<N extends TaskName = TaskName> { readonly name: N; readonly input: StatisticsTasks[N]['input'] }
export type StatisticsReply =
  | { readonly kind: 'progress'; readonly done: number; readonly total: number; readonly what: string }
  | { readonly kind: 'done'; readonly result: StatisticsResult<unknown> }

const request = workerData as StatisticsRequest
const reply = (message: StatisticsReply): void => parentPort?.postMessage(message)
let told = 0
const progress: TaskProgress = (done, total, what) => {
  const now = performance.now()
  if (now - told < 50 && done !== 0) return
  told = now
  reply({ kind: 'progress', done, total, what })
}
const run = tasks[request.name] as (input: unknown, tell: TaskProgress) => StatisticsResult<unknown>
// Plain JSON on the way out: what a call answers and what the study stores are then the same.
reply({ kind: 'done', result: JSON.parse(JSON.stringify(run(request.input, progress))) as StatisticsResult<unknown> })
