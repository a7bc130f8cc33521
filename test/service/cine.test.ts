import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { decodeMask, maskFromText } from '#shared/geometry/index.ts'
import { unwrap } from '#shared/lib/index.ts'
import { generateCine } from '#shared/phantom/index.ts'
import { openDicomBytes, readSegmentation, summarise } from '#main/formats/dicom/index.ts'
import type { CineSuggestion } from '#main/services/cine/suggest.ts'
import { verifyStudy } from '#main/services/study/verify.ts'
import { region, usFile } from '#test/support/dicomFiles.ts'
import { pacsStudy, type PacsStudy } from '#test/support/pacsStudy.ts'
import { temporary } from '#test/support/studies.ts'

const scratch = temporary('cine')
const FRAMES = 7
const sweep = generateCine('key-frame', FRAMES)
const truth = sweep.map((f) => f.mask.reduce((n, v) => n + (v > 0 ? 1 : 0), 0))
let s: PacsStudy
let imageId: string, caseId: string, key: number

const areas = (): { frame: number; area_px: number }[] => s.study.db.read.all('SELECT frame, area_px FROM frame_area ORDER BY frame')
const segmented = (): { frame: number }[] => s.study.db.read.all('SELECT frame FROM segmentation ORDER BY created_at')
const grey = async (bytes: Uint8Array): Promise<Buffer> => sharp(bytes).toColourspace('b-w').raw().toBuffer()
/** Whether a picture that was served is that frame of the sweep. */
const isFrame = async (url: string, frame: number): Promise<boolean> => (await grey(await s.asset(url))).equals(Buffer.from(sweep[frame]?.pixels ?? []))
const exported = async (name: string, masks: 'fused' | 'reviewed'): Promise<(number | null)[]> => {
  const to = join(scratch.path, name)
  const job = await s.job('dicom.export', { to, objects: ['seg', 'sr', 'sc'], masks })
  if (job.state !== 'done') throw new Error(job.note)
  const file = (kind: string): Buffer => readFileSync(join(to, readdirSync(to).find((f) => f.includes(`.${kind}`)) ?? ''))
  expect(summarise(unwrap(openDicomBytes(file('sc')))).frames).toBe(1)
  return unwrap(readSegmentation(file('seg'))).frames.map((f) => f.frame)
}

beforeAll(async () => {
  const [first] = sweep
  if (first === undefined || first.channels !== 1) throw new Error('the sweep is grey')
  mkdirSync(join(scratch.path, 'files'))
  writeFileSync(join(scratch.path, 'files', 'sweep.dcm'), usFile({
    columns: first.width, rows: first.height, frames: FRAMES, pixels: Buffer.concat(sweep.map((f) => Buffer.from(f.pixels))),
    extra: { '00181063': ['DS', 50], '00186011': ['SQ', [region({ box: [0, 0, first.width - 1, first.height - 1], delta: [first.mmPerPx.x / 10, first.mmPerPx.y / 10] })]] },
  }))
  s = await pacsStudy(join(scratch.path, 'home'))
  expect((await s.job('study.importDicom', { folder: join(scratch.path, 'files') })).result).toMatchObject({ refused: [] })
  ;({ id: imageId, case_id: caseId } = s.study.db.read.get<{ id: string; case_id: string }>('SELECT id, case_id FROM image') as { id: string; case_id: string })
}, 120_000)
afterAll(async () => {
  await s?.close()
  scratch.remove()
})

test('before anybody chose, the first frame stands for the cine: it is segmented, reviewed and shown', async () => {
  expect((await s.job('inference.start', { provider: 'cpu' })).state).toBe('done')
  expect(segmented()).toEqual([{ frame: 0 }])
  const shown = await s.call('review.case', { caseId })
  expect([shown.frame, shown.frames, await isFrame(shown.imageUrl, 0)]).toEqual([0, FRAMES, true])
  await s.call('review.decide', { caseId, segmentationId: shown.segmentationId, decision: 'rejected', reason: 'no lesion visible', difficulty: null, comment: '', seconds: 1, annotationId: null })
}, 240_000)

test('measuring the frames can be cancelled: what was measured is kept, nothing is suggested of half a cine, and it goes on where it stopped', async () => {
  // Cancelled in the very moment in which the second frame is stored, however fast the machine is.
  const db: { write: PacsStudy['study']['db']['write'] } = s.study.db
  const write = db.write
  let job = ''
  db.write = (actor, work) => {
    const made = write(actor, work)
    if (job !== '' && areas().length === 2) s.app.house.jobs.cancel(job)
    return made
  }
  const { jobId } = await s.call('cine.suggest', { imageId })
  job = jobId
  expect(await s.fails('cine.suggest', { imageId })).toMatchObject({ code: 'conflict' })
  expect((await s.app.house.jobs.ended(jobId)).state).toBe('cancelled')
  db.write = write
  const kept = areas()
  expect(kept.length).toBe(2)
  expect(await s.call('cine.get', { imageId })).toMatchObject({ suggestion: null, keyFrame: null })
  expect(await s.fails('cine.choose', { imageId, frame: 0, rule: 'largest cross-section' })).toMatchObject({ code: 'conflict', message: expect.stringMatching(/measure the frames first/) as string })
  // A mark that a second measuring of these frames would wipe out.
  s.study.db.write('test', (tx) => tx.run("UPDATE frame_area SET provider = 'measured before'"))
  const again = await s.job('cine.suggest', { imageId })
  expect([again.state, again.done, again.total]).toEqual(['done', FRAMES, FRAMES])
  expect(s.study.db.read.get("SELECT count(*) AS n FROM frame_area WHERE provider = 'measured before'")).toEqual({ n: kept.length })
  expect(areas().slice(0, kept.length)).toEqual(kept)
}, 240_000)

test('the largest cross-section is suggested, near the true one; nothing is chosen before a person confirms it', async () => {
  const { suggestion } = (await s.job('cine.suggest', { imageId })).result as CineSuggestion
  const largest = areas().reduce((best, a) => (a.area_px > best.area_px ? a : best))
  expect(suggestion).toBe(largest.frame)
  expect(Math.abs(largest.frame - truth.indexOf(Math.max(...truth)))).toBeLessThanOrEqual(1)
  expect(s.study.db.read.all('SELECT id FROM key_frame')).toEqual([])
  key = largest.frame
  const other = key === 1 ? 2 : 1
  expect((await s.fails('cine.choose', { imageId, frame: other, rule: 'largest cross-section' })).message).toBe(`the largest cross-section is frame ${key + 1}, not ${other + 1}`)
  expect((await s.fails('cine.choose', { imageId, frame: FRAMES, rule: 'chosen by a person' })).code).toBe('invalid_input')
  await s.call('cine.choose', { imageId, frame: key, rule: 'largest cross-section' })
  expect(s.study.db.read.all('SELECT frame, rule, suggested, chooser FROM key_frame')).toEqual([{ frame: key, rule: 'largest cross-section', suggested: key, chooser: 'lin' }])
}, 120_000)

test('what the models made of the old frame stands for nothing once another frame was chosen', async () => {
  const old = s.study.db.read.get<{ id: string }>('SELECT id FROM segmentation') as { id: string }
  expect((await s.call('review.queue', {})).rows).toEqual([])
  expect(await s.fails('review.case', { caseId })).toMatchObject({ code: 'not_ready', message: expect.stringContaining(`key frame ${key + 1} was not segmented yet`) as string })
  expect(await s.fails('review.decide', { caseId, segmentationId: old.id, decision: 'accepted', reason: null, difficulty: null, comment: '', seconds: 1, annotationId: null })).toMatchObject({ code: 'conflict' })
  expect((await s.call('cases.list', {})).cases).toMatchObject([{ segmentation: 'none', review: 'none', signature: null }])
  const predicted = await s.call('prediction.case', { caseId })
  expect(predicted).toMatchObject({ state: 'none', mask: null, signatures: [], maskKind: null })
  expect(await isFrame(predicted.imageUrl, key)).toBe(true)
  expect((await s.call('prediction.list', {})).rows).toMatchObject([{ state: 'none', signature: null }])
})

test('the next batch segments the key frame alone; review, prediction and what leaves the study are of it', async () => {
  const job = await s.job('inference.start', { caseId, provider: 'cpu' })
  expect(job).toMatchObject({ state: 'done', result: { images: 1, segmented: 1, alreadyDone: 0 } })
  expect(segmented()).toEqual([{ frame: 0 }, { frame: key }])
  const shown = await s.call('review.case', { caseId })
  expect([shown.frame, shown.state, shown.reviews, await isFrame(shown.imageUrl, key)]).toEqual([key, 'found', [], true])
  const fused = shown.masks.find((m) => m.model === 'fusion')
  expect(fused?.areaPx).toBe(areas()[key]?.area_px)
  const predicted = await s.call('prediction.case', { caseId })
  expect([predicted.state, predicted.mask, await isFrame(predicted.imageUrl, key)]).toEqual(['found', fused?.mask, true])
  expect(predicted.signatures.length).toBeGreaterThan(0)
  expect(decodeMask(unwrap(maskFromText(predicted.mask ?? ''))).some((v) => v === 1)).toBe(true)
  // The crop that the networks saw is cut from the key frame.
  const { box } = predicted
  if (box === null || predicted.crop === null) throw new Error('a signature has a box and a crop')
  const cut = await sharp(Buffer.from(sweep[key]?.pixels ?? []), { raw: { width: sweep[0]?.width ?? 0, height: sweep[0]?.height ?? 0, channels: 1 } }).extract({ left: box.x, top: box.y, width: box.width, height: box.height }).raw().toBuffer()
  const crop = await grey(await s.asset(predicted.crop))
  const top = cut.reduce((a, b) => Math.max(a, b)), bottom = cut.reduce((a, b) => Math.min(a, b))
  const corner = Math.round(((cut[0] as number) - bottom) / Math.max(1, top - bottom) * 255)
  expect(Math.abs((crop[0] as number) - corner)).toBeLessThanOrEqual(2)
  expect(await exported('fused', 'fused')).toEqual([key])
  await s.call('review.decide', { caseId, segmentationId: shown.segmentationId, decision: 'accepted', reason: null, difficulty: null, comment: '', seconds: 1, annotationId: null })
  expect(await exported('reviewed', 'reviewed')).toEqual([key])
  expect((await s.call('cases.list', {})).cases).toMatchObject([{ segmentation: 'found', review: 'accepted' }])
}, 240_000)

test('going back to a frame that was segmented brings its mask and its review back; nothing is computed again', async () => {
  await s.call('cine.choose', { imageId, frame: 0, rule: 'chosen by a person', reason: 'the scale is better here' })
  expect((await s.job('inference.start', { provider: 'cpu' })).result).toMatchObject({ segmented: 0, alreadyDone: 1 })
  const shown = await s.call('review.case', { caseId })
  expect([shown.frame, shown.reviews.map((r) => r.decision)]).toEqual([0, ['rejected']])
  expect((await s.job('dicom.export', { to: join(scratch.path, 'rejected'), objects: ['seg'], masks: 'reviewed' }))).toMatchObject({ state: 'failed', note: expect.stringMatching(/has a reviewed mask/) as string })
  await s.call('cine.choose', { imageId, frame: key, rule: 'largest cross-section' })
  expect((await s.call('review.case', { caseId })).reviews.map((r) => r.decision)).toEqual(['accepted'])
  expect((await verifyStudy(s.study.directory)).faults).toEqual([])
}, 120_000)

test('tables that leave the study name the frame of each mask and signature, from 1, and what ran it', async () => {
  const to = join(scratch.path, 'tables')
  expect((await s.job('study.export', { to, format: 'files' })).state).toBe('done')
  const table = (name: string): Record<string, string>[] => parse(readFileSync(join(to, 'tables', `${name}.csv`)), { columns: true }) as Record<string, string>[]
  const masks = table('segmentations'), signatures = table('signatures')
  expect([...new Set(masks.map((m) => m['frame']))].sort()).toEqual(['1', String(key + 1)].sort())
  for (const frame of [0, key]) expect(masks.find((m) => m['frame'] === String(frame + 1) && m['model'] === 'fusion')?.['area_px']).toBe(String(areas()[frame]?.area_px))
  const of = s.study.db.read.all<{ frame: number; probability: number }>('SELECT segmentation.frame, probability FROM signature JOIN segmentation ON segmentation.id = signature.segmentation_id')
  expect(signatures.map((r) => [Number(r['frame']) - 1, Number(r['probability'])]).sort()).toEqual(of.map((r) => [r.frame, r.probability]).sort())
  for (const row of [...masks, ...signatures]) expect([row['provider'], row['provider_note']]).toEqual(['cpu', 'chosen by the user'])
  const described = (parse(readFileSync(join(to, 'tables', 'data_dictionary.csv')), { columns: true }) as Record<string, string>[]).filter((d) => d['Variable / Field Name'] === 'frame')
  expect(described.map((d) => [d['Form Name'], d['Text Validation Type OR Show Slider Number']])).toEqual([['images', 'integer'], ['segmentations', 'integer'], ['signatures', 'integer']])
})

test('R and SPSS (by PSPP) read the frame of each row as a number', () => {
  const cwd = join(scratch.path, 'tables', 'tables')
  const rows = (parse(readFileSync(join(cwd, 'segmentations.csv')), { columns: true }) as Record<string, string>[]).map((r) => Number(r['frame']))
  if (spawnSync('Rscript', ['--version']).status !== 0) console.warn('skipped: Rscript is not installed')
  else expect(execFileSync('Rscript', ['-e', 'source("read.R"); cat(class(segmentations$frame), nrow(segmentations), sum(segmentations$frame), class(signatures$frame), class(signatures$provider_note), sep = "|")'], { cwd, encoding: 'utf8' })).toBe(`integer|${rows.length}|${rows.reduce((a, b) => a + b)}|integer|character`)
  if (spawnSync('pspp', ['--version']).status !== 0) return console.warn('skipped: PSPP is not installed')
  const syntax = readFileSync(join(cwd, 'read.sps'), 'utf8')
  writeFileSync(join(scratch.path, 'frames.sps'), `${syntax.slice(0, syntax.indexOf('* signatures.'))}\nDESCRIPTIVES VARIABLES=frame /STATISTICS=SUM.\n`)
  const { stdout, stderr } = spawnSync('pspp', ['-O', 'format=csv', join(scratch.path, 'frames.sps')], { cwd, encoding: 'utf8' })
  expect(`${stdout}${stderr}`).not.toMatch(/error:/)
  const [valid, sum] = /Frame of the cine[^\n]*?",(\d+),([\d.]+)/.exec(stdout)?.slice(1).map(Number) ?? []
  expect([valid, sum], stdout).toEqual([rows.length, rows.reduce((a, b) => a + b)])
})
