import { createRandom, ok } from '#shared/lib/index.ts'
import { createResampler } from '../bootstrap/index.ts'
import { fail, fromRows, type PatientId, type StatisticsResult } from '../core/index.ts'
import {
  firthFit, isRunaway, newtonLogistic, prepareData, stepwiseBy, type DataRow, type ModelSpec, type PreparedData, type StepDirection, type StepwiseOptions,
} from '../regression/index.ts'
import { chiSquareSf } from '../distributions/index.ts'
import { performance, type Performance } from './performance.ts'

/** How the terms of the model were chosen: the very same way is repeated in each resample. Forced terms always stay. */
export type TermSelection =
  | { readonly kind: 'none' }
  | { readonly kind: 'aic'; readonly direction: StepDirection; readonly forced?: readonly string[] }
  | { readonly kind: 'screen'; readonly cut: number; readonly forced?: readonly string[] }

export interface OptimismOptions {
  readonly selection: TermSelection
  readonly seed: string | number
  /** 200 unless given. */
  readonly resamples?: number
  /** Patient of each given row; each row is a patient when absent. */
  readonly patient?: ArrayLike<PatientId>
  /** Samples to use in place of drawn ones: row numbers among the complete rows. To repeat another program's run. */
  readonly samples?: readonly ArrayLike<number>[]
  /** Told after each resample how many are done. */
  readonly onResample?: (done: number) => void
}

/**
 * One figure: on the rows it was fitted on, the mean over resamples of each model on its own sample and on the original rows, and the
 * corrected value.
 */
export interface OptimismFigure {
  readonly apparent: number
  readonly training: number
  readonly test: number
  readonly optimism: number
  readonly corrected: number
}

export interface OptimismCorrection {
  readonly method: string
  readonly n: number
  readonly events: number
  readonly patients: number
  readonly resamples: number
  readonly seed: string | number
  /** Samples left out because they held one class, or a figure was undefined in them. */
  readonly unusable: number
  /** Samples with separated classes, whose model was fitted by Firth's penalised likelihood instead: their estimates would be infinite. */
  readonly penalised: number
  readonly figures: Readonly<Record<keyof Performance, OptimismFigure>>
  /** Terms of the model on all rows, and the share of usable resamples that chose each candidate. */
  readonly selected: readonly string[]
  readonly chosen: Readonly<Record<string, number>>
}

/**
 * Harrell's bootstrap correction of a model's own performance for optimism, with the selection of terms repeated in each resample.
 * Source: Harrell, Lee and Mark, Stat Med 1996;15:361-87; rms::validate. O(resamples x cost of selection and fit).
 * @returns the failures of `prepareData`; `undefined` when more than half of the resamples gave no model
 */
export function correctOptimism(rows: readonly DataRow[], spec: ModelSpec, options: OptimismOptions): StatisticsResult<OptimismCorrection> {
  const prepared = prepareData(rows, spec)
  if (!prepared.ok) return prepared
  const data = prepared.value
  const { selection, seed } = options
  const n = data.y.length
  const everyRow = new Float64Array(n).fill(1)
  const whole = selectAndFit(data, selection, everyRow)
  if (!whole || whole.penalised) {
    return fail(
      'separation',
      'The classes are separated on these rows: the model has no finite estimates, and there is no performance to correct.',
    )
  }
  const apparent = performance(data.y, whole.linearPredictor)
  const names = data.design.terms.map((t) => t.name)
  const chosen = new Map(names.map((t) => [t, 0]))
  const patient = options.patient
  const resampler = createResampler({ rows: n, ...(patient ? { patient: data.cases.index.map((i) => patient[i]!) } : {}) })
  const random = createRandom(seed)
  const resamples = options.samples?.length ?? options.resamples ?? 200
  const training: Performance[] = [], test: Performance[] = []
  let penalised = 0
  for (let b = 0; b < resamples; b++) {
    options.onResample?.(b)
    const sample = options.samples ? options.samples[b]! : resampler.draw(random)
    const weights = new Float64Array(n)
    for (let k = 0; k < sample.length; k++) weights[sample[k]!]!++
    const model = selectAndFit(data, selection, weights)
    if (!model) continue
    const inside = performance(data.y, model.linearPredictor, weights), outside = performance(data.y, model.linearPredictor)
    if (![...Object.values(inside), ...Object.values(outside)].every(Number.isFinite)) continue
    if (model.penalised) penalised++
    for (const t of model.terms) chosen.set(t, chosen.get(t)! + 1)
    training.push(inside)
    test.push(outside)
  }
  options.onResample?.(resamples)
  if (training.length * 2 < resamples || training.length === 0) {
    return fail('undefined', `Only ${training.length} of ${resamples} resamples gave a model: no correction can be given.`)
  }
  return ok({
    method: `bootstrap optimism correction (Harrell), ${describe(selection)}`,
    n, events: data.y.reduce((s, v) => s + v, 0), patients: resampler.patients,
    resamples, seed, unusable: resamples - training.length, penalised,
    figures: figuresOf(apparent, training, test), selected: whole.terms,
    chosen: Object.fromEntries([...chosen].map(([t, k]) => [t, k / training.length])),
  })
}

function describe(selection: TermSelection): string {
  if (selection.kind === 'none') return 'all terms kept'
  return selection.kind === 'aic'
    ? `${selection.direction} selection by AIC repeated in each resample`
    : `univariable screening at p < ${selection.cut} repeated in each resample`
}

function figuresOf(
  apparent: Performance, training: readonly Performance[], test: readonly Performance[],
): Record<keyof Performance, OptimismFigure> {
  const keys = Object.keys(apparent) as (keyof Performance)[]
  const mean = (list: readonly Performance[], key: keyof Performance): number => list.reduce((s, p) => s + p[key], 0) / list.length
  return Object.fromEntries(keys.map((key) => {
    const inside = mean(training, key), outside = mean(test, key)
    return [
      key,
      { apparent: apparent[key], training: inside, test: outside, optimism: inside - outside, corrected: apparent[key] - (inside - outside) },
    ]
  })) as Record<keyof Performance, OptimismFigure>
}

interface Fitted {
  readonly terms: readonly string[]
  /** Over all rows of the data, whatever their weight. */
  readonly linearPredictor: Float64Array
  readonly penalised: boolean
}

function selectAndFit(data: PreparedData, selection: TermSelection, weights: Float64Array): Fitted | undefined {
  const { x, columns, terms } = data.design
  const positions = (names: readonly string[]): number[] => [
    0, ...names.flatMap((name) => columns.flatMap((c, j) => (c.term === name ? [j] : []))),
  ]
  const fit = (names: readonly string[]): ReturnType<typeof newtonLogistic> => newtonLogistic(x, data.y, positions(names), weights)
  const events = data.y.reduce((s, v, i) => s + v * weights[i]!, 0), total = weights.reduce((s, w) => s + w, 0)
  if (events === 0 || events === total) return undefined
  const all = terms.map((t) => t.name)
  const score = (names: readonly string[]): { aic: number; rank: number } => {
    const { deviance, rank } = fit(names)
    return { aic: deviance + 2 * rank, rank }
  }
  let names: readonly string[] = all
  if (selection.kind === 'aic') names = stepwiseBy(score, all, scopeOf(all, selection)).selected
  else if (selection.kind === 'screen') {
    const none = fit([])
    names = all.filter((name) => {
      if (selection.forced?.includes(name) === true) return true
      const one = fit([name])
      return one.rank > 1 && chiSquareSf(Math.max(0, none.deviance - one.deviance), one.rank - 1) < selection.cut
    })
  }
  const final = fit(names)
  const used = positions(names)
  const penalised = isRunaway(final, x, data.y, used, weights)
  const coefficients = penalised ? penalisedCoefficients(data, used.filter((_, k) => final.used[k]), used, weights) : final.coefficients
  const linearPredictor = Float64Array.from(
    { length: x.rows }, (_, i) => used.reduce((s, j, k) => s + x.data[i * x.cols + j]! * coefficients[k]!, 0),
  )
  return { terms: names, linearPredictor, penalised }
}

function scopeOf(all: readonly string[], { direction, forced = [] }: Extract<TermSelection, { kind: 'aic' }>): StepwiseOptions {
  if (forced.length === 0) return { direction }
  return { direction, scope: all.filter((t) => !forced.includes(t)), start: direction === 'forward' ? forced : all }
}

/** Firth's estimates in a sample, 0 for columns without one; good to six digits, which is more than a resample is worth. */
function penalisedCoefficients(
  { design: { x }, y }: PreparedData, kept: readonly number[], used: readonly number[], weights: Float64Array,
): number[] {
  const sample = Array.from(weights, (w, i) => new Array<number>(w).fill(i)).flat()
  const fit = firthFit(fromRows(sample.map((i) => kept.map((j) => x.data[i * x.cols + j]!))), sample.map((i) => y[i]!), { tolerance: 1e-6 })
  return used.map((j) => fit.coefficients[kept.indexOf(j)] ?? 0)
}
