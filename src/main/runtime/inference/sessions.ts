import { InferenceSession, Tensor, listSupportedBackends } from 'onnxruntime-node'
import type { Provider } from '#shared/contract/inference.ts'
import type { DescribeAnswer, GraphPort, GraphRef, ProviderState } from './protocol.ts'

/** Which providers are tried, in order, by platform; the CPU is always last. */
const ORDER: Readonly<Record<string, readonly Provider[]>> = {
  linux: ['cuda', 'webgpu', 'cpu'],
  win32: ['cuda', 'dml', 'webgpu', 'cpu'],
  darwin: ['coreml', 'webgpu', 'cpu'],
}
export const providerOrder = (platform: string = process.platform): readonly Provider[] => ORDER[platform] ?? ['cpu']

/** A provider is taken by `auto` only when its probabilities are within this of the CPU's on a probe image. */
export const PARITY = 1e-3

export interface Sessions {
  run(graph: GraphRef, provider: Provider, feeds: Record<string, Tensor>): Promise<Record<string, Tensor>>
  /** What `auto` means here, decided once: the first provider of the order that loads the graph and agrees with the CPU. */
  choose(graph: GraphRef): Promise<{ provider: Provider; note: string }>
  states(probe: GraphRef | null): Promise<ProviderState[]>
  /** Names, types and shapes of what goes in and comes out. */
  describe(graph: GraphRef): Promise<DescribeAnswer>
}

function bundled(): Map<string, boolean> {
  try {
    return new Map(listSupportedBackends().map((b) => [b.name, b.bundled]))
  } catch {
    return new Map([['cpu', true]])
  }
}

function probeFeeds(): Record<string, Tensor> {
  const data = Float32Array.from({ length: 3 * 96 * 128 }, (_, i) => Math.sin(i * 0.37) + Math.cos((i % 128) * 0.11))
  return { image: new Tensor('float32', data, [1, 3, 96, 128]) }
}

function largestDifference(a: Tensor, b: Tensor): number {
  const x = a.data as Float32Array, y = b.data as Float32Array
  let worst = 0
  for (let i = 0; i < x.length; i++) worst = Math.max(worst, Math.abs((x[i] as number) - (y[i] as number)))
  return worst
}

/** Sessions are created once a graph and provider, and kept warm: loading and releasing them again and again grows memory. */
export function createSessions(): Sessions {
  const open = new Map<string, Promise<InferenceSession>>()
  let decided: Promise<{ provider: Provider; note: string }> | undefined
  const session = (graph: GraphRef, provider: Provider): Promise<InferenceSession> => {
    const key = `${provider}\n${graph.sha256}`
    let made = open.get(key)
    if (made === undefined) {
      made = InferenceSession.create(graph.file, { executionProviders: provider === 'cpu' ? ['cpu'] : [provider], graphOptimizationLevel: 'all', logSeverityLevel: 3 })
      made.catch(() => open.delete(key))
      open.set(key, made)
    }
    return made
  }
  const run: Sessions['run'] = async (graph, provider, feeds) => (await session(graph, provider)).run(feeds) as Promise<Record<string, Tensor>>
  const check = async (graph: GraphRef, provider: Provider): Promise<ProviderState> => {
    const found = bundled()
    if (!found.has(provider)) return { name: provider, available: false, reason: 'not part of this build of onnxruntime' }
    if (provider === 'cpu') return { name: provider, available: true, reason: 'always there' }
    if (found.get(provider) === false) return { name: provider, available: false, reason: provider === 'cuda' ? 'its library is not installed; "npm run setup:cuda" fetches it on a machine with an NVIDIA GPU' : 'its library is not installed' }
    try {
      const [reference, here] = await Promise.all([run(graph, 'cpu', probeFeeds()), run(graph, provider, probeFeeds())])
      const difference = largestDifference(reference['probability'] as Tensor, here['probability'] as Tensor)
      return difference <= PARITY ? { name: provider, available: true, reason: `agrees with the CPU within ${difference.toExponential(1)}` }
        : { name: provider, available: false, reason: `differs from the CPU by ${difference.toExponential(1)}, more than ${PARITY}` }
    } catch (error) {
      return { name: provider, available: false, reason: `does not start here (${(error instanceof Error ? error.message : String(error)).split('\n')[0]?.slice(0, 160) ?? ''})` }
    }
  }
  const port = (meta: InferenceSession.ValueMetadata): GraphPort => (meta.isTensor ? { name: meta.name, type: meta.type, shape: [...meta.shape] } : { name: meta.name, type: 'no tensor', shape: [] })
  return {
    run,
    async describe(graph) {
      const made = await session(graph, 'cpu')
      return { inputs: made.inputMetadata.map(port), outputs: made.outputMetadata.map(port) }
    },
    choose(graph) {
      decided ??= (async () => {
        const refused: string[] = []
        for (const provider of providerOrder()) {
          const state = await check(graph, provider)
          if (state.available) return { provider, note: [state.reason, ...refused].join('; ') }
          refused.push(`${provider}: ${state.reason}`)
        }
        return { provider: 'cpu' as const, note: refused.join('; ') }
      })()
      return decided
    },
    async states(probe) {
      const states: ProviderState[] = []
      for (const provider of providerOrder()) {
        if (probe === null && provider !== 'cpu') states.push({ name: provider, available: false, reason: bundled().has(provider) ? 'not tried: no graph to probe it with' : 'not part of this build of onnxruntime' })
        else states.push(probe === null ? { name: 'cpu', available: true, reason: 'always there' } : await check(probe, provider))
      }
      return states
    },
  }
}
