import { fromRows } from '../core/index.ts'
import { expit, newtonLogistic, pseudoR2 } from '../regression/index.ts'
import { lowess } from './lowess.ts'

/** What a linear predictor is worth on some rows. */
export interface Performance {
  readonly auc: number
  /** Nagelkerke's R^2 after recalibration. */
  readonly r2: number
  readonly brier: number
  /** Calibration intercept and slope: 0 and 1 on the rows of a maximum-likelihood fit. */
  readonly intercept: number
  readonly slope: number
  /** Mean distance of the smooth calibration curve from the diagonal. */
  readonly eAvg: number
}

/** Performance of a linear predictor, rows counted `weights` times (1 when absent). NaN where a figure is undefined. O(n log n). */
export function performance(y: ArrayLike<number>, linearPredictor: Float64Array, weights?: Float64Array): Performance {
  const weight = (i: number): number => weights?.[i] ?? 1
  const used = Array.from({ length: y.length }, (_, i) => i).filter((i) => weight(i) > 0)
    .sort((a, b) => linearPredictor[a]! - linearPredictor[b]!)
  const rows = used.flatMap((i) => new Array<number>(weight(i)).fill(i))
  const n = rows.length
  const constant = linearPredictor[rows[0]!] === linearPredictor[rows[n - 1]!]
  const p = Float64Array.from(rows, (i) => expit(linearPredictor[i]!)), outcome = Float64Array.from(rows, (i) => y[i]!)
  const events = outcome.reduce((s, v) => s + v, 0)
  const x = fromRows(used.map((i) => [1, linearPredictor[i]!]))
  const line = newtonLogistic(x, used.map((i) => y[i]!), [0, 1], used.map(weight))
  const nullDeviance = -2 * (events * Math.log(events / n) + (n - events) * Math.log1p(-events / n))
  // A model without a term predicts one value: it has no slope of its own, and rms counts it as 0.
  const [intercept, slope] = constant
    ? [line.coefficients[0]! + line.coefficients[1]! * linearPredictor[rows[0]!]!, 0]
    : [line.coefficients[0]!, line.coefficients[1]!]
  return {
    auc: areaOfSorted(p, outcome), r2: pseudoR2(line.deviance, nullDeviance, n).nagelkerke,
    brier: p.reduce((s, q, i) => s + (q - outcome[i]!) ** 2, 0) / n,
    intercept: constant || line.converged ? intercept : NaN, slope: constant || line.converged ? slope : NaN,
    eAvg: constant ? Math.abs(events / n - p[0]!) : averageError(p, outcome),
  }
}

function averageError(p: Float64Array, outcome: Float64Array): number {
  const smooth = lowess(p, outcome, { iterations: 0 })
  return smooth.reduce((s, v, i) => s + Math.abs(v - p[i]!), 0) / p.length
}

/** AUC of ascending scores. */
function areaOfSorted(score: Float64Array, outcome: Float64Array): number {
  let doubled = 0, below = 0, positives = 0
  for (let start = 0; start < score.length;) {
    let end = start, up = 0
    while (end < score.length && score[end] === score[start]) up += outcome[end++]!
    const down = end - start - up
    doubled += up * (2 * below + down)
    below += down
    positives += up
    start = end
  }
  return doubled / (2 * positives * below)
}
