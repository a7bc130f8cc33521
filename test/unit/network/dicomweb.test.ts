import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { unwrap } from '#shared/lib/index.ts'
import { createDicomweb, folderInbox, type DicomwebSettings } from '#main/network/dicomweb/index.ts'
import { parseMultipart } from '#main/network/dicomweb/multipart.ts'
import { pattern, usFile } from '#test/support/dicomFiles.ts'
import { startDicomwebServer, type DicomwebServer } from '#test/support/dicomwebServer.ts'
import { TEST_CERTIFICATE, TEST_KEY } from '#test/support/testCertificate.ts'

let server: DicomwebServer
let folder: string

const dicom = usFile({ columns: 64, rows: 64, pixels: pattern(64, 64, 1) })
const client = (more: Partial<DicomwebSettings> = {}): ReturnType<typeof createDicomweb> =>
  createDicomweb({ baseUrl: server.baseUrl, authentication: { kind: 'none' }, timeoutMs: 5000, ...more })
const fill = (studies: number, instances: number): void => {
  for (let s = 1; s <= studies; s++) for (let i = 1; i <= instances; i++) {
    server.held.push({ studyUid: `1.2.${s}`, seriesUid: `1.2.${s}.1`, instanceUid: `1.2.${s}.1.${i}`, patientId: `P${s}`, bytes: dicom })
  }
}

beforeEach(async () => {
  server = await startDicomwebServer()
  folder = mkdtempSync(join(tmpdir(), 'dicomweb-'))
})
afterEach(async () => {
  await server.close()
  rmSync(folder, { recursive: true })
})

describe('search', () => {
  test('pages through all rows', async () => {
    fill(23, 1)
    const found = unwrap(await client().studies({}, { pageSize: 5 }))
    expect([found.rows.length, found.more]).toEqual([23, false])
    expect(found.rows[2]).toMatchObject({ studyUid: '1.2.3', patientId: 'P3', patientName: 'N^P3', modalities: ['US', 'SR'], instances: 2 })
    expect(server.requests.filter((r) => r.includes('offset=')).length).toBe(5)
  })

  test('stops at its limit and says that there is more', async () => {
    fill(23, 1)
    const found = unwrap(await client().studies({}, { pageSize: 5, limit: 12 }))
    expect([found.rows.length, found.more]).toEqual([12, true])
  })

  test('ends with a server that knows no offset', async () => {
    fill(9, 1)
    server.mischief.ignoreOffset = true
    expect(unwrap(await client().studies({}, { pageSize: 4 })).rows.length).toBe(4)
  })

  test('sends what was asked', async () => {
    fill(3, 1)
    const found = unwrap(await client().studies({ patientId: 'P2', dateFrom: '20200101', dateTo: '20201231', modality: 'US' }))
    expect(found.rows.map((row) => row.patientId)).toEqual(['P2'])
    expect(server.requests[0]).toContain('StudyDate=20200101-20201231')
    expect(server.requests[0]).toContain('ModalitiesInStudy=US')
  })

  test('finds nothing without a fuss', async () => expect(unwrap(await client().studies({ patientId: 'nobody' })).rows).toEqual([]))
})

describe('retrieve', () => {
  test('a study into a folder, with progress', async () => {
    fill(1, 4)
    const seen: number[] = []
    const done = unwrap(await client().retrieve({ studyUid: '1.2.1' }, folderInbox(folder), { onProgress: (p) => seen.push(p.done) }))
    expect(done).toEqual({ fetched: 4, skipped: 0, failed: [] })
    expect(readdirSync(folder).length).toBe(4)
    expect(readFileSync(join(folder, '1.2.1.1.3.dcm')).equals(dicom)).toBe(true)
    expect(seen.at(-1)).toBe(4)
  })

  test('resumes where the connection broke', async () => {
    fill(1, 6)
    server.mischief.cutInstance = 4
    const first = await client({ tries: 1 }).retrieve({ studyUid: '1.2.1' }, folderInbox(folder))
    expect(first).toMatchObject({ ok: false, error: { code: 'unreachable', message: expect.stringContaining('3 of 6 files are here') as string } })
    expect(readdirSync(folder).every((name) => name.endsWith('.dcm'))).toBe(true)
    expect(unwrap(await client().retrieve({ studyUid: '1.2.1' }, folderInbox(folder)))).toEqual({ fetched: 3, skipped: 3, failed: [] })
  })

  test('tries again by itself', async () => {
    fill(1, 3)
    server.mischief.cutInstance = 2
    server.mischief.busy = 1
    expect(unwrap(await client().retrieve({ studyUid: '1.2.1' }, folderInbox(folder))).fetched).toBe(3)
  })

  test('can be cancelled', async () => {
    fill(1, 50)
    const stop = new AbortController()
    const result = await client().retrieve({ studyUid: '1.2.1' }, folderInbox(folder), { signal: stop.signal, onProgress: (p) => { if (p.done === 5) stop.abort() } })
    expect(result).toMatchObject({ ok: false, error: { code: 'cancelled' } })
    expect(readdirSync(folder).length).toBeLessThan(10)
  })

  test('names a file that is no DICOM and fetches the rest', async () => {
    fill(1, 3)
    server.held[1] = { ...(server.held[1] as (typeof server.held)[0]), bytes: Buffer.from('not dicom') }
    const done = unwrap(await client().retrieve({ studyUid: '1.2.1' }, folderInbox(folder)))
    expect([done.fetched, done.failed[0]?.instanceUid, done.failed[0]?.fault.code]).toEqual([2, '1.2.1.1.2', 'bad_response'])
  })

  test('asks for no path that a server makes up', async () => {
    fill(1, 1)
    expect(await client().instance({ studyUid: '../admin', seriesUid: '1', instanceUid: '1' })).toMatchObject({ ok: false, error: { code: 'bad_response' } })
    expect(server.requests.length).toBe(0)
  })
})

describe('store', () => {
  const file = { instanceUid: '1.2.3', bytes: () => dicom }

  test('sends the file as it is', async () => {
    let most = 0
    expect(unwrap(await client().store([file, { ...file, instanceUid: '1.2.4' }], { onProgress: (p) => { most = Math.max(most, p.bytes) } }))).toEqual({ stored: ['1.2.3', '1.2.4'], failed: [] })
    expect(server.received.every((bytes) => bytes.equals(dicom))).toBe(true)
    expect(most).toBeGreaterThan(dicom.length)
  })

  test('gives the reason of a refusal', async () => {
    server.mischief.refuseStore = 0xa700
    const done = unwrap(await client().store([file]))
    expect(done.failed[0]?.fault).toEqual({ code: 'rejected', message: 'The PACS does not take 1.2.3: it is out of room.' })
  })

  test('is never tried twice by itself', async () => {
    server.mischief.busy = 1
    expect(unwrap(await client().store([file])).failed[0]?.fault.code).toBe('server_error')
    expect(server.requests.length).toBe(1)
  })
})

describe('accounts and encryption', () => {
  test('basic and token', async () => {
    await server.close()
    server = await startDicomwebServer({ authorization: `Basic ${Buffer.from('änne:pass:word').toString('base64')}` })
    expect((await client({ authentication: { kind: 'basic', user: 'änne', password: 'pass:word' } }).check()).ok).toBe(true)
    expect(await client().check()).toMatchObject({ ok: false, error: { code: 'unauthorized' } })
    await server.close()
    server = await startDicomwebServer({ authorization: 'Bearer abc' })
    expect((await client({ authentication: { kind: 'token', token: 'abc' } }).check()).ok).toBe(true)
  })

  test('an unknown certificate is refused, one of a given authority trusted', async () => {
    await server.close()
    server = await startDicomwebServer({ tls: true })
    const refused = await client().check()
    expect(refused).toMatchObject({ ok: false, error: { code: 'certificate', message: expect.stringContaining('certificate authority') as string } })
    expect((await client({ certificateAuthority: TEST_CERTIFICATE }).check()).ok).toBe(true)
  })

  test('a server that asks for a certificate of the workstation gets it; without one, with a broken one, and where it is not encrypted, the fault is said', async () => {
    await server.close()
    server = await startDicomwebServer({ tls: true, mutual: true })
    const own = { certificate: TEST_CERTIFICATE, key: TEST_KEY }
    expect(await client({ certificateAuthority: TEST_CERTIFICATE, clientCertificate: own }).check()).toEqual({ ok: true, value: undefined })
    expect(await client({ certificateAuthority: TEST_CERTIFICATE, clientCertificate: own }).store([{ instanceUid: '1.2.3', bytes: () => usFile({ pixels: pattern(16, 16, 1) }) }])).toMatchObject({ ok: true, value: { stored: ['1.2.3'] } })
    expect(await client({ certificateAuthority: TEST_CERTIFICATE }).check()).toMatchObject({ ok: false, error: { code: 'certificate', message: expect.stringContaining('asks for a certificate of this workstation') as string } })
    expect(await client({ certificateAuthority: TEST_CERTIFICATE, clientCertificate: { certificate: 'no certificate', key: TEST_KEY } }).check()).toMatchObject({ ok: false, error: { code: 'certificate', message: expect.stringContaining('cannot be used') as string } })
    await server.close()
    server = await startDicomwebServer({})
    expect(await createDicomweb({ baseUrl: server.baseUrl.replace('http:', 'https:'), authentication: { kind: 'none' } }).check()).toMatchObject({ ok: false, error: { code: 'unreachable', message: expect.stringContaining('not encrypted') as string } })
  })

  test('no password goes out in the clear to another machine', async () => {
    const far = createDicomweb({ baseUrl: 'http://pacs.example.invalid/dicom-web', authentication: { kind: 'basic', user: 'a', password: 'b' } })
    expect(await far.check()).toMatchObject({ ok: false, error: { code: 'insecure' } })
  })
})

describe('faults in words', () => {
  const codeOf = async (work: ReturnType<ReturnType<typeof client>['check']>): Promise<string> => {
    const result = await work
    if (result.ok) return 'none'
    expect(result.error.message).toMatch(/[.?]$/)
    return result.error.code
  }

  test('a server that is not there', async () => {
    const { baseUrl } = server
    await server.close()
    expect(await codeOf(createDicomweb({ baseUrl, authentication: { kind: 'none' }, tries: 1 }).check())).toBe('unreachable')
    server = await startDicomwebServer()
  })
  test('a server that says nothing', async () => {
    server.mischief.silent = true
    expect(await codeOf(client({ timeoutMs: 200, tries: 1 }).check())).toBe('timeout')
  })
  test('a web page', async () => {
    server.mischief.html = true
    expect(await codeOf(client().check())).toBe('bad_response')
  })
  test('an answer without end', async () => {
    server.mischief.endless = true
    expect(await codeOf(client({ maxBytes: 1 << 20 }).check())).toBe('too_large')
  })
  test('a wrong path', async () => expect(await codeOf(createDicomweb({ baseUrl: server.baseUrl.replace('dicom-web', 'x/y'), authentication: { kind: 'none' } }).check())).toBe('not_found'))
  test.each(['pacs', 'ftp://pacs/x', 'https://user:pw@pacs/x'])('the address %s', async (baseUrl) => {
    expect(await codeOf(createDicomweb({ baseUrl, authentication: { kind: 'none' } }).check())).toBe('bad_address')
  })
  test('cancelled before it began', async () => expect(await codeOf(client().check({ signal: AbortSignal.abort() }))).toBe('cancelled'))
})

describe('multipart messages', () => {
  const type = 'multipart/related; type="application/dicom"; boundary="x y"'
  test('hold what they held, even their own boundary where a length is given', () => {
    const body = Buffer.from('data \r\n--x y inside')
    const message = Buffer.concat([Buffer.from(`preamble\r\n--x y\r\nContent-Type: a/b\r\nContent-Length: ${body.length}\r\n\r\n`), body, Buffer.from('\r\n--x y\r\n\r\nsecond\r\n--x y--')])
    expect(parseMultipart(type, message).map((p) => [p.type, p.body.toString()])).toEqual([['a/b', body.toString()], ['', 'second']])
  })
  test.each(['', '--x y\r\nno end', '--x y\r\n\r\nno close', 'nothing'])('broken: %j', (message) => expect(() => parseMultipart(type, Buffer.from(message))).toThrow())
})
