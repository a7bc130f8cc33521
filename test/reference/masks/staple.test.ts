import { describe, expect, test } from 'vitest'
import { staple } from '#shared/contour/index.ts'
import { decodeMask, encodeMask } from '#shared/geometry/index.ts'
import fixture from '../fixtures/masks/staple.json' with { type: 'json' }

/** The raters of test/reference/itk/masks.cxx, pixel by pixel. */
const WIDTH = 48, HEIGHT = 40
const RATERS = [[23.5, 19, 9.5, 11], [24, 19.5, 9, 13], [23, 20, 10, 17], [24.5, 18.5, 9.5, 19], [26, 21, 14, 7]] as const
const masks = RATERS.map(([cx, cy, r, odd]) => encodeMask(Uint8Array.from({ length: WIDTH * HEIGHT }, (_, i) => {
  const x = i % WIDTH, y = Math.floor(i / WIDTH)
  const inside = Math.hypot(x + 0.5 - cx, y + 0.5 - cy) <= r
  return ((x * 31 + y * 17) % (odd * 5) === 0 ? !inside : inside) ? 1 : 0
}), { width: WIDTH, height: HEIGHT }))
const rows = (data: Uint8Array): string[] => Array.from({ length: HEIGHT }, (_, y) => Array.from(data.subarray(y * WIDTH, (y + 1) * WIDTH), (v) => (v ? '#' : '.')).join(''))

describe(`STAPLE against ${fixture.program} (test/reference/itk)`, () => {
  const found = staple(masks)
  test('sensitivity and specificity of each rater', () => {
    expect(found.converged).toBe(true)
    found.raters.forEach((r, i) => {
      expect(r.sensitivity).toBeCloseTo(fixture.sensitivity[i] as number, 6)
      expect(r.specificity).toBeCloseTo(fixture.specificity[i] as number, 6)
    })
  })
  test('the consensus, pixel for pixel, and the sum of all probabilities', () => {
    expect(rows(decodeMask(found.consensus))).toEqual(fixture.consensus)
    const dense = masks.map(decodeMask)
    let sum = 0
    for (let i = 0; i < WIDTH * HEIGHT; i++) sum += found.probability(dense.reduce((votes, mask, r) => votes | ((mask[i] as number) << r), 0))
    expect(Math.abs(sum - fixture.probability_sum)).toBeLessThan(1e-4)
  })
})
