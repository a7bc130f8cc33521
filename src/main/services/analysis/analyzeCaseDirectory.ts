import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { parseCsv, readSamples } from '#main/formats/samples.ts'
import { defaultTable, runTask, type AnalysisSpec, type AnalysisTask, type ImageArray, type TaskResult } from '#shared/statistics/analyze/index.ts'

/**
 * Runs the `task.json` of a folder on the tables and images beside it. Only files that the task names are read; a result file that may lie there
 * never is.
 * @throws Error with a sentence when the task or a file it names cannot be read
 */
export async function analyzeCaseDirectory(dir: string): Promise<TaskResult> {
  const task = readTask(await readText(join(dir, 'task.json')))
  const tables = new Map<string, string[][]>(), images = new Map<string, ImageArray>()
  for (const spec of task.analyses) {
    for (const name of imageNames(spec)) {
      const image = images.has(name) ? undefined : await ifThere(() => readSamples(inside(dir, name)))
      if (image) images.set(name, image)
    }
    const table = typeof spec.data === 'string' ? spec.data : defaultTable
    if (tables.has(table)) continue
    const text = await ifThere(() => readFile(inside(dir, table), 'utf8'))
    if (text !== undefined) tables.set(table, parseCsv(text))
  }
  return runTask(task, { tables, images, sha256: (bytes) => createHash('sha256').update(bytes).digest('hex') })
}

function readTask(text: string): AnalysisTask {
  const task = JSON.parse(text) as { case?: unknown; analyses?: unknown }
  const list = task.analyses
  const isSpec = (a: unknown): a is AnalysisSpec =>
    typeof a === 'object' && a !== null && typeof (a as AnalysisSpec).id === 'string' && typeof (a as AnalysisSpec).type === 'string'
  if (!Array.isArray(list) || !list.every(isSpec)) throw new Error('task.json needs "analyses": a list in which each has an "id" and a "type".')
  return typeof task.case === 'string' ? { case: task.case, analyses: list } : { analyses: list }
}

/** A file of the folder itself: a name that leads elsewhere is refused. */
function inside(dir: string, name: string): string {
  if (basename(name) !== name) throw new Error(`The file "${name}" must lie in the folder of the task.`)
  return join(dir, name)
}

/** Names of image files in the fields `image` and `mask`, and in the `pred` and `ref` of each pair. */
function imageNames(spec: AnalysisSpec): string[] {
  const pairs: unknown[] = Array.isArray(spec.pairs) ? spec.pairs : []
  const sources = [spec.image, spec.mask, ...pairs.flatMap((p) => (typeof p === 'object' && p !== null ? [(p as AnalysisSpec).pred, (p as AnalysisSpec).ref] : []))]
  return sources.filter((s): s is string => typeof s === 'string')
}

async function readText(file: string): Promise<string> {
  const text = await ifThere(() => readFile(file, 'utf8'))
  if (text === undefined) throw new Error(`There is no ${basename(file)} in the folder.`)
  return text
}

/** A file that is not there is the error of the analyses that name it, not of the others. */
async function ifThere<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read()
  } catch (e) {
    if ((e as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw e
  }
}
