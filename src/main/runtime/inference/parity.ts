import { Tensor } from 'onnxruntime-node'
import type { InferenceSettings, Provider } from '#shared/contract/inference.ts'
import { firstLine } from './memory.ts'
import { cropPlanes, zscorePlanes } from './preprocess.ts'
import { probePicture } from './probePicture.ts'
import type { GraphRef, ParityOfGraph, ProviderState } from './protocol.ts'
import { deviceWords, NAMES, type Runtime } from './providers.ts'
import { sessionKey, type Sessions } from './sessions.ts'

/** A provider is taken by `auto` only when every graph's probabilities are within this of the CPU's on a probe picture. */
export const PARITY = 1e-3

/** The provider that runs a set of graphs, and why. */
export interface Choice { readonly provider: Provider; readonly note: string; /** why it is not the one that was asked for; null: it is */ readonly fallback: string | null }

export interface Parity {
  /** The first provider of the platform's order that runs every one of the graphs and agrees with the CPU; decided once a set of graphs and settings. */
  choose(graphs: readonly GraphRef[], settings: InferenceSettings): Promise<Choice>
  /** A provider that a person asked for: taken whatever the check says, unless it cannot run at all; the note says what the check said. */
  asked(provider: Provider, graphs: readonly GraphRef[], settings: InferenceSettings): Promise<Choice>
  states(graphs: readonly GraphRef[], settings: InferenceSettings): Promise<ProviderState[]>
}

function feedsOf(input: string): Record<string, Tensor> {
  const picture = probePicture(128, 96)
  return input === 'roi' ? { roi: new Tensor('float32', cropPlanes(picture, { x: 0, y: 0, width: picture.width, height: picture.height }), [1, 3, 224, 224]) }
    : { [input]: new Tensor('float32', zscorePlanes(picture), [1, 3, picture.height, picture.width]) }
}

/** Infinite where the sizes differ or a value is no number. */
function largestDifference(a: Tensor | undefined, b: Tensor | undefined): number {
  if (a === undefined || b === undefined || a.size !== b.size) return Infinity
  const x = a.data as Float32Array, y = b.data as Float32Array
  let worst = 0
  for (let i = 0; i < x.length; i++) {
    const d = Math.abs((x[i] as number) - (y[i] as number))
    if (!(d <= worst)) worst = Number.isNaN(d) ? Infinity : d
  }
  return worst
}

export function createParity(runtime: Runtime, sessions: Sessions): Parity {
  const measured = new Map<string, Promise<ParityOfGraph>>()
  const chosen = new Map<string, Promise<Choice>>()
  const measure = (graph: GraphRef, provider: Provider, settings: InferenceSettings): Promise<ParityOfGraph> => {
    const key = sessionKey(graph, provider, settings)
    let made = measured.get(key)
    if (made === undefined) {
      made = (async () => {
        const feeds = feedsOf(await sessions.inputName(graph))
        const reference = await sessions.run(graph, 'cpu', settings, feeds)
        try {
          const here = await sessions.run(graph, provider, settings, feeds)
          return { graph: graph.name, sha256: graph.sha256, difference: largestDifference(reference['probability'], here['probability']), problem: null }
        } catch (error) {
          return { graph: graph.name, sha256: graph.sha256, difference: null, problem: firstLine(error) }
        }
      })()
      made.catch(() => measured.delete(key))
      measured.set(key, made)
    }
    return made
  }
  /** `starts`: it can run at all; `available`: `auto` may take it. */
  const check = async (provider: Provider, graphs: readonly GraphRef[], settings: InferenceSettings): Promise<ProviderState & { starts: boolean }> => {
    const found = runtime.backends()
    const no = (reason: string, checks: readonly ParityOfGraph[] = [], starts = false): ProviderState & { starts: boolean } => ({ name: provider, available: false, reason, checks, starts })
    if (provider === 'cpu') return { name: provider, available: true, reason: 'always there', checks: [], starts: true }
    if (!found.has(provider)) return no('not part of this build of onnxruntime')
    if (found.get(provider) === false) return no(provider === 'cuda' ? 'its library is not installed; "npm run setup:cuda" fetches it on a machine with an NVIDIA GPU' : 'its library is not installed')
    if (graphs.length === 0) return no('not tried: no graph to probe it with')
    const checks: ParityOfGraph[] = []
    for (const graph of graphs) {
      const made = await measure(graph, provider, settings)
      checks.push(made)
      if (made.problem !== null) return no(`does not start here (${graph.name}: ${made.problem})`, checks)
      if (!((made.difference as number) <= PARITY)) return no(`differs from the CPU by ${(made.difference as number).toExponential(1)} on ${graph.name}, more than ${PARITY}`, checks, true)
    }
    const worst = Math.max(...checks.map((c) => c.difference ?? 0))
    return { name: provider, available: true, reason: [`agrees with the CPU within ${worst.toExponential(1)} on ${checks.map((c) => c.graph).join(', ')}`, deviceWords(provider, settings)].filter((t) => t !== '').join('; '), checks, starts: true }
  }
  return {
    choose(graphs, settings) {
      const key = [settings.deviceId, settings.memoryLimitMb ?? '', ...graphs.map((g) => g.sha256)].join('\n')
      let made = chosen.get(key)
      if (made === undefined) {
        made = (async () => {
          const refused: string[] = []
          for (const provider of runtime.order) {
            const state = await check(provider, graphs, settings)
            if (state.available) return { provider, note: [state.reason, ...refused].join('; '), fallback: null }
            refused.push(`${NAMES[provider]}: ${state.reason}`)
          }
          return { provider: 'cpu' as const, note: refused.join('; '), fallback: null }
        })()
        made.catch(() => chosen.delete(key))
        chosen.set(key, made)
      }
      return made
    },
    async asked(provider, graphs, settings) {
      if (provider === 'cpu') return { provider, note: 'chosen by the user', fallback: null }
      const state = await check(provider, graphs, settings)
      if (state.starts) return { provider, note: `chosen by the user; ${state.reason}`, fallback: null }
      const fallback = `${NAMES[provider]} was asked for, but ${state.reason}; the CPU ran it`
      return { provider: 'cpu', note: fallback, fallback }
    },
    async states(graphs, settings) {
      const states: ProviderState[] = []
      for (const provider of runtime.order) {
        const { starts: _, ...state } = await check(provider, graphs, settings)
        states.push(state)
      }
      return states
    },
  }
}
