import { fail, type StatisticsResult } from '../core/index.ts'
import type { AnalysisInput, AnalysisSpec, ImageArray, OutputObject } from './adapter.ts'
import { inlineImage } from './image.ts'
import { toJson, type Json } from './output.ts'
import { adapters } from './registry.ts'
import { AnalysisFailure } from './request.ts'
import { parseTable, whereEquals, type Table } from './table.ts'

/** A case to compute: its name and the analyses asked for. */
export interface AnalysisTask {
  readonly case?: string
  readonly analyses: readonly AnalysisSpec[]
}

/** Files of a case, read by the caller: tables as records of text (header first), images as arrays, by file name. */
export interface TaskFiles {
  readonly tables: ReadonlyMap<string, readonly (readonly string[])[]>
  readonly images: ReadonlyMap<string, ImageArray>
  /** Why a file is in neither, by its name. */
  readonly faults?: ReadonlyMap<string, string>
  sha256(bytes: Uint8Array): string
}

/** Results by analysis id. A failed analysis holds `error`: its code and sentence. */
export interface TaskResult {
  readonly case?: string
  readonly results: Readonly<Record<string, Json>>
}

/** The table an analysis uses when it names none. */
export const defaultTable = 'data.csv'

/** Runs each analysis of a task by the adapter of its type. One that fails does not stop the others. */
export function runTask(task: AnalysisTask, files: TaskFiles): TaskResult {
  const parsed = new Map<string, Table>()
  const results = Object.fromEntries(task.analyses.map((spec) => {
    const outcome = runOne(spec, files, parsed)
    return [spec.id, outcome.ok ? toJson({ type: spec.type, ...outcome.value }) : { type: spec.type, error: { ...outcome.error } }]
  }))
  return task.case === undefined ? { results } : { case: task.case, results }
}

function runOne(spec: AnalysisSpec, files: TaskFiles, parsed: Map<string, Table>): StatisticsResult<OutputObject> {
  const adapter = adapters.get(spec.type)
  if (!adapter) return fail('bad_task', `No analysis of the type "${spec.type}" is known; there are: ${[...adapters.keys()].join(', ')}.`)
  try {
    return adapter(inputFor(spec, files, parsed))
  } catch (e) {
    if (e instanceof AnalysisFailure) return { ok: false, error: e.failure }
    throw e
  }
}

function inputFor(spec: AnalysisSpec, files: TaskFiles, parsed: Map<string, Table>): AnalysisInput {
  return {
    spec,
    sha256: (bytes) => files.sha256(bytes),
    table: () => {
      const name = typeof spec.data === 'string' ? spec.data : defaultTable
      let table = parsed.get(name)
      if (!table) {
        const records = files.tables.get(name)
        if (!records) throw new AnalysisFailure('bad_task', `The analysis "${spec.id}" uses the table "${name}", but ${files.faults?.get(name) ?? 'it is not there'}.`, name)
        table = parseTable(records)
        parsed.set(name, table)
      }
      return whereEquals(table, whereOf(spec))
    },
    image: (source) => {
      if (typeof source !== 'string') return inlineImage(source)
      const image = files.images.get(source)
      if (!image) throw new AnalysisFailure('bad_task', `The analysis "${spec.id}" uses the image "${source}", but ${files.faults?.get(source) ?? 'it is not there'}.`, source)
      return image
    },
  }
}

function whereOf(spec: AnalysisSpec): { column: string; equals: unknown } | undefined {
  const where = spec.where
  if (where === undefined || where === null) return undefined
  const { column, equals } = where as { column?: unknown; equals?: unknown }
  if (typeof column !== 'string' || equals === undefined) throw new AnalysisFailure('bad_task', `The filter of "${spec.id}" needs "column" and "equals".`)
  return { column, equals }
}
