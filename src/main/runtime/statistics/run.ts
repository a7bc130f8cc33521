import { Worker } from 'node:worker_threads'
import { entryFile } from '#main/platform/index.ts'
import type { StatisticsResult } from '#shared/statistics/core/index.ts'
import type { StatisticsReply, StatisticsRequest } from './entry.ts'
import type { StatisticsTasks, TaskName, TaskProgress } from './tasks.ts'

/**
 * Runs a long computation on a thread of its own, so that the program answers while it runs. Aborting ends the thread at once.
 * Rejects when the signal aborts or the thread crashes; an expected failure is a value.
 */
export function runStatistics<N extends TaskName>(name: N, input: StatisticsTasks[N]['input'], options: { readonly signal?: AbortSignal; readonly progress?: TaskProgress } = {}): Promise<StatisticsResult<StatisticsTasks[N]['output']>> {
  return new Promise((resolve, reject) => {
    if (options.signal?.aborted === true) return reject(new Error('cancelled'))
    const request: StatisticsRequest<N> = { name, input }
    const worker = new Worker(entryFile('statistics'), { workerData: request })
    const abort = (): void => finish(() => reject(new Error('cancelled')))
    const finish = (then: () => void): void => {
      options.signal?.removeEventListener('abort', abort)
      worker.removeAllListeners()
      void worker.terminate()
      then()
    }
    options.signal?.addEventListener('abort', abort)
    worker.on('message', (message: StatisticsReply) => {
      if (message.kind === 'progress') options.progress?.(message.done, message.total, message.what)
      else finish(() => resolve(message.result as StatisticsResult<StatisticsTasks[N]['output']>))
    })
    worker.on('error', (error) => finish(() => reject(error)))
    worker.on('exit', (code) => finish(() => reject(new Error(`the computation ended with ${code} before it was done`))))
  })
}
