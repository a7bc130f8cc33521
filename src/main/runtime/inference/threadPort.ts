import { Worker } from 'node:worker_threads'
import { entryFile } from '#main/platform/index.ts'

type Answered = { readonly id: number; readonly ok: true; readonly value: unknown } | { readonly id: number; readonly ok: false; readonly message: string }
interface Waiting { resolve(value: unknown): void; reject(error: Error): void }

/** A thread that answers numbered requests. */
export interface ThreadPort<Asked> {
  /** `asked` gives the request its number. Rejects with what the thread said, or because it ended. */
  ask(asked: (id: number) => Asked): Promise<unknown>
}

/** Starts the thread of an entry file. When it ends, `ended` is told first, then everything that waits fails; `task` says what the thread did, for the message. */
export function openThread<Asked>(entry: Parameters<typeof entryFile>[0], task: string, ended: () => void): ThreadPort<Asked> {
  const worker = new Worker(entryFile(entry))
  const waiting = new Map<number, Waiting>()
  let next = 1
  const gone = (error: Error): void => {
    ended()
    for (const one of waiting.values()) one.reject(error)
    waiting.clear()
  }
  worker.on('message', (said: Answered) => {
    const one = waiting.get(said.id)
    waiting.delete(said.id)
    if (said.ok) one?.resolve(said.value)
    else one?.reject(new Error(said.message))
  })
  worker.on('error', (error) => gone(error instanceof Error ? error : new Error(String(error))))
  worker.on('exit', () => gone(new Error(`the thread that ${task} ended`)))
  // After the listeners: listening for messages holds the process.
  worker.unref()
  return {
    ask: (asked) => new Promise((resolve, reject) => {
      const id = next++
      waiting.set(id, { resolve, reject })
      worker.postMessage(asked(id))
    }),
  }
}
