import { expect, test } from 'vitest'
import { NETWORKS_SAW, planFit } from '#main/services/combined/plan.ts'

const cohorts = [{ name: 'train', role: 'fit' }, { name: 'validation', role: 'choose' }, { name: 'external', role: 'report' }] as const
const members = new Map([['train', { cases: 90, positives: 40 }], ['validation', { cases: 40, positives: 18 }], ['external', { cases: 50, positives: 24 }]])
const signature = { name: 'dl_signature', label: 'DL signature', network: 'resnet101', sha256: 'a', main: true, cases: 180, outOfFold: null }
const run = { id: 'r', name: 'five folds', cases: 90, folds: 5 }
const used = (plan: ReturnType<typeof planFit>): string[] => plan.cohorts.filter((c) => c.use === 'fit').map((c) => c.name)

test('clinical factors alone are fitted on cohorts with the role fit', () => {
  const plan = planFit(cohorts, members, [])
  expect(used(plan)).toEqual(['train'])
  expect(plan.cohorts.map((c) => c.note)).toEqual(['', '', ''])
})
test('signatures without out-of-fold values: the choosing cohort, never the one that the networks saw', () => {
  const plan = planFit(cohorts, members, [signature])
  expect(used(plan)).toEqual(['validation'])
  expect(plan.signatures).toBe('choosing cohort')
  expect(plan.cohorts.find((c) => c.name === 'train')).toMatchObject({ use: 'evaluate', note: NETWORKS_SAW })
})
test('with out-of-fold values of every signature: the fitting cohort', () => {
  const plan = planFit(cohorts, members, [{ ...signature, outOfFold: run }])
  expect(used(plan)).toEqual(['train'])
  expect(plan.basis).toContain('five folds')
  expect(used(planFit(cohorts, members, [{ ...signature, outOfFold: run }, { ...signature, name: 'dl_resnet50', outOfFold: null }]))).toEqual(['validation'])
})
test('where no cohort has the role, the plan says what to do', () => {
  const plan = planFit([{ name: 'train', role: 'fit' }], members, [signature])
  expect(plan.problem).toMatch(/role "choose".*out-of-fold/)
  expect(planFit([{ name: 'x', role: 'report' }], members, []).problem).toContain('role "fit"')
})
