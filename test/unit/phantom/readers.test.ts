import { describe, expect, it } from 'vitest'
import { callContradictsRating } from '#shared/domain/index.ts'
import { planDemoStudy, simulateAidedReading, simulatedAid, simulatedAidedReaders, simulatedReaders, simulateReading } from '#shared/phantom/index.ts'
import { aucOf } from './aucOf.ts'

describe('the simulated readers', () => {
  const cases = planDemoStudy({ cases: 4000, seed: 'readers' }).cases.filter((c) => c.excludedReason === null)
  const positive = cases.map((c) => c.sln === 1)

  it('are two juniors and two seniors', () => {
    expect(simulatedReaders.map((r) => [r.seniority, r.yearsOfExperience])).toEqual([['junior', 4], ['junior', 5], ['senior', 8], ['senior', 12]])
  })

  it.each(simulatedReaders)('$id rates with the discrimination of a $seniority and never contradicts the rating', (reader) => {
    const readings = cases.map((c) => simulateReading(reader, c))
    const measured = aucOf(readings.map((r) => r.rating), positive), expected = reader.seniority === 'junior' ? 0.65 : 0.72
    expect(Math.abs(measured - expected)).toBeLessThan(0.035)
    expect(new Set(readings.map((r) => r.rating)).size).toBe(5)
    for (const r of readings) {
      expect(callContradictsRating(r.call, r.rating, 'points5')).toBe(false)
      expect(r.seconds).toBeGreaterThanOrEqual(4)
      expect(r.seconds).toBeLessThan(400)
    }
    expect(new Set(readings.filter((r) => r.rating === 3).map((r) => r.call)).size).toBe(2)
  })

  it('read the same for the same seed, in any order, and differ between readers and seeds', () => {
    const few = cases.slice(0, 60), reader = simulatedReaders[0]!, other = simulatedReaders[1]!
    const forward = few.map((c) => simulateReading(reader, c, 7)), backward = few.toReversed().map((c) => simulateReading(reader, c, 7)).toReversed()
    expect(backward).toEqual(forward)
    expect(few.map((c) => simulateReading(reader, c, 8))).not.toEqual(forward)
    expect(few.map((c) => simulateReading(other, c, 7))).not.toEqual(forward)
  })

  it('know nothing of pathology: turning it round changes no reading', () => {
    for (const c of cases.slice(0, 50)) {
      const turned = { ...c, sln: c.sln === 1 ? (0 as const) : (1 as const), signal: -c.signal, clinical: { ...c.clinical, her2: null, histologicType: null } }
      for (const reader of simulatedReaders) expect(simulateReading(reader, turned)).toEqual(simulateReading(reader, c))
    }
  })

  it('answer a second time with an aid: the same for the same seed, better than alone, quicker, and blind to pathology as before', () => {
    for (const reader of simulatedAidedReaders) {
      const alone = cases.map((c) => simulateReading(reader, c)), helped = cases.map((c) => simulateAidedReading(reader, c))
      expect(aucOf(helped.map((r) => r.rating), positive)).toBeGreaterThan(aucOf(alone.map((r) => r.rating), positive) + 0.01)
      expect(cases.slice(0, 40).map((c) => simulateAidedReading(reader, c))).toEqual(helped.slice(0, 40))
      expect(helped.every((r) => !callContradictsRating(r.call, r.rating, 'points5'))).toBe(true)
      const middle = (rows: readonly { seconds: number }[]): number => rows.map((r) => r.seconds).sort((a, b) => a - b)[Math.floor(rows.length / 2)] ?? NaN
      expect(middle(helped)).toBeLessThan(middle(alone))
    }
    const aids = cases.map((c) => simulatedAid(c))
    expect(Math.min(...aids)).toBeGreaterThan(0)
    expect(Math.max(...aids)).toBeLessThan(1)
    for (const c of cases.slice(0, 30)) {
      const turned = { ...c, sln: c.sln === 1 ? (0 as const) : (1 as const), signal: -c.signal }
      expect(simulatedAid(turned)).toBe(simulatedAid(c))
    }
  })
})
