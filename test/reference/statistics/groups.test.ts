import { describe, expect, it } from 'vitest'
import { createRandom, unwrap } from '#shared/lib/index.ts'
import { blandAltman, cohenKappa, crossTable, fleissKappa, icc, type IccForm, type KappaWeights } from '#shared/statistics/agreement/index.ts'
import {
  fisher2x2, fisherExact, fisherMonteCarlo, kruskalWallis, likelihoodRatioChiSquare, mannWhitney, mannWhitneyExact, pearsonChiSquare, shapiroWilk,
  standardisedMeanDifference, studentT, welchAnova, welchT, yatesChiSquare, type TTest,
} from '#shared/statistics/tests/index.ts'
import fixture from '../fixtures/groups.json' with { type: 'json' }
import { close } from './close.ts'

const forms: readonly IccForm[] = ['ICC(1,1)', 'ICC(2,1)', 'ICC(3,1)', 'ICC(1,k)', 'ICC(2,k)', 'ICC(3,k)']
const relative = (actual: number, expected: number, tolerance: number): void => {
  expect(actual === expected ? 0 : Math.abs(actual / expected - 1), `${actual} against R ${expected}`).toBeLessThan(tolerance)
}

describe('agreement against psych and the formulas (test/reference/r/groups.R)', () => {
  it.each(fixture.icc.map((c, i) => [i, c] as const))('ICC, case %i, all six forms', (_, c) => {
    const found = unwrap(icc(c.ratings)).forms
    const each = forms.map((f) => found[f])
    close(each.map((f) => f.estimate), c.estimate, 1e-10)
    close(each.map((f) => f.f), c.f, 1e-9)
    close(each.map((f) => f.df1), c.df1, 0)
    close(each.map((f) => f.df2), c.df2, 0)
    close(each.map((f) => f.p), c.p, 1e-10)
    close(each.map((f) => f.interval!.lower), c.lower, 1e-8)
    close(each.map((f) => f.interval!.upper), c.upper, 1e-8)
  })
  it.each(fixture.kappa.map((c, i) => [i, c] as const))("Cohen's kappa, case %i", (_, c) => {
    const levels = Array.from({ length: c.levels }, (__, i) => i + 1)
    const table = unwrap(crossTable(c.first, c.second, levels))
    expect(table).toEqual(c.table)
    for (const weights of ['unweighted', 'linear', 'quadratic'] satisfies KappaWeights[]) {
      const k = unwrap(cohenKappa(table, weights))
      close([k.kappa!, k.se!, k.seNull!], c[weights], 1e-12)
    }
  })
  it.each(fixture.fleiss.map((c, i) => [i, c] as const))("Fleiss' kappa, case %i", (_, c) => {
    const k = unwrap(fleissKappa(c.ratings, Array.from({ length: c.levels }, (__, i) => i + 1)))
    close([k.kappa!, k.seNull!], [c.kappa, c.se], 1e-12)
    close(k.categories.map((j) => j.kappa!), c.category, 1e-12)
  })
  it('Bland-Altman', () => {
    const c = fixture.bland_altman
    const b = unwrap(blandAltman(c.x, c.y))
    close([b.bias, b.sd, b.pairedT!.t, b.pairedT!.p], [c.bias, c.sd, c.t, c.p], 1e-11)
    close([b.biasInterval.lower, b.biasInterval.upper], c.bias_interval, 1e-10)
    close([b.proportionalBias!.slope, b.proportionalBias!.slopeSe, b.proportionalBias!.p], c.slope, 1e-10)
    close([b.proportionalBias!.intercept], [c.intercept], 1e-10)
  })
})

describe('tests of groups against stats and exactRankTests', () => {
  it.each(fixture.two_samples.map((c, i) => [i, c] as const))('two samples, case %i', (_, c) => {
    const m = unwrap(mannWhitney(c.a, c.b))
    close([m.u, m.normalCorrected!.p, m.normal!.p], [c.u, c.p_cc, c.p_nc], 1e-12)
    const exact = unwrap(mannWhitneyExact(c.a, c.b))
    expect(exact.method === 'exact distribution of U').toBe(c.p_exact !== null)
    if (c.p_exact !== null) relative(exact.p, c.p_exact, 1e-11)
    if (c.p_permutation !== null) relative(exact.p, c.p_permutation, 1e-11)
    const flat = (t: TTest): number[] => [t.t, t.df, t.p, t.interval.lower, t.interval.upper]
    close(flat(unwrap(welchT(c.a, c.b))), c.welch, 1e-9)
    close(flat(unwrap(studentT(c.a, c.b))), c.student, 1e-9)
    close([standardisedMeanDifference(c.a, c.b)!], [c.smd], 1e-12)
  })
  it('several groups', () => {
    const { groups, kruskal, welch } = fixture.several
    const k = unwrap(kruskalWallis(groups)), w = unwrap(welchAnova(groups))
    close([k.h, k.df, k.p], kruskal, 1e-12)
    close([w.f, w.df1, w.df2, w.p], [welch[0]!, welch[1]!, welch[2]!, welch[3]!], 1e-11)
  })
  it.each(fixture.normal.map((c) => [c.x.length, c] as const))('Shapiro-Wilk, n = %i', (_, c) => {
    const s = unwrap(shapiroWilk(c.x))
    close([s.w], [c.w], 1e-9)
    relative(s.p, c.p, 1e-6)
  })
  it.each(fixture.tables.map((c) => [JSON.stringify(c.counts), c] as const))('table %s', (_, c) => {
    const pearson = unwrap(pearsonChiSquare(c.counts)), yates = unwrap(yatesChiSquare(c.counts)), g = unwrap(likelihoodRatioChiSquare(c.counts))
    close([pearson.statistic, pearson.df, pearson.p], c.pearson, 1e-11)
    close([yates.statistic, yates.p], c.yates, 1e-11)
    close([g.statistic, g.p], c.g2, 1e-11)
    // R's own tolerance of equally probable tables is 3.5e-7 and moves its p by as much where tables crowd.
    relative(unwrap(fisherExact(c.counts)).p, c.fisher, 1e-6)
    const simulated = unwrap(fisherMonteCarlo(c.counts, createRandom('fisher'), 4000))
    expect(Math.abs(simulated.p - c.fisher)).toBeLessThan(5 * simulated.monteCarloSe + 1 / 4000)
    if (c.odds_ratio.length === 0) return
    const two = unwrap(fisher2x2(c.counts))
    relative(two.p, c.fisher, 1e-11)
    close([two.oddsRatio, two.interval.lower, two.interval.upper], c.odds_ratio, 1e-8)
  })
})
