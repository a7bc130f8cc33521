import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { entryFile } from '#main/platform/index.ts'
import type { CasePlan } from '#shared/phantom/index.ts'
import type { RenderReply, RenderRequest } from './entry.ts'

export type Rendered = Omit<RenderReply, 'id'>

/** Renders every image on worker threads and hands each over as it is ready (in any order). Stops when `signal` aborts; a worker's crash rejects. */
export async function renderAll(images: readonly { plan: CasePlan; imageIndex: number }[], each: (index: number, rendered: Rendered) => Promise<void>, signal?: AbortSignal): Promise<void> {
  const count = Math.max(1, Math.min(availableParallelism(), 4, images.length))
  let next = 0
  const pending: Promise<void>[] = []
  const work = (worker: Worker): Promise<void> => new Promise((resolve, reject) => {
    const give = (): void => {
      const image = images[next]
      if (image === undefined || signal?.aborted === true) return resolve()
      const request: RenderRequest = { id: next++, plan: image.plan, imageIndex: image.imageIndex }
      worker.postMessage(request)
    }
    worker.on('message', ({ id, ...rendered }: RenderReply) => {
      give()
      const done = each(id, rendered)
      done.catch(reject)
      pending.push(done)
    })
    worker.on('error', reject)
    give()
  })
  const workers = Array.from({ length: count }, () => new Worker(entryFile('compute')))
  try {
    await Promise.all(workers.map(work))
    await Promise.all(pending)
  } finally {
    await Promise.all(workers.map((w) => w.terminate()))
  }
}
