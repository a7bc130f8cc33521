import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { unwrap } from '#shared/lib/index.ts'
import {
  CONCEPT, decodeDisplay, openDicomBytes, readSegmentation, sourceImageOf, summarise, UNIT, writeMeasurementReport, writeSegmentation, type Authoring,
} from '#main/formats/dicom/index.ts'
import { createDicomweb, folderInbox, type DicomwebClient } from '#main/network/dicomweb/index.ts'
import { encodeFrame } from '#test/support/dicomCodecs.ts'
import { pattern, usFile } from '#test/support/dicomFiles.ts'
import { orthancMissing, startOrthanc, type Orthanc } from '#test/support/orthanc.ts'
import { TEST_CERTIFICATE } from '#test/support/testCertificate.ts'

if (orthancMissing) console.log(`skipped: the tests against a real PACS, since ${orthancMissing}`)

const STUDY = '1.2.826.0.1.3680043.2.1125.1'
const columns = 64, rows = 48, frames = 5
let orthanc: Orthanc
let pacs: DicomwebClient
let folder: string
let cine: Buffer

const authoring = (series: number): Authoring => {
  let next = 0
  return { now: new Date('2024-05-06T07:08:09Z'), uid: () => `2.25.${series}${String(++next).padStart(4, '0')}`, softwareVersion: '0.1', creator: '', seriesNumber: series, seriesDescription: 'SLN' }
}

describe.skipIf(orthancMissing !== null)('a round trip through Orthanc', () => {
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'orthanc-test-'))
    const streams = await Promise.all(Array.from({ length: frames }, (_, i) => encodeFrame('jpegLs', pattern(columns, rows, 1, i), { columns, rows, samples: 1 })))
    cine = usFile({
      columns, rows, frames, transferSyntax: '1.2.840.10008.1.2.4.80', pixels: { frames: streams.map((s) => [s]) }, extra: { '00181063': ['DS', 40], '00280009': ['AT', '00181063'] },
    })
    orthanc = await startOrthanc()
    pacs = createDicomweb({ baseUrl: orthanc.baseUrl, authentication: { kind: 'basic', user: orthanc.user, password: orthanc.password } })
  })
  afterAll(async () => {
    await orthanc?.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  test('a wrong password is said to be one', async () => {
    const stranger = createDicomweb({ baseUrl: orthanc.baseUrl, authentication: { kind: 'basic', user: 'tester', password: 'wrong' } })
    expect(await stranger.check()).toMatchObject({ ok: false, error: { code: 'unauthorized' } })
    expect((await pacs.check()).ok).toBe(true)
  })

  test('a cine goes in, is found and comes back as it was', async () => {
    expect(unwrap(await pacs.store([{ instanceUid: 'cine', bytes: () => cine }])).stored).toEqual(['cine'])
    const [study] = unwrap(await pacs.studies({ patientId: 'PLANTED*', modality: 'US' })).rows
    expect(study).toMatchObject({ studyUid: STUDY, patientId: 'PLANTED-ID-77', patientName: 'Planted^Nora', date: '20210304', modalities: ['US'] })
    expect(unwrap(await pacs.retrieve({ studyUid: STUDY }, folderInbox(folder)))).toEqual({ fetched: 1, skipped: 0, failed: [] })
    const image = unwrap(openDicomBytes(readFileSync(join(folder, readdirSync(folder)[0] as string))))
    expect(summarise(image)).toMatchObject({ frames, columns, rows, transferSyntax: { uid: '1.2.840.10008.1.2.4.80' } })
    expect(Buffer.from((await decodeDisplay(image, 3)).data)).toEqual(Buffer.from(pattern(columns, rows, 1, 3)))
  })

  test('segmentation and report of its key frame go in and are found again, the mask bit for bit', async () => {
    const source = sourceImageOf(unwrap(openDicomBytes(cine)))
    const mask = pattern(columns, rows, 1, 2).map((value) => (value > 140 ? 1 : 0))
    const seg = writeSegmentation({ source, authoring: authoring(901), segments: [{ label: 'tumour', algorithm: { type: 'AUTOMATIC', name: 'fusion' } }], frames: [{ segment: 0, frame: 2, data: mask }] })
    const report = writeMeasurementReport({
      source, authoring: authoring(902), complete: true,
      lesions: [{ label: 'tumour', trackingUid: '2.25.5', frame: 2, measurements: [{ concept: CONCEPT.area, value: 12, unit: UNIT.squareMillimetre }], segment: { sopInstanceUid: seg.sopInstanceUid, seriesInstanceUid: seg.seriesInstanceUid, number: 1 } }],
    })
    const outgoing = [seg, report].map((o) => ({ instanceUid: o.sopInstanceUid, bytes: () => o.bytes }))
    expect(unwrap(await pacs.store(outgoing)).failed).toEqual([])
    const series = unwrap(await pacs.series(STUDY)).rows
    expect(series.map((row) => row.modality).sort()).toEqual(['SEG', 'SR', 'US'])
    for (const object of [seg, report]) {
      const found = unwrap(await pacs.instances(STUDY, object.seriesInstanceUid)).rows
      expect(found.map((row) => [row.instanceUid, row.sopClassUid])).toEqual([[object.sopInstanceUid, object.sopClassUid]])
    }
    const back = unwrap(readSegmentation(unwrap(await pacs.instance({ studyUid: STUDY, seriesUid: seg.seriesInstanceUid, instanceUid: seg.sopInstanceUid }))))
    expect(back.frames.map((f) => [f.frame, f.sourceInstance])).toEqual([[2, source.sopInstanceUid]])
    expect(Buffer.compare(Buffer.from(back.frames[0]?.data ?? []), Buffer.from(mask))).toBe(0)
  })

  test('a second retrieval fetches only what is new', async () => {
    const done = unwrap(await pacs.retrieve({ studyUid: STUDY }, folderInbox(folder)))
    expect(done).toEqual({ fetched: 2, skipped: 1, failed: [] })
  })

  test('rows are paged', async () => {
    const found = unwrap(await pacs.series(STUDY, { pageSize: 1 }))
    expect(found.rows.length).toBe(3)
  })

  test('what is not there, and what is no DICOM, is said', async () => {
    expect(await pacs.instance({ studyUid: STUDY, seriesUid: '1.2.3', instanceUid: '1.2.3.4' })).toMatchObject({ ok: false, error: { code: 'not_found' } })
    const [failure] = unwrap(await pacs.store([{ instanceUid: 'noise', bytes: () => Buffer.from('noise') }])).failed
    expect(failure?.fault.message).toMatch(/\.$/)
  })
})

describe.skipIf(orthancMissing !== null)('Orthanc behind TLS', () => {
  test('is trusted by its authority only', async () => {
    const secure = await startOrthanc({ tls: true })
    try {
      const settings = { baseUrl: secure.baseUrl, authentication: { kind: 'basic', user: secure.user, password: secure.password } } as const
      expect(unwrap(await createDicomweb({ ...settings, certificateAuthority: TEST_CERTIFICATE }).studies({})).rows).toEqual([])
      expect(await createDicomweb(settings).check()).toMatchObject({ ok: false, error: { code: 'certificate' } })
    } finally {
      await secure.stop()
    }
  })
})
