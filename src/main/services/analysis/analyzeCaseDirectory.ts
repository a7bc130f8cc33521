import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { parse } from 'csv-parse/sync'
import sharp from 'sharp'
import { readPgm } from '#main/formats/pgm.ts'
import { defaultTable, runTask, type AnalysisSpec, type AnalysisTask, type ImageArray, type TaskResult } from '#shared/statistics/analyze/index.ts'

/**
 * Runs the `task.json` of a folder on the tables and images beside it. Only files that the task names are read; a result file that may lie there never is.
 * @throws Error with a sentence when the task or a file it names cannot be read
 */
export async function analyzeCaseDirectory(dir: string): Promise<TaskResult> {
  const task = readTask(await readText(join(dir, 'task.json')))
  const tables = new Map<string, string[][]>(), images = new Map<string, ImageArray>()
  for (const spec of task.analyses) {
    for (const name of imageNames(spec)) if (!images.has(name)) images.set(name, await readImage(inside(dir, name)))
    const table = typeof spec.data === 'string' ? spec.data : defaultTable
    if (tables.has(table)) continue
    const text = await readTextIfThere(inside(dir, table))
    if (text !== undefined) tables.set(table, parseCsv(text))
  }
  return runTask(task, { tables, images, sha256: (bytes) => createHash('sha256').update(bytes).digest('hex') })
}

function readTask(text: string): AnalysisTask {
  const task = JSON.parse(text) as { case?: unknown; analyses?: unknown }
  const list = task.analyses
  const isSpec = (a: unknown): a is AnalysisSpec => typeof a === 'object' && a !== null && typeof (a as AnalysisSpec).id === 'string' && typeof (a as AnalysisSpec).type === 'string'
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

/** Records of a table: UTF-8 (a byte order mark is dropped), RFC 4180 quotes, any line ends; an empty line is no record. */
export function parseCsv(text: string): string[][] {
  return parse(text, { bom: true, relax_column_count: true, skip_empty_lines: true }) as unknown as string[][]
}

/** An image file as an array of its samples: PGM, a CSV of numbers, or what the image library reads; samples of 16 bits stay 16 bits. */
export async function readImage(file: string): Promise<ImageArray> {
  const bytes = await readFile(file)
  if (/\.pgm$/i.test(file)) {
    const map = readPgm(bytes)
    if (!map.ok) throw new Error(`${basename(file)}: ${map.error}`)
    return { width: map.value.width, height: map.value.height, channels: 1, data: map.value.data }
  }
  if (/\.(csv|txt)$/i.test(file)) return matrixOf(parseCsv(bytes.toString('utf8')), basename(file))
  const image = sharp(bytes, { limitInputPixels: 2 ** 28 })
  const { depth, channels } = await image.metadata()
  const wide = depth === 'ushort', grey = channels < 3
  // Without a colour space of the same depth the library converts to 8 bits and to three channels.
  const raw = (wide ? image.toColourspace(grey ? 'grey16' : 'rgb16') : grey ? image.toColourspace('b-w') : image).raw(wide ? { depth: 'ushort' } : {})
  const { data, info } = await raw.toBuffer({ resolveWithObject: true })
  return { width: info.width, height: info.height, channels: info.channels, data: wide ? new Uint16Array(data.buffer, data.byteOffset, data.byteLength / 2) : data }
}

function matrixOf(records: readonly (readonly string[])[], name: string): ImageArray {
  const width = records[0]?.length ?? 0
  const data = records.flat().map(Number)
  if (width === 0 || data.length !== width * records.length || data.some(Number.isNaN)) throw new Error(`${name}: a matrix needs rows of numbers of equal length.`)
  return { width, height: records.length, channels: 1, data }
}

async function readText(file: string): Promise<string> {
  const text = await readTextIfThere(file)
  if (text === undefined) throw new Error(`There is no ${basename(file)} in the folder.`)
  return text
}

async function readTextIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8')
  } catch (e) {
    if ((e as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw e
  }
}
