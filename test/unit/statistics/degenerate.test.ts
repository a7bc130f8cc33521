import { describe, expect, it } from 'vitest'
import { createRandom } from '#shared/lib/index.ts'
import { blandAltman, cohenKappa, crossTable, fleissKappa, icc, proportionalBias } from '#shared/statistics/agreement/index.ts'
import { baselineTable } from '#shared/statistics/baseline/index.ts'
import { bootstrapAuc } from '#shared/statistics/bootstrap/index.ts'
import { calibration, calibrationIntervals, correctOptimism, hosmerLemeshow, recalibration, smoothCalibration } from '#shared/statistics/calibration/index.ts'
import {
  binaryMetrics, chooseThreshold, chooseThresholdBySpecificity, confusion, declareThreshold, f1Interval, likelihoodRatios, mcNemar, metricsAtThreshold,
} from '#shared/statistics/classification/index.ts'
import { decisionCurveIntervals, decisionCurves } from '#shared/statistics/decision/index.ts'
import { maskAgreement } from '#shared/statistics/masks/index.ts'
import { analyseReaderStudy, compareAtMatchedSpecificity, compareModelWithReaders, obuchowskiRockette, readerAucs } from '#shared/statistics/mrmc/index.ts'
import { nomogram } from '#shared/statistics/nomogram/index.ts'
import { reclassification, reclassificationIntervals } from '#shared/statistics/reclassification/index.ts'
import {
  coefficientIntervals, firthRegression, freezeModel, logisticRegression, oddsRatioTables, prepareData, stepwiseAic, varianceInflation, type DataRow,
} from '#shared/statistics/regression/index.ts'
import {
  clusteredCovariance, compareAucs, compareAucsOmnibus, compareAucsUnpaired, deLong, deLongCovariance, estimateAuc, partialAuc, rocCurve, youden,
} from '#shared/statistics/roc/index.ts'
import {
  fisherExact, kruskalWallis, mannWhitney, mannWhitneyExact, pairedT, pearsonChiSquare, shapiroWilk, standardisedMeanDifference, studentT, welchAnova, welchT,
} from '#shared/statistics/tests/index.ts'
import { boostedTrees, randomForest } from '#shared/statistics/trees/index.ts'

/** A column of outcomes with two columns of scores. */
interface Rows { readonly y: number[]; readonly a: number[]; readonly b: number[] }

const rows = (y: number[], a: number[], b: number[] = a): Rows => ({ y, a, b })
const many = (n: number, of: (i: number) => number): number[] => Array.from({ length: n }, (_, i) => of(i))

const degenerate: Readonly<Record<string, Rows>> = {
  'no rows': rows([], []),
  'one positive': rows([1], [0.5]),
  'one negative': rows([0], [0.5]),
  'one of each': rows([0, 1], [0.2, 0.8]),
  'two of one class, one of the other': rows([0, 0, 1], [0.2, 0.3, 0.8], [0.3, 0.2, 0.1]),
  'only positives': rows([1, 1, 1, 1, 1], [0.1, 0.2, 0.3, 0.4, 0.5]),
  'only negatives': rows([0, 0, 0, 0, 0], [0.1, 0.2, 0.3, 0.4, 0.5]),
  'constant scores': rows(many(20, (i) => i % 2), many(20, () => 0.4)),
  'perfect separation': rows(many(20, (i) => (i < 10 ? 0 : 1)), many(20, (i) => (i < 10 ? 0.1 : 0.9) + i / 1000)),
  'reversed separation': rows(many(20, (i) => (i < 10 ? 1 : 0)), many(20, (i) => (i < 10 ? 0.1 : 0.9) + i / 1000)),
  'one score the other turned round': rows(many(12, (i) => i % 2), many(12, (i) => i / 12), many(12, (i) => 1 - i / 12)),
  'certain probabilities': rows(many(12, (i) => i % 2), many(12, (i) => i % 2)),
  'certain and wrong': rows(many(12, (i) => i % 2), many(12, (i) => 1 - (i % 2))),
  'all scores missing': rows(many(8, (i) => i % 2), many(8, () => NaN)),
  'a missing score': rows(many(8, (i) => i % 2), many(8, (i) => (i === 3 ? NaN : i / 8))),
  'a missing outcome': rows(many(8, (i) => (i === 3 ? NaN : i % 2)), many(8, (i) => i / 8)),
  'infinite scores': rows(many(8, (i) => i % 2), many(8, (i) => (i < 4 ? -Infinity : Infinity))),
  'another label': rows([0, 1, 2, 1], [0.1, 0.2, 0.3, 0.4]),
  'columns of different length': rows([0, 1, 0, 1], [0.1, 0.2, 0.3], [0.1, 0.2]),
  'one event of many': rows(many(40, (i) => (i === 7 ? 1 : 0)), many(40, (i) => (i % 9) / 10), many(40, (i) => (i % 7) / 10)),
}

const seeded = { seed: 1, resamples: 20 }
const asRows = ({ y, a, b }: Rows): DataRow[] => y.map((v, i) => ({ y: v, a: a[i] ?? null, b: b[i] ?? null, g: (a[i] ?? 0) > 0.45 ? 'high' : 'low' }))
const spec = { outcome: 'y', terms: [{ kind: 'numeric', name: 'a' }, { kind: 'numeric', name: 'b' }, { kind: 'factor', name: 'g', levels: ['low', 'high'] }] } as const
const learn = { seed: 1, trees: 5 }
const table = ({ y, a }: Rows): number[][] => [0, 1].map((k) => [false, true].map((high) => y.filter((v, i) => v === k && (a[i]! > 0.45) === high).length))

const statistics: Readonly<Record<string, (r: Rows) => unknown>> = {
  deLong: ({ y, a }) => deLong(y, a),
  estimateAuc: ({ y, a }) => estimateAuc(y, a, { unit: 'lesion', patient: y.map((_, i) => i >> 1) }),
  compareAucs: ({ y, a, b }) => compareAucs(y, a, b),
  compareAucsUnpaired: ({ y, a, b }) => compareAucsUnpaired({ outcome: y, score: a }, { outcome: y, score: b }),
  omnibus: ({ y, a, b }) => { const c = deLongCovariance(y, [a, b, a]); return c.ok ? compareAucsOmnibus(c.value) : c },
  clusteredCovariance: ({ y, a, b }) => clusteredCovariance(y, [a, b], y.map((_, i) => i % 7)),
  youden: ({ y, a }) => { const c = rocCurve(y, a); return c.ok ? youden(c.value) : c },
  partialAuc: ({ y, a }) => { const c = rocCurve(y, a); return c.ok ? partialAuc(c.value, { focus: 'specificity', from: 1, to: 0.8 }) : c },
  metrics: ({ y, a }) => { const c = confusion(y, a, 0.5); return c.ok ? binaryMetrics(c.value) : c },
  likelihoodRatios: ({ y, a }) => { const c = confusion(y, a, 0.5); return c.ok ? likelihoodRatios(c.value) : c },
  chooseThreshold: ({ y, a }) => chooseThreshold({ cohort: 'fit', outcome: y, score: a }),
  chooseThresholdBySpecificity: ({ y, a }) => chooseThresholdBySpecificity({ cohort: 'fit', outcome: y, score: a }, 0.9),
  metricsAtThreshold: ({ y, a }) => { const t = declareThreshold(0.5); return t.ok ? metricsAtThreshold(t.value, { cohort: 'test', outcome: y, score: a }) : t },
  f1Interval: ({ y, a }) => { const t = declareThreshold(0.5); return t.ok ? f1Interval(t.value, { cohort: 'test', outcome: y, score: a }, seeded) : t },
  bootstrapAuc: ({ y, a }) => bootstrapAuc(y, a, seeded),
  mcNemar: ({ y, a }) => mcNemar(y.map((v) => v === 1), a.map((v) => v >= 0.5)),
  calibration: ({ y, a }) => calibration(y, a, { rows: 'evaluation' }),
  'calibration of fitting rows': ({ y, a }) => calibration(y, a, { rows: 'fitting', groups: 3 }),
  calibrationIntervals: ({ y, a }) => calibrationIntervals(y, a, seeded),
  hosmerLemeshow: ({ y, a }) => hosmerLemeshow(y, a, 10, 'evaluation'),
  recalibration: ({ y, a }) => recalibration(y, a),
  smoothCalibration: ({ y, a }) => smoothCalibration(y, a),
  correctOptimism: (r) => correctOptimism(asRows(r), spec, { selection: { kind: 'none' }, ...seeded, resamples: 5 }),
  decisionCurves: ({ y, a, b }) => decisionCurves(y, [{ name: 'a', probability: a }, { name: 'b', probability: b }]),
  decisionCurveIntervals: ({ y, a }) => decisionCurveIntervals(y, [{ name: 'a', probability: a }], seeded),
  reclassification: ({ y, a, b }) => reclassification(y, a, b, { rows: 'evaluation', cutoffs: [0.3, 0.6] }),
  reclassificationIntervals: ({ y, a, b }) => reclassificationIntervals(y, a, b, { rows: 'evaluation', cutoffs: [0.3], ...seeded }),
  logisticRegression: (r) => logisticRegression(asRows(r), spec),
  firthRegression: (r) => firthRegression(asRows(r), spec, { intervals: 'wald' }),
  oddsRatioTables: (r) => oddsRatioTables(asRows(r), spec),
  coefficientIntervals: (r) => coefficientIntervals(asRows(r), spec, { ...seeded, resamples: 5 }),
  stepwiseAic: (r) => { const p = prepareData(asRows(r), spec); return p.ok ? stepwiseAic(p.value, { direction: 'backward' }) : p },
  varianceInflation: (r) => { const m = logisticRegression(asRows(r), spec); return m.ok ? varianceInflation(m.value) : m },
  nomogram: (r) => {
    const m = logisticRegression(asRows(r), spec)
    if (!m.ok) return m
    const f = freezeModel(m.value, { positiveClass: 'y = 1', cohort: 'fit' })
    return f.ok ? nomogram(f.value) : f
  },
  icc: ({ a, b }) => icc(a.map((v, i) => [v, b[i]!])),
  blandAltman: ({ a, b }) => blandAltman(a, b),
  proportionalBias: ({ a, b }) => proportionalBias(a, b),
  cohenKappa: ({ y, a }) => { const t = crossTable(y, a.map((v) => (v > 0.45 ? 1 : 0)), [0, 1]); return t.ok ? cohenKappa(t.value, 'linear') : t },
  fleissKappa: ({ y, a, b }) => fleissKappa(y.map((v, i) => [v, a[i]! > 0.45 ? 1 : 0, b[i]! > 0.45 ? 1 : 0]), [0, 1]),
  baselineTable: (r) => baselineTable(asRows(r), {
    group: { column: 'g', levels: ['low', 'high'] },
    variables: [{ kind: 'numeric', name: 'a', unit: '', summary: 'mean-sd' }, { kind: 'numeric', name: 'b', unit: 'mm', summary: 'median-iqr' }, { kind: 'factor', name: 'y', levels: ['0', '1', '2'] }],
  }),
  mannWhitney: ({ y, a }) => mannWhitney(a.filter((_, i) => y[i] === 0), a.filter((_, i) => y[i] === 1)),
  mannWhitneyExact: ({ y, a }) => mannWhitneyExact(a.filter((_, i) => y[i] === 0), a.filter((_, i) => y[i] === 1)),
  welchT: ({ y, a }) => welchT(a.filter((_, i) => y[i] === 0), a.filter((_, i) => y[i] === 1)),
  studentT: ({ y, a }) => studentT(a.filter((_, i) => y[i] === 0), a.filter((_, i) => y[i] === 1)),
  pairedT: ({ a, b }) => pairedT(a, b),
  standardisedMeanDifference: ({ y, a }) => standardisedMeanDifference(a.filter((_, i) => y[i] === 0), a.filter((_, i) => y[i] === 1)),
  shapiroWilk: ({ a }) => shapiroWilk(a),
  kruskalWallis: ({ y, a }) => kruskalWallis([0, 1].map((k) => a.filter((_, i) => y[i] === k))),
  welchAnova: ({ y, a }) => welchAnova([0, 1].map((k) => a.filter((_, i) => y[i] === k))),
  pearsonChiSquare: (r) => pearsonChiSquare(table(r)),
  fisherExact: (r) => fisherExact(table(r)),
  readerStudy: ({ y, a, b }) => analyseReaderStudy({ tests: ['without', 'with'], readers: ['A', 'B', 'C'], outcome: y, ratings: [[a, b, a], [b, a, b]] }),
  'readerStudy of one reader': ({ y, a, b }) => analyseReaderStudy({ tests: ['without', 'with'], readers: ['A'], outcome: y, ratings: [[a], [b]] }),
  obuchowskiRockette: ({ y, a, b }) => {
    const d = readerAucs({ tests: ['without', 'with'], readers: ['A', 'B'], outcome: y, ratings: [[a, b], [b, a]] }, 'jackknife')
    return d.ok ? obuchowskiRockette(d.value) : d
  },
  compareModelWithReaders: ({ y, a, b }) => compareModelWithReaders({
    outcome: y, model: a, readers: ['A', 'B', 'C'], ratings: [b, a, b], groups: [{ name: 'all', readers: ['A', 'B', 'C'] }, { name: 'one', readers: ['A'] }],
  }),
  compareAtMatchedSpecificity: ({ y, a }) => compareAtMatchedSpecificity('test', y, a, y.map((_, i) => (i % 3 === 0 ? 1 : 0))),
  maskAgreement: ({ y, a }) => maskAgreement({ width: y.length, height: 1, data: Uint8Array.from(y) }, { width: y.length, height: 1, data: Uint8Array.from(y, (_, i) => (a[i]! > 0.45 ? 1 : 0)) }),
  randomForest: (r) => randomForest(asRows(r), 'y', spec.terms, learn),
  boostedTrees: (r) => boostedTrees(asRows(r), 'y', spec.terms, { seed: 1, rounds: 3 }),
}

/** Where a result may hold NaN: the place says so in its type, with the reason beside it (an empty bin, a standard error of 0, a tree that drew every row). */
const documented: Readonly<Record<string, readonly RegExp[]>> = {
  calibration: [/Bins\.\*\.(observed|meanPredicted)$/, /quantileError\.maximum$/, /spiegelhalter\.(z|p)$/, /hosmerLemeshow\.(chiSquare|p)$/],
  hosmerLemeshow: [/\.(chiSquare|p)$/],
  decisionCurve: [/standardised\.\*$/],
  reclassification: [/[tT]est\.(z|p)$/, /idi\.(standardError|interval\.(lower|upper)|relative)$/],
  icc: [/satterthwaiteDf$/],
  readerStudy: [/\.(statistic|t|p)$/],
  obuchowskiRockette: [/\.(statistic|chiSquare|t|p)$/],
  compareModelWithReaders: [/\.(t|p)$/],
  randomForest: [/outOfBag\.\*$/],
}
const isDocumented = (name: string, path: string): boolean => Object.entries(documented).some(([n, paths]) => name.startsWith(n) && paths.some((p) => p.test(path)))

/** Every NaN inside a result, by where it stands. */
function nans(value: unknown, path = ''): string[] {
  if (typeof value === 'number') return Number.isNaN(value) ? [path] : []
  if (value === null || typeof value !== 'object') return []
  if (ArrayBuffer.isView(value)) return nans([...(value as Float64Array)], path)
  return Object.entries(value).flatMap(([k, v]) => nans(v, `${path}.${Array.isArray(value) ? '*' : k}`))
}

describe('degenerate input', () => {
  for (const [name, statistic] of Object.entries(statistics)) {
    it.each(Object.entries(degenerate))(`${name}: %s`, (_case, input) => {
      const result = statistic(input)
      if (typeof result === 'object' && result !== null && 'ok' in result && result.ok === false) {
        const { error } = result as unknown as { error: { code: string; message: string } }
        expect(error.code).toMatch(/^[a-z_]+$/)
        expect(error.message).toMatch(/^\S.{15,}[.]$/s)
        return
      }
      expect([...new Set(nans(result))].filter((path) => !isDocumented(name, path))).toEqual([])
    })
  }
  it('is told from sound input, which all of them answer', () => {
    const random = createRandom(5)
    const y = many(80, (i) => (i % 3 === 0 ? 1 : 0)), a = y.map((v) => 0.1 + 0.2 * v + 0.6 * random.next()), b = y.map((v) => 0.1 + 0.1 * v + 0.7 * random.next())
    for (const [name, statistic] of Object.entries(statistics)) {
      const result = statistic(rows(y, a, b))
      expect({ name, failed: typeof result === 'object' && result !== null && 'ok' in result && !result.ok ? result : null }).toEqual({ name, failed: null })
    }
  })
})
