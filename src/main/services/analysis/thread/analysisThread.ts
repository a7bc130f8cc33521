import { Worker } from 'node:worker_threads'
import { Failure, type ErrorCode } from '#shared/contract/index.ts'
import { entryFile } from '#main/platform/index.ts'
import type { OpenStudy } from '../../context.ts'
import type { Answered, Asked, QuestionName, Questions } from './messages.ts'

/** Figures and reports from a thread of their own. */
export interface AnalysisThread {
  ask<N extends Exclude<QuestionName, 'report'>>(study: OpenStudy, name: N, input: Questions[N]['input']): Promise<Questions[N]['output']>
  /** A thread for this report alone: aborting ends it at once. */
  report(study: OpenStudy, order: Questions['report']['input'], options: { readonly signal: AbortSignal; progress(done: number, total: number, note: string): void }): Promise<Questions['report']['output']>
  stop(): Promise<void>
}

interface Waiting { resolve(value: unknown): void; reject(error: Error): void; progress?(done: number, total: number, note: string): void }
interface Thread { readonly directory: string; ask(name: QuestionName, input: unknown, progress?: Waiting['progress']): Promise<unknown>; end(): Promise<void> }

/** Idle this long, the thread gives its memory and its hold on the database file back. */
const IDLE_MS = 120_000

function startThread(directory: string, ended: () => void): Thread {
  const worker = new Worker(entryFile('analysis'), { workerData: { directory } })
  const waiting = new Map<number, Waiting>()
  let next = 1
  let idle: NodeJS.Timeout | undefined
  const gone = (error: Error): void => {
    ended()
    clearTimeout(idle)
    for (const one of waiting.values()) one.reject(error)
    waiting.clear()
  }
  worker.unref()
  worker.on('message', (said: Answered) => {
    const one = waiting.get(said.id)
    if (one === undefined) return
    if (said.kind === 'progress') return one.progress?.(said.done, said.total, said.note)
    waiting.delete(said.id)
    if (said.kind === 'answer') one.resolve(said.value)
    else one.reject(said.code === null ? new Error(said.message) : new Failure(said.code as ErrorCode, said.message))
    if (waiting.size > 0) return
    worker.unref()
    idle = setTimeout(() => void worker.terminate(), IDLE_MS)
    idle.unref()
  })
  worker.on('error', (error) => gone(error instanceof Error ? error : new Error(String(error))))
  worker.on('exit', () => gone(new Failure('cancelled', 'the analysis was stopped; nothing was changed')))
  return {
    directory,
    ask: (name, input, progress) => new Promise((resolve, reject) => {
      clearTimeout(idle)
      worker.ref()
      const asked: Asked = { id: next++, name, input }
      waiting.set(asked.id, { resolve, reject, ...(progress === undefined ? {} : { progress }) })
      worker.postMessage(asked)
    }),
    end: async () => {
      await worker.terminate()
    },
  }
}

export function createAnalysisThread(): AnalysisThread {
  let thread: Thread | null = null
  const of = (study: OpenStudy): Thread => {
    if (thread?.directory === study.directory) return thread
    void thread?.end()
    const made = startThread(study.directory, () => { if (thread === made) thread = null })
    return (thread = made)
  }
  return {
    ask: async (study, name, input) => (await of(study).ask(name, input)) as never,
    async report(study, order, { signal, progress }) {
      const own = startThread(study.directory, () => undefined)
      const abort = (): void => void own.end()
      signal.addEventListener('abort', abort, { once: true })
      try {
        return (await own.ask('report', order, progress)) as Questions['report']['output']
      } finally {
        signal.removeEventListener('abort', abort)
        await own.end()
      }
    },
    async stop() {
      await thread?.end()
      thread = null
    },
  }
}
