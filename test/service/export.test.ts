import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import Database from 'better-sqlite3'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { demoHome, root, sln, temporary } from '#test/support/studies.ts'

const scratch = temporary('export')
let demo: Awaited<ReturnType<typeof demoHome>>
beforeAll(async () => {
  demo = await demoHome({ cases: 24 })
})
afterAll(() => {
  demo?.remove()
  scratch.remove()
})

const at = (...parts: string[]): string => join(scratch.path, ...parts)
const rowsOf = (file: string): Record<string, string>[] => parse(readFileSync(file), { columns: true, bom: true }) as Record<string, string>[]
const exported = async (study: string, to: string, format: string): Promise<{ code: number; answer: Record<string, unknown>; stderr: string }> => {
  const result = await sln(['export', '--study', study, '--to', to, '--format', format, '--json'], { home: demo.home })
  return { code: result.code, answer: JSON.parse(result.stdout) as Record<string, unknown>, stderr: result.stderr }
}
/** Every file of an export is in SHA256SUMS with its true hash, and nothing else is there. */
function expectHashed(folder: string): void {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((e) => e.isFile()).map((e) => join(e.parentPath, e.name).slice(folder.length + 1).replaceAll('\\', '/')).filter((f) => f !== 'SHA256SUMS').sort()
  const sums = readFileSync(join(folder, 'SHA256SUMS'), 'utf8').trim().split('\n').map((line) => line.split('  '))
  expect(sums.map(([, f]) => f).sort()).toEqual(files)
  for (const [hash, file] of sums) expect(createHash('sha256').update(readFileSync(join(folder, file as string))).digest('hex')).toBe(hash)
}

describe('the training export', () => {
  let answer: Record<string, unknown>
  beforeAll(async () => {
    const result = await exported(demo.study, at('training'), 'training')
    expect(result.stderr).not.toMatch(/sln: /)
    expect(result.code).toBe(0)
    answer = result.answer
  })

  test('holds pictures, masks, a manifest and splits by patient, all hashed', async () => {
    const rows = rowsOf(at('training', 'manifest.csv'))
    expect(rows.length).toBe(answer['images'])
    expect(answer['images']).toBeGreaterThan(15)
    expect(Object.keys(rows[0] ?? {}).slice(0, 7)).toEqual(['case_id', 'patient_id', 'image', 'mask', 'cohort', 'hospital', 'sln'])
    const splits = JSON.parse(readFileSync(at('training', 'splits.json'), 'utf8')) as { roles: Record<string, string>; splits: Record<string, { patients: string[]; cases: string[] }> }
    expect(new Set(Object.values(splits.roles)).size).toBeGreaterThan(1)
    const patients = Object.values(splits.splits).flatMap((s) => s.patients)
    expect(new Set(patients).size).toBe(patients.length)
    for (const row of rows) {
      expect(splits.splits[row['cohort'] as string]?.patients).toContain(row['patient_id'])
      expect(['0', '1']).toContain(row['sln'])
    }
    const first = rows.find((r) => r['mask'] !== '') as Record<string, string>
    const [image, mask] = await Promise.all([sharp(at('training', first['image'] as string)).metadata(), sharp(at('training', first['mask'] as string)).toColourspace('b-w').raw().toBuffer({ resolveWithObject: true })])
    expect([mask.info.width, mask.info.height]).toEqual([image.width, image.height])
    expect([...new Set(mask.data)].sort()).toEqual([0, 255])
    expectHashed(at('training'))
  })

  test('the recipes read it', () => {
    const python = ['python3', '/usr/bin/python3'].find((p) => spawnSync(p, ['-c', 'import numpy, PIL']).status === 0)
    if (python === undefined) return console.warn('skipped: no Python with numpy and Pillow is here')
    const read = execFileSync(python, ['-c', 'import sys, json\nfrom common.dataset import read_export, load_image, load_mask\ncases = read_export(sys.argv[1])\nc = cases[0]\nassert load_image(c.image).shape[:2] == load_mask(c.mask).shape and load_mask(c.mask).any()\nprint(json.dumps({"n": len(cases), "roles": sorted(set(c.role for c in cases))}))', at('training')], { cwd: join(root, 'models', 'training'), encoding: 'utf8' })
    expect(JSON.parse(read)).toEqual({ n: answer['masks'], roles: expect.arrayContaining(['fit']) as string[] })
  })

  test('a folder that holds something is left alone', async () => {
    mkdirSync(at('full'))
    writeFileSync(at('full', 'mine.txt'), 'mine')
    const result = await exported(demo.study, at('full'), 'training')
    expect(result.code).toBe(1)
    expect(JSON.stringify(result.answer)).toContain('is not empty')
    expect(readdirSync(at('full'))).toEqual(['mine.txt'])
  })

  test('a patient in two cohorts, or a picture in two, stops it with exit code 1 and nothing written', async () => {
    const db = new Database(join(demo.study, 'study.db'))
    const cases = db.prepare('SELECT study_case.id, patient_id, cohort FROM study_case WHERE excluded_reason IS NULL AND cohort IS NOT NULL ORDER BY label').all() as { id: string; patient_id: string; cohort: string }[]
    const one = cases[0] as (typeof cases)[number]
    const other = cases.find((c) => c.cohort !== one.cohort && c.patient_id !== one.patient_id) as (typeof cases)[number]
    db.prepare('UPDATE study_case SET patient_id = ? WHERE id = ?').run(one.patient_id, other.id)
    const leaked = await exported(demo.study, at('leaked'), 'training')
    expect(leaked.code).toBe(1)
    expect(JSON.stringify(leaked.answer)).toMatch(/LEAKAGE: patient .* is in cohort .* and in cohort .*Nothing was written/)
    expect(readdirSync(scratch.path).filter((f) => f.startsWith('leaked'))).toEqual([])
    db.prepare('UPDATE study_case SET patient_id = ? WHERE id = ?').run(other.patient_id, other.id)
    const { object } = db.prepare('SELECT object FROM image WHERE case_id = ?').get(one.id) as { object: string }
    const kept = db.prepare('SELECT id, object FROM image WHERE case_id = ?').get(other.id) as { id: string; object: string }
    db.prepare('UPDATE image SET object = ? WHERE id = ?').run(object, kept.id)
    expect(JSON.stringify((await exported(demo.study, at('leaked'), 'training')).answer)).toContain('have the very same picture')
    db.prepare('UPDATE image SET object = ? WHERE id = ?').run(kept.object, kept.id)
    db.close()
    expect(existsSync(at('leaked'))).toBe(false)
  })
})

describe('the export for others', () => {
  /** What makes two studies hold the same cases: labels, patients, cohorts, outcomes, variables, pixels and masks by hash. */
  const content = (study: string): unknown => {
    const db = new Database(join(study, 'study.db'), { readonly: true })
    const rows = db.prepare(`SELECT study_case.label, patient.label AS patient, study_case.cohort, hospital, excluded_reason, outcome, variables, image.ordinal, image.object, image.width, image.height,
        (SELECT mask FROM annotation WHERE annotation.image_id = image.id AND purpose = 'imported') AS mask, json_extract(image.calibration, '$.regions[0].mmPerPixelX') AS mm
      FROM study_case JOIN patient ON patient.id = study_case.patient_id JOIN case_clinical ON case_clinical.case_id = study_case.id LEFT JOIN image ON image.case_id = study_case.id ORDER BY study_case.label, image.ordinal`).all()
    db.close()
    return rows
  }

  test('is hashed, described column by column, and imports again to equal cases', async () => {
    const result = await exported(demo.study, at('files'), 'files')
    expect(result.code).toBe(0)
    expectHashed(at('files'))
    const dictionary = rowsOf(at('files', 'tables', 'data_dictionary.csv'))
    for (const table of ['cases', 'images', 'segmentations', 'signatures', 'readings']) {
      const header = readFileSync(at('files', 'tables', `${table}.csv`), 'utf8').split('\n')[0]?.split(',')
      expect(dictionary.filter((d) => d['Form Name'] === table).map((d) => d['Variable / Field Name'])).toEqual(header)
    }
    expect(dictionary.find((d) => d['Variable / Field Name'] === 'her2')).toMatchObject({ 'Field Type': 'radio', 'Choices, Calculations, OR Slider Labels': 'negative, negative | positive, positive' })
    expect(readFileSync(at('files', 'tables', 'read.sps'), 'utf8')).toMatch(/GET DATA \/TYPE=TXT \/FILE='cases.csv'[\s\S]*VARIABLE LABELS[\s\S]*VALUE LABELS/)
    const made = await sln(['create', at('again'), '--json'], { home: demo.home })
    expect(made.code).toBe(0)
    const report = JSON.parse((await sln(['import', '--study', at('again'), '--manifest', at('files', 'manifest.csv'), '--json'], { home: demo.home })).stdout) as { refused: unknown[] }
    expect(report.refused).toEqual([])
    expect(content(at('again'))).toEqual(content(demo.study))
  })

  test('its R script reads the tables with types and labels', () => {
    if (spawnSync('Rscript', ['--version']).status !== 0) return console.warn('skipped: Rscript is not installed')
    const out = execFileSync('Rscript', ['-e', 'source("read.R"); cat(nrow(cases), class(cases$age), class(cases$her2), attr(cases$age, "label"), sep = "|")'], { cwd: at('files', 'tables'), encoding: 'utf8' })
    const rows = rowsOf(at('files', 'tables', 'cases.csv'))
    expect(out).toBe(`${rows.length}|numeric|factor|Age (years)`)
  })

  test('its SPSS syntax runs in PSPP: every table with its rows, labels and numbers', () => {
    if (spawnSync('pspp', ['--version']).status !== 0) return console.warn('skipped: PSPP is not installed')
    const syntax = readFileSync(at('files', 'tables', 'read.sps'), 'utf8')
    const pspp = (name: string, text: string): string => {
      writeFileSync(at(name), text)
      const { stdout, stderr } = spawnSync('pspp', ['-O', 'format=txt', at(name)], { cwd: at('files', 'tables'), encoding: 'utf8' })
      expect(`${stdout}${stderr}`).not.toMatch(/error:/)
      return stdout
    }
    pspp('all.sps', syntax)
    const out = pspp('cases.sps', `${syntax.slice(0, syntax.indexOf('* images.'))}\nDESCRIPTIVES VARIABLES=age /STATISTICS=MEAN.\n`)
    const ages = rowsOf(at('files', 'tables', 'cases.csv')).flatMap((r) => (r['age'] === '' ? [] : [Number(r['age'])]))
    const printed = Number(/Age[^\n]*?[│|]\s*\d+[│|]\s*([\d.]+)/.exec(out)?.[1])
    expect(printed).toBeCloseTo(ages.reduce((a, b) => a + b, 0) / ages.length, 1)
  })

  test('read back by sln import --export it gives an equal study: roles, exclusions and scales too; a file that was altered is refused by name', async () => {
    const everything = (study: string): unknown => {
      const db = new Database(join(study, 'study.db'), { readonly: true })
      const rest = [db.prepare('SELECT name, role, ordinal FROM cohort ORDER BY ordinal').all(), db.prepare('SELECT label, image.ordinal, calibration, frames, source_name FROM image JOIN study_case ON study_case.id = case_id ORDER BY label, image.ordinal').all()]
      db.close()
      return [content(study), ...rest]
    }
    const db = new Database(join(demo.study, 'study.db'))
    db.prepare("UPDATE cohort SET role = 'report' WHERE name = 'validation'").run()
    db.close()
    const result = await exported(demo.study, at('all'), 'files,nifti,nrrd,coco')
    expect(result.code).toBe(0)
    expectHashed(at('all'))
    const masks = readdirSync(at('all', 'masks')).length
    expect([readdirSync(at('all', 'masks-nifti')).length, readdirSync(at('all', 'masks-nrrd')).length, (JSON.parse(readFileSync(at('all', 'masks-coco.json'), 'utf8')) as { images: unknown[] }).images.length]).toEqual([masks, masks, masks])
    await sln(['create', at('equal'), '--json'], { home: demo.home })
    const back = JSON.parse((await sln(['import', '--study', at('equal'), '--export', at('all'), '--json'], { home: demo.home })).stdout) as { cases: number; refused: unknown[] }
    expect([back.cases, back.refused]).toEqual([27, []])
    expect(everything(at('equal'))).toEqual(everything(demo.study))
    expect(JSON.parse((await sln(['verify', '--study', at('equal'), '--json'], { home: demo.home })).stdout)).toMatchObject({ sound: true })
    const victim = readdirSync(at('all', 'images'))[0] as string
    writeFileSync(at('all', 'images', victim), await sharp({ create: { width: 64, height: 64, channels: 3, background: '#000' } }).png().toBuffer())
    await sln(['create', at('altered'), '--json'], { home: demo.home })
    const altered = JSON.parse((await sln(['import', '--study', at('altered'), '--export', at('all'), '--json'], { home: demo.home })).stdout) as { cases: number; refused: { reason: string }[] }
    expect(altered.cases).toBe(26)
    expect(altered.refused[0]?.reason).toContain(`images/${victim} is not what was exported`)
  })

  test('only the chosen cohorts leave, without excluded cases and tables where that is asked', async () => {
    const result = JSON.parse((await sln(['export', '--study', demo.study, '--to', at('part'), '--format', 'files', '--cohort', 'train', '--no-excluded', '--no-tables', '--json'], { home: demo.home })).stdout) as { cases: number; tables: number }
    expect(result.tables).toBe(0)
    const rows = rowsOf(at('part', 'manifest.csv'))
    expect([...new Set(rows.map((r) => r['cohort']))]).toEqual(['train'])
    expect(rows.filter((r) => r['excluded_reason'] !== '')).toEqual([])
    expect((await sln(['export', '--study', demo.study, '--to', at('none'), '--format', 'dicomdir'], { home: demo.home })).code).toBe(2)
  })
})
