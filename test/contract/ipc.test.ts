/** Both transports answer every call alike: Electron's IPC (gate and bridge, the pipe in memory) and the loopback host's WebSocket, over two copies of one study. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import type { App } from '#main/app/createApp.ts'
import { createGate, type GateMessage } from '#main/app/gate.ts'
import { createNodeApp } from '#main/app/nodeApp.ts'
import { createBridge } from '#main/hosts/electron/bridge.ts'
import { startHttpHost, type HttpHost } from '#main/hosts/http/server.ts'
import { quietLogger } from '#main/platform/index.ts'
import { contract, ERROR_CODES, type CallName } from '#shared/contract/index.ts'
import { contained } from '#test/support/containedInput.ts'
import { inputsOf } from '#test/support/inputs.ts'
import { everyId } from '#test/support/secretStudy.ts'
import { demoHome, root, temporary } from '#test/support/studies.ts'

type Answer = { ok: boolean; value?: unknown; error?: { code: string; message: string } }
interface Client { call(name: string, input: unknown): Promise<Answer>; raw(message: unknown): void; events(): string[]; close(): void }
interface House { readonly app: App; readonly home: string; readonly client: Client; readonly problems: string[]; close(): Promise<void> }

const scratch = temporary('transports')
const names = Object.keys(contract) as CallName[]

function ipcClient(app: App): Client {
  const context = app.context({})
  const heard: string[] = []
  let deliver: (message: unknown) => void = () => undefined
  const gate = createGate(app, context, (message: GateMessage) => deliver(structuredClone(message)))
  const bridge = createBridge({ post: (message) => gate.receive(structuredClone(message)), listen: (listener) => (deliver = listener) })
  bridge.onEvent((event) => heard.push(event.name))
  return { call: (name, input) => bridge.call(name, input), raw: (message) => gate.receive(message), events: () => heard, close: () => gate.close() }
}

async function socketClient(host: HttpHost): Promise<Client> {
  const launched = await fetch(host.url, { redirect: 'manual' })
  const cookie = (launched.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
  const origin = new URL(host.url).origin
  const ws = new WebSocket(`${origin.replace('http', 'ws')}/bridge`, { headers: { cookie, origin } })
  await new Promise((resolve, reject) => ws.once('open', resolve).once('error', reject))
  const waiting = new Map<number, (answer: Answer) => void>(), heard: string[] = []
  let next = 1
  ws.on('message', (data) => {
    const message = JSON.parse(String(data)) as { id?: number; event?: { name: string } } & Answer
    if (message.event !== undefined) heard.push(message.event.name)
    else if (message.id !== undefined) waiting.get(message.id)?.(message)
  })
  return {
    call: (name, input) => new Promise((resolve) => {
      waiting.set(next, resolve)
      ws.send(JSON.stringify({ id: next++, call: name, input }))
    }),
    raw: (message) => ws.send(JSON.stringify(message) ?? 'null'), events: () => heard, close: () => ws.terminate(),
  }
}

async function house(transport: 'IPC' | 'WebSocket'): Promise<House> {
  const demo = await demoHome({ cases: 24, inferred: true })
  const problems: string[] = []
  const app = createNodeApp({ userData: demo.home, logger: { ...quietLogger, error: (fields) => void problems.push(JSON.stringify(fields)) } })
  app.house.open(demo.study)
  const host = transport === 'IPC' ? null : await startHttpHost(app, { rendererDirectory: root, port: 0 })
  const client = host === null ? ipcClient(app) : await socketClient(host)
  return {
    app, home: demo.home, client, problems,
    async close() {
      client.close()
      await host?.close()
      await app.close()
      demo.remove()
    },
  }
}

/** What differs between two runs on two computers and must: ids made now, times, addresses of assets, folders, durations. */
function masked(value: unknown, home: string, key = ''): unknown {
  if (typeof value === 'string') {
    return value.replaceAll(home, '<home>').replace(/\/asset\/[\w-]+/g, '<asset>').replace(/\b[0-9a-hjkmnp-tv-z]{26}\b/g, '<id>').replace(/\d{4}-\d\d-\d\dT(?:[\d:.]+Z|\d\d-\d\d-\d\d)/g, '<time>').replace(/\b[0-9a-f]{64}\b/g, '<hash>').replace(/\b[0-9a-f]{16}\b/g, '<fingerprint>')
  }
  if (typeof value === 'number' && /milli|second|elapsed|left|bytes|duration/i.test(key)) return 0
  if (Array.isArray(value)) return value.map((v) => masked(v, home))
  if (value !== null && typeof value === 'object') return Object.fromEntries(Object.entries(value).filter(([, v]) => v !== undefined).map(([k, v]) => [k.length === 26 ? masked(k, home) : k, masked(v, home, k)]))
  return value
}

/** Ends what a call started, so that the next call meets the same state on both sides. */
async function settle(side: House, name: CallName, answer: Answer): Promise<void> {
  const jobId = (answer.value as { jobId?: string | null } | undefined)?.jobId
  if (typeof jobId !== 'string' || name.startsWith('jobs.')) return
  if (name === 'inference.start') side.app.house.jobs.cancel(jobId)
  await side.app.house.jobs.ended(jobId)
}

let ipc: House, socket: House
let ids: string[]
beforeAll(async () => {
  [ipc, socket] = [await house('IPC'), await house('WebSocket')]
  const study = ipc.app.house.study()
  if (study === null) throw new Error('no study')
  ids = everyId(study)
})
afterAll(async () => {
  await ipc?.close()
  await socket?.close()
  scratch.remove()
})

async function both(name: string, input: unknown): Promise<[Answer, Answer]> {
  const folders = ['ipc', 'socket'].map((side) => join(scratch.path, side))
  folders.forEach((folder) => mkdirSync(folder, { recursive: true }))
  const [a, b] = await Promise.all([ipc.client.call(name, contained(input, folders[0] as string)), socket.client.call(name, contained(input, folders[1] as string))])
  await Promise.all([settle(ipc, name as CallName, a), settle(socket, name as CallName, b)])
  return [a, b]
}
const plain = ([a, b]: [Answer, Answer]): [unknown, unknown] => {
  const strip = (answer: Answer, side: House, folder: string): unknown => masked(JSON.parse(JSON.stringify({ ok: answer.ok, value: answer.value, error: answer.error }).replaceAll(join(scratch.path, folder), '<scratch>')), side.home)
  return [strip(a, ipc, 'ipc'), strip(b, socket, 'socket')]
}

/** These end the session or change the study under the walk; they are walked at the end or by other tests. */
const LATER = new Set<CallName>(['session.signOut', 'session.signIn', 'session.signInDemo', 'session.changePassword', 'study.openDemo', 'study.create', 'study.open'])

describe.each(['nobody', 'reader1', 'annotator1', 'investigator'])('as %s', (login) => {
  test('every call answers alike over both transports, and never with an internal error', async () => {
    if (login !== 'nobody') {
      const [a, b] = plain(await both('session.signInDemo', { login }))
      expect(a).toEqual(b)
      expect(a).toMatchObject({ ok: true })
    }
    const answered = new Set<string>(), internal: unknown[] = []
    for (const name of names.filter((n) => !LATER.has(n))) {
      for (const input of fc.sample(inputsOf(contract[name], ids), { numRuns: login === 'investigator' ? 6 : 2, seed: 5 })) {
        const answers = await both(name, input)
        const [a, b] = plain(answers)
        expect([name, input, a]).toEqual([name, input, b])
        if (answers[0].ok) answered.add(name)
        else expect(ERROR_CODES).toContain(answers[0].error?.code)
        if (answers[0].error?.code === 'internal') internal.push([name, input, ipc.problems.at(-1)])
      }
    }
    expect(internal).toEqual([])
    const expected = { nobody: ['session.state', 'study.recent'], reader1: ['reading.sessions'], annotator1: ['annotation.tasks'], investigator: ['cases.list', 'review.queue', 'study.summary', 'protocol.list', 'analysis.evaluation', 'study.verify'] }[login] ?? []
    expect([...answered]).toEqual(expect.arrayContaining(expected))
  }, 600_000)

  test.runIf(login === 'nobody' || login === 'investigator')('a call that is none, and inputs of wrong types, are refused alike and in words', async () => {
    const internal: unknown[] = []
    for (const name of ['', 'no.such', 'constructor', '__proto__', 'toString', 'session.state ', 'SESSION.STATE']) {
      const [a, b] = plain(await both(name, {}))
      expect(a).toEqual({ ok: false, error: { code: 'invalid_input', message: 'there is no such call' } })
      expect(b).toEqual(a)
    }
    for (const name of names.filter((n) => !LATER.has(n))) {
      for (const input of ['text', 5, true, [], [{}], { unknownMember: 1 }, { __proto__: { x: 1 } }, ...wrongMembers(name)]) {
        const answers = await both(name, input)
        const [a, b] = plain(answers)
        expect([name, input, a]).toEqual([name, input, b])
        if (!answers[0].ok) expect(answers[0].error?.message.length).toBeGreaterThan(5)
        if (answers[0].error?.code === 'internal') internal.push([name, input, ipc.problems.at(-1)])
      }
    }
    expect(internal).toEqual([])
  }, 300_000)
})

/** For every member of a call's input: the others left out, this one of a type that it is not. */
function wrongMembers(name: CallName): unknown[] {
  const shape = (contract[name].input as { shape?: Record<string, unknown> }).shape ?? {}
  return Object.keys(shape).flatMap((key) => [{ [key]: { deep: [null] } }, { [key]: Symbol.iterator.description?.repeat(20_000) }])
}

describe('messages that are no calls', () => {
  test('get no answer and do no harm', async () => {
    for (const side of [ipc, socket]) {
      for (const message of [null, undefined, 5, 'text', [], {}, { id: 1 }, { id: '1', call: 'session.state' }, { id: 1, call: 5 }, { id: null, call: 'session.state', input: {} }, { call: 'session.state' }, { id: {}, call: {} }]) side.client.raw(message)
      expect(await side.client.call('session.state', {})).toMatchObject({ ok: true, value: { app: { name: 'SLN Workstation' } } })
    }
  })

  test('text that is not JSON ends its connection only', async () => {
    const host = await startHttpHost(socket.app, { rendererDirectory: root, port: 0 })
    const [good, bad] = [await socketClient(host), await socketClient(host)]
    const launched = await fetch(host.url, { redirect: 'manual' })
    const cookie = (launched.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
    const origin = new URL(host.url).origin
    const ws = new WebSocket(`${origin.replace('http', 'ws')}/bridge`, { headers: { cookie, origin } })
    await new Promise((resolve, reject) => ws.once('open', resolve).once('error', reject))
    const closed = new Promise<number>((resolve) => ws.once('close', resolve))
    ws.send('{"id": 1, "call": ')
    expect(await closed).toBe(1003)
    expect(await good.call('session.state', {})).toMatchObject({ ok: true })
    for (const client of [good, bad]) client.close()
    await host.close()
  })
})

test('events of jobs reach the investigator over both transports, and nobody else', async () => {
  for (const [login, expected] of [['investigator', true], ['reader1', false]] as const) {
    for (const side of [ipc, socket]) {
      await side.client.call('session.signInDemo', { login })
      const before = side.client.events().length
      const job = side.app.house.jobs.start({ kind: 'verify', title: 'A job', actor: 'test' }, async () => ({}))
      await side.app.house.jobs.ended(job)
      await new Promise((resolve) => setTimeout(resolve, 150))
      expect([login, side.client.events().slice(before).includes('job')]).toEqual([login, expected])
    }
  }
})

test('signing in, out and wrongly is answered alike', async () => {
  for (const [name, input] of [
    ['session.signOut', {}], ['session.signIn', { login: 'investigator', password: 'wrong password' }], ['session.signIn', { login: 'nobody-known', password: 'x' }], ['session.signInDemo', { login: 'nobody-known' }],
    ['session.changePassword', { current: 'x', next: 'long enough now' }], ['cases.list', {}], ['session.signInDemo', { login: 'reader1' }], ['cases.list', {}], ['study.open', { directory: join(scratch.path, 'nowhere') }], ['session.signOut', {}],
  ] as const) {
    const [a, b] = plain(await both(name, input))
    expect([name, a]).toEqual([name, b])
  }
})
