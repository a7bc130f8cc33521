import { describe, it } from 'vitest'
import { unwrap } from '#shared/lib/index.ts'
import { mcNemar, proportion } from '#shared/statistics/classification/index.ts'
import { toRows } from '#shared/statistics/core/index.ts'
import {
  adjustP, clusteredCovariance, compareAucsOmnibus, compareAucsPaired, compareAucsUnpaired, deLong, deLongCovariance, partialAuc, rocCurve, youden,
} from '#shared/statistics/roc/index.ts'
import fixture from '../fixtures/roc.json' with { type: 'json' }
import { expectClose, fromJson } from './values.ts'

const { data } = fixture
const outcome = data.y
const score = (name: string): number[] => data[name as 'fine']

describe('ROC against pROC (test/reference/r/roc.R)', () => {
  it.each(Object.entries(fixture.scores))('curve, AUC, variance, interval, partial areas and best thresholds of %s', (name, expected) => {
    const e = unwrap(deLong(outcome, score(name)))
    expectClose([e.auc, e.variance, e.interval.lower, e.interval.upper], [expected.auc, expected.variance, ...expected.interval])
    const curve = unwrap(rocCurve(outcome, score(name)))
    expectClose(curve.midThresholds, fromJson(expected.thresholds))
    expectClose(curve.truePositives, expected.tp)
    expectClose(curve.falsePositives, expected.fp)
    for (const p of expected.partial) {
      const part = unwrap(partialAuc(curve, { focus: p.focus as 'specificity', from: p.from, to: p.to }))
      expectClose([part.area, part.standardised], [p.area, p.standardised])
    }
    const best = youden(curve)
    expectClose(best.ties.map((t) => t.midThreshold), fromJson(expected.youden.thresholds))
    expectClose(best.ties.map((t) => t.sensitivity), expected.youden.sensitivity)
    expectClose(best.ties.map((t) => t.specificity), expected.youden.specificity)
  })

  it('paired tests, covariance and omnibus test', () => {
    for (const p of fixture.pairs) {
      const d = unwrap(compareAucsPaired(outcome, score(p.a), score(p.b)))
      expectClose([d.z, d.p, d.interval.lower, d.interval.upper], [p.z, p.p, ...p.interval])
    }
    const c = unwrap(deLongCovariance(outcome, Object.keys(fixture.scores).map(score)))
    expectClose(toRows(c.covariance).flat(), fixture.covariance.flat())
    const o = unwrap(compareAucsOmnibus(c))
    expectClose([o.chiSquare, o.df, o.p], [fixture.omnibus.chisq, fixture.omnibus.df, fixture.omnibus.p])
  })

  it("unpaired test with Satterthwaite's degrees of freedom", () => {
    const { data: other, D, df, p } = fixture.unpaired
    const d = unwrap(compareAucsUnpaired({ outcome, score: data.fine }, { outcome: other.y, score: other.fine }))
    expectClose([d.z, d.df, d.pByT], [D, df, p])
  })

  it("Obuchowski's clustered covariance, written out by loops over patients", () => {
    const c = fixture.clustered
    expectClose(toRows(unwrap(clusteredCovariance(c.outcome, [c.a, c.b], c.patient)).covariance).flat(), c.covariance.flat())
  })
})

describe("shares, McNemar and adjusted p against R's own tests", () => {
  it.each(fixture.proportions)('$x of $n', ({ x, n, wilson, exact }) => {
    const p = proportion(x, n)
    expectClose([p.wilson!.lower, p.wilson!.upper, p.clopperPearson!.lower, p.clopperPearson!.upper], [...wilson, ...exact])
  })

  it.each(fixture.mcnemar)('McNemar with $b and $c discordant pairs', ({ b, c, p, p_cc, p_exact }) => {
    const first = [...Array<number>(b).fill(1), ...Array<number>(c).fill(0), 1, 0], second = [...Array<number>(b).fill(0), ...Array<number>(c).fill(1), 1, 0]
    const t = unwrap(mcNemar(first, second))
    // R gives statistic 0 with the correction when b = c; Edwards' formula gives 1/n there, as the oracle does.
    expectClose([t.p, t.pExact], [p, p_exact])
    if (b !== c) expectClose([t.pCorrected], [p_cc])
  })

  it('Holm, Bonferroni, Benjamini-Hochberg', () => {
    const { p, holm, bh, bonferroni } = fixture.adjusted
    expectClose(adjustP(p, 'holm') as number[], holm)
    expectClose(adjustP(p, 'benjamini_hochberg') as number[], bh)
    expectClose(adjustP(p, 'bonferroni') as number[], bonferroni)
  })
})
