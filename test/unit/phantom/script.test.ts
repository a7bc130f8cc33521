import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import sharp from 'sharp'
import { afterAll, expect, it } from 'vitest'

const folder = mkdtempSync(join(tmpdir(), 'phantoms-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const run = (...args: string[]): ReturnType<typeof spawnSync> => spawnSync('node_modules/.bin/node', ['scripts/phantoms.mjs', ...args], { encoding: 'utf8' })

it('writes images, single-channel masks of the same size and a manifest that names them', async () => {
  expect(run('--out', folder, '--cases', '6', '--seed', '9').status).toBe(0)
  const rows = parse(readFileSync(join(folder, 'manifest.csv')), { columns: true }) as Record<string, string>[]
  expect(rows.length).toBeGreaterThanOrEqual(6)
  for (const row of rows) {
    const image = await sharp(join(folder, row.image!)).metadata()
    if (row.mask === '') continue
    const mask = await sharp(join(folder, row.mask!)).toColourspace('b-w').raw().toBuffer({ resolveWithObject: true })
    expect((await sharp(join(folder, row.mask!)).metadata()).channels).toBe(1)
    expect([mask.info.width, mask.info.height]).toEqual([image.width, image.height])
    expect(new Set(mask.data)).toEqual(new Set([0, 255]))
  }
})

it('says what is missing', () => {
  const result = run()
  expect(result.status).toBe(2)
  expect(result.stderr).toContain('--out DIR')
})
