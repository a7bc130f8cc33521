import { statSync } from 'node:fs'
import { Worker } from 'node:worker_threads'
import { err, ok } from '#shared/lib/index.ts'
import type { AdmitOptions } from '../admit.ts'
import type { DicomFault } from '../faults.ts'
import { DEFAULT_LIMITS, type DicomLimits } from '../limits.ts'
import { createFrameCache } from './frameCache.ts'
import type { DicomAnswer, DicomRequest, FromWorker, WorkerSettings } from './protocol.ts'

export interface DicomReaderOptions {
  /** A file that keeps the worker busy longer is given up. Default 30 s. */
  readonly timeoutMs?: number
  /** Decoded frames kept for scrubbing. Default 256 MiB. */
  readonly cacheBytes?: number
  /** JavaScript heap of the worker. Default 1024 MiB. */
  readonly heapMiB?: number
  readonly limits?: DicomLimits
  /** Where the worker's code lies; the default is beside this module. */
  readonly workerUrl?: URL
}

/** Reads DICOM files in a thread of its own. One request runs at a time; the rest wait in order. */
export interface DicomReader {
  /** Header, calibration and frames of a file; with `decode`, frames are decoded too, so that a damaged one is found now. */
  inspect(path: string, decode?: 'none' | 'first' | 'all'): Promise<DicomAnswer<'inspect'>>
  /** Header, de-identified header, preview and plan for the text in the picture: what the door of a study asks. */
  admit(path: string, options: AdmitOptions): Promise<DicomAnswer<'admit'>>
  /** One frame, decoded lazily and cached; `frame` counts from 0. */
  frame(path: string, frame: number): Promise<DicomAnswer<'frame'>>
  /** Starts the thread ahead of need, so that the first frame does not wait for it. */
  warm(): void
  close(): Promise<void>
}

interface Job { readonly id: number; readonly request: DicomRequest; readonly settle: (answer: FromWorker['answer']) => void }

/** Beside this module: the source, or `dist/main/dicom.mjs` where the program is bundled. */
const besides = (): URL => new URL(import.meta.url.endsWith('.ts') ? './dicomWorker.ts' : './dicom.mjs', import.meta.url)

function workerFault(error: unknown): DicomFault {
  const code = error instanceof Error && 'code' in error ? error.code : ''
  return code === 'ERR_WORKER_OUT_OF_MEMORY'
    ? { code: 'too_large', message: 'Reading it needs more memory than is given to one file.' }
    : { code: 'decode_failed', message: `It broke the reader (${error instanceof Error ? error.message : String(error)}).` }
}

export function createDicomReader(options: DicomReaderOptions = {}): DicomReader {
  const { timeoutMs = 30_000, cacheBytes = 256 * 1024 * 1024, heapMiB = 1024, limits = DEFAULT_LIMITS, workerUrl = besides() } = options
  const cache = createFrameCache(cacheBytes)
  const queue: Job[] = []
  let worker: Worker | null = null
  let running: { job: Job; timer: NodeJS.Timeout } | null = null
  let nextId = 1
  let closed = false

  const finish = (answer: FromWorker['answer']): void => {
    if (!running) return
    clearTimeout(running.timer)
    const { job } = running
    running = null
    job.settle(answer)
    pump()
  }

  const drop = (): void => {
    const old = worker
    worker = null
    if (!old) return
    old.removeAllListeners()
    old.on('error', () => undefined)
    void old.terminate()
  }

  const start = (): Worker => {
    const settings: WorkerSettings = { limits, openFiles: 4 }
    const created = new Worker(workerUrl, { workerData: settings, resourceLimits: { maxOldGenerationSizeMb: heapMiB } })
    created.on('message', (message: FromWorker) => {
      if (running?.job.id === message.id) finish(message.answer)
    })
    created.on('error', (error) => {
      drop()
      finish(err(workerFault(error)))
    })
    // After the listeners: listening for messages holds the process, and a thread that was only warmed must not.
    created.unref()
    return created
  }

  const pump = (): void => {
    if (running || closed) return
    const job = queue.shift()
    if (!job) {
      worker?.unref()
      return
    }
    const timer = setTimeout(() => {
      drop()
      finish(err({ code: 'timeout', message: `Reading it took longer than ${timeoutMs / 1000} s and was given up.` }))
    }, timeoutMs)
    running = { job, timer }
    worker ??= start()
    worker.ref()
    worker.postMessage({ id: job.id, request: job.request })
  }

  const ask = (request: DicomRequest): Promise<FromWorker['answer']> => new Promise((settle) => {
    queue.push({ id: nextId++, request, settle })
    pump()
  })

  const cacheKey = (path: string, frame: number): string | null => {
    const stat = statSync(path, { throwIfNoEntry: false })
    return stat ? `${path}\0${stat.mtimeMs}\0${stat.size}\0${frame}` : null
  }

  return {
    inspect: async (path, decode = 'first') => (await ask({ kind: 'inspect', path, decode })) as DicomAnswer<'inspect'>,
    admit: async (path, options) => (await ask({ kind: 'admit', path, options })) as DicomAnswer<'admit'>,
    async frame(path, frame) {
      const key = cacheKey(path, frame)
      const kept = key === null ? undefined : cache.get(key)
      if (kept) return ok(kept)
      const answer = (await ask({ kind: 'frame', path, frame })) as DicomAnswer<'frame'>
      if (answer.ok && key !== null) cache.put(key, answer.value)
      return answer
    },
    warm: () => void (worker ??= start()),
    async close() {
      closed = true
      const gone: DicomFault = { code: 'unreadable', message: 'The program is closing.' }
      if (running) clearTimeout(running.timer)
      for (const job of [...(running ? [running.job] : []), ...queue]) job.settle(err(gone))
      running = null
      queue.length = 0
      const old = worker
      worker = null
      await old?.terminate()
    },
  }
}
