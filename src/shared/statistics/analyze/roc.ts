import { ok } from '#shared/lib/index.ts'
import { at, defaultLevel, toRows } from '../core/index.ts'
import {
  aucOfGroups, compareAucsPaired, curvePoint, deLongCovariance, deLongVariance, describeAuc, hanleyMcNeilError, partialAuc, patientCounts, rocOfGroups,
  scoreGroups, youden, type AucEstimate, type CurvePoint, type RocCurve, type ScoreGroups,
} from '../roc/index.ts'
import type { AnalysisAdapter, AnalysisSpec, OutputObject } from './adapter.ts'
import { ends } from './intervalOutput.ts'
import { metricsOutput } from './metricsOutput.ts'
import { AnalysisFailure, attempt, need, numberList, orNull, recordList, textField, textList } from './request.ts'
import { completeCases, numbers, type Table } from './table.ts'

const maximumPoints = 400

/**
 * `roc`: each score alone, all pairs, and the covariance of all scores. Complete cases are taken per score, per pair, and over all scores.
 */
export const roc: AnalysisAdapter = ({ spec, table }) => {
  const all = table()
  const outcome = textField(spec, 'outcome'), scores = textList(spec, 'scores')
  const single = scores.map((score) => {
    const rows = completeCases(all, [outcome, score])
    return [score, { n_used: rows.rows, ...attempt(() => oneScore(numbers(rows, outcome), numbers(rows, score), spec)) }] as const
  })
  if (scores.length < 2) return ok({ n_total: all.rows, scores: Object.fromEntries(single) })
  return ok({
    n_total: all.rows, scores: Object.fromEntries(single),
    delong_covariance: attempt(() => covarianceOutput(all, outcome, scores)),
    paired: pairs(scores).map(([a, b]) => ({ a, b, ...attempt(() => pairOutput(all, outcome, a, b)) })),
  })
}

/** All pairs of a list, in order. */
export function pairs<T>(list: readonly T[]): [T, T][] {
  return list.flatMap((a, i) => list.slice(i + 1).map((b): [T, T] => [a, b]))
}

function oneScore(outcome: Float64Array, score: Float64Array, spec: AnalysisSpec): OutputObject {
  const groups = need(scoreGroups(outcome, score))
  const curve = rocOfGroups(groups)
  const best = youden(curve)
  const area = aucOfGroups(groups)
  return {
    n_pos: groups.positives, n_neg: groups.negatives, auc: area, ...uncertainty(area, groups),
    hanley_mcneil_se: hanleyMcNeilError(area, groups.positives, groups.negatives), n_distinct: groups.values.length,
    youden: {
      J: best.j, n_ties: best.ties.length, ties: best.ties.map(tieOutput), selected_rule: best.rule,
      selected: metricsOutput(outcome, score, best.selected.threshold),
    },
    at: numberList(spec, 'thresholds').map((t) => metricsOutput(outcome, score, t)),
    ...partialOutput(curve, spec), coords: coordinates(curve),
  }
}

/** DeLong's figures; null with fewer than two cases of a class. */
function uncertainty(area: number, groups: ScoreGroups): OutputObject {
  const { positives, negatives } = groups
  const e: AucEstimate | null = positives < 2 || negatives < 2 ? null : describeAuc(area, deLongVariance(groups), 'DeLong', patientCounts(groups), defaultLevel)
  if (e === null) {
    return { delong_var: null, delong_se: null, ci95_delong: null, ci95_delong_untruncated: null, ci95_logit: null, z_vs_half: null, p_vs_half: null }
  }
  return {
    delong_var: e.variance, delong_se: e.standardError, ci95_delong: ends(e.interval), ci95_delong_untruncated: ends(e.untruncated),
    ci95_logit: ends(e.logit) ?? [null, null], z_vs_half: e.z, p_vs_half: e.p,
  }
}

function tieOutput(p: CurvePoint): OutputObject {
  return { threshold_obs: p.threshold, threshold_mid: p.midThreshold, sensitivity: p.sensitivity, specificity: p.specificity }
}

function partialOutput(curve: RocCurve, spec: AnalysisSpec): OutputObject {
  const ranges = recordList(spec, 'pauc')
  if (ranges.length === 0) return {}
  return {
    pauc: ranges.map(({ focus, from, to }) => {
      if ((focus !== 'specificity' && focus !== 'sensitivity') || typeof from !== 'number' || typeof to !== 'number') {
        throw new AnalysisFailure('bad_task', 'A partial AUC needs a "focus" (specificity or sensitivity) and numbers "from" and "to".')
      }
      const part = orNull(partialAuc(curve, { focus, from, to }))
      return { focus, from, to, pauc: part?.area ?? null, mcclish_corrected: part?.standardised ?? null }
    }),
  }
}

/** The curve, thinned to at most `maximumPoints` points and the last one. */
function coordinates(curve: RocCurve): OutputObject {
  const size = curve.thresholds.length
  const stride = Math.max(1, Math.ceil(size / maximumPoints))
  const index = Array.from({ length: size }, (_, i) => i).filter((i) => i % stride === 0 || i === size - 1)
  return {
    stride, n_points: size, order: 'ascending threshold',
    points: index.map((i) => {
      const p = curvePoint(curve, i)
      return { index: i, ...tieOutput(p), tp: p.truePositives, fp: p.falsePositives }
    }),
  }
}

function covarianceOutput(all: Table, outcome: string, scores: readonly string[]): OutputObject {
  const rows = completeCases(all, [outcome, ...scores])
  const c = need(deLongCovariance(numbers(rows, outcome), scores.map((s) => numbers(rows, s))))
  return { n_used: rows.rows, scores: [...scores], auc: c.aucs, cov: toRows(c.covariance) }
}

function pairOutput(all: Table, outcome: string, a: string, b: string): OutputObject {
  const rows = completeCases(all, [outcome, a, b])
  const d = need(compareAucsPaired(numbers(rows, outcome), numbers(rows, a), numbers(rows, b)))
  return {
    n_used: rows.rows, auc_a: d.aucA, auc_b: d.aucB, diff: d.difference, var_diff: d.variance, se_diff: d.standardError, z: d.z,
    p: d.p, ci95_diff: ends(d.interval),
  }
}

/** Variance of a difference of two entries of a covariance. */
export function differenceVariance(covariance: Parameters<typeof at>[0], i: number, j: number): number {
  return at(covariance, i, i) + at(covariance, j, j) - 2 * at(covariance, i, j)
}
