import { createServer as createHttpServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { TEST_CERTIFICATE, TEST_KEY } from './testCertificate.ts'

export interface Held { readonly studyUid: string; readonly seriesUid: string; readonly instanceUid: string; readonly patientId: string; readonly bytes: Buffer }

/** How the server misbehaves: each can be switched while it runs. */
export interface Mischief {
  /** Cuts the connection in the middle of the nth instance sent (from 1). */
  cutInstance?: number
  /** Answers the next n requests with 503. */
  busy?: number
  ignoreOffset?: boolean
  html?: boolean
  /** Says nothing at all. */
  silent?: boolean
  refuseStore?: number
  /** Takes so many objects more, then says nothing to the next. */
  storesBeforeSilence?: number
  endless?: boolean
}

export interface DicomwebServer {
  readonly baseUrl: string
  readonly held: Held[]
  readonly requests: string[]
  readonly received: Buffer[]
  readonly mischief: Mischief
  close(): Promise<void>
}

const json = (response: ServerResponse, status: number, body: unknown): void => {
  response.writeHead(status, { 'content-type': 'application/dicom+json' })
  response.end(JSON.stringify(body))
}
const value = (vr: string, ...values: unknown[]): unknown => ({ vr, Value: values })

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of request as AsyncIterable<Buffer>) parts.push(part)
  return Buffer.concat(parts)
}

const matches = (held: Held, query: URLSearchParams): boolean => {
  const wanted = query.get('PatientID')
  return !wanted || new RegExp(`^${wanted.replaceAll('*', '.*').replaceAll('?', '.')}$`).test(held.patientId)
}

const unique = <T>(rows: readonly T[], key: (row: T) => string): T[] => [...new Map(rows.map((row) => [key(row), row])).values()]

/** A small DICOMweb server on loopback, for tests: QIDO-RS with paging, WADO-RS, STOW-RS, and the ways in which such servers fail. */
export async function startDicomwebServer(options: { readonly authorization?: string; readonly tls?: boolean; /** Asks whoever comes for a certificate (the test's own). */ readonly mutual?: boolean } = {}): Promise<DicomwebServer> {
  const held: Held[] = [], requests: string[] = [], received: Buffer[] = []
  const mischief: Mischief = {}
  let sent = 0

  const page = (response: ServerResponse, query: URLSearchParams, rows: readonly unknown[]): void => {
    const offset = mischief.ignoreOffset ? 0 : Number(query.get('offset') ?? 0)
    const part = rows.slice(offset, offset + Number(query.get('limit') ?? 100))
    if (part.length === 0) response.writeHead(204).end()
    else json(response, 200, part)
  }

  const wado = (response: ServerResponse, one: Held | undefined): void => {
    if (!one) return void response.writeHead(404).end()
    sent++
    const head = Buffer.from('--b-1\r\nContent-Type: application/dicom;transfer-syntax=1.2.840.10008.1.2.1\r\n\r\n')
    const message = Buffer.concat([head, one.bytes, Buffer.from('\r\n--b-1--\r\n')])
    response.writeHead(200, { 'content-type': 'multipart/related; type="application/dicom"; boundary=b-1', 'content-length': message.length })
    if (mischief.cutInstance === sent) {
      response.write(message.subarray(0, Math.floor(message.length / 2)))
      setTimeout(() => response.destroy(), 20)
    } else response.end(message)
  }

  const stow = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (mischief.storesBeforeSilence) mischief.storesBeforeSilence--
    const body = await bodyOf(request)
    const start = body.indexOf('\r\n\r\n') + 4
    const boundary = /boundary=([^;]+)/.exec(request.headers['content-type'] ?? '')?.[1] ?? ''
    received.push(body.subarray(start, body.lastIndexOf(`\r\n--${boundary}--`)))
    if (mischief.refuseStore) return json(response, 409, { '00081198': value('SQ', { '00081197': value('US', mischief.refuseStore) }) })
    json(response, 200, { '00081199': value('SQ', { '00081155': value('UI', '1.2') }) })
  }

  const handle: RequestListener = (request, response) => {
    const url = new URL(request.url ?? '/', 'http://x')
    requests.push(`${request.method} ${url.pathname}${url.search}`)
    if (mischief.silent) return
    if (options.authorization && request.headers.authorization !== options.authorization) return void response.writeHead(401).end()
    if (mischief.busy) {
      mischief.busy--
      return void response.writeHead(503).end('later')
    }
    if (mischief.html) return void response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Welcome</html>')
    if (mischief.endless) {
      response.writeHead(200)
      const timer = setInterval(() => { if (!response.write(Buffer.alloc(1 << 18))) return }, 1)
      return void response.on('close', () => clearInterval(timer))
    }
    const [, , what, studyUid, , seriesUid, , instanceUid] = url.pathname.split('/')
    if (what !== 'studies') return void response.writeHead(404).end()
    if (request.method === 'POST') return mischief.storesBeforeSilence === 0 ? undefined : void stow(request, response)
    const parts = url.pathname.split('/').length
    const inStudy = held.filter((h) => !studyUid || h.studyUid === studyUid)
    if (parts === 3) return page(response, url.searchParams, unique(held.filter((h) => matches(h, url.searchParams)), (h) => h.studyUid).map((h) => ({ '0020000D': value('UI', h.studyUid), '00100020': value('LO', h.patientId), '00100010': value('PN', { Alphabetic: `N^${h.patientId}` }), '00080061': value('CS', 'US', 'SR'), '00201208': value('IS', 2) })))
    if (parts === 5) return page(response, url.searchParams, unique(inStudy, (h) => h.seriesUid).map((h) => ({ '0020000E': value('UI', h.seriesUid), '00080060': value('CS', 'US') })))
    const inSeries = inStudy.filter((h) => h.seriesUid === seriesUid)
    if (parts === 7) return page(response, url.searchParams, inSeries.map((h) => ({ '00080018': value('UI', h.instanceUid), '00280008': value('IS', 3) })))
    wado(response, inSeries.find((h) => h.instanceUid === instanceUid))
  }

  const server: Server = options.tls ? createHttpsServer({ cert: TEST_CERTIFICATE, key: TEST_KEY, ...(options.mutual ? { requestCert: true, rejectUnauthorized: true, ca: TEST_CERTIFICATE } : {}) }, handle) : createHttpServer(handle)
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  return {
    baseUrl: `${options.tls ? 'https' : 'http'}://127.0.0.1:${port}/dicom-web`, held, requests, received, mischief,
    close: () => new Promise((done) => { server.closeAllConnections(); server.close(() => done()) }),
  }
}
