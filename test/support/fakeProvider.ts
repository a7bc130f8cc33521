import type { InferenceSession, Tensor } from 'onnxruntime-node'
import type { Provider } from '#shared/contract/index.ts'
import { createEngine } from '#main/runtime/inference/engine.ts'
import type { InferenceProcess } from '#main/runtime/inference/client.ts'
import { ownSession, type Tensors } from '#main/runtime/inference/ownSession.ts'
import type { Reply } from '#main/runtime/inference/protocol.ts'
import type { Runtime } from '#main/runtime/inference/providers.ts'

export interface FakeRun { readonly provider: Provider; readonly file: string; readonly pictures: number; readonly pixels: number }
export interface FakeProvider {
  /** Waited for before each run on the GPU. */
  hold?(): Promise<void>
  /** Why a run on the GPU fails; null: it runs. */
  fails?(run: FakeRun): string | null
  /** Added to every probability that the GPU computes. */
  shift?(file: string): number
  /** Fails when a session is made. */
  startFails?(file: string): string | null
  memoryMb?(): number | null
  /** Its library is not installed. */
  missing?: boolean
}
export interface FakeRuntime extends Runtime { readonly runs: FakeRun[]; readonly made: { provider: Provider; file: string; options: InferenceSession.SessionOptions }[]; released: number }

/** onnxruntime with a GPU that is the CPU in truth: graphs really run, and it fails where a test wants a GPU to fail. */
export function fakeRuntime(gpu: FakeProvider, name: Provider = 'cuda'): FakeRuntime {
  const runs: FakeRun[] = [], made: FakeRuntime['made'] = []
  const runtime: FakeRuntime = {
    runs, made, released: 0, order: [name, 'cpu'],
    backends: () => new Map<string, boolean>([['cpu', true], [name, gpu.missing !== true]]),
    memoryMb: () => Promise.resolve(gpu.memoryMb?.() ?? null),
    async create(provider, file, options) {
      made.push({ provider, file, options })
      const reason = provider === 'cpu' ? null : (gpu.startFails?.(file) ?? null)
      if (reason !== null) throw new Error(reason)
      const session = await ownSession(file, { executionProviders: ['cpu'] })
      if (provider === 'cpu') return session
      const run = async (feeds: Tensors, into?: Tensors): Promise<Tensors> => {
        const [n = 1, , height = 1, width = 1] = Object.values(feeds)[0]?.dims ?? []
        const tried = { provider, file, pictures: n, pixels: height * width }
        runs.push(tried)
        await gpu.hold?.()
        const wrong = gpu.fails?.(tried) ?? null
        if (wrong !== null) throw new Error(wrong)
        const outputs = await session.run(feeds, into)
        const by = gpu.shift?.(file) ?? 0
        const probability = outputs['probability'] as Tensor
        if (by !== 0) for (let i = 0; i < probability.size; i++) (probability.data as Float32Array)[i] = (probability.data as Float32Array)[i] as number + by
        return outputs
      }
      return { ...session, run, release: async () => {
        runtime.released++
        await session.release()
      } }
    },
  }
  return runtime
}

/** The inference process in the test's own process, with that runtime. */
export function inProcessInference(runtime: Runtime): () => InferenceProcess {
  return () => {
    const engine = createEngine({ runtime })
    let listener: (reply: Reply) => void = () => undefined
    return {
      send: ({ id, request, settings }) => {
        engine.handle(request, settings).then((value) => listener({ id, ok: true, value }), (error: unknown) => listener({ id, ok: false, message: error instanceof Error ? error.message : String(error) }))
      },
      onMessage: (heard) => {
        listener = heard
      },
      onExit: () => undefined, kill: () => undefined,
    }
  }
}
