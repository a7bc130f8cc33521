import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { createFusionLookup } from '#main/runtime/fusion/lookup.ts'
import { readBooster } from '#main/runtime/fusion/xgboost.ts'
import { createEngine } from '#main/runtime/inference/engine.ts'
import { readPng, type Pixels } from '#main/runtime/inference/pixels.ts'
import type { GraphRunAnswer } from '#main/runtime/inference/protocol.ts'
import { readRegistry } from '#main/runtime/models/registry.ts'
import { createRandom } from '#shared/lib/index.ts'
import { planDemoStudy, renderPhantom, type CasePlan } from '#shared/phantom/index.ts'
import { root, sharedData } from '#test/support/studies.ts'
import { askXgboost, ulps, whyNoXgboost } from '#test/support/xgboost.ts'

type Columns = [Float32Array, Float32Array, Float32Array]
const set = readRegistry(join(root, 'models')).segmentationSet('segmentation')
const missing = whyNoXgboost()
if (missing !== null) console.log(`skipped: the comparison of fusion with xgboost itself: ${missing}`)

/** How many margins differ in any bit, and the largest distance of a probability in units in the last place. */
function compare(columns: Columns): { rows: number; margins: number; ulps: number } {
  const model = readFileSync(set.fusion.file)
  const lookup = createFusionLookup(readBooster(model.toString()))
  const theirs = askXgboost(model, columns), [a, b, c] = columns, fused = lookup.fuse(a, b, c)
  let margins = 0, worst = 0
  for (let i = 0; i < a.length; i++) {
    if (!Object.is(lookup.margin(a[i] as number, b[i] as number, c[i] as number), theirs.margin[i])) margins++
    worst = Math.max(worst, ulps(fused[i] as number, theirs.probability[i] as number))
  }
  return { rows: a.length, margins, ulps: worst }
}

describe.skipIf(missing !== null)('fusion against xgboost itself', () => {
  test('1,000,000 random triples: every margin bit-equal, every probability within 1 ulp', () => {
    const random = createRandom('fusion-triples')
    // Half spread over 0 to 1, half near its ends, where most pixels of a map lie.
    const columns = [0, 1, 2].map(() => Float32Array.from({ length: 1_000_000 }, (_, i) => (i % 2 === 0 ? random.next() : 1 / (1 + Math.exp(-6 * random.normal()))))) as Columns
    const found = compare(columns)
    expect(found.rows).toBe(1_000_000)
    expect(found.margins).toBe(0)
    expect(found.ulps).toBeLessThanOrEqual(1)
  })

  /** Whether fusion and xgboost agree on the whole, unquantised maps of a picture. */
  async function agreesOn(pixels: Pixels): Promise<void> {
    const maps: Float32Array[] = []
    for (const graph of set.networks) {
      const { outputs } = (await engine.handle({ kind: 'graph', graph, provider: 'cpu', pixels, input: 'image' })) as GraphRunAnswer
      maps.push(outputs['probability']?.values ?? new Float32Array())
    }
    const found = compare(maps as Columns)
    expect(found.rows).toBe(pixels.width * pixels.height)
    expect(found.margins).toBe(0)
    expect(found.ulps).toBeLessThanOrEqual(1)
  }
  const engine = createEngine()

  test('the whole maps of a generated picture', async () => {
    const { width, height, channels, pixels } = renderPhantom(planDemoStudy({ cases: 12, seed: 3 }).cases[0] as CasePlan, 0)
    await agreesOn({ width, height, channels, data: pixels })
  })

  const real = join(sharedData, 'data/breast-ultrasound/images')
  if (!existsSync(real)) console.log(`skipped: fusion against xgboost on real images: ${real} is not there`)
  test.skipIf(!existsSync(real))('the whole maps of real images', async () => {
    for (const name of readdirSync(real).sort().slice(0, 2)) await agreesOn(await readPng(readFileSync(join(real, name))))
  })
})
