import { describe, expect, it } from 'vitest'
import { CLINICAL_VARIABLES, readClinicalValue } from '#shared/domain/index.ts'
import { imagesOf, manifestColumns, manifestRow, planDemoStudy, type CasePlan } from '#shared/phantom/index.ts'
import { aucOf } from './aucOf.ts'

const included = (cases: readonly CasePlan[]): CasePlan[] => cases.filter((c) => c.excludedReason === null)
const share = (cases: readonly CasePlan[], test: (c: CasePlan) => boolean): number => cases.filter(test).length / cases.length

describe('the demo study plan', () => {
  const plan = planDemoStudy()
  const cases = included(plan.cases)

  it('is the same for the same seed and another for another', () => {
    expect(planDemoStudy()).toEqual(plan)
    expect(planDemoStudy({ seed: 2 })).not.toEqual(plan)
  })

  it('has 180 cases in cohorts of about 90, 40 and 50, A divided 7:3 and B external', () => {
    const count = (cohort: string): number => cases.filter((c) => c.cohort === cohort).length
    expect(cases).toHaveLength(180)
    expect(count('external test')).toBe(50)
    expect(Math.abs(count('train') - 91)).toBeLessThanOrEqual(2)
    expect(count('train') + count('validation')).toBe(130)
    for (const c of cases) expect(c.hospital).toBe(c.cohort === 'external test' ? 'B' : 'A')
  })

  it.each([1, 2, 3, 4, 5])('never divides a patient between cohorts and keeps case ids unique (seed %i)', (seed) => {
    const all = planDemoStudy({ cases: 400, seed }).cases
    const cohorts = new Map<string, Set<string | null>>()
    for (const c of all) cohorts.set(c.patientId, (cohorts.get(c.patientId) ?? new Set()).add(c.cohort))
    expect([...cohorts.values()].every((set) => set.size === 1)).toBe(true)
    expect(new Set(all.map((c) => c.caseId)).size).toBe(all.length)
    expect(cohorts.size).toBeLessThan(all.length)
  })

  it('has a prevalence of 47 % in each hospital and near it in each cohort', () => {
    for (const hospital of ['A', 'B']) expect(share(cases.filter((c) => c.hospital === hospital), (c) => c.sln === 1)).toBeCloseTo(0.47, 1)
    for (const cohort of ['train', 'validation']) {
      expect(Math.abs(share(cases.filter((c) => c.cohort === cohort), (c) => c.sln === 1) - 0.47)).toBeLessThan(0.06)
    }
  })

  it('lists excluded cases on top, of both hospitals, with each reason and without a cohort', () => {
    const excluded = plan.cases.filter((c) => c.excludedReason !== null)
    expect(new Set(excluded.map((c) => c.hospital))).toEqual(new Set(['A', 'B']))
    expect(new Set(excluded.map((c) => c.excludedReason)).size).toBe(3)
    for (const c of excluded) expect(c.cohort).toBeNull()
    for (const c of excluded.filter((e) => e.excludedReason === 'incomplete pathology')) expect(c.sln).toBeNull()
  })

  it('has some cases of several images and some missing pathology, not much of either', () => {
    const many = included(planDemoStudy({ cases: 2000 }).cases)
    expect(share(many, (c) => c.images > 1)).toBeGreaterThan(0.08)
    expect(share(many, (c) => c.images > 1)).toBeLessThan(0.2)
    expect(many.some((c) => c.images === 3)).toBe(true)
    for (const key of ['histologicType', 'histologicGrade', 'er', 'pr', 'her2', 'ki67'] as const) {
      const missing = share(many, (c) => c.clinical[key] === null)
      expect(missing).toBeGreaterThan(0)
      expect(missing).toBeLessThan(0.08)
    }
  })

  it('lets the case\'s cohort size and outside share be chosen, and refuses nonsense', () => {
    const external = planDemoStudy({ cases: 60, externalShare: 1 }).cases
    expect(included(external).every((c) => c.cohort === 'external test')).toBe(true)
    expect(() => planDemoStudy({ cases: 0 })).toThrow(RangeError)
    expect(included(planDemoStudy({ cases: 1, externalShare: 0 }).cases)).toHaveLength(1)
  })
})

describe('the simulated outcome', () => {
  const cases = included(planDemoStudy({ cases: 4000, seed: 'outcome' }).cases)
  const positive = cases.map((c) => c.sln === 1)

  it('can be told from the image, less from pathology, best from both', () => {
    const image = aucOf(cases.map((c) => c.imageSignal), positive)
    const pathology = aucOf(cases.map((c) => c.signal - c.imageSignal), positive)
    const both = aucOf(cases.map((c) => c.signal), positive)
    expect(image).toBeGreaterThan(0.86)
    expect(image).toBeLessThan(0.91)
    expect(pathology).toBeGreaterThan(0.67)
    expect(pathology).toBeLessThan(0.75)
    expect(both).toBeGreaterThan(image + 0.01)
  })

  it('follows each visible feature and each of the three clinical factors', () => {
    for (const key of ['spiculation', 'irregularity', 'sizeMm', 'aspect', 'shadow'] as const) {
      expect(aucOf(cases.map((c) => c.lesion[key]), positive)).toBeGreaterThan(0.6)
    }
    const rate = (test: (c: CasePlan) => boolean): number => share(cases.filter(test), (c) => c.sln === 1)
    expect(rate((c) => c.clinical.histologicType === 'DCIS')).toBeLessThan(rate((c) => c.clinical.histologicType === 'invasive ductal') - 0.2)
    expect(rate((c) => c.clinical.her2 === 'positive')).toBeGreaterThan(rate((c) => c.clinical.her2 === 'negative') + 0.03)
    expect(rate((c) => c.clinical.histologicGrade === 'III')).toBeGreaterThan(rate((c) => c.clinical.histologicGrade === 'I') + 0.15)
  })
})

describe('the manifest', () => {
  const plan = planDemoStudy({ cases: 300, seed: 3 })
  const rows = imagesOf(plan).map(({ plan: c, imageIndex }) => manifestRow(c, imageIndex, 0.1))

  it('has one row an image, image files unique, case columns repeated', () => {
    expect(rows).toHaveLength(plan.cases.reduce((sum, c) => sum + c.images, 0))
    expect(new Set(rows.map((r) => r.image)).size).toBe(rows.length)
    const second = rows.find((r) => r.image.endsWith('_2.png'))
    const first = rows.find((r) => r.case_id === second?.case_id)
    expect({ ...second, image: '', mask: '' }).toEqual({ ...first, image: '', mask: '' })
  })

  it('holds values that the workstation\'s own import rules accept', () => {
    for (const row of rows) {
      for (const variable of CLINICAL_VARIABLES) {
        const raw = row[variable.name as (typeof manifestColumns)[number]]
        if (raw !== '') expect(readClinicalValue(variable, raw)).toHaveProperty('value')
      }
      expect(['0', '1', '']).toContain(row.sln)
      expect(row.mask === '').toBe(row.excluded_reason !== '')
    }
  })
})
