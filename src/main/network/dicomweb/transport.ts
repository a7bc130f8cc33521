import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import { getCACertificates } from 'node:tls'
import { DicomwebError, faultOf, faultOfStatus } from './faults.ts'
import { authorization, rootOf, type DicomwebSettings } from './settings.ts'

export interface Call {
  readonly method: 'GET' | 'POST'
  /** Below the root; segments are encoded already. */
  readonly path: string
  readonly query?: URLSearchParams
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: readonly Uint8Array[]
  readonly signal?: AbortSignal | undefined
  /** Statuses that the caller understands besides 2xx. */
  readonly accept?: readonly number[]
  readonly onReceived?: ((bytes: number) => void) | undefined
  readonly onSent?: ((bytes: number) => void) | undefined
}

export interface Answer { readonly status: number; readonly type: string; readonly warning: string; readonly body: Buffer }

export interface Transport { call(call: Call): Promise<Answer> }

const CHUNK = 256 * 1024

let authorities: readonly string[] | undefined
/** The authorities that come with the program and those of the system, where a hospital may have put its own. */
const trusted = (): readonly string[] => (authorities ??= [...new Set([...getCACertificates('bundled'), ...getCACertificates('system')])])

/** Reads share connections; a write gets its own, since one that the server has meanwhile closed could not be tried again. */
interface Agents { readonly http: HttpAgent; readonly https: HttpsAgent }

function send(settings: DicomwebSettings, agents: Agents, url: URL, call: Call): Promise<IncomingMessage> {
  const secure = url.protocol === 'https:'
  const { certificateAuthority, clientCertificate, timeoutMs = 30_000 } = settings
  const size = call.body?.reduce((sum, part) => sum + part.length, 0)
  const headers = { ...authorization(settings.authentication), 'user-agent': 'sln-workstation', ...call.headers, ...(size === undefined ? {} : { 'content-length': String(size) }) }
  return new Promise((resolve, reject) => {
    const request = (secure ? httpsRequest : httpRequest)(url, {
      method: call.method, headers, signal: call.signal, agent: call.method === 'POST' ? false : secure ? agents.https : agents.http,
      ...(secure ? { ca: certificateAuthority ? [...trusted(), certificateAuthority] : [...trusted()] } : {}),
      ...(secure && clientCertificate ? { cert: clientCertificate.certificate, key: clientCertificate.key } : {}),
    })
    request.setTimeout(timeoutMs, () => request.destroy(Object.assign(new Error('silent'), { code: 'ETIMEDOUT' })))
    request.on('response', resolve)
    request.on('error', reject)
    void write(request, call).catch(reject)
  })
}

async function write(request: ReturnType<typeof httpRequest>, { body, onSent }: Call): Promise<void> {
  let sent = 0
  for (const part of body ?? []) {
    for (let at = 0; at < part.length && !request.destroyed; at += CHUNK) {
      const chunk = part.subarray(at, at + CHUNK)
      if (!request.write(chunk)) await new Promise<void>((go) => { request.once('drain', go); request.once('close', go) })
      sent += chunk.length
      onSent?.(sent)
    }
  }
  request.end()
}

async function receive(response: IncomingMessage, call: Call, limit: number): Promise<Buffer> {
  const parts: Buffer[] = []
  let size = 0
  for await (const part of response as AsyncIterable<Buffer>) {
    size += part.length
    if (size > limit) {
      response.destroy()
      throw new DicomwebError('too_large', `The server sends more than ${Math.round(limit / 1048576)} MiB at once.`)
    }
    parts.push(part)
    call.onReceived?.(size)
  }
  if (!response.complete) throw Object.assign(new Error('cut off'), { code: 'ECONNRESET' })
  return Buffer.concat(parts)
}

/** The first readable words of an error answer. */
const detailOf = (type: string, body: Buffer): string =>
  (/json|text|xml/.test(type) ? body.toString('utf8', 0, 2000).replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ').trim().slice(0, 200) : '')

const pause = (ms: number, signal: AbortSignal | undefined): Promise<void> => new Promise((resolve) => {
  const timer = setTimeout(resolve, ms)
  signal?.addEventListener('abort', () => { clearTimeout(timer); resolve() }, { once: true })
})

const PASSING = new Set([502, 503, 504])

/** One call at a time over HTTP(S). Answers are bounded, silence ends, reads are tried again; redirects are not followed (they could carry credentials off). */
export function createTransport(settings: DicomwebSettings): Transport {
  const limit = settings.maxBytes ?? 1 << 30
  const agents: Agents = { http: new HttpAgent({ keepAlive: true }), https: new HttpsAgent({ keepAlive: true }) }
  const once = async (url: URL, call: Call): Promise<Answer> => {
    const response = await send(settings, agents, url, call)
    const type = response.headers['content-type'] ?? ''
    return { status: response.statusCode ?? 0, type, warning: String(response.headers.warning ?? ''), body: await receive(response, call, limit) }
  }
  return {
    async call(call) {
      const root = rootOf(settings)
      const url = new URL(call.path, root)
      if (call.query) url.search = call.query.toString()
      const tries = call.method === 'GET' ? (settings.tries ?? 3) : 1
      for (let attempt = 1; ; attempt++) {
        try {
          const answer = await once(url, call)
          if (PASSING.has(answer.status) && attempt < tries) throw Object.assign(new Error('busy'), { code: 'ECONNRESET' })
          const fault = call.accept?.includes(answer.status) ? null : faultOfStatus(answer.status, root.host, detailOf(answer.type, answer.body))
          if (fault) throw new DicomwebError(fault.code, fault.message)
          return answer
        } catch (error) {
          const fault = call.signal?.aborted ? faultOf(Object.assign(new Error('aborted'), { name: 'AbortError' }), root.host) : faultOf(error, root.host)
          const broken = fault.code === 'unreachable' && !(error instanceof DicomwebError)
          if (!broken || attempt >= tries) throw new DicomwebError(fault.code, fault.message)
          await pause(200 * 2 ** attempt, call.signal)
        }
      }
    },
  }
}
