import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { maskToBytes } from '#shared/geometry/index.ts'
import { unwrap } from '#shared/lib/index.ts'
import { readSegmentation } from '#main/formats/dicom/index.ts'
import { createDicomweb, type DicomwebClient } from '#main/network/dicomweb/index.ts'
import { loadMask } from '#main/services/masks.ts'
import type { RetrieveReport } from '#main/services/pacs/retrieve.ts'
import type { StoreReport } from '#main/services/pacs/storeObjects.ts'
import { orthancMissing, startOrthanc, type Orthanc } from '#test/support/orthanc.ts'
import { CINE_SECRETS, CINE_STUDY, filesHolding, lesionCine, pacsStudy, type PacsStudy } from '#test/support/pacsStudy.ts'
import { temporary } from '#test/support/studies.ts'

if (orthancMissing) console.log(`skipped: a study and a real PACS, since ${orthancMissing}`)

const SECRET = 'the-passphrase-of-the-pacs'
const scratch = temporary('pacs')
let orthanc: Orthanc
let pacs: DicomwebClient
let s: PacsStudy
let serverId: string

describe.skipIf(orthancMissing !== null)('a study and a real PACS', () => {
  beforeAll(async () => {
    orthanc = await startOrthanc({ password: SECRET })
    pacs = createDicomweb({ baseUrl: orthanc.baseUrl, authentication: { kind: 'basic', user: orthanc.user, password: SECRET } })
    unwrap(await pacs.store([{ instanceUid: 'cine', bytes: () => lesionCine() }]))
    s = await pacsStudy(scratch.path)
    serverId = (await s.call('pacs.saveServer', { name: 'Ward PACS', baseUrl: orthanc.baseUrl, authentication: 'basic', user: orthanc.user, secret: SECRET })).id
  }, 180_000)
  afterAll(async () => {
    await s?.close()
    await orthanc?.stop()
    scratch.remove()
  })

  test('its settings are this user\'s: the password lies sealed, comes back in no answer, and does not follow to another address', async () => {
    const { servers } = await s.call('pacs.servers', {})
    expect(servers).toEqual([expect.objectContaining({ name: 'Ward PACS', authentication: 'basic', user: 'tester', hasSecret: true })])
    expect(JSON.stringify(servers)).not.toContain(SECRET)
    expect(filesHolding(scratch.path, [SECRET, Buffer.from(SECRET).toString('base64'), Buffer.from(`tester:${SECRET}`).toString('base64')])).toEqual([])
    if (process.platform !== 'win32') for (const file of ['pacs.json', 'pacs.key']) expect(statSync(join(scratch.path, 'user', file)).mode & 0o077).toBe(0)
    expect(await s.call('pacs.check', { serverId })).toMatchObject({ ok: true })
    const moved = await s.call('pacs.saveServer', { name: 'Moved', baseUrl: orthanc.baseUrl, authentication: 'basic', user: 'tester', secret: SECRET })
    expect((await s.call('pacs.saveServer', { id: moved.id, name: 'Moved', baseUrl: orthanc.baseUrl, authentication: 'basic', user: 'tester' })).hasSecret).toBe(true)
    expect((await s.call('pacs.saveServer', { id: moved.id, name: 'Moved', baseUrl: 'https://elsewhere.example/dicom-web', authentication: 'basic', user: 'tester' })).hasSecret).toBe(false)
    expect((await s.fails('pacs.saveServer', { name: 'Open', baseUrl: 'http://elsewhere.example/dicom-web', authentication: 'basic', user: 'tester', secret: 'x' })).message).toMatch(/not sent unencrypted/)
    expect((await s.fails('pacs.saveServer', { name: 'ward pacs', baseUrl: orthanc.baseUrl })).code).toBe('conflict')
    await s.call('pacs.removeServer', { serverId: moved.id })
  })

  test('faults are said in words', async () => {
    const wrong = await s.call('pacs.saveServer', { name: 'Wrong', baseUrl: orthanc.baseUrl, authentication: 'basic', user: 'tester', secret: 'no' })
    expect(await s.call('pacs.check', { serverId: wrong.id })).toMatchObject({ ok: false, message: expect.stringMatching(/does not accept the user name, password or token/) as string })
    expect((await s.fails('pacs.studies', { serverId: wrong.id })).message).toMatch(/does not accept/)
    const gone = await s.call('pacs.saveServer', { name: 'Gone', baseUrl: 'http://127.0.0.1:9/dicom-web' })
    expect((await s.fails('pacs.studies', { serverId: gone.id })).message).toMatch(/refuses the connection/)
    expect((await s.job('pacs.retrieve', { serverId: gone.id, items: [{ studyUid: '1.2.3' }] }))).toMatchObject({ state: 'failed', note: expect.stringMatching(/refuses the connection/) as string })
    expect((await s.job('pacs.retrieve', { serverId, items: [{ studyUid: '1.2.3' }] }))).toMatchObject({ state: 'failed', note: expect.stringMatching(/no files of this choice|does not have it/) as string })
  })

  test('a cine is found, comes in by the de-identifying door, and is known afterwards', async () => {
    expect((await s.call('pacs.studies', { serverId, patientName: 'pacsplant', modality: 'US' })).studies).toEqual([expect.objectContaining({ studyUid: CINE_STUDY, patientId: 'PACS-ID-4711', date: '20220805', caseLabel: null })])
    expect((await s.call('pacs.studies', { serverId, dateFrom: '20230101' })).studies).toEqual([])
    expect((await s.call('pacs.series', { serverId, studyUid: CINE_STUDY })).series).toEqual([expect.objectContaining({ modality: 'US' })])
    const job = await s.job('pacs.retrieve', { serverId, items: [{ studyUid: CINE_STUDY }], cohort: 'train' })
    expect([job.state, job.result]).toEqual(['done', expect.objectContaining({ imported: 1, skipped: 0, refused: [] })])
    const { studies } = await s.call('pacs.studies', { serverId, patientId: 'PACS*' })
    expect(studies[0]?.caseLabel).toMatch(/^D-/)
    expect(s.study.db.read.all('SELECT frames FROM image')).toEqual([{ frames: 5 }])
    expect(filesHolding(join(scratch.path, 'study'), CINE_SECRETS)).toEqual([])
    const again = (await s.job('pacs.retrieve', { serverId, items: [{ studyUid: CINE_STUDY }] })).result as RetrieveReport
    expect(again).toMatchObject({ imported: 0, skipped: 1, bytes: 0 })
  }, 120_000)

  test('masks and measurements of its key frame go back beside it, and are found there', async () => {
    const inferred = await s.job('inference.start', { provider: 'cpu' })
    expect(inferred.state).toBe('done')
    const early = await s.job('pacs.store', { serverId, studyUid: CINE_STUDY, masks: 'reviewed' })
    expect(early).toMatchObject({ state: 'failed', note: expect.stringMatching(/review the cases first/) as string })
    const job = await s.job('pacs.store', { serverId, studyUid: CINE_STUDY, masks: 'fused', objects: ['seg', 'sr', 'sc'] })
    expect([job.state, job.note]).toEqual(['done', '3 objects stored'])
    const report = job.result as StoreReport
    expect(report.stored).toEqual({ seg: 1, sr: 1, sc: 1, image: 0 })
    const series = unwrap(await pacs.series(CINE_STUDY)).rows
    expect(series.map((row) => row.modality).sort()).toEqual(['OT', 'SEG', 'SR', 'US'])
    const [found] = unwrap(await pacs.studies({ patientId: 'PACS-ID-4711' })).rows
    expect(found?.modalities).toEqual(expect.arrayContaining(['SEG', 'SR', 'US']))
    const seg = series.find((row) => row.modality === 'SEG')
    const [instance] = unwrap(await pacs.instances(CINE_STUDY, seg?.seriesUid ?? '')).rows
    const read = unwrap(readSegmentation(unwrap(await pacs.instance({ studyUid: CINE_STUDY, seriesUid: seg?.seriesUid ?? '', instanceUid: instance?.instanceUid ?? '' }))))
    expect(read.frames.map((f) => [f.frame, f.sourceInstance])).toEqual([[0, '1.2.826.0.1.3680043.9.4711.3']])
    // Storing again changes nothing there: the same masks are the same objects.
    await s.job('pacs.store', { serverId, studyUid: CINE_STUDY, masks: 'fused', objects: ['seg', 'sr', 'sc'] })
    expect(unwrap(await pacs.series(CINE_STUDY)).rows.length).toBe(4)
  }, 240_000)

  test('the segmentation of the PACS comes in as a mask of the study, bit for bit', async () => {
    const back = (await s.job('pacs.retrieve', { serverId, items: [{ studyUid: CINE_STUDY }] })).result as RetrieveReport
    expect(back).toMatchObject({ imported: 0, skipped: 1, masks: 1, left: 2, refused: [] }) // left: the report, and the capture, which would show its outline to readers
    const fused = s.study.db.read.get<{ mask: string }>("SELECT mask FROM segmentation_mask WHERE model = 'fusion'")?.mask ?? ''
    const imported = s.study.db.read.get<{ mask: string; frame: number }>("SELECT mask, frame FROM annotation WHERE purpose = 'imported'")
    expect(imported).toEqual({ mask: fused, frame: 0 })
    expect(maskToBytes(loadMask(s.study, fused)).length).toBeGreaterThan(20)
  }, 120_000)

  test('under the study\'s codes everything is stored without an identifier', async () => {
    const job = await s.job('pacs.store', { serverId, masks: 'fused', objects: ['seg', 'sr', 'image'] })
    const report = job.result as StoreReport
    expect([job.state, report.failed]).toEqual(['done', []])
    const [found] = unwrap(await pacs.studies({ patientId: 'P-*' })).rows
    expect(found?.modalities).toEqual(expect.arrayContaining(['SEG', 'SR', 'US']))
    for (const one of report.series) {
      const file = unwrap(await pacs.instance(one))
      expect(CINE_SECRETS.filter((t) => file.includes(t))).toEqual([])
    }
  }, 120_000)

  test('what was done is in the log, without a UID of the hospital', () => {
    const entries = s.study.db.read.all<{ action: string; new: string }>("SELECT action, new FROM audit WHERE action LIKE 'pacs.%'")
    expect(new Set(entries.map((e) => e.action))).toEqual(new Set(['pacs.retrieve', 'pacs.store']))
    expect(filesHolding(join(scratch.path, 'study'), CINE_SECRETS)).toEqual([])
    expect(readFileSync(join(scratch.path, 'user', 'pacs.json'), 'utf8')).toContain('Ward PACS')
  })
})
