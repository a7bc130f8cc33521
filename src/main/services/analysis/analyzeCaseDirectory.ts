import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { basename, isAbsolute, join, relative } from 'node:path'
import { Failure } from '#shared/contract/errors.ts'
import { parseCsv, readSamples } from '#main/formats/samples.ts'
import { defaultTable, runTask, type AnalysisSpec, type AnalysisTask, type ImageArray, type TaskResult } from '#shared/statistics/analyze/index.ts'

/**
 * Runs the `task.json` of a folder on the tables and images beside it. Only files that the task names are read; a result file that may lie there
 * never is. A file that is missing or unreadable is the error of the analyses that name it, not of the others.
 * @throws Failure with a sentence when the task cannot be read or names a file outside the folder
 */
export async function analyzeCaseDirectory(dir: string): Promise<TaskResult> {
  const task = readTask(await readText(join(dir, 'task.json')))
  const tables = new Map<string, string[][]>(), images = new Map<string, ImageArray>(), faults = new Map<string, string>()
  const into = async <T>(files: Map<string, T>, name: string, read: (file: string) => Promise<T>): Promise<void> => {
    if (files.has(name) || faults.has(name)) return
    const file = inside(dir, name)
    try {
      files.set(name, await read(file))
    } catch (error) {
      faults.set(name, (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'it is not there' : `it cannot be read (${(error as Error).message.split('\n')[0] ?? ''})`)
    }
  }
  for (const spec of task.analyses) {
    for (const name of imageNames(spec)) await into(images, name, readSamples)
    await into(tables, typeof spec.data === 'string' ? spec.data : defaultTable, async (file) => parseCsv(await readFile(file, 'utf8')))
  }
  return runTask(task, { tables, images, faults, sha256: (bytes) => createHash('sha256').update(bytes).digest('hex') })
}

function readTask(text: string): AnalysisTask {
  let task: { case?: unknown; analyses?: unknown } | null
  try {
    task = JSON.parse(text.replace(/^\uFEFF/, '')) as typeof task
  } catch (error) {
    throw new Failure('refused', `task.json is not readable as JSON (${(error as Error).message}); nothing was computed.`)
  }
  const list = task?.analyses
  const isSpec = (a: unknown): a is AnalysisSpec =>
    typeof a === 'object' && a !== null && typeof (a as AnalysisSpec).id === 'string' && typeof (a as AnalysisSpec).type === 'string'
  if (!Array.isArray(list) || !list.every(isSpec)) throw new Failure('refused', 'task.json needs "analyses": a list in which each has an "id" and a "type".')
  return typeof task?.case === 'string' ? { case: task.case, analyses: list } : { analyses: list }
}

/** A file below the folder: a name that leads elsewhere is refused. */
function inside(dir: string, name: string): string {
  const file = join(dir, name), way = relative(dir, file)
  if (isAbsolute(name) || way === '' || way.startsWith('..')) throw new Failure('refused', `The file "${name}" must lie in the folder of the task.`)
  return file
}

/** Names of image files in the fields `image` and `mask`, and in the `pred` and `ref` of each pair. */
function imageNames(spec: AnalysisSpec): string[] {
  const pairs: unknown[] = Array.isArray(spec.pairs) ? spec.pairs : []
  const sources = [spec.image, spec.mask, ...pairs.flatMap((p) => (typeof p === 'object' && p !== null ? [(p as AnalysisSpec).pred, (p as AnalysisSpec).ref] : []))]
  return sources.filter((s): s is string => typeof s === 'string')
}

async function readText(file: string): Promise<string> {
  return readFile(file, 'utf8').catch(() => {
    throw new Failure('not_found', `There is no ${basename(file)} in the folder.`)
  })
}
