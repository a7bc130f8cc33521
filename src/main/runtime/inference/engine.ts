import { readFileSync } from 'node:fs'
import { Tensor } from 'onnxruntime-node'
import { connectedComponents } from '#shared/contour/index.ts'
import { bitmapFromMask, encodeMask, maskArea, maskBounds, maskFromBytes, maskToBytes, type RleMask } from '#shared/geometry/index.ts'
import { unwrap } from '#shared/lib/index.ts'
import type { Provider } from '#shared/contract/inference.ts'
import { createFusionLookup, type FusionLookup } from '../fusion/lookup.ts'
import { readBooster } from '../fusion/xgboost.ts'
import { probabilityPng, readPng, type Pixels } from './pixels.ts'
import { cropPlanes, zscorePlanes } from './preprocess.ts'
import { runGraph } from './runGraph.ts'
import { createSessions, type Sessions } from './sessions.ts'
import type { ClassifyAnswer, ClassifyRequest, GraphRef, ProvidersAnswer, Request, SegmentAnswer, SegmentedMap, SegmentRequest } from './protocol.ts'

export interface Engine { handle(request: Request): Promise<unknown> }

/** Runs requests one after another; the next request's image is decoded while the present one runs. */
export function createEngine(): Engine {
  const sessions = createSessions()
  const lookups = new Map<string, FusionLookup>()
  let turn: Promise<unknown> = Promise.resolve()
  const lookup = (fusion: GraphRef): FusionLookup => {
    let made = lookups.get(fusion.sha256)
    if (made === undefined) {
      made = createFusionLookup(readBooster(readFileSync(fusion.file, 'utf8')))
      lookups.set(fusion.sha256, made)
    }
    return made
  }
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const result = turn.then(work, work)
    turn = result.catch(() => undefined)
    return result
  }
  return {
    async handle(request) {
      switch (request.kind) {
        case 'segment': {
          const pixels = await readPng(request.image)
          const { answer } = await inTurn(async () => ({ answer: await segment(sessions, lookup(request.fusion), pixels, request) }))
          return answer()
        }
        case 'classify': {
          const pixels = await readPng(request.image)
          return inTurn(() => classify(sessions, pixels, request))
        }
        case 'graph':
          return inTurn(() => runGraph(sessions, request))
        case 'describe':
          return inTurn(() => sessions.describe(request.graph))
        case 'providers':
          return inTurn(async (): Promise<ProvidersAnswer> => ({ providers: await sessions.states(request.probe), runtime: 'onnxruntime-node' }))
      }
    },
  }
}

/** The provider asked for, and what to say when the CPU had to step in. */
async function providerFor(sessions: Sessions, asked: Provider | 'auto', probe: GraphRef): Promise<{ provider: Provider; note: string }> {
  return asked === 'auto' ? sessions.choose(probe) : { provider: asked, note: 'chosen by the user' }
}

/** Runs a graph; a provider that fails (out of memory, a missing operator) gives way to the CPU, and the reason is kept. */
async function runOrFallBack(sessions: Sessions, graph: GraphRef, use: { provider: Provider; note: string }, feeds: Record<string, Tensor>): Promise<Record<string, Tensor>> {
  try {
    return await sessions.run(graph, use.provider, feeds)
  } catch (error) {
    if (use.provider === 'cpu') throw new Error(`${graph.name} does not run: ${error instanceof Error ? error.message : String(error)}`)
    use.note = `${use.provider} failed on ${graph.name} (${error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)}), so the CPU ran it`
    use.provider = 'cpu'
    return sessions.run(graph, 'cpu', feeds)
  }
}

function thresholded(map: Float32Array, threshold: number, width: number, height: number): RleMask {
  const bits = new Uint8Array(map.length)
  for (let i = 0; i < map.length; i++) bits[i] = (map[i] as number) >= threshold ? 1 : 0
  return encodeMask(bits, { width, height })
}

interface Packed { readonly mask: RleMask; readonly stored: Promise<SegmentedMap> }

/** Mask and map of one model; the map is compressed on another thread while the next graph runs. */
function packMap(model: SegmentedMap['model'], map: Float32Array, threshold: number, width: number, height: number): Packed {
  const mask = thresholded(map, threshold, width, height)
  const stored = probabilityPng(map, width, height).then((png): SegmentedMap => ({ model, mask: maskToBytes(mask), areaPx: maskArea(mask), map: png }))
  stored.catch(() => undefined) // awaited with the others; a graph may fail before that
  return { mask, stored }
}

/** Runs the graphs and the fusion; what it returns waits for the compressed maps, which need no turn of their own. */
async function segment(sessions: Sessions, fusion: FusionLookup, pixels: Pixels, request: SegmentRequest): Promise<() => Promise<SegmentAnswer>> {
  const started = performance.now()
  const { width, height } = pixels
  const image = new Tensor('float32', zscorePlanes(pixels), [1, 3, height, width])
  const use = await providerFor(sessions, request.provider, request.networks[0] as GraphRef)
  let graphMilliseconds = 0
  const maps: Float32Array[] = [], packed: Packed[] = []
  for (const network of request.networks) {
    const before = performance.now()
    const { probability } = await runOrFallBack(sessions, network, use, { image })
    graphMilliseconds += performance.now() - before
    if (probability === undefined || probability.size !== width * height) throw new Error(`${network.name} gave no probability map of the image's size`)
    const map = probability.data as Float32Array
    maps.push(map)
    packed.push(packMap(network.name, map, network.threshold ?? 0.5, width, height))
  }
  const fused = fusion.fuse(maps[0] as Float32Array, maps[1] as Float32Array, maps[2] as Float32Array)
  packed.push(packMap('fusion', fused, request.fusion.threshold ?? 0.5, width, height))
  const found = quality(maps, fused, (packed[3] as Packed).mask, width, height)
  return async () => ({ maps: await Promise.all(packed.map((p) => p.stored)), provider: use.provider, providerNote: use.note, graphMilliseconds, ...found, milliseconds: performance.now() - started })
}

function diceOf(a: Float32Array, b: Float32Array): number {
  let both = 0, sum = 0
  for (let i = 0; i < a.length; i++) {
    const x = (a[i] as number) >= 0.5 ? 1 : 0, y = (b[i] as number) >= 0.5 ? 1 : 0
    both += x & y
    sum += x + y
  }
  return sum === 0 ? 1 : (2 * both) / sum
}

function quality(maps: readonly Float32Array[], fused: Float32Array, mask: RleMask, width: number, height: number): Pick<SegmentAnswer, 'disagreement' | 'uncertainty' | 'components' | 'touchesBorder'> {
  const [a, b, c] = maps as [Float32Array, Float32Array, Float32Array]
  const disagreement = 1 - (diceOf(a, b) + diceOf(a, c) + diceOf(b, c)) / 3
  let unsure = 0
  for (const p of fused) if (p > 0.25 && p < 0.75) unsure++
  const area = maskArea(mask)
  const bounds = maskBounds(mask)
  return {
    disagreement, uncertainty: area === 0 ? (unsure > 0 ? 1 : 0) : Math.min(1, unsure / area), components: area === 0 ? 0 : connectedComponents(bitmapFromMask(mask)).count,
    touchesBorder: area > 0 && (bounds.left === 0 || bounds.top === 0 || bounds.left + bounds.width === width || bounds.top + bounds.height === height),
  }
}

async function classify(sessions: Sessions, pixels: Pixels, request: ClassifyRequest): Promise<ClassifyAnswer> {
  const mask = unwrap(maskFromBytes(request.mask))
  const bounds = maskBounds(mask)
  if (bounds.width === 0) throw new Error('the mask is empty: there is nothing to classify')
  const box = { x: bounds.left, y: bounds.top, width: bounds.width, height: bounds.height }
  const roi = new Tensor('float32', cropPlanes(pixels, box), [1, 3, 224, 224])
  const first = request.networks[0]
  if (first === undefined) return { box, provider: 'cpu', results: [] }
  const use = { provider: request.provider === 'auto' ? ('cpu' as Provider) : request.provider, note: '' }
  const results: ClassifyAnswer['results'][number][] = []
  for (const network of request.networks) {
    const { probability, cam } = await runOrFallBack(sessions, network, use, { roi })
    if (probability === undefined || cam === undefined) throw new Error(`${network.name} gave no probability and map`)
    const [height = 1, width = 1] = cam.dims.slice(-2)
    results.push({ name: network.name, probability: (probability.data as Float32Array)[0] as number, cam: { width, height, values: Float32Array.from(cam.data as Float32Array) } })
  }
  return { box, provider: use.provider, results }
}
