import type { InferenceSession, Tensor } from 'onnxruntime-node'
import type { InferenceSettings, Provider } from '#shared/contract/inference.ts'
import type { Session } from './ownSession.ts'
import type { DescribeAnswer, GraphPort, GraphRef } from './protocol.ts'
import { sessionOptions, type Runtime } from './providers.ts'

export type Outputs = Readonly<Record<string, Tensor>>

/** Sessions are created once a graph, provider and setting, and kept warm: loading and releasing them again and again grows memory. */
export interface Sessions {
  /** `into`: tensors of the outputs' sizes to write to, in place of new ones. */
  run(graph: GraphRef, provider: Provider, settings: InferenceSettings, feeds: Record<string, Tensor>, into?: Record<string, Tensor>): Promise<Outputs>
  /** Names, types and shapes of what goes in and comes out. */
  describe(graph: GraphRef): Promise<DescribeAnswer>
  /** Name of a graph's only input. */
  inputName(graph: GraphRef): Promise<string>
  /** Ends a graph's session on a provider, so that what it took is free; the next run makes a new one. */
  release(graph: GraphRef, provider: Provider, settings: InferenceSettings): Promise<void>
}

/** What tells one session from another. */
export const sessionKey = (graph: GraphRef, provider: Provider, settings: InferenceSettings): string =>
  provider === 'cpu' ? `cpu\n${graph.sha256}` : `${provider}\n${settings.deviceId}\n${settings.memoryLimitMb ?? ''}\n${graph.sha256}`

const NO_DEVICE: InferenceSettings = { deviceId: 0, memoryLimitMb: null, batchSize: 1 }

export function createSessions(runtime: Runtime): Sessions {
  const open = new Map<string, Promise<Session>>()
  const session = (graph: GraphRef, provider: Provider, settings: InferenceSettings): Promise<Session> => {
    const key = sessionKey(graph, provider, settings)
    let made = open.get(key)
    if (made === undefined) {
      made = runtime.create(provider, graph.file, sessionOptions(provider, settings))
      made.catch(() => open.delete(key))
      open.set(key, made)
    }
    return made
  }
  const port = (meta: InferenceSession.ValueMetadata): GraphPort => (meta.isTensor ? { name: meta.name, type: meta.type, shape: [...meta.shape] } : { name: meta.name, type: 'no tensor', shape: [] })
  return {
    run: async (graph, provider, settings, feeds, into) => (await session(graph, provider, settings)).run(feeds, into),
    async describe(graph) {
      const made = await session(graph, 'cpu', NO_DEVICE)
      return { inputs: made.inputMetadata.map(port), outputs: made.outputMetadata.map(port) }
    },
    async inputName(graph) {
      return (await session(graph, 'cpu', NO_DEVICE)).inputNames[0] ?? ''
    },
    async release(graph, provider, settings) {
      const key = sessionKey(graph, provider, settings)
      const made = open.get(key)
      open.delete(key)
      await made?.then((s) => s.release()).catch(() => undefined) // one that never started has nothing to free
    },
  }
}
