import { Worker } from 'node:worker_threads'
import { entryFile } from '#main/platform/index.ts'
import type { Answered, Asked } from './messages.ts'
import type { Finished } from './segmentation.ts'
import type { Pictures } from './work.ts'

interface Waiting { resolve(value: Finished | null): void; reject(error: Error): void }

/** Pictures on a thread of their own, started at need; should it end, what it was doing fails and the next picture starts a new one. */
export function createPictureThread(): Pictures {
  let worker: Worker | null = null
  let next = 1
  const waiting = new Map<number, Waiting>()
  const start = (): Worker => {
    const made = new Worker(entryFile('pictures'))
    made.unref()
    made.on('message', (said: Answered) => {
      const one = waiting.get(said.id)
      waiting.delete(said.id)
      if (said.ok) one?.resolve(said.value)
      else one?.reject(new Error(said.message))
    })
    const gone = (error: Error): void => {
      if (worker !== made) return
      worker = null
      for (const one of waiting.values()) one.reject(error)
      waiting.clear()
    }
    made.on('error', (error) => gone(error instanceof Error ? error : new Error(String(error))))
    made.on('exit', () => gone(new Error('the thread that prepares pictures ended')))
    return made
  }
  const ask = (asked: (id: number) => Asked): Promise<Finished | null> => new Promise((resolve, reject) => {
    worker ??= start()
    const id = next++
    waiting.set(id, { resolve, reject })
    worker.postMessage(asked(id))
  })
  return {
    async prepare(image, planes) {
      await ask((id) => ({ id, kind: 'prepare', image, planes }))
    },
    finish: async (order) => (await ask((id) => ({ id, kind: 'finish', order }))) as Finished,
  }
}
