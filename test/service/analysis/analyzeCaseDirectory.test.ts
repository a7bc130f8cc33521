import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parseCsv, readSamples } from '#main/formats/samples.ts'
import { analyzeCaseDirectory } from '#main/services/analysis/analyzeCaseDirectory.ts'

let dir: string
beforeEach(async () => { dir = await mkdtemp(join(tmpdir(), 'case-')) })
afterEach(() => rm(dir, { recursive: true }))
const put = (name: string, content: string | Uint8Array) => writeFile(join(dir, name), content)
const task = (...analyses: object[]) => put('task.json', JSON.stringify({ case: 'own', analyses }))

describe('a folder with a task', () => {
  it('is computed from its table, and a result that lies there is never read', async () => {
    await task({ id: 'r', type: 'roc', outcome: 'ja; "nein"', scores: ['größe, mm'] })
    await put('data.csv', '\ufeff"ja; ""nein""","größe, mm"\r\n0,1\r\n1,2\r\n0,NA\r\n1,3\r\n0,2\r\n\r\n')
    await put('expected.json', 'not JSON at all')
    const { case: name, results } = await analyzeCaseDirectory(dir)
    expect(name).toBe('own')
    expect(results.r).toMatchObject({ n_total: 5, scores: { 'größe, mm': { n_used: 4, n_pos: 2, auc: 0.875 } } })
  })

  it('reads images of the task with their own depth', async () => {
    await put('grey.png', await sharp(Uint8Array.from([0, 1, 128, 255]), { raw: { width: 2, height: 2, channels: 1 } }).toColourspace('b-w').png().toBuffer())
    await put('deep.png', await sharp(Uint16Array.from([0, 1, 300, 65535]), { raw: { width: 2, height: 2, channels: 1 } }).toColourspace('grey16').png().toBuffer())
    await put('colour.png', await sharp(Uint8Array.from([1, 2, 3, 4, 5, 6]), { raw: { width: 2, height: 1, channels: 3 } }).png().toBuffer())
    await put('matrix.csv', '1,2.5\n-3e2,4\n')
    await put('map.pgm', Uint8Array.from([...'P5 2 1 255\n'].map((c) => c.charCodeAt(0)).concat([7, 9])))
    const shape = async (name: string) => { const i = await readSamples(join(dir, name)); return [i.height, i.width, i.channels, Array.from(i.data)] }
    expect(await shape('grey.png')).toEqual([2, 2, 1, [0, 1, 128, 255]])
    expect(await shape('deep.png')).toEqual([2, 2, 1, [0, 1, 300, 65535]])
    expect(await shape('colour.png')).toEqual([1, 2, 3, [1, 2, 3, 4, 5, 6]])
    expect(await shape('matrix.csv')).toEqual([2, 2, 1, [1, 2.5, -300, 4]])
    expect(await shape('map.pgm')).toEqual([1, 2, 1, [7, 9]])
    await task({ id: 'z', type: 'minmax', image: 'grey.png' }, { id: 'p', type: 'masks', pairs: [{ id: 'same', pred: 'map.pgm', ref: 'map.pgm' }] })
    const { results } = await analyzeCaseDirectory(dir)
    expect(results.z).toMatchObject({ min: 0, max: 255 })
    expect(results.p).toMatchObject({ pairs: [{ id: 'same', dice: 1 }] })
  })

  it('says what is missing or outside', async () => {
    await expect(analyzeCaseDirectory(dir)).rejects.toThrow('There is no task.json in the folder.')
    await put('task.json', '{"analyses": [{"id": 1}]}')
    await expect(analyzeCaseDirectory(dir)).rejects.toThrow('each has an "id" and a "type"')
    await task({ id: 'z', type: 'zscore', image: '../outside.png' })
    await expect(analyzeCaseDirectory(dir)).rejects.toThrow('must lie in the folder')
    await task({ id: 'r', type: 'roc', outcome: 'y', scores: ['s'] }, { id: 'i', type: 'zscore', image: 'gone.png' })
    expect((await analyzeCaseDirectory(dir)).results.i).toMatchObject({ error: { code: 'bad_task', subject: 'gone.png' } })
    expect((await analyzeCaseDirectory(dir)).results.r).toMatchObject({ error: { code: 'bad_task', subject: 'data.csv' } })
    await put('task.json', '{"analyses": [')
    await expect(analyzeCaseDirectory(dir)).rejects.toThrow('not readable as JSON')
  })

  it('gives a file that cannot be read as the error of the analyses that name it; the others are computed', async () => {
    await put('text.png', 'this is no picture')
    await put('cut.pgm', 'P5 9 9 255\n')
    await put('colour.ppm', 'P3 2 1 255\n0 10 20 30 40 50\n')
    await task({ id: 'text', type: 'zscore', image: 'text.png' }, { id: 'cut', type: 'minmax', image: 'cut.pgm' }, { id: 'colour', type: 'minmax', image: 'colour.ppm' })
    const { results } = await analyzeCaseDirectory(dir)
    expect(results.text).toMatchObject({ error: { code: 'bad_task', subject: 'text.png', message: expect.stringContaining('it cannot be read') as string } })
    expect(results.cut).toMatchObject({ error: { code: 'bad_task', message: expect.stringContaining('The graymap ends early') as string } })
    expect(results.colour).toMatchObject({ min: 0, max: 50 })
  })
})

describe('records of a table', () => {
  it('keep commas, quotes, line breaks and spaces of quoted fields', () => {
    expect(parseCsv('a,b\n"x, ""y""\nz", 1 \n')).toEqual([['a', 'b'], ['x, "y"\nz', ' 1 ']])
  })
})
