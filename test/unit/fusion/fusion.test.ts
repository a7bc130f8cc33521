import fc from 'fast-check'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { createFusionLookup } from '#main/runtime/fusion/lookup.ts'
import { boosterMargin, BoosterError, marginToProbability, readBooster } from '#main/runtime/fusion/xgboost.ts'
import { root } from '#test/support/studies.ts'
import { ulps } from '#test/support/xgboost.ts'

interface Fixture { triples: { shape: [number, number]; float32: string }; margin: { float32: string }; probability: { float32: string } }

const floats = (text: string): Float32Array => {
  const bytes = Buffer.from(text, 'base64')
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length))
}
const modelFile = join(root, 'models/fusion/fusion.json')
const booster = readBooster(readFileSync(modelFile, 'utf8'))
const lookup = createFusionLookup(booster)

describe('fusion by the shipped booster', () => {
  test('margins are bit-equal to what xgboost computed and probabilities within 1 ulp, on recorded triples', () => {
    const fixtureFile = join(root, 'models/fixtures/fusion.json')
    expect(existsSync(fixtureFile)).toBe(true)
    const fixture = JSON.parse(readFileSync(fixtureFile, 'utf8')) as Fixture
    const triples = floats(fixture.triples.float32), margins = floats(fixture.margin.float32), probabilities = floats(fixture.probability.float32)
    expect(margins.length).toBe(fixture.triples.shape[0])
    let worst = 0
    for (let i = 0; i < margins.length; i++) {
      const [a, b, c] = [triples[3 * i] as number, triples[3 * i + 1] as number, triples[3 * i + 2] as number]
      expect(boosterMargin(booster, [a, b, c])).toBe(margins[i])
      expect(lookup.margin(a, b, c)).toBe(margins[i])
      worst = Math.max(worst, ulps(marginToProbability(margins[i] as number), probabilities[i] as number))
    }
    expect(worst).toBeLessThanOrEqual(1)
  })

  test('the lookup equals a walk through the trees on 200,000 random triples and at every threshold', () => {
    const thresholds = [...new Set(booster.trees.flatMap((t) => [...t.left.keys()].filter((i) => t.left[i] !== -1).map((i) => t.condition[i] as number)))]
    const probability = fc.oneof(fc.float({ min: 0, max: 1, noNaN: true }), fc.constantFrom(...thresholds, 0, 1))
    for (const triple of fc.sample(fc.tuple(probability, probability, probability), { numRuns: 200_000, seed: 4 })) {
      if (lookup.margin(...triple) !== boosterMargin(booster, triple)) expect.fail(`differs at ${triple.join(', ')}`)
    }
  })

  test('whole maps come out as the single triples do', () => {
    const maps = [3, 5, 7].map((k) => Float32Array.from({ length: 1000 }, (_, i) => Math.fround(((i * k) % 997) / 996)))
    const fused = lookup.fuse(maps[0] as Float32Array, maps[1] as Float32Array, maps[2] as Float32Array)
    fused.forEach((p, i) => expect(p).toBe(marginToProbability(boosterMargin(booster, maps.map((m) => m[i] as number)))))
  })

  test('a booster that fusion cannot evaluate is refused in words', () => {
    const json = JSON.parse(readFileSync(modelFile, 'utf8')) as { learner: { objective: { name: string }; learner_model_param: { num_feature: string } } }
    expect(() => readBooster('{')).toThrow(BoosterError)
    expect(() => readBooster(JSON.stringify({ ...json, learner: { ...json.learner, objective: { name: 'reg:squarederror' } } }))).toThrow(/binary:logistic/)
    expect(() => createFusionLookup({ ...booster, features: 4 })).toThrow(/three probability maps/)
  })
})
