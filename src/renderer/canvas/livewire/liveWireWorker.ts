import { imagePointsOf, type GreyImage, type ImagePoint } from '#shared/geometry/index.ts'
import type { LiveWirePort } from '#renderer/editor/index.ts'
import type { LiveWireAnswer, LiveWireRequest } from './messages.ts'

/** What of a Worker is used here, so that tests can stand in for one. */
export interface WorkerLike {
  postMessage(message: LiveWireRequest): void
  terminate(): void
  onmessage: ((event: MessageEvent<LiveWireAnswer>) => void) | null
}

type Wanted = { readonly key: number; readonly image: GreyImage; readonly from: ImagePoint; readonly to: ImagePoint; readonly done: (points: readonly ImagePoint[]) => void }

/**
 * Live-wire paths from a worker. One question is with the worker at a time and only the newest of those that came meanwhile is asked next,
 * so a fast pointer never queues up work.
 */
export function createLiveWire(makeWorker: () => WorkerLike = () => new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' })): LiveWirePort & { close(): void } {
  const keys = new WeakMap<GreyImage, number>()
  let worker: WorkerLike | null = null
  let lastKey = 0, lastId = 0
  let asked: (Wanted & { readonly id: number; readonly again: boolean }) | null = null
  let next: Wanted | null = null

  function ask(to: WorkerLike, wanted: Wanted, again = false): void {
    lastId += 1
    asked = { ...wanted, id: lastId, again }
    to.postMessage({ type: 'path', key: wanted.key, id: lastId, from: wanted.from, to: wanted.to })
  }
  function start(): WorkerLike {
    const made = makeWorker()
    made.onmessage = ({ data }) => {
      if (data.id !== asked?.id) return
      const { done, key, image, from, to, again } = asked
      const waiting = next
      if (data.path === null && !waiting && !again) {
        // The worker keeps a few images only and has dropped this one.
        made.postMessage({ type: 'image', key, image })
        return ask(made, { key, image, from, to, done }, true)
      }
      asked = next = null
      if (waiting) ask(made, waiting)
      if (data.path !== null) done(imagePointsOf(data.path))
    }
    worker = made
    return made
  }
  return {
    path(image, _frame, from, to, done) {
      const running = worker ?? start()
      let key = keys.get(image)
      if (key === undefined) {
        key = ++lastKey
        keys.set(image, key)
        running.postMessage({ type: 'image', key, image })
      }
      const wanted = { key, image, from, to, done }
      if (asked) next = wanted
      else ask(running, wanted)
    },
    close() {
      worker?.terminate()
      worker = null
      asked = next = null
    },
  }
}
