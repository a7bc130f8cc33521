import { Tensor, type InferenceSession } from 'onnxruntime-node'
import type { Session } from '../ownSession.ts'
import { openThread } from '../threadPort.ts'
import type { LaneAsked, Opened, Port, Values } from './messages.ts'

type Order = { readonly kind: 'open'; readonly session: number; readonly file: string; readonly options: InferenceSession.SessionOptions } | Omit<Extract<LaneAsked, { kind: 'run' }>, 'id'> | Omit<Extract<LaneAsked, { kind: 'release' }>, 'id'>
interface Lane { readonly open: Set<number>; ask(order: Order): Promise<unknown> }

function startLane(ended: (lane: Lane) => void): Lane {
  const port = openThread<LaneAsked>('lane', 'runs graphs', () => ended(lane))
  const lane: Lane = { open: new Set(), ask: (order) => port.ask((id) => ({ ...order, id })) }
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
