import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { parse } from 'csv-parse/sync'
import sharp from 'sharp'
import type { ImageArray } from '#shared/statistics/analyze/index.ts'
import { readPgm } from './pgm.ts'

/** Records of a table: UTF-8 (a byte order mark is dropped), RFC 4180 quotes, any line ends; an empty line is no record. */
export function parseCsv(text: string): string[][] {
  return parse(text, { bom: true, relax_column_count: true, skip_empty_lines: true }) as unknown as string[][]
}

/** An image file as an array of its samples: PGM or PPM, a CSV of numbers, or what the image library reads; samples of 16 bits stay 16 bits. */
export async function readSamples(file: string): Promise<ImageArray> {
  const bytes = await readFile(file)
  if (/\.p[gp]m$/i.test(file)) {
    const map = readPgm(bytes)
    if (!map.ok) throw new Error(`${basename(file)}: ${map.error}`)
    const { width, height, channels, data } = map.value
    return { width, height, channels, data }
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
