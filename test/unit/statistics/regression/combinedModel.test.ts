import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRandom, unwrap } from '#shared/lib/index.ts'
import { chooseThreshold } from '#shared/statistics/classification/index.ts'
import { firthRegression, freezeModel, logisticRegression, parseCombinedModel, predictCombined, type DataRow, type Term } from '#shared/statistics/regression/index.ts'

const terms: Term[] = [
  { kind: 'factor', name: 'histologic type', levels: ['invasive ductal', 'invasive lobular', 'DCIS'] },
  { kind: 'factor', name: 'her2', levels: ['negative', 'positive'] },
  { kind: 'numeric', name: 'size', unit: 'mm' },
  { kind: 'numeric', name: 'dl' },
]
const random = createRandom('combined')
const rows: DataRow[] = Array.from({ length: 200 }, (_, i) => {
  const row = { 'histologic type': ['invasive ductal', 'invasive lobular', 'DCIS'][i % 3]!, her2: i % 2 ? 'positive' : 'negative', size: 5 + random.int(50), dl: random.next() }
  return { ...row, sln: random.next() < 1 / (1 + Math.exp(2.5 - 4 * row.dl - 0.02 * row.size)) ? 1 : 0 }
})
const fit = unwrap(logisticRegression(rows, { outcome: 'sln', terms }))
const threshold = unwrap(chooseThreshold({ cohort: 'training', outcome: rows.map((r) => r.sln as number), score: fit.fitted }))
const model = unwrap(freezeModel(fit, { positiveClass: 'SLN metastasis', cohort: 'training', threshold }))
const some: DataRow = { 'histologic type': 'DCIS', her2: 'positive', size: 22, dl: 0.4 }

describe('combined model', () => {
  it('survives JSON and cannot be changed', () => {
    expect(unwrap(parseCombinedModel(JSON.parse(JSON.stringify(model))))).toEqual(model)
    expect(() => { (model.terms as unknown[]).push(1) }).toThrow(TypeError)
    expect(model.threshold).toEqual({ value: threshold.value, rule: threshold.rule, chosenOn: 'training', chosenOnCases: 200 })
    expect(model).toMatchObject({ n: 200, outcome: 'sln', positiveClass: 'SLN metastasis', cohort: 'training' })
  })

  it('predicts what the fit predicts, its contributions add up, and says whether it is positive', () => {
    const copy = unwrap(parseCombinedModel(JSON.parse(JSON.stringify(model))))
    rows.forEach((row, i) => {
      const p = unwrap(predictCombined(copy, row))
      expect(p.probability).toBeCloseTo(fit.fitted[i]!, 12)
      expect(p.contributions.reduce((s, c) => s + c.contribution, model.intercept)).toBe(p.linearPredictor)
      expect(p.interval.lower).toBeLessThan(p.probability)
      expect(p.interval.upper).toBeGreaterThan(p.probability)
      expect(p.positive).toBe(p.probability >= threshold.value)
    })
    expect(unwrap(predictCombined(model, some)).contributions.map((c) => [c.term, c.value, c.unit])).toEqual(
      [['histologic type', 'DCIS', undefined], ['her2', 'positive', undefined], ['size', 22, 'mm'], ['dl', 0.4, undefined]])
  })

  it('has a wider interval at a higher level', () => {
    const [a, b] = [0.9, 0.99].map((level) => unwrap(predictCombined(model, some, level)).interval)
    expect(b!.lower).toBeLessThan(a!.lower)
    expect(b!.upper).toBeGreaterThan(a!.upper)
  })

  it('names what is missing or unknown', () => {
    expect(predictCombined(model, { her2: 'positive', size: null, dl: 0.1 })).toMatchObject({ ok: false, error: { code: 'missing_values', subject: 'histologic type, size' } })
    const unknown = predictCombined(model, { ...some, her2: 'equivocal' })
    expect(unknown).toMatchObject({ ok: false, error: { code: 'unknown_level', subject: 'her2' } })
    expect(!unknown.ok && unknown.error.message).toContain('negative, positive')
    expect(predictCombined(model, { ...some, size: 'large' })).toMatchObject({ ok: false, error: { code: 'not_finite', subject: 'size' } })
    expect(unwrap(predictCombined(model, { ...some, size: 500 })).extrapolated).toEqual(['size'])
  })

  it('freezes no fit whose estimates mean nothing', () => {
    const separated = Array.from({ length: 12 }, (_, i) => ({ x: i, y: i > 5 ? 1 : 0 }))
    const spec = { outcome: 'y', terms: [{ kind: 'numeric' as const, name: 'x' }] }
    const settings = { positiveClass: 'y', cohort: 'training' }
    expect(freezeModel(unwrap(logisticRegression(separated, spec)), settings)).toMatchObject({ ok: false, error: { code: 'separation' } })
    const penalised = unwrap(freezeModel(unwrap(firthRegression(separated, spec)), settings))
    expect(penalised.method).toContain('Firth')
    expect(unwrap(predictCombined(penalised, { x: 11 })).probability).toBeLessThan(1)
    const twice = rows.map((r) => ({ ...r, dl2: (r.dl as number) * 2 }))
    const collinear = unwrap(logisticRegression(twice, { outcome: 'sln', terms: [...terms, { kind: 'numeric', name: 'dl2' }] }))
    expect(freezeModel(collinear, settings)).toMatchObject({ ok: false, error: { code: 'collinear', subject: 'dl2' } })
    expect(freezeModel(fit, { ...settings, threshold: { value: 1.2, rule: '', chosenOn: null, chosenOnCases: null } })).toMatchObject({ ok: false, error: { code: 'out_of_range' } })
  })

  it('refuses JSON that was tampered with', () => {
    const json = (): Record<string, unknown> => JSON.parse(JSON.stringify(model)) as Record<string, unknown>
    const spoil: ((m: Record<string, unknown>) => void)[] = [
      (m) => { m.version = 2 }, (m) => { m.intercept = null }, (m) => { m.cohort = 3 }, (m) => { (m.covariance as unknown[]).pop() },
      (m) => { (m.columns as string[])[1] = 'other' }, (m) => { (m.terms as { coefficient: unknown }[])[2]!.coefficient = 'x' },
      (m) => { (m.covariance as number[][])[0]![1] = 9 }, (m) => { m.threshold = { value: 3 } }, (m) => { m.linearPredictorRange = [1] },
    ]
    for (const change of spoil) {
      const m = json()
      change(m)
      expect(parseCombinedModel(m)).toMatchObject({ ok: false, error: { code: 'bad_task' } })
    }
    fc.assert(fc.property(fc.jsonValue(), (value) => { expect(parseCombinedModel(value).ok).toBe(false) }))
  })
})
