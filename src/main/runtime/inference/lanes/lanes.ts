import { Worker } from 'node:worker_threads'
import { Tensor, type InferenceSession } from 'onnxruntime-node'
import { entryFile } from '#main/platform/index.ts'
import type { Session } from '../ownSession.ts'
import type { LaneAnswered, LaneAsked, Opened, Port, Values } from './messages.ts'

type Order = { readonly kind: 'open'; readonly session: number; readonly file: string; readonly options: InferenceSession.SessionOptions } | Omit<Extract<LaneAsked, { kind: 'run' }>, 'id'> | Omit<Extract<LaneAsked, { kind: 'release' }>, 'id'>
interface Lane { readonly worker: Worker; readonly open: Set<number>; ask(order: Order): Promise<unknown> }
interface Waiting { resolve(value: unknown): void; reject(error: Error): void }

function startLane(ended: (lane: Lane) => void): Lane {
  const worker = new Worker(entryFile('lane'))
  const waiting = new Map<number, Waiting>()
  let next = 1
  worker.unref()
  worker.on('message', (said: LaneAnswered) => {
    const one = waiting.get(said.id)
    waiting.delete(said.id)
    if (said.ok) one?.resolve(said.value)
    else one?.reject(new Error(said.message))
  })
  const gone = (error: Error): void => {
    ended(lane)
    for (const one of waiting.values()) one.reject(error)
    waiting.clear()
  }
  worker.on('error', (error) => gone(error instanceof Error ? error : new Error(String(error))))
  worker.on('exit', () => gone(new Error('the thread that runs graphs ended')))
  const lane: Lane = {
    worker, open: new Set(),
    ask: (order) => new Promise((resolve, reject) => {
      const id = next++
      waiting.set(id, { resolve, reject })
      worker.postMessage({ ...order, id } satisfies LaneAsked)
    }),
  }
  return lane
}

const valuesOf = (tensors: Readonly<Record<string, Tensor>>): Record<string, Values> => Object.fromEntries(Object.entries(tensors).map(([name, t]) => [name, { dims: t.dims, data: t.data as Float32Array }]))
const meta = (port: Port): InferenceSession.ValueMetadata => port as InferenceSession.ValueMetadata

/** Sessions on the CPU whose runs are spread over lanes, first come first served. A lane opens a graph when it first runs it. */
export function createCpuLanes({ lanes, threads }: { readonly lanes: number; readonly threads: number }): { create(file: string, options: InferenceSession.SessionOptions): Promise<Session> } {
  const all: Lane[] = [], idle: Lane[] = [], queue: ((lane: Lane) => Promise<void>)[] = []
  let sessions = 0
  const next = (): void => {
    for (let work = queue[0]; work !== undefined; work = queue[0]) {
      const lane = idle.pop() ?? (all.length < lanes ? start() : undefined)
      if (lane === undefined) return
      queue.shift()
      void work(lane).then(() => {
        if (all.includes(lane)) idle.push(lane)
        next()
      })
    }
  }
  const start = (): Lane => {
    const made = startLane((ended) => {
      if (all.includes(ended)) all.splice(all.indexOf(ended), 1)
      if (idle.includes(ended)) idle.splice(idle.indexOf(ended), 1)
    })
    all.push(made)
    return made
  }
  const onLane = <T>(work: (lane: Lane) => Promise<T>): Promise<T> => new Promise((resolve, reject) => {
    queue.push((lane) => work(lane).then(resolve, reject))
    next()
  })
  return {
    async create(file, options) {
      const session = sessions++
      const opened = (lane: Lane): Promise<Opened> => lane.ask({ kind: 'open', session, file, options: { ...options, intraOpNumThreads: threads } }) as Promise<Opened>
      const ports = await onLane(async (lane) => {
        const made = await opened(lane)
        lane.open.add(session)
        return made
      })
      return {
        inputNames: ports.inputs.map((p) => p.name), inputMetadata: ports.inputs.map(meta), outputMetadata: ports.outputs.map(meta),
        run: (feeds, into) => onLane(async (lane) => {
          if (!lane.open.has(session)) await opened(lane)
          lane.open.add(session)
          const made = (await lane.ask({ kind: 'run', session, feeds: valuesOf(feeds), into: into === undefined ? null : valuesOf(into) })) as Record<string, Values>
          return into ?? Object.fromEntries(Object.entries(made).map(([name, { dims, data }]) => [name, new Tensor('float32', data, dims)]))
        }),
        async release() {
          await Promise.all(all.filter((lane) => lane.open.delete(session)).map((lane) => lane.ask({ kind: 'release', session })))
        },
      }
    },
  }
}
