import type { ImageArray } from './adapter.ts'
import { AnalysisFailure } from './request.ts'

/** An image written out in a task: rows of numbers, or rows of pixels that are lists of channels. */
export function inlineImage(value: unknown): ImageArray {
  const wrong = (): never => { throw new AnalysisFailure('bad_task', 'An image must be a file name, or rows of numbers of equal length.') }
  if (!Array.isArray(value) || !Array.isArray(value[0])) return wrong()
  const rows = value as unknown[][]
  const first = rows[0]![0]
  const channels = Array.isArray(first) ? first.length : 1
  const width = rows[0]!.length
  const data = new Float64Array(rows.length * width * channels)
  let k = 0
  for (const row of rows) {
    if (!Array.isArray(row) || row.length !== width) return wrong()
    for (const pixel of row) {
      const parts: unknown[] = Array.isArray(pixel) ? pixel : [pixel]
      if (parts.length !== channels) return wrong()
      for (const x of parts) data[k++] = typeof x === 'number' ? x : wrong()
    }
  }
  return { height: rows.length, width, channels, data }
}
