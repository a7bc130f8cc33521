import { mkdirSync, readFileSync, readdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { MASK_FORMATS, type Job } from '#shared/contract/index.ts'
import { encodeMask, type RleMask } from '#shared/geometry/index.ts'
import { loadMask } from '#main/services/masks.ts'
import { drawnStudy, ellipse, HEIGHT, WIDTH, type DrawnStudy } from '#test/support/drawnStudy.ts'
import { sln, temporary } from '#test/support/studies.ts'

const home = temporary('exchange')
let s: DrawnStudy
/** A ring, a lesion in two parts, one at the border, a single pixel, nothing at all: what formats stumble over. */
const shapes: RleMask[] = [
  ellipse(40, 30, 15, 12), encodeMask(Uint8Array.from({ length: WIDTH * HEIGHT }, (_, i) => (Math.abs(Math.hypot((i % WIDTH) - 40, Math.floor(i / WIDTH) - 30) - 12) < 4 ? 1 : 0)), { width: WIDTH, height: HEIGHT }),
  encodeMask(Uint8Array.from({ length: WIDTH * HEIGHT }, (_, i) => (i % WIDTH < 9 || (i % WIDTH > 60 && i > 3000) ? 1 : 0)), { width: WIDTH, height: HEIGHT }), ellipse(78, 58, 9, 7),
  encodeMask(Uint8Array.from({ length: WIDTH * HEIGHT }, (_, i) => (i === 2000 ? 1 : 0)), { width: WIDTH, height: HEIGHT }),
]
beforeAll(async () => {
  s = await drawnStudy(home.path, 5)
  await s.as('investigator', 'annotation.assign', { accountId: s.ids.ana })
  for (const task of (await s.as('ana', 'annotation.tasks', {})).tasks) await s.draw('ana', task.id, shapes[Number(s.caseOf(task.id).label.slice(1))] as RleMask)
})
afterAll(async () => {
  await s?.close()
  home.remove()
})
const run = async (name: 'annotation.export' | 'annotation.import', input: Record<string, unknown>): Promise<Job> => s.app.house.jobs.ended((await s.as('investigator', name, input as never)).jobId)
const imported = (): { label: string; version: number; mask: string }[] => s.study.db.read.all("SELECT label, version, mask FROM annotation JOIN study_case ON study_case.id = case_id WHERE purpose = 'imported' ORDER BY label, version")

describe.each(MASK_FORMATS)('as %s', (format) => {
  test('every mask comes back the same', async () => {
    const to = join(home.path, `out-${format}`)
    const done = await run('annotation.export', { to, format, what: 'drawings', images: format === 'png' })
    expect([done.state, done.note]).toEqual(['done', ''])
    const drawn = s.study.db.read.all<{ label: string; mask: string }>("SELECT label, mask FROM annotation JOIN study_case ON study_case.id = case_id WHERE purpose = 'drawn' ORDER BY label")
    const first = s.study.db.read.all("SELECT 1 FROM annotation WHERE purpose = 'imported'").length === 0
    const report = (await run('annotation.import', { from: to, format })).result as { imported: number; unchanged: number; refused: unknown[] }
    // The first format stores them; all later ones find the very same masks there.
    expect(report).toEqual(first ? { imported: 5, unchanged: 0, refused: [] } : { imported: 0, unchanged: expect.any(Number) as number, refused: [] })
    expect(report.imported + report.unchanged).toBeGreaterThanOrEqual(5)
    for (const row of imported()) expect(row.mask).toBe(drawn.find((d) => d.label === row.label)?.mask)
  })
})

describe('by name', () => {
  test('without an index: case names, endings of other programs, the name of the imported file', async () => {
    const from = join(home.path, 'named')
    mkdirSync(from)
    const put = async (name: string, x: number): Promise<RleMask> => {
      const mask = ellipse(x, 30, 6, 6)
      await sharp(Uint8Array.from({ length: WIDTH * HEIGHT }, (_, i) => (((i % WIDTH) + 0.5 - x) / 6) ** 2 + ((Math.floor(i / WIDTH) + 0.5 - 30) / 6) ** 2 <= 1 ? 255 : 0), { raw: { width: WIDTH, height: HEIGHT, channels: 1 } }).png().toFile(join(from, name))
      return mask
    }
    const masks = [await put('C0_mask.png', 20), await put('c1.png', 25), await put('picture-2-segmentation.png', 33)]
    await put('unknown.png', 40)
    await sharp({ create: { width: 9, height: 9, channels: 3, background: '#fff' } }).png().toFile(join(from, 'C3.png'))
    writeFileSync(join(from, 'C4.png'), 'no picture')
    const report = (await run('annotation.import', { from, format: 'png' })).result as { imported: number; refused: { file: string; reason: string }[] }
    expect(report.imported).toBe(3)
    expect(report.refused.map((r) => r.file)).toEqual(['C3.png', 'C4.png', 'unknown.png'])
    expect(report.refused[0]?.reason).toBe('the mask is 9 x 9, its image 80 x 60')
    expect(report.refused[2]?.reason).toContain('no case or image of this study is called unknown')
    const newest = ['C0', 'C1', 'C2'].map((label) => imported().filter((r) => r.label === label).at(-1))
    expect(newest.map((r) => r?.version)).toEqual([2, 2, 2])
    newest.forEach((r, i) => expect(loadMask(s.study, r?.mask ?? '').runs).toEqual(masks[i]?.runs))
  })
  test('a folder that holds something is not written into', async () => {
    const job = await run('annotation.export', { to: join(home.path, 'named'), format: 'png' })
    expect([job.state, job.note]).toEqual(['failed', expect.stringContaining('is not empty')])
  })
  test('the reference of a case is its imported mask; the millimetres go into the NIfTI header', async () => {
    const to = join(home.path, 'reference')
    await run('annotation.export', { to, format: 'nifti', cohort: 'train' })
    expect(readdirSync(to).sort()).toEqual(['C0.nii.gz', 'C2.nii.gz', 'C4.nii.gz', 'index.csv'])
    const index = readFileSync(join(to, 'index.csv'), 'utf8').split('\n')
    expect(index[1]).toMatch(/^C0\.nii\.gz,C0,1,imported,imported,1,2,0,.*,0\.1,0\.2,$/)
  })
})

test('sln masks export and import', async () => {
  const to = join(home.path, 'cli')
  const out = await sln(['masks', 'export', '--study', s.study.directory, '--to', to, '--format', 'labelme', '--images', '--json'], { home: join(home.path, 'user') })
  expect([out.code, JSON.parse(out.stdout) as unknown]).toMatchObject([0, { masks: 5, images: 5, files: 11 }])
  renameSync(join(to, 'C3.json'), join(to, 'C9.json'))
  const back = await sln(['masks', 'import', '--study', s.study.directory, '--from', to, '--format', 'labelme'], { home: join(home.path, 'user') })
  expect(back.stdout).toContain('0 imported, 4 there already, 1 refused')
  expect(back.stdout).toContain('C9.json: no case or image of this study is called C9')
  expect(back.code).toBe(1)
  expect((await sln(['masks', 'export', '--study', s.study.directory, '--to', to, '--format', 'bmp'], { home: join(home.path, 'user') })).code).toBe(2)
})
