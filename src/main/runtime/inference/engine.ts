import { maskBounds, maskFromBytes } from '#shared/geometry/index.ts'
import { unwrap } from '#shared/lib/index.ts'
import type { InferenceSettings, Provider } from '#shared/contract/inference.ts'
import { createLadder, type Ladder, type Ran } from './ladder.ts'
import { gpuMemoryMb } from './memory.ts'
import { createParity, type Choice } from './parity.ts'
import { pngSize, readPng, type Pixels } from './pixels.ts'
import { createPool, shared } from './pool.ts'
import type { NetworkMap } from './pictures/segmentation.ts'
import { createPictures, type Pictures, type Prepared } from './pictures/work.ts'
import { cropPlanes } from './preprocess.ts'
import type { ClassifyAnswer, ClassifyRequest, ProvidersAnswer, Request, SegmentAnswer, SegmentRequest } from './protocol.ts'
import { nodeRuntime, type Runtime } from './providers.ts'
import { createQueue } from './queue.ts'
import { runGraph } from './runGraph.ts'
import { createSessions } from './sessions.ts'

export interface Engine { handle(request: Request, settings?: InferenceSettings): Promise<unknown> }

const ONE_BY_ONE: InferenceSettings = { deviceId: 0, memoryLimitMb: null, batchSize: 1 }

/** A picture that is ready for the segmentation networks. */
interface Waiting extends Prepared { readonly request: SegmentRequest; readonly settings: InferenceSettings; readonly choice: Choice }
/** The networks' maps of one picture, before fusion. */
interface Mapped { readonly maps: readonly NetworkMap[]; readonly provider: Provider; readonly note: string; readonly fallback: string | null; readonly graphMilliseconds: number }

/**
 * On the CPU as many requests at once as there are lanes, their networks side by side; a GPU takes one after another, pictures of one size that
 * wait together as one batch. Meanwhile the next pictures are prepared, and what the last ones gave is fused, cut and compressed, by `pictures`.
 */
export function createEngine({ runtime = nodeRuntime(gpuMemoryMb), pictures = createPictures(), lanes = 1 }: { readonly runtime?: Runtime; readonly pictures?: Pictures; readonly lanes?: number } = {}): Engine {
  const pool = createPool(shared)
  const sessions = createSessions(runtime), parity = createParity(runtime, sessions), ladder = createLadder(runtime, sessions, pool)
  const together = (waiting: readonly Waiting[]): Promise<Mapped[]> => segmentTogether(ladder, waiting)
  const onCpu = createQueue(together, lanes), onGpu = createQueue(together, 1)
  const inTurn = onGpu.alone
  const choose = ({ provider, networks }: SegmentRequest | ClassifyRequest, settings: InferenceSettings): Promise<Choice> =>
    inTurn(() => (provider === 'auto' ? parity.choose(networks, settings) : parity.asked(provider, networks, settings)))
  const segment = async (request: SegmentRequest, settings: InferenceSettings): Promise<SegmentAnswer> => {
    const started = performance.now()
    const { width, height } = pngSize(request.image)
    if (!(width > 0 && height > 0)) throw new Error('the stored image is no PNG')
    const planes = pool.take(3 * width * height), fused = pool.take(width * height)
    const borrowed = [planes, fused]
    try {
      const [choice] = await Promise.all([choose(request, settings), pictures.prepare(request.image, planes)])
      const key = [choice.provider, choice.note, JSON.stringify(settings), width, height, ...request.networks.map((n) => n.sha256)].join('\n')
      const { maps, provider, note, fallback, graphMilliseconds } = await (choice.provider === 'cpu' ? onCpu : onGpu).together({ request, settings, choice, width, height, planes }, key, choice.provider === 'cpu' ? 1 : settings.batchSize)
      borrowed.push(...maps.map((m) => m.values))
      const finished = await pictures.finish({ maps, fused, fusion: request.fusion, width, height })
      return { ...finished, provider, providerNote: note, fallback, graphMilliseconds, milliseconds: performance.now() - started }
    } finally {
      for (const values of borrowed) pool.give(values)
    }
  }
  return {
    async handle(request, settings = ONE_BY_ONE) {
      switch (request.kind) {
        case 'segment':
          return segment(request, settings)
        case 'classify': {
          const [pixels, choice] = await Promise.all([readPng(request.image), choose(request, settings)])
          return (choice.provider === 'cpu' ? onCpu : onGpu).alone(() => classify(ladder, choice, pixels, request, settings))
        }
        case 'graph':
          return inTurn(() => runGraph(sessions, request, settings))
        case 'describe':
          return inTurn(() => sessions.describe(request.graph))
        case 'providers':
          return inTurn(async (): Promise<ProvidersAnswer> => ({ providers: await parity.states(request.probes, settings), runtime: 'onnxruntime-node' }))
      }
    },
  }
}

/** What ran a picture's graphs, as one: the provider that was chosen, or the CPU as soon as one graph fell back to it; the note has every reason. */
function asOne(choice: Choice, ran: readonly { readonly name: string; readonly provider: Provider; readonly reason: string | null }[]): { provider: Provider; note: string; fallback: string | null } {
  const fell = ran.filter((r) => r.provider !== choice.provider)
  const reasons = [...new Set(ran.flatMap((r) => r.reason ?? []))]
  const rest = fell.length > 0 && fell.length < ran.length ? [`${ran.filter((r) => r.provider === choice.provider).map((r) => r.name).join(', ')} ran on ${choice.provider}`] : []
  const fallback = [...(choice.fallback === null ? [] : [choice.fallback]), ...reasons, ...rest].join('; ')
  return { provider: fell.length > 0 ? 'cpu' : choice.provider, note: [...reasons, ...rest, choice.note].join('; '), fallback: fallback === '' ? null : fallback }
}

/** Every network over all pictures of a batch; on the CPU side by side, on a GPU one after another. */
async function segmentTogether(ladder: Ladder, together: readonly Waiting[]): Promise<Mapped[]> {
  const { request, settings, choice, width, height } = together[0] as Waiting
  const before = performance.now()
  const ran = await eachNetwork(choice, request.networks, (network) => ladder.run(network, choice.provider, settings, { input: 'image', width, height, planes: together.map((p) => p.planes) }))
  const graphMilliseconds = (performance.now() - before) / together.length
  return together.map((_, i) => {
    const mine = ran.map(({ network, answers }) => ({ network, ...(answers[i] as Ran) }))
    const maps = mine.map(({ network, outputs }): NetworkMap => {
      const values = outputs['probability']?.values
      if (values === undefined || values.length !== width * height) throw new Error(`${network.name} gave no probability map of the image's size`)
      return { model: network.name, values, threshold: network.threshold ?? 0.5 }
    })
    return { maps, ...asOne(choice, mine.map(({ network, provider, reason }) => ({ name: network.name, provider, reason }))), graphMilliseconds }
  })
}

async function eachNetwork<N>(choice: Choice, networks: readonly N[], run: (network: N) => Promise<Ran[]>): Promise<{ network: N; answers: Ran[] }[]> {
  const one = async (network: N): Promise<{ network: N; answers: Ran[] }> => ({ network, answers: await run(network) })
  if (choice.provider === 'cpu') return Promise.all(networks.map(one))
  const all: { network: N; answers: Ran[] }[] = []
  for (const network of networks) all.push(await one(network))
  return all
}

async function classify(ladder: Ladder, choice: Choice, pixels: Pixels, request: ClassifyRequest, settings: InferenceSettings): Promise<ClassifyAnswer> {
  const mask = unwrap(maskFromBytes(request.mask))
  const bounds = maskBounds(mask)
  if (bounds.width === 0) throw new Error('the mask is empty: there is nothing to classify')
  const box = { x: bounds.left, y: bounds.top, width: bounds.width, height: bounds.height }
  const roi = cropPlanes(pixels, box)
  const all = await eachNetwork(choice, request.networks, (network) => ladder.run(network, choice.provider, settings, { input: 'roi', width: 224, height: 224, planes: [roi] }))
  return {
    box,
    results: all.map(({ network, answers: [ran] }) => {
      const { probability, cam } = ran?.outputs ?? {}
      if (ran === undefined || probability === undefined || cam === undefined) throw new Error(`${network.name} gave no probability and map`)
      const [height = 1, width = 1] = cam.dims.slice(-2)
      const { provider, note, fallback } = asOne(choice, [{ name: network.name, ...ran }])
      return { name: network.name, probability: probability.values[0] as number, cam: { width, height, values: Float32Array.from(cam.values) }, provider, providerNote: note, fallback }
    }),
  }
}
