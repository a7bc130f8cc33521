import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { TEST_CERTIFICATE, TEST_KEY } from './testCertificate.ts'

const PLUGIN = ['/usr/share/orthanc/plugins/libOrthancDicomWeb.so', '/usr/local/share/orthanc/plugins/libOrthancDicomWeb.so'].find((path) => existsSync(path))
const BINARY = ['Orthanc', 'orthanc'].find((name) => spawnSync(name, ['--version']).status === 0)

/** Why there is no Orthanc to test against; null where there is one. */
export const orthancMissing: string | null = !BINARY ? 'Orthanc is not installed (Debian: orthanc)' : !PLUGIN ? 'Orthanc has no DICOMweb plugin (Debian: orthanc-dicomweb)' : null

export interface Orthanc { readonly baseUrl: string; readonly user: string; readonly password: string; stop(): Promise<void> }

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  await new Promise((done) => server.close(done))
  return port
}

/**
 * A TLS front before a plain server, as hospitals put one before their PACS. Debian 12's Orthanc (1.10.1) cannot serve TLS itself: it ends in
 * a segmentation fault at the first handshake.
 */
async function tlsFront(port: number): Promise<{ port: number; close(): void }> {
  const front = createSecureServer({ cert: TEST_CERTIFICATE, key: TEST_KEY }, (from, to) => {
    const onward = request({ host: '127.0.0.1', port, path: from.url, method: from.method, headers: from.headers }, (answer) => {
      to.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(to)
    })
    onward.on('error', () => to.destroy())
    from.pipe(onward)
  })
  await new Promise<void>((done) => front.listen(0, '127.0.0.1', done))
  return { port: (front.address() as AddressInfo).port, close: () => { front.closeAllConnections(); front.close() } }
}

/** Starts a real Orthanc with its DICOMweb plugin on loopback, empty, with an account and (if asked) behind TLS; `stop` ends it and removes its files. */
export async function startOrthanc({ tls = false, password = 'secret' } = {}): Promise<Orthanc> {
  if (!BINARY || !PLUGIN) throw new Error(orthancMissing ?? '')
  const folder = mkdtempSync(join(tmpdir(), 'orthanc-'))
  const port = await freePort()
  const config = {
    Name: 'test', StorageDirectory: join(folder, 'db'), IndexDirectory: join(folder, 'db'), HttpPort: port, DicomServerEnabled: false, RemoteAccessAllowed: false,
    AuthenticationEnabled: true, RegisteredUsers: { tester: password }, Plugins: [PLUGIN], DicomWeb: { Enable: true, Root: '/dicom-web/' },
  }
  const file = join(folder, 'orthanc.json')
  writeFileSync(file, JSON.stringify(config))
  const child = spawn(BINARY, [file], { stdio: ['ignore', 'pipe', 'pipe'] })
  let log = ''
  child.stdout.on('data', (part: Buffer) => { log += part.toString() })
  child.stderr.on('data', (part: Buffer) => { log += part.toString() })
  const ended = new Promise<void>((done) => child.on('exit', () => done()))
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM')
    await Promise.race([ended, wait(5000).then(() => child.kill('SIGKILL'))])
    rmSync(folder, { recursive: true, force: true })
  }
  for (let i = 0; i < 150 && !log.includes('Orthanc has started'); i++) {
    if (child.exitCode !== null) break
    await wait(100)
  }
  if (!log.includes('Orthanc has started')) {
    await stop()
    throw new Error(`Orthanc did not start: ${log.slice(-2000)}`)
  }
  const account = { user: 'tester', password }
  if (!tls) return { baseUrl: `http://127.0.0.1:${port}/dicom-web`, ...account, stop }
  const front = await tlsFront(port)
  return { baseUrl: `https://127.0.0.1:${front.port}/dicom-web`, ...account, stop: () => { front.close(); return stop() } }
}
