import { ok } from '#shared/lib/index.ts'
import { fail, type StatisticsResult } from '../core/index.ts'
import type { CombinedModel, CombinedTerm } from './combinedModel.ts'

/**
 * Checks that a value read from a file is a frozen model: every field there, numbers finite, the covariance square, symmetric and as long
 * as the coefficients.
 * @returns `bad_task` with what is wrong
 */
export function parseCombinedModel(value: unknown): StatisticsResult<CombinedModel> {
  const wrong = problemOf(value)
  return wrong === undefined ? ok(value as CombinedModel) : fail('bad_task', `This is not a combined model: ${wrong}.`)
}

function problemOf(value: unknown): string | undefined {
  if (!isRecord(value)) return 'it is not an object'
  if (value.format !== 'sln-combined-model' || value.version !== 1) return 'its format or version is another one'
  for (const field of ['method', 'outcome', 'positiveClass', 'cohort']) if (typeof value[field] !== 'string') return `"${field}" is not text`
  for (const field of ['n', 'events', 'intercept']) if (!Number.isFinite(value[field])) return `"${field}" is not a number`
  if (!Array.isArray(value.terms)) return '"terms" is not a list'
  const termProblem = value.terms.map(termProblemOf).find((p) => p !== undefined)
  if (termProblem !== undefined) return termProblem
  const range = value.linearPredictorRange
  if (!isNumbers(range) || range.length !== 2) return '"linearPredictorRange" is not two numbers'
  return covarianceProblem(value) ?? thresholdProblem(value.threshold)
}

function termProblemOf(term: unknown): string | undefined {
  if (!isRecord(term) || typeof term.name !== 'string') return 'a term has no name'
  if (term.kind === 'numeric') {
    const observed = term.observed
    const fine = isRecord(observed) && [term.coefficient, observed.minimum, observed.maximum].every(Number.isFinite)
    return fine && (observed.distinct === undefined || isNumbers(observed.distinct))
      ? undefined
      : `the numeric term "${term.name}" lacks its coefficient or range`
  }
  if (term.kind !== 'factor') return `the term "${term.name}" is neither numeric nor a factor`
  const { levels, coefficients } = term
  const fine = Array.isArray(levels) && levels.length >= 2 && levels.every((l) => typeof l === 'string')
    && isNumbers(coefficients) && coefficients.length === levels.length
  return fine ? undefined : `the factor "${term.name}" does not have a coefficient for each level`
}

function covarianceProblem(model: Record<string, unknown>): string | undefined {
  const expected = expectedColumns(model.terms as readonly CombinedTerm[])
  const { columns, covariance: v } = model
  if (!Array.isArray(columns) || columns.length !== expected.length || expected.some((name, i) => columns[i] !== name)) {
    return `"columns" is not ${expected.join(', ')}`
  }
  if (!Array.isArray(v) || v.length !== expected.length || !v.every((row) => isNumbers(row) && row.length === expected.length)) {
    return '"covariance" has not a row and a column for each coefficient'
  }
  const m = v as number[][]
  const scale = (i: number, j: number): number => Math.sqrt(Math.abs(m[i]![i]! * m[j]![j]!))
  const symmetric = m.every((row, i) => row.every((x, j) => Math.abs(x - m[j]![i]!) <= 1e-9 * scale(i, j) + 1e-300))
  return symmetric && m.every((row, i) => row[i]! >= 0) ? undefined : '"covariance" is not a covariance'
}

function expectedColumns(terms: readonly CombinedTerm[]): string[] {
  return ['(Intercept)', ...terms.flatMap((t) => (t.kind === 'numeric' ? [t.name] : t.levels.slice(1).map((l) => t.name + l)))]
}

function thresholdProblem(threshold: unknown): string | undefined {
  if (threshold === undefined) return undefined
  const fine = isRecord(threshold) && typeof threshold.value === 'number' && threshold.value >= 0 && threshold.value <= 1
    && typeof threshold.rule === 'string' && (threshold.chosenOn === null || typeof threshold.chosenOn === 'string')
  return fine ? undefined : '"threshold" lacks a probability, its rule or the cohort it was chosen on'
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isNumbers(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((v) => Number.isFinite(v))
}
