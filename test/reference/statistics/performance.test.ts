import { describe, expect, it } from 'vitest'
import { unwrap } from '#shared/lib/index.ts'
import { calibration, correctOptimism, hosmerLemeshow, lowess, recalibration, smoothCalibration, spiegelhalterTest } from '#shared/statistics/calibration/index.ts'
import { order } from '#shared/statistics/core/index.ts'
import { decisionCurves } from '#shared/statistics/decision/index.ts'
import { reclassification, type NetReclassification } from '#shared/statistics/reclassification/index.ts'
import fixture from '../fixtures/performance.json' with { type: 'json' }
import { close, rowsOf } from './close.ts'

describe('calibration against rms, glm and the formulas (test/reference/r/performance.R)', () => {
  it.each(fixture.calibration.map((c, i) => [['spread', 'tied', 'rare'][i]!, c] as const))('%s predictions', (_, c) => {
    const r = unwrap(recalibration(c.y, c.p))
    close([r.intercept, r.interceptError, r.slope, r.slopeError, r.inTheLarge, r.inTheLargeError],
      [c.intercept, c.intercept_se, c.slope, c.slope_se, c.in_the_large, c.in_the_large_se], 1e-10)
    const all = unwrap(calibration(c.y, c.p, { rows: 'evaluation', groups: c.g }))
    close([all.brier], [c.brier], 1e-12)
    const s = spiegelhalterTest(c.y, c.p)
    close([s.z, s.p], c.spiegelhalter, 1e-10)
    const fitting = unwrap(hosmerLemeshow(c.y, c.p, c.g, 'fitting')), evaluation = unwrap(hosmerLemeshow(c.y, c.p, c.g, 'evaluation'))
    expect(fitting.groups.length).toBe(c.hl.groups)
    close(fitting.groups.map((g) => g.upper), c.hl.upper, 0)
    close(fitting.groups.map((g) => g.n), c.hl.n, 0)
    close(fitting.groups.map((g) => g.observed), c.hl.observed, 0)
    close(fitting.groups.map((g) => g.expected), c.hl.expected, 1e-12)
    close([fitting.chiSquare, fitting.p, evaluation.p], [c.hl.chisq, c.hl.p_fitting, c.hl.p_evaluation], 1e-10)
  })
  it.each(fixture.calibration.map((c, i) => [['spread', 'tied', 'rare'][i]!, c] as const))('lowess and E:avg, E:max, E:90 of %s predictions', (_, c) => {
    const s = unwrap(smoothCalibration(c.y, c.p))
    close([s.average, s.maximum, s.percentile90], [c.eavg, c.emax, c.e90], 1e-10)
    const index = [...order(c.p)]
    const x = index.map((i) => c.p[i]!), y = index.map((i) => c.y[i]!)
    close(x, c.lowess.x, 0)
    close(lowess(x, y, { iterations: 0 }), c.lowess.y, 1e-12)
    close(lowess(x, y), c.lowess.default, 1e-10)
    close(lowess(x, y, { span: 0.4, iterations: 2, delta: 0 }), c.lowess.other, 1e-10)
  })
})

describe('decision curves and reclassification', () => {
  it('net benefit', () => {
    const { y, p, tp, fp, net_benefit, all } = fixture.dca
    const curves = unwrap(decisionCurves(y, [{ name: 'model', probability: p }]))
    expect(curves.models[0]!.truePositives).toEqual(tp)
    expect(curves.models[0]!.falsePositives).toEqual(fp)
    close(curves.models[0]!.netBenefit, net_benefit, 1e-13)
    close(curves.treatAll, all, 1e-13)
  })
  it('NRI and IDI equal Hmisc::improveProb', () => {
    const { y, before, after, cutoffs, categorical, continuous, idi } = fixture.reclassification
    const r = unwrap(reclassification(y, before, after, { rows: 'evaluation', cutoffs }))
    const same = (n: NetReclassification, e: typeof continuous): void => {
      close([n.nri, n.standardError, n.test!.z, n.nullStandardError], [e.nri, e.se, e.z, e.se_null], 1e-12)
      close([n.event.up, n.event.down, n.event.nri, n.event.standardError], e.event, 1e-12)
      close([n.nonevent.up, n.nonevent.down, n.nonevent.nri, n.nonevent.standardError], e.nonevent, 1e-12)
    }
    same(r.categorical!, categorical)
    same(r.continuous, continuous)
    close([r.idi.idi, r.idi.standardError, r.idi.test!.z], [idi.idi, idi.se, idi.z], 1e-12)
  })
})

describe('optimism correction', () => {
  it('repeats the selection in each sample as MASS::stepAIC does and corrects as rms::validate does', () => {
    const o = fixture.optimism
    const terms = [...['x1', 'x2', 'x3', 'x4'].map((name) => ({ kind: 'numeric' as const, name })), { kind: 'factor' as const, name: 'f', levels: ['a', 'b', 'c'] }]
    const r = unwrap(correctOptimism(rowsOf(o.data), { outcome: 'y', terms }, { selection: { kind: 'aic', direction: 'backward' }, seed: 1, samples: o.samples }))
    expect([r.unusable, r.penalised]).toEqual([0, 0])
    expect(r.selected).toEqual(o.selected)
    expect(r.chosen).toEqual(o.chosen)
    const figures = o.figures.map((name) => r.figures[name as keyof typeof r.figures])
    close(figures.map((f) => f.apparent), o.apparent, 1e-8)
    close(figures.map((f) => f.training), o.training, 1e-8)
    close(figures.map((f) => f.test), o.test, 1e-8)
    close(figures.map((f) => f.corrected), o.corrected, 1e-8)
  })
})
