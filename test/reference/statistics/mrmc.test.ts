import { describe, it } from 'vitest'
import { unwrap } from '#shared/lib/index.ts'
import { toRows } from '#shared/statistics/core/index.ts'
import { analyseReaderStudy, compareModelWithReaders, modelVersusReaders, obuchowskiRockette, readerAucs, readerStudyPower } from '#shared/statistics/mrmc/index.ts'
import fixture from '../fixtures/mrmc.json' with { type: 'json' }
import { expectClose } from './values.ts'

const { tests, readers, outcome, model } = fixture
const ratings = tests.map((_, i) => readers.map((_, j) => fixture.ratings[i * readers.length + j]!))
const study = { tests, readers, outcome, ratings }

describe('reader studies against formulas written out in R (test/reference/r/mrmc.R)', () => {
  it.each(['delong', 'jackknife'] as const)('Obuchowski-Rockette with the %s covariance', (method) => {
    const data = unwrap(readerAucs(study, method))
    const expected = fixture[method]
    if (method === 'delong') expectClose(toRows(data.covariance).flat(), fixture.covariance.flat())
    const { components: c, randomReadersRandomCases: rrrc, fixedReadersRandomCases: frrc, randomReadersFixedCases: rrfc } = unwrap(obuchowskiRockette(data))
    expectClose([c.msTest, c.msReader, c.msTestReader, c.error, c.cov1, c.cov2, c.cov3], [...expected.ms, ...expected.components])
    expectClose([rrrc.statistic, rrrc.df2, rrrc.p], [expected.rrrc.F, expected.rrrc.df2, expected.rrrc.p])
    expectClose([frrc.statistic, frrc.p], [expected.frrc.chisq, expected.frrc.p])
    expectClose([rrfc.statistic, rrfc.p], [expected.rrfc.F, expected.rrfc.p])
    const d = rrrc.differences[0]!
    expectClose([d.difference, d.standardError, d.interval.lower], [expected.difference12.diff, expected.difference12.se, expected.difference12.lo])
    expectClose(rrrc.tests.flatMap((t) => [t.estimate, t.standardError, t.df]), expected.tests.flat())
    expectClose([unwrap(unwrap(analyseReaderStudy(study, { method })).randomReaders).p], [expected.rrrc.p])
  })

  it.each(['delong', 'jackknife'] as const)('a model against readers with the %s covariance', (method) => {
    const data = unwrap(readerAucs({ tests: ['reading'], readers: ['model', ...readers], outcome, ratings: [[model, ...ratings[0]!]] }, method))
    const expected = fixture.model_vs_readers[method]
    const r = unwrap(modelVersusReaders({ ...data, readers }))
    expectClose([r.difference, r.fixedReaders.standardError, r.fixedReaders.p], [expected.difference, expected.fixed.se, expected.fixed.p])
    const random = r.randomReaders!
    expectClose([random.standardError, random.t, random.df, random.p], [expected.random.se, expected.random.t, expected.random.df, expected.random.p])
    const grouped = unwrap(compareModelWithReaders({ outcome, model, readers, ratings: ratings[0]!, groups: [{ name: 'all', readers }] }, { method }))
    expectClose([unwrap(grouped.groups[0]!.randomReaders).p], [expected.random.p])
  })

  it.each(fixture.power)('power with $J readers and $c cases', (x) => {
    const pilot = { testReader: x.tr, error: x.e, cov1: x.c1, cov2: x.c2, cov3: x.c3, cases: x.cs }
    const plan = { effect: x.d, readers: x.J, cases: x.c }
    const random = unwrap(readerStudyPower(pilot, plan))
    expectClose([random.df2, random.noncentrality], [x.df2, x.lambda])
    const powers = [random.power, unwrap(readerStudyPower(pilot, { ...plan, generalisation: 'fixed_readers_random_cases' })).power,
      unwrap(readerStudyPower(pilot, { ...plan, generalisation: 'random_readers_fixed_cases' })).power]
    // R's noncentral tails are good to about 1e-9.
    expectClose(powers, [x.random, x.fixed, x.cases_fixed], 1e-7)
  })
})
