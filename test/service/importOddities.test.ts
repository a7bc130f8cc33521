import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import sharp, { type Sharp } from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sln, temporary } from '#test/support/studies.ts'

const scratch = temporary('oddities')
const home = join(scratch.path, 'home'), folder = join(scratch.path, 'source'), study = join(scratch.path, 'study')
afterAll(() => scratch.remove())

const width = 64, height = 48, raw = { width, height, channels: 1 } as const
const speckle = (seed: number): Sharp => sharp(Uint8Array.from({ length: width * height }, (_, i) => (i * seed * 7 + (i % width)) % 256), { raw })
/** 20 x 10 pixels of foreground in the upper left. */
const mask = (value: number): Sharp => sharp(Uint8Array.from({ length: width * height }, (_, i) => (i % width < 20 && i < 10 * width ? value : 0)), { raw }).toColourspace('b-w')

describe('an import of what other programs write', () => {
  let db: Database.Database
  beforeAll(async () => {
    mkdirSync(folder)
    const lines = ['case_id;patient_id;image;mask;node']
    for (const [i, [value, node]] of ([[255, 'yes'], [1, 'no'], [2, 'NA'], [100, 'unknown']] as const).entries()) {
      await speckle(i + 1).png().toFile(join(folder, `value${value}.png`))
      await mask(value).png().toFile(join(folder, `mask${value}.png`))
      lines.push(`v${i};P${i};value${value}.png;mask${value}.png;${node}`)
    }
    await speckle(9).toColourspace('srgb').withMetadata({ orientation: 6 }).jpeg().toFile(join(folder, 'turned.jpg'))
    await mask(255).rotate(90).png().toFile(join(folder, 'turned-mask.png'))
    lines.push('turned;T1;turned.jpg;turned-mask.png;')
    writeFileSync(join(folder, 'manifest.csv'), lines.join('\r\n'))
    expect((await sln(['create', study, '--json', '--outcome', 'node', '--positive', 'yes'], { home })).code).toBe(0)
    const made = await sln(['import', '--study', study, '--manifest', join(folder, 'manifest.csv'), '--json'], { home })
    expect(JSON.parse(made.stdout)).toEqual({ imported: 5, refused: [] })
    db = new Database(join(study, 'study.db'), { readonly: true })
  })
  afterAll(() => db.close())

  test('reads masks of 255, of labels and of any other level', () => {
    expect(db.prepare('SELECT DISTINCT area_px FROM annotation').all()).toEqual([{ area_px: 200 }])
  })

  test('turns a picture as its metadata asks, so that a mask drawn on what viewers show fits', () => {
    expect(db.prepare("SELECT image.width, image.height FROM image JOIN study_case ON study_case.id = case_id WHERE label = 'turned'").all()).toEqual([{ width: height, height: width }])
  })

  test('takes an outcome that is not known for missing, never for negative', () => {
    expect(db.prepare("SELECT outcome FROM case_clinical JOIN study_case ON id = case_id WHERE label LIKE 'v%' ORDER BY label").all()).toEqual([{ outcome: 1 }, { outcome: 0 }, { outcome: null }, { outcome: null }])
  })

  test('a study is not made for a signature that no model gives', async () => {
    const result = await sln(['create', join(scratch.path, 'none'), '--signature', 'nope'], { home })
    expect(result).toMatchObject({ code: 2, stderr: expect.stringContaining('there is no signature set ') as string })
  })
})
