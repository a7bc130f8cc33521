// node test/bench/inference.ts [IMAGES] : the whole path of an image against the graphs alone on the CPU, and fusion against walking the trees, in one run.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { planDemoStudy, renderPhantom } from '#shared/phantom/index.ts'
import { encodePng } from '#main/formats/images/index.ts'
import { quietLogger } from '#main/platform/index.ts'
import { createFusionLookup } from '#main/runtime/fusion/lookup.ts'
import { boosterMargin, marginToProbability, readBooster, type Booster } from '#main/runtime/fusion/xgboost.ts'
import { createInference } from '#main/runtime/inference/client.ts'
import { zscorePlanes } from '#main/runtime/inference/preprocess.ts'
import { spawnNodeInference } from '#main/runtime/inference/spawnNode.ts'
import { underWay } from '#main/services/inference/underWay.ts'
import { readRegistry } from '#main/runtime/models/registry.ts'
import { root } from '#test/support/studies.ts'
import { askXgboost, ulps, whyNoXgboost } from '#test/support/xgboost.ts'

const AIM = 1.15
/** As many that the first and the last, which have nothing beside them, do not decide. */
const count = Number(process.argv[2] ?? 40)
const set = readRegistry(join(root, 'models')).segmentationSet('segmentation')
const plan = planDemoStudy({ cases: Math.max(12, count), seed: 1 })

const images = await Promise.all(plan.cases.slice(0, count).map(async (c) => {
  const { width, height, channels, pixels } = renderPhantom(c, 0)
  const image = { width, height, channels, data: pixels }
  return { ...image, png: await encodePng(image, 4) }
}))
const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN
const timed = async <T>(work: () => T | Promise<T>): Promise<{ ms: number; value: T }> => {
  const started = performance.now()
  const value = await work()
  return { ms: performance.now() - started, value }
}

/** The graphs alone: warm sessions of this process, inputs ready, nothing but `run`. */
const sessions = await Promise.all(set.networks.map((n) => InferenceSession.create(n.file, { executionProviders: ['cpu'], graphOptimizationLevel: 'all', logSeverityLevel: 3 })))
const planes = images.map((image) => new Tensor('float32', zscorePlanes(image), [1, 3, image.height, image.width]))
async function bare(i: number): Promise<{ ms: number; maps: Float32Array[] }> {
  let ms = 0
  const maps: Float32Array[] = []
  for (const session of sessions) {
    const ran = await timed(() => session.run({ image: planes[i] as Tensor }))
    ms += ran.ms
    maps.push(Float32Array.from(ran.value['probability']?.data as Float32Array))
  }
  return { ms, maps }
}

/** The whole path, as a batch takes it: a stored PNG goes to the inference process, masks and maps come back. */
const inference = createInference({ spawn: spawnNodeInference, resources: root, addedModels: join(root, 'no-added-models'), logger: quietLogger })
const ask = (i: number) => inference.ask({ kind: 'segment', image: images[i]?.png ?? new Uint8Array(), networks: set.networks, fusion: set.fusion, provider: 'cpu' })

// Warm: every lane of the inference process has its graphs open.
for (const { answer } of underWay([...images.keys(), ...images.keys()], inference.lookAhead('cpu'), ask)) await answer
await bare(0)
const alone: { whole: number; bare: number }[] = [], maps: Float32Array[][] = []
for (let i = 0; i < images.length; i++) {
  // By turns, so that what else the machine does falls on both alike.
  const first = i % 2 === 0 ? await timed(() => ask(i)) : null
  const graphs = await bare(i)
  const whole = first ?? (await timed(() => ask(i)))
  maps.push(graphs.maps)
  alone.push({ whole: whole.ms, bare: graphs.ms })
}
/** As a batch asks: the next image is on its way while the present one runs. */
const batch = await timed(async () => {
  for (const { answer } of underWay([...images.keys()], inference.lookAhead('cpu'), ask)) await answer
})
await inference.close()
let bareAgain = 0
for (let i = 0; i < images.length; i++) bareAgain += (await bare(i)).ms

const size = images[0] === undefined ? '' : `${images[0].width} x ${images[0].height}`
const ratio = median(alone.map((t) => t.whole / t.bare))
const batchRatio = batch.ms / Math.min(bareAgain, alone.reduce((s, t) => s + t.bare, 0))
console.log(`${images.length} images of about ${size}, CPU provider, ${set.networks.map((n) => n.name).join(' + ')}, fusion, masks and maps`)
console.log(`  one at a time: ${median(alone.map((t) => t.whole)).toFixed(0)} ms an image, graphs alone ${median(alone.map((t) => t.bare)).toFixed(0)} ms, ratio ${ratio.toFixed(3)} (median of ${images.length})`)
console.log(`  as a batch:    ${(batch.ms / images.length).toFixed(0)} ms an image, graphs alone ${(bareAgain / images.length).toFixed(0)} ms, ratio ${batchRatio.toFixed(3)} (aim at most ${AIM}: ${batchRatio <= AIM ? 'met' : 'not met'})`)

/** Fusion of the real maps: by lookup, by walking the trees for every pixel, and by xgboost where it is installed. */
const booster = readBooster(readFileSync(set.fusion.file, 'utf8'))
const built = await timed(() => createFusionLookup(booster))
const lookup = built.value
const joined = (k: number): Float32Array => {
  const out = new Float32Array(maps.reduce((sum, m) => sum + (m[k]?.length ?? 0), 0))
  let at = 0
  for (const m of maps) {
    out.set(m[k] as Float32Array, at)
    at += (m[k] as Float32Array).length
  }
  return out
}
const [a, b, c] = [joined(0), joined(1), joined(2)]
// As the program does: into memory that was used before.
const out = lookup.fuse(a, b, c)
const fast = [await timed(() => lookup.fuse(a, b, c, out)), await timed(() => lookup.fuse(a, b, c, out)), await timed(() => lookup.fuse(a, b, c, out))]
const walked = await timed(() => walk(booster, a, b, c))
const fused = fast[0]?.value ?? new Float32Array()
let differing = 0
for (let i = 0; i < fused.length; i++) if (fused[i] !== walked.value[i]) differing++
const fuseMs = median(fast.map((f) => f.ms))
console.log(`fusion of ${(a.length / 1e6).toFixed(2)} million pixels, ${booster.trees.length} trees, ${lookup.cells} cells (built in ${built.ms.toFixed(0)} ms)`)
console.log(`  lookup ${fuseMs.toFixed(1)} ms (${((fuseMs * 1e6) / a.length).toFixed(1)} ns a pixel); walking the trees ${walked.ms.toFixed(0)} ms: ${(walked.ms / fuseMs).toFixed(0)} times as long; ${differing} pixels differ`)
if (differing > 0) process.exitCode = 1
console.log(`  ${xgboost([a, b, c], fused, fuseMs)}`)

function walk(model: Booster, x: Float32Array, y: Float32Array, z: Float32Array): Float32Array {
  const out = new Float32Array(x.length), row = [0, 0, 0]
  for (let i = 0; i < x.length; i++) {
    row[0] = x[i] as number
    row[1] = y[i] as number
    row[2] = z[i] as number
    out[i] = marginToProbability(boosterMargin(model, row))
  }
  return out
}

/** The same maps through xgboost itself, per pixel as it would be called; PYTHON names another interpreter than python3. */
function xgboost(columns: [Float32Array, Float32Array, Float32Array], ours: Float32Array, ms: number): string {
  const missing = whyNoXgboost()
  if (missing !== null) return `xgboost: not compared (${missing})`
  const theirs = askXgboost(readFileSync(set.fusion.file), columns)
  let worst = 0, margins = 0
  for (let i = 0; i < ours.length; i++) {
    worst = Math.max(worst, ulps(theirs.probability[i] as number, ours[i] as number))
    if (!Object.is(lookup.margin(columns[0][i] as number, columns[1][i] as number, columns[2][i] as number), theirs.margin[i])) margins++
  }
  if (margins > 0 || worst > 1) process.exitCode = 1
  return `xgboost ${theirs.version} ${theirs.ms.toFixed(0)} ms: ${(theirs.ms / ms).toFixed(1)} times as long; ${margins} margins differ in a bit, probabilities within ${worst} ulp`
}
