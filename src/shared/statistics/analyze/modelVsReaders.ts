import { ok } from '#shared/lib/index.ts'
import { mcNemar } from '../classification/index.ts'
import { exactMean, toRows } from '../core/index.ts'
import { normalTwoSided } from '../distributions/index.ts'
import { jackknifeCovariance, modelVersusReaders } from '../mrmc/index.ts'
import { adjustP, deLongCovariance, type AucCovariance } from '../roc/index.ts'
import type { AnalysisAdapter, AnalysisSpec, OutputObject } from './adapter.ts'
import { ends } from './intervalOutput.ts'
import { metricsOutput } from './metricsOutput.ts'
import { flag, need, optionalNumber, textField, textList } from './request.ts'
import { differenceVariance } from './roc.ts'
import { completeCases, numbers } from './table.ts'

interface Columns {
  readonly outcome: Float64Array
  readonly model: Float64Array
  readonly readers: readonly string[]
  readonly ratings: readonly Float64Array[]
}

/** `model_vs_readers`: a model against readers on complete cases over all of them. */
export const modelVsReaders: AnalysisAdapter = ({ spec, table }) => {
  const all = table()
  const names = { outcome: textField(spec, 'outcome'), model: textField(spec, 'model'), readers: textList(spec, 'readers') }
  const rows = completeCases(all, [names.outcome, names.model, ...names.readers])
  const c: Columns = {
    outcome: numbers(rows, names.outcome), model: numbers(rows, names.model), readers: names.readers, ratings: names.readers.map((r) => numbers(rows, r)),
  }
  const covariance = need(deLongCovariance(c.outcome, [c.model, ...c.ratings]))
  const { aucs } = covariance
  return ok({
    n_total: all.rows, n_used: rows.rows, n_pos: covariance.positives, n_neg: covariance.negatives, model_auc: aucs[0]!,
    reader_auc: Object.fromEntries(c.readers.map((r, j) => [r, aucs[j + 1]!])),
    mean_reader_auc: aucs.slice(1).reduce((s, a) => s + a, 0) / c.readers.length,
    covariance_delong: toRows(covariance.covariance), delong: testsOutput(covariance, c.readers), pairwise: pairwiseOutput(covariance, c.readers),
    mean_rating_reader: meanRatingOutput(c),
    ...(flag(spec, 'jackknife') ? { jackknife: testsOutput(need(jackknifeCovariance(c.outcome, [c.model, ...c.ratings])), c.readers) } : {}),
    ...thresholdOutput(c, spec),
  })
}

function testsOutput(covariance: AucCovariance, readers: readonly string[]): OutputObject {
  const r = need(modelVersusReaders({ ...covariance, readers }))
  const { fixedReaders: fixed, randomReaders: random, randomReadersFixedCases: these } = r
  return {
    diff_readers_minus_model: r.difference, psi: r.perReader,
    fixed_readers: { se: fixed.standardError, z: fixed.t, p: fixed.p, ci95: ends(fixed.interval) },
    ...(random ? {
      random_readers: {
        ms_r: random.msReader, var: random.variance, cov2: random.cov2, se: random.standardError, t: random.t, df: random.df, p: random.p,
        ci95: ends(random.interval),
      },
    } : {}),
    ...(these ? { random_readers_fixed_cases: { se: these.standardError, t: these.t, df: these.df, p: these.p } } : {}),
  }
}

function pairwiseOutput({ aucs, covariance }: AucCovariance, readers: readonly string[]): OutputObject[] {
  const rows = readers.map((reader, j) => {
    const difference = aucs[0]! - aucs[j + 1]!, se = Math.sqrt(differenceVariance(covariance, 0, j + 1))
    return { reader, diff_model_minus_reader: difference, se, z: difference / se, p: normalTwoSided(difference / se) }
  })
  const ps = rows.map((r) => r.p)
  const holm = adjustP(ps, 'holm'), bonferroni = adjustP(ps, 'bonferroni'), hochberg = adjustP(ps, 'benjamini_hochberg')
  return rows.map((r, i) => ({ ...r, p_holm: holm[i]!, p_bonferroni: bonferroni[i]!, p_bh: hochberg[i]! }))
}

/**
 * The AUC of the per-case mean rating: another quantity than the mean of the readers' AUCs, shown so that nobody takes one for the other.
 */
function meanRatingOutput(c: Columns): OutputObject {
  const average = c.outcome.map((_, i) => exactMean(c.ratings.map((column) => column[i]!)))
  const { aucs, covariance } = need(deLongCovariance(c.outcome, [c.model, average]))
  const difference = aucs[0]! - aucs[1]!, z = difference / Math.sqrt(differenceVariance(covariance, 0, 1))
  return { note: 'AUC of the per-case mean rating (NOT the mean of AUCs)', auc: aucs[1]!, diff_model_minus: difference, z, p: normalTwoSided(z) }
}

function thresholdOutput(c: Columns, spec: AnalysisSpec): OutputObject {
  const modelThreshold = optionalNumber(spec, 'model_threshold'), readerThreshold = optionalNumber(spec, 'reader_threshold')
  if (modelThreshold === undefined || readerThreshold === undefined) return {}
  return {
    at_threshold: {
      model_threshold: modelThreshold, reader_threshold: readerThreshold, model: metricsOutput(c.outcome, c.model, modelThreshold),
      readers: Object.fromEntries(c.readers.map((reader, j) => {
        const rating = c.ratings[j]!
        const right = (score: Float64Array, threshold: number) => Array.from(c.outcome, (y, i) => (score[i]! >= threshold) === (y === 1))
        const model = right(c.model, modelThreshold), human = right(rating, readerThreshold)
        const of = (y: number | undefined, list: boolean[]) => list.filter((_, i) => y === undefined || c.outcome[i] === y)
        return [reader, {
          metrics: metricsOutput(c.outcome, rating, readerThreshold), mcnemar_sensitivity: mcNemarOutput(of(1, model), of(1, human)),
          mcnemar_specificity: mcNemarOutput(of(0, model), of(0, human)), mcnemar_accuracy: mcNemarOutput(model, human),
        }]
      })),
    },
  }
}

function mcNemarOutput(model: readonly boolean[], reader: readonly boolean[]): OutputObject {
  const t = need(mcNemar(model, reader))
  return {
    b_model_only: t.firstOnly, c_reader_only: t.secondOnly, chisq_cc: t.chiSquareCorrected, p_cc: t.pCorrected, chisq: t.chiSquare, p: t.p,
    p_exact: t.pExact,
  }
}
