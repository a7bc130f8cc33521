import { createRandom, ok, type Random } from '#shared/lib/index.ts'
import { fail, type PatientId, type StatisticsResult } from '../core/index.ts'
import { completeCases, type DataRow, type MissingCount, type Term } from '../regression/index.ts'
import { chooseCandidate, type CandidateScore } from './chooseCandidate.ts'
import { figures, indices, type FoldData } from './foldData.ts'
import { groupedFolds } from './groupedFolds.ts'
import type { Learner } from './learner.ts'

/** A kind of model with the settings to choose among; one candidate means nothing is chosen. List simpler candidates first: ties go to the first. */
export interface LearnerFamily {
  readonly name: string
  readonly candidates: readonly Learner[]
}

export interface NestedOptions {
  readonly outcome: string
  /** Column with the patient of each row; each row is a patient when absent. */
  readonly patient?: string
  readonly families: readonly LearnerFamily[]
  readonly seed: string | number
  /** 5 unless given, both. */
  readonly outerFolds?: number
  readonly innerFolds?: number
  /** Repeats of the whole cross-validation with other folds; 1 unless given. */
  readonly repeats?: number
  /** What the inner cross-validation chooses by; log loss unless given. */
  readonly chooseBy?: 'logLoss' | 'auc'
  /** Told before each outer fit of a family how many are done, of how many, and which family is next. */
  readonly onFit?: (done: number, total: number, family: string) => void
}

/** One outer fold of one family: what was chosen without it and how that did on it. */
export interface NestedFold {
  readonly repeat: number
  readonly fold: number
  readonly n: number
  readonly events: number
  readonly chosen: string
  /** Inner scores of all candidates; empty when there was nothing to choose. */
  readonly candidates: readonly CandidateScore[]
  readonly auc: number
  readonly logLoss: number
  readonly brier: number
  readonly findings: readonly string[]
}

export interface NestedFamilyResult {
  readonly name: string
  /** Probability of each used row by models that never saw its patient, mean over repeats. */
  readonly outOfFold: Float64Array
  /** Figures of the out-of-fold probabilities of all rows together. */
  readonly pooled: { readonly auc: number; readonly logLoss: number; readonly brier: number }
  readonly meanFoldAuc: number
  readonly folds: readonly NestedFold[]
}

/** All families over the same rows and the same folds. */
export interface NestedComparison {
  readonly method: string
  readonly outcome: Float64Array
  readonly patients: readonly PatientId[]
  /** Position of each used row among the given rows. */
  readonly index: readonly number[]
  readonly missing: MissingCount
  readonly families: readonly NestedFamilyResult[]
}

/**
 * Nested cross-validation of several kinds of models: settings are chosen in inner folds of the fitting part only, so that no family gains by
 * having more settings to try. All families get the same complete rows (over all their terms) and the same patient-grouped, stratified, seeded folds.
 * Sources: Stone, JRSS B 1974;36:111-47; Varma and Simon, BMC Bioinformatics 2006;7:91.
 * @returns failures of `completeCases`, `groupedFolds`, and of any fit. Fits: repeats x outerFolds x families x (candidates x innerFolds + 1).
 */
export function nestedCrossValidation(rows: readonly DataRow[], options: NestedOptions): StatisticsResult<NestedComparison> {
  const { outcome, families, outerFolds = 5, innerFolds = 5, repeats = 1, chooseBy = 'logLoss' } = options
  if (families.length === 0 || families.some((f) => f.candidates.length === 0)) return fail('bad_task', 'Give at least one kind of model, each with at least one candidate.')
  const cases = completeCases(rows, outcome, allTerms(families))
  if (!cases.ok) return cases
  const used = cases.value.rows, y = cases.value.outcome
  const patients = patientsOf(used, cases.value.index, options.patient)
  if (!patients.ok) return patients
  const random = createRandom(options.seed)
  const sums = families.map(() => new Float64Array(used.length)), folds: NestedFold[][] = families.map(() => [])
  for (let repeat = 0; repeat < repeats; repeat++) {
    const fold = groupedFolds(y, patients.value, outerFolds, random.fork(`folds/${repeat}`))
    if (!fold.ok) return fold
    for (let k = 0; k < outerFolds; k++) {
      const inside = indices(fold.value, (f) => f !== k), outside = indices(fold.value, (f) => f === k)
      for (const [at, family] of families.entries()) {
        options.onFit?.(((repeat * outerFolds) + k) * families.length + at, repeats * outerFolds * families.length, family.name)
        const part = { rows: used, y, patients: patients.value, outcome, innerFolds, chooseBy }
        const done = outerFold(family, part, inside, outside, random.fork(`fit/${repeat}/${k}`))
        if (!done.ok) return done
        done.value.predicted.forEach((p, i) => { sums[at]![outside[i]!]! += p / repeats })
        folds[at]!.push({ repeat, fold: k, ...done.value.summary })
      }
    }
  }
  return ok({
    method: `nested cross-validation, ${outerFolds} outer and ${innerFolds} inner folds, ${repeats} ${repeats === 1 ? 'repeat' : 'repeats'}, `
      + `grouped by ${options.patient ?? 'row'}, stratified by outcome, settings chosen by ${chooseBy === 'auc' ? 'AUC' : 'log loss'}`,
    outcome: y, patients: patients.value, index: cases.value.index, missing: cases.value.missing,
    families: families.map(({ name }, at) => ({
      name, outOfFold: sums[at]!, pooled: figures(y, sums[at]!), folds: folds[at]!,
      meanFoldAuc: folds[at]!.reduce((s, f) => s + f.auc, 0) / folds[at]!.length,
    })),
  })
}

function outerFold(family: LearnerFamily, data: FoldData, inside: readonly number[], outside: readonly number[], random: Random):
StatisticsResult<{ predicted: Float64Array; summary: Omit<NestedFold, 'repeat' | 'fold'> }> {
  const choice = chooseCandidate(family.candidates, data, inside, random.fork('choice'))
  if (!choice.ok) return choice
  const { learner, scores } = choice.value
  const fitted = learner.fit(inside.map((i) => data.rows[i]!), data.outcome, random.fork('final'))
  if (!fitted.ok) return fitted
  const predicted = fitted.value.predict(outside.map((i) => data.rows[i]!))
  if (!predicted.ok) return predicted
  const y = Float64Array.from(outside, (i) => data.y[i]!)
  const events = y.reduce((s, v) => s + v, 0)
  return ok({
    predicted: predicted.value,
    summary: { n: outside.length, events, chosen: learner.name, candidates: scores, ...figures(y, predicted.value), findings: fitted.value.findings },
  })
}

function allTerms(families: readonly LearnerFamily[]): Term[] {
  const byName = new Map<string, Term>()
  for (const { candidates } of families) for (const { terms } of candidates) for (const term of terms) byName.set(term.name, term)
  return [...byName.values()]
}

function patientsOf(rows: readonly DataRow[], index: readonly number[], column: string | undefined): StatisticsResult<readonly PatientId[]> {
  if (column === undefined) return ok(rows.map((_, i) => i))
  const missing = rows.findIndex((row) => row[column] === null || row[column] === undefined || row[column] === '')
  if (missing >= 0) return fail('missing_values', `Row ${index[missing]! + 1} has no patient in "${column}": folds must keep patients together.`, column)
  return ok(rows.map((row) => row[column] as PatientId))
}
