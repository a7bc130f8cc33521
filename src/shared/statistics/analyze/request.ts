import type { StatisticsErrorCode, StatisticsError, StatisticsResult } from '../core/index.ts'
import type { AnalysisSpec, OutputObject } from './adapter.ts'

/** Thrown inside an adapter for a request that cannot be carried out; the runner turns it into that analysis' error. */
export class AnalysisFailure extends Error {
  readonly failure: StatisticsError
  constructor(code: StatisticsErrorCode, message: string, subject?: string) {
    super(message)
    this.failure = subject === undefined ? { code, message } : { code, message, subject }
  }
}

/** The value of a statistic inside an adapter, its failure thrown on to the runner. */
export function need<T>(result: StatisticsResult<T>): T {
  if (result.ok) return result.value
  throw new AnalysisFailure(result.error.code, result.error.message, result.error.subject)
}

/** The value, or null where the statistic is undefined for these data (a documented null of the output format). */
export function orNull<T>(result: StatisticsResult<T>): T | null {
  return result.ok ? result.value : null
}

/** One part of an analysis: where it fails, its error stands in its place and the other parts go on. */
export function attempt(part: () => OutputObject): OutputObject {
  try {
    return part()
  } catch (e) {
    if (e instanceof AnalysisFailure) return { error: { ...e.failure } }
    throw e
  }
}

function wrong(spec: AnalysisSpec, field: string, wanted: string): never {
  throw new AnalysisFailure('bad_task', `The analysis "${spec.id}" needs "${field}" to be ${wanted}, not ${JSON.stringify(spec[field])}.`)
}

/** A required text field (a column name, mostly). */
export function textField(spec: AnalysisSpec, field: string): string {
  const value = spec[field]
  return typeof value === 'string' ? value : wrong(spec, field, 'text')
}

/** A list of texts; a single text counts as a list of one. Required unless a default is given. */
export function textList(spec: AnalysisSpec, field: string, otherwise?: readonly string[]): readonly string[] {
  const value = spec[field]
  if (value === undefined && otherwise) return otherwise
  const list: unknown[] = Array.isArray(value) ? value : [value]
  return list.every((v): v is string => typeof v === 'string') ? list : wrong(spec, field, 'a list of texts')
}

/** A list of any plain values (levels). */
export function valueList(spec: AnalysisSpec, field: string): readonly (string | number | boolean)[] {
  const value = spec[field]
  const list: unknown[] = Array.isArray(value) ? value : [value]
  const plain = (v: unknown): v is string | number | boolean => ['string', 'number', 'boolean'].includes(typeof v)
  return list.every(plain) ? list : wrong(spec, field, 'a list of values')
}

/** A list of numbers; a single number counts as a list of one; absent gives an empty list. */
export function numberList(spec: AnalysisSpec, field: string): readonly number[] {
  const value = spec[field]
  if (value === undefined || value === null) return []
  const list = (Array.isArray(value) ? value : [value]).map(asNumber)
  return list.every((v): v is number => v !== undefined) ? list : wrong(spec, field, 'a list of numbers')
}

/** A number, or undefined when the field is absent. */
export function optionalNumber(spec: AnalysisSpec, field: string): number | undefined {
  const value = spec[field]
  if (value === undefined || value === null) return undefined
  return asNumber(value) ?? wrong(spec, field, 'a number')
}

/** A list of records; a single record counts as a list of one; absent gives an empty list. */
export function recordList(spec: AnalysisSpec, field: string): readonly Readonly<Record<string, unknown>>[] {
  const value = spec[field]
  if (value === undefined || value === null) return []
  const list: unknown[] = Array.isArray(value) ? value : [value]
  const record = (v: unknown): v is Record<string, unknown> => typeof v === 'object' && v !== null && !Array.isArray(v)
  return list.every(record) ? list : wrong(spec, field, 'a list of records')
}

export function flag(spec: AnalysisSpec, field: string): boolean {
  return spec[field] === true
}

function asNumber(value: unknown): number | undefined {
  if (typeof value === 'number' && !Number.isNaN(value)) return value
  if (value === 'Inf' || value === 'Infinity') return Infinity
  if (value === '-Inf' || value === '-Infinity') return -Infinity
  return undefined
}
