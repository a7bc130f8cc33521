import { describe, expect, it } from 'vitest'
import { createRandom } from '#shared/lib/index.ts'
import { at, fromRows } from '#shared/statistics/core/index.ts'
import { firthFit } from '#shared/statistics/regression/firthFit.ts'
import { penalisedLikelihood } from '#shared/statistics/regression/penalisedLikelihood.ts'

const design = (seed: number, n: number, columns: number): number[][] => {
  const random = createRandom(seed)
  return Array.from({ length: n }, () => [1, ...Array.from({ length: columns }, () => random.normal())])
}

describe('the penalised likelihood', () => {
  it('has the score and the curvature that differences of its value and score give', () => {
    const rows = design(1, 30, 3), y = rows.map((r, i) => (r[1]! + Math.sin(i) > 0 ? 1 : 0)), b = Float64Array.of(0.2, 0.8, -0.4, 0.1)
    const x = fromRows(rows), here = penalisedLikelihood(x, y, b)!, curvature = here.curvature(), h = 1e-5
    b.forEach((_, j) => {
      const beside = (side: number) => penalisedLikelihood(x, y, b.map((v, k) => (k === j ? v + side * h : v)))!
      const up = beside(1), down = beside(-1)
      expect((up.value - down.value) / (2 * h)).toBeCloseTo(here.score[j]!, 7)
      up.score.forEach((s, k) => expect(-(s - down.score[k]!) / (2 * h)).toBeCloseTo(at(curvature, k, j), 7))
    })
  })
})

describe("Firth's fit", () => {
  it.each([1000, 20_000])('settles for %i rows that a plane separates completely', (n) => {
    const rows = design(2, n, 2), y = rows.map((r) => (r[1]! + r[2]! > 0 ? 1 : 0)), x = fromRows(rows)
    const fit = firthFit(x, y)
    expect(fit.converged).toBe(true)
    expect(fit.iterations).toBeLessThan(60)
    // At the maximum the modified score vanishes, measured in the metric of the information.
    const top = penalisedLikelihood(x, y, fit.coefficients)!
    const scale = (j: number): number => Math.sqrt(at(top.information, j, j))
    top.score.forEach((s, j) => expect(Math.abs(s) / scale(j)).toBeLessThan(1e-6))
  })

  it('does not depend on the coding: columns that nearly depend on each other, or of far scales, cost no digits', () => {
    const rows = design(3, 100, 3), y = rows.map((r, i) => (r[1]! + 2 * Math.sin(7 * i) > 0 ? 1 : 0))
    const plain = firthFit(fromRows(rows), y)
    const near = firthFit(fromRows(rows.map(([one, a, b, c]) => [one!, a!, a! + 1e-4 * b!, 1e6 + 1e-3 * c!])), y)
    expect(near.converged).toBe(true)
    expect(near.iterations).toBeLessThan(20)
    const [, a, b, c] = near.coefficients
    expect(a! + b!).toBeCloseTo(plain.coefficients[1]!, 8)
    expect(b! * 1e-4).toBeCloseTo(plain.coefficients[2]!, 8)
    expect(c! * 1e-3).toBeCloseTo(plain.coefficients[3]!, 6)
  })

  it('holds coefficients exactly, wherever they stand', () => {
    const rows = design(4, 60, 3), y = rows.map((r, i) => (r[1]! + 2 * Math.sin(5 * i) > 0 ? 1 : 0)), x = fromRows(rows)
    const free = firthFit(x, y)
    for (const j of [0, 1, 3]) {
      const same = firthFit(x, y, { held: new Set([j]), start: free.coefficients })
      expect(same.penalisedLogLikelihood).toBeCloseTo(free.penalisedLogLikelihood, 10)
      const moved = firthFit(x, y, { held: new Set([j]), start: free.coefficients.map((v, k) => (k === j ? v + 0.5 : v)) })
      expect(moved.coefficients[j]).toBe(free.coefficients[j]! + 0.5)
      expect(moved.converged).toBe(true)
      expect(moved.penalisedLogLikelihood).toBeLessThan(free.penalisedLogLikelihood)
    }
  })
})
