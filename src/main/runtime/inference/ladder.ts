import { Tensor } from 'onnxruntime-node'
import type { InferenceSettings, Provider } from '#shared/contract/inference.ts'
import { firstLine, isOutOfMemory } from './memory.ts'
import type { GraphRef } from './protocol.ts'
import type { Pool } from './pool.ts'
import { NAMES, type Runtime } from './providers.ts'
import { sessionKey, type Sessions } from './sessions.ts'

/** Pictures of one size for one graph: each [3, height, width]. */
export interface Feed { readonly input: 'image' | 'roi'; readonly width: number; readonly height: number; readonly planes: readonly Float32Array[] }

/** One picture's outputs, what really ran it, and why not as it was asked; null: as asked. */
export interface Ran { readonly outputs: Readonly<Record<string, { readonly dims: readonly number[]; readonly values: Float32Array }>>; readonly provider: Provider; readonly reason: string | null }

export interface Ladder {
  /**
   * Runs a graph on a provider, in batches of at most the settings' size. Out of memory (or over the memory limit): half the batch, in the end one
   * picture, then the CPU. Any other failure: the CPU. What failed is remembered for the life of the process, with its reason, and not tried again.
   */
  run(graph: GraphRef, provider: Provider, settings: InferenceSettings, feed: Feed): Promise<Ran[]>
}

/** What is known of a graph on a provider: pixels in a batch that were too many, those that went well, and why it is not used any more. */
interface Known { tooMany: number; fine: number; reason: string; broken: string | null }

type PictureOutputs = Ran['outputs']

function batch(feed: Feed, at: number, count: number): Tensor {
  const size = 3 * feed.width * feed.height
  if (count === 1) return new Tensor('float32', feed.planes[at] as Float32Array, [1, 3, feed.height, feed.width])
  const data = new Float32Array(count * size)
  for (let i = 0; i < count; i++) data.set(feed.planes[at + i] as Float32Array, i * size)
  return new Tensor('float32', data, [count, 3, feed.height, feed.width])
}

/** Runs some of the pictures at once; their outputs lie in arrays of the pool. */
type RunSome = (graph: GraphRef, provider: Provider, settings: InferenceSettings, feed: Feed, at: number, count: number) => Promise<PictureOutputs[]>

function createRunSome(sessions: Sessions, pool: Pool): RunSome {
  /** What a graph gives for one picture of a size, known once it ran: then it writes straight to the pool's arrays. */
  const shapes = new Map<string, Readonly<Record<string, readonly number[]>>>()
  return async (graph, provider, settings, feed, at, count) => {
    const key = [graph.sha256, feed.width, feed.height].join(' '), feeds = { [feed.input]: batch(feed, at, count) }
    const shape = count === 1 ? shapes.get(key) : undefined
    if (shape !== undefined) {
      const into = Object.fromEntries(Object.entries(shape).map(([name, dims]) => [name, new Tensor('float32', pool.take(dims.reduce((a, b) => a * b, 1)), dims)]))
      await sessions.run(graph, provider, settings, feeds, into)
      return [Object.fromEntries(Object.entries(into).map(([name, t]) => [name, { dims: t.dims, values: t.data as Float32Array }]))]
    }
    const outputs = Object.entries(await sessions.run(graph, provider, settings, feeds))
    if (count === 1) shapes.set(key, Object.fromEntries(outputs.map(([name, t]) => [name, t.dims])))
    return Array.from({ length: count }, (_, i) => Object.fromEntries(outputs.map(([name, t]) => {
      if (t.dims[0] !== count && count > 1) throw new Error(`${graph.name} gave ${name} [${t.dims.join(', ')}] for ${count} pictures`)
      const share = t.size / count, values = pool.take(share)
      values.set((t.data as Float32Array).subarray(i * share, (i + 1) * share))
      return [name, { dims: count === 1 ? t.dims : [1, ...t.dims.slice(1)], values }]
    })))
  }
}

const pictures = (count: number, feed: Feed): string => `${count} ${count === 1 ? 'picture' : 'pictures'} of ${feed.width} x ${feed.height}`

export function createLadder(runtime: Runtime, sessions: Sessions, pool: Pool): Ladder {
  const runSome = createRunSome(sessions, pool)
  const memory = new Map<string, Known>()
  const onCpu = async (graph: GraphRef, settings: InferenceSettings, feed: Feed, from: number, reason: string | null): Promise<Ran[]> => {
    const ran: Ran[] = []
    for (let i = from; i < feed.planes.length; i++) {
      try {
        ran.push(...(await runSome(graph, 'cpu', settings, feed, i, 1)).map((outputs) => ({ outputs, provider: 'cpu' as const, reason })))
      } catch (error) {
        throw new Error(`${graph.name} does not run: ${firstLine(error)}`)
      }
    }
    return ran
  }
  return {
    async run(graph, provider, settings, feed) {
      if (provider === 'cpu') return onCpu(graph, settings, feed, 0, null)
      const key = sessionKey(graph, provider, settings), name = NAMES[provider], pixels = feed.width * feed.height
      const known = memory.get(key) ?? { tooMany: Infinity, fine: 0, reason: '', broken: null }
      memory.set(key, known)
      if (known.broken !== null) return onCpu(graph, settings, feed, 0, known.broken)
      const asked = Math.max(1, Math.min(feed.planes.length, settings.batchSize))
      let size = asked
      while (size > 0 && size * pixels >= known.tooMany) size = Math.floor(size / 2)
      const ran: Ran[] = []
      while (ran.length < feed.planes.length) {
        if (size === 0) return [...ran, ...(await onCpu(graph, settings, feed, ran.length, `${known.reason}, so the CPU ran it`))]
        const count = Math.min(size, feed.planes.length - ran.length)
        const note = (): string | null => (size < asked ? `${known.reason}, so batches of ${size} ran` : null)
        try {
          const made = await runSome(graph, provider, settings, feed, ran.length, count)
          ran.push(...made.map((outputs) => ({ outputs, provider, reason: note() })))
        } catch (error) {
          if (!isOutOfMemory(error)) {
            known.broken = `${name} failed on ${graph.name} (${firstLine(error)}), so the CPU ran it`
            await sessions.release(graph, provider, settings)
            return [...ran, ...(await onCpu(graph, settings, feed, ran.length, known.broken))]
          }
          known.reason = `${name} ran out of memory in ${graph.name} with ${pictures(count, feed)} (${firstLine(error)})`
          known.tooMany = Math.min(known.tooMany, count * pixels)
          size = Math.floor(count / 2)
          await sessions.release(graph, provider, settings)
          continue
        }
        const over = await overLimit(provider, settings, known, count * pixels)
        if (over !== null) {
          known.reason = `${name} took ${over} MB with ${graph.name} and ${pictures(count, feed)}, more than the limit of ${settings.memoryLimitMb ?? 0} MB`
          known.tooMany = Math.min(known.tooMany, count * pixels)
          size = Math.floor(count / 2)
          await sessions.release(graph, provider, settings)
        }
      }
      return ran
    },
  }

  /** The memory that this process holds, where it is over the limit; asked after each batch that was larger than any before. */
  async function overLimit(provider: Provider, settings: InferenceSettings, known: Known, pixels: number): Promise<number | null> {
    if (provider !== 'cuda' || settings.memoryLimitMb === null || pixels <= known.fine) return null
    const used = await runtime.memoryMb(settings.deviceId)
    if (used !== null && used > settings.memoryLimitMb) return used
    known.fine = pixels
    return null
  }
}
