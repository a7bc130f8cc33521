import { readdirSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { RetrieveReport } from '#main/services/pacs/retrieve.ts'
import { pattern, usFile } from '#test/support/dicomFiles.ts'
import { startDicomwebServer, type DicomwebServer } from '#test/support/dicomwebServer.ts'
import { pacsStudy, type PacsStudy } from '#test/support/pacsStudy.ts'
import { temporary } from '#test/support/studies.ts'

const scratch = temporary('transfers')
const STUDY = '1.2.826.0.1.3680043.2.1125.77'
let server: DicomwebServer
let s: PacsStudy
let serverId: string

const file = (n: number): Buffer => usFile({ columns: 32, rows: 24, pixels: pattern(32, 24, 1, n), extra: { '00080018': ['UI', `${STUDY}.2.${n}`], '0020000D': ['UI', STUDY], '0020000E': ['UI', `${STUDY}.2`] } })
const images = (): number => s.study.db.read.get<{ n: number }>('SELECT count(*) AS n FROM image')?.n ?? -1
const temporaries = (): string[] => readdirSync(scratch.path).filter((name) => name.startsWith('sln-retrieve-'))

beforeAll(async () => {
  server = await startDicomwebServer({ authorization: 'Bearer a-token' })
  for (let n = 1; n <= 5; n++) {
    const bytes = file(n)
    // Once the third is asked for, the server falls silent: whoever waits then waits for ever.
    const held = { studyUid: STUDY, seriesUid: `${STUDY}.2`, instanceUid: `${STUDY}.2.${n}`, patientId: 'T-1' }
    server.held.push(n === 3 ? { ...held, get bytes() { server.mischief.silent = true; return bytes } } : { ...held, bytes })
  }
  s = await pacsStudy(scratch.path)
  serverId = (await s.call('pacs.saveServer', { name: 'Slow PACS', baseUrl: server.baseUrl, authentication: 'token', secret: 'a-token' })).id
})
afterAll(async () => {
  await s?.close()
  await server?.close()
  scratch.remove()
})

describe('a retrieval', () => {
  test('can be cancelled while the server says nothing; what came is kept, the original files are gone', async () => {
    // Files on their way lie in the temporary folder of the user: here one that no other test writes in.
    process.env['TMPDIR'] = scratch.path
    const { jobId } = await s.call('pacs.retrieve', { serverId, items: [{ studyUid: STUDY }] })
    await expect.poll(images, { timeout: 60_000 }).toBe(3)
    expect(temporaries().length).toBe(1)
    await s.call('jobs.cancel', { jobId })
    const job = await s.app.house.jobs.ended(jobId)
    expect([job.state, (job.result as RetrieveReport).imported]).toEqual(['cancelled', 3])
    expect(temporaries()).toEqual([])
  }, 120_000)

  test('goes on where it stopped when it is asked for again', async () => {
    server.mischief.silent = false
    server.requests.length = 0
    const job = await s.job('pacs.retrieve', { serverId, items: [{ studyUid: STUDY }] })
    expect([job.state, job.result]).toEqual(['done', expect.objectContaining({ imported: 2, skipped: 3, refused: [] })])
    expect(server.requests.filter((r) => /instances\/./.test(r)).length).toBe(2)
    expect(images()).toBe(5)
  }, 120_000)

  test('pages: the next rows come when asked for, and no row twice', async () => {
    for (let n = 0; n < 3; n++) server.held.push({ studyUid: `${STUDY}.9.${n}`, seriesUid: `${STUDY}.9.${n}.1`, instanceUid: `${STUDY}.9.${n}.2`, patientId: `PAGE-${n}`, bytes: file(9) })
    const first = await s.call('pacs.studies', { serverId, patientId: 'PAGE*', limit: 2 })
    const second = await s.call('pacs.studies', { serverId, patientId: 'PAGE*', limit: 2, offset: 2 })
    expect([first.more, second.more]).toEqual([true, false])
    expect([...first.studies, ...second.studies].map((row) => row.patientId)).toEqual(['PAGE-0', 'PAGE-1', 'PAGE-2'])
  })

  test('a search can be stopped', async () => {
    server.mischief.silent = true
    const search = s.fails('pacs.studies', { serverId })
    await expect.poll(() => server.requests.at(-1)?.includes('/studies') ?? false).toBe(true)
    await s.call('pacs.stopSearch', {})
    expect(await search).toMatchObject({ code: 'cancelled' })
    server.mischief.silent = false
  })

  test('a server that goes away in the middle is said, with how far it got', async () => {
    s.study.db.write('test', (tx) => { for (const table of ['dicom_source', 'image_technique', 'image']) tx.run(`DELETE FROM ${table}`) })
    server.held.splice(0, server.held.length, ...[1, 2, 3].map((n) => ({ studyUid: STUDY, seriesUid: `${STUDY}.2`, instanceUid: `${STUDY}.2.${n}`, patientId: 'T-1', get bytes() { if (n === 2) void server.close(); return file(n) } })))
    const job = await s.job('pacs.retrieve', { serverId, items: [{ studyUid: STUDY }] })
    expect(job.state).toBe('failed')
    expect(job.note).toMatch(/of 3 files are in the study; the rest follows when it is asked for again/)
    expect(images()).toBeGreaterThan(0)
  }, 120_000)
})
