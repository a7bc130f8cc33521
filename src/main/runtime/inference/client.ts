import { Failure } from '#shared/contract/errors.ts'
import { DEFAULT_INFERENCE_SETTINGS, type InferenceSettings, type Provider } from '#shared/contract/inference.ts'
import type { Logger } from '#main/platform/index.ts'
import { cpuLanes } from './lanes/count.ts'
import type { Answer, Envelope, Reply, Request } from './protocol.ts'

/** The inference process as its parent sees it; made by the host (a child process, or Electron's utility process). */
export interface InferenceProcess {
  send(message: Envelope): void
  onMessage(listener: (reply: Reply) => void): void
  onExit(listener: (code: number | null) => void): void
  kill(): void
}
export type SpawnInference = () => InferenceProcess

export interface Inference {
  /** Runs one request in the inference process, started at need. A crash of it fails this request only. */
  ask<R extends Request>(request: R, signal?: AbortSignal): Promise<Answer<R>>
  readonly resources: string
  /** Where models that a person added lie. */
  readonly addedModels: string
  /** How many pictures it is worth having under way at once: those that run and one that is prepared, or two batches of a GPU. */
  lookAhead(provider: Provider | 'auto'): number
  close(): Promise<void>
}

interface Waiting { resolve(value: never): void; reject(error: Error): void }

/** Ends the process after so long without work: warm sessions hold memory. */
const IDLE_MS = 5 * 60_000

export interface InferenceOptions { readonly spawn: SpawnInference; readonly resources: string; readonly addedModels: string; readonly logger: Logger; settings?(): InferenceSettings }

export function createInference(options: InferenceOptions): Inference {
  const settings = options.settings ?? (() => DEFAULT_INFERENCE_SETTINGS)
  let process: InferenceProcess | null = null
  let next = 1
  let idle: NodeJS.Timeout | undefined
  const waiting = new Map<number, Waiting>()
  const stop = (): void => {
    clearTimeout(idle)
    const old = process
    process = null
    old?.kill()
  }
  const start = (): InferenceProcess => {
    const made = options.spawn()
    made.onMessage((reply) => {
      const entry = waiting.get(reply.id)
      if (entry === undefined) return
      waiting.delete(reply.id)
      if (reply.ok) entry.resolve(reply.value as never)
      else entry.reject(new Failure('unavailable', reply.message))
    })
    made.onExit((code) => {
      if (process === made) process = null
      if (waiting.size > 0) options.logger.error({ code, requests: waiting.size }, 'the inference process ended while it was working')
      for (const [id, entry] of waiting) {
        waiting.delete(id)
        entry.reject(new Failure('unavailable', `the inference process ended (code ${String(code)}); the next image starts a new one`))
      }
    })
    return made
  }
  return {
    resources: options.resources, addedModels: options.addedModels,
    lookAhead: (provider) => Math.max(cpuLanes().lanes + 1, provider === 'cpu' ? 0 : 2 * settings().batchSize),
    ask(request, signal) {
      clearTimeout(idle)
      process ??= start()
      const running = process
      return new Promise((resolve, reject) => {
        if (signal?.aborted === true) return reject(new Failure('cancelled', 'cancelled'))
        const id = next++
        const settle = (): void => {
          signal?.removeEventListener('abort', cancel)
          if (waiting.size === 0) {
            clearTimeout(idle)
            idle = setTimeout(stop, IDLE_MS)
            idle.unref()
          }
        }
        const cancel = (): void => {
          waiting.delete(id)
          settle()
          reject(new Failure('cancelled', 'cancelled'))
        }
        signal?.addEventListener('abort', cancel, { once: true })
        waiting.set(id, {
          resolve: (value) => {
            settle()
            resolve(value)
          },
          reject: (error) => {
            settle()
            reject(error)
          },
        })
        running.send({ id, request, settings: settings() })
      })
    },
    async close() {
      stop()
      await Promise.resolve()
    },
  }
}
