import { describe, expect, it } from 'vitest'
import { gaussianField } from '#shared/phantom/gaussianField.ts'
import { drawScanner } from '#shared/phantom/scanner.ts'
import { envelope } from '#shared/phantom/speckle.ts'
import { createRandom } from '#shared/lib/index.ts'

const moment = (values: Float32Array, power: number): number => values.reduce((sum, v) => sum + v ** power, 0) / values.length

describe('the Gaussian field', () => {
  it('has the moments of a standard normal and no correlation between neighbours', () => {
    const field = gaussianField(12345, 400_000)
    expect(moment(field, 1)).toBeCloseTo(0, 1.9)
    expect(moment(field, 2)).toBeCloseTo(1, 1.5)
    expect(moment(field, 4)).toBeGreaterThan(2.9)
    expect(moment(field, 4)).toBeLessThan(3.1)
    const lag = field.reduce((sum, v, i) => sum + v * (field[i + 1] ?? 0), 0) / field.length
    expect(Math.abs(lag)).toBeLessThan(0.01)
  })
})

describe('speckle', () => {
  it('of even tissue is Rayleigh: unit power, and mean over standard deviation 1.91', () => {
    const width = 400, height = 300, scanner = { ...drawScanner(createRandom(1), 'A'), deepDb: 0, noiseDb: -90 }
    const field = { width, height, mmPerPx: 0.1, left: -20, diffuse: new Float32Array(width * height), specular: new Float32Array(width * height).fill(-90) }
    const result = envelope(field, new Float32Array(width * height), scanner, { from: 5, to: 5, blend: 0 })
    const mean = moment(result, 1), power = moment(result, 2)
    expect(power).toBeGreaterThan(0.93)
    expect(power).toBeLessThan(1.07)
    expect(Math.abs(mean / Math.sqrt(power - mean * mean) - Math.sqrt(Math.PI / (4 - Math.PI)))).toBeLessThan(0.08)
  })
})
