import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { createGate, type GateMessage } from '#main/app/gate.ts'
import { createBridge } from '#main/hosts/electron/bridge.ts'
import { startHttpHost, type HttpHost } from '#main/hosts/http/server.ts'
import { contract, type CallName, type ReadingItem, type ReadingSession } from '#shared/contract/index.ts'
import { encodeMask, maskToBytes, maskToText, type RleMask } from '#shared/geometry/index.ts'
import { inputsOf } from '#test/support/inputs.ts'
import { everyId, MARK, PASSWORD, secretStudy, type SecretStudy } from '#test/support/secretStudy.ts'
import { root, temporary } from '#test/support/studies.ts'

type Answer = { ok: boolean; value?: unknown; error?: { code: string; message: string } }
interface Client { call(name: string, input: unknown): Promise<Answer>; asset(url: string): Promise<Uint8Array | null>; close(): void }

const home = temporary('blinding')
let secret: SecretStudy
let host: HttpHost
let ids: string[]
beforeAll(async () => {
  secret = await secretStudy(home.path)
  host = await startHttpHost(secret.app, { rendererDirectory: root, port: 0 })
  ids = everyId(secret.study)
})
afterAll(async () => {
  await host?.close()
  await secret?.close()
  home.remove()
})

/** Electron's transport with the IPC in memory: gate and bridge are the real ones. */
function ipcClient(): Client {
  const context = secret.app.context({})
  let deliver: (message: unknown) => void = () => undefined
  const gate = createGate(secret.app, context, (message: GateMessage) => deliver(structuredClone(message)))
  const bridge = createBridge({ post: (message) => gate.receive(structuredClone(message)), listen: (listener) => (deliver = listener) })
  return { call: (name, input) => bridge.call(name, input), asset: async (url) => (await secret.app.serveAsset(context, url))?.bytes ?? null, close: () => gate.close() }
}

/** The loopback host's transport over real sockets. */
async function socketClient(): Promise<Client> {
  const launched = await fetch(host.url, { redirect: 'manual' })
  const cookie = (launched.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
  const base = new URL(host.url).origin
  const ws = new WebSocket(`${base.replace('http', 'ws')}/bridge`, { headers: { cookie, origin: base } })
  await new Promise((resolve, reject) => ws.once('open', resolve).once('error', reject))
  const waiting = new Map<number, (answer: Answer) => void>()
  let next = 1
  ws.on('message', (data) => {
    const message = JSON.parse(String(data)) as { id?: number } & Answer
    if (message.id !== undefined) waiting.get(message.id)?.(message)
  })
  return {
    call: (name, input) => new Promise((resolve) => {
      waiting.set(next, resolve)
      ws.send(JSON.stringify({ id: next++, call: name, input }))
    }),
    asset: async (url) => {
      const answer = await fetch(base + url, { headers: { cookie } })
      return answer.ok ? new Uint8Array(await answer.arrayBuffer()) : null
    },
    close: () => ws.terminate(),
  }
}

const assetsIn = (text: string): string[] => [...text.matchAll(/\/asset\/[\w-]+/g)].map((m) => m[0])

function expectNoMark(name: string, role: string, answer: Answer): void {
  const text = JSON.stringify(answer)
  if (text.includes(MARK) || text.includes('0.4242') || text.includes('4242.42')) expect.fail(`${name} as ${role} gave away a secret: ${text.slice(0, 400)}`)
}

/** A fused mask and another annotator's drawing of every picture, each unlike all others, as the contract would carry them. */
function plantMasks({ study, app, accounts }: SecretStudy, images: readonly { id: string; case_id: string }[]): { model: string[]; other: string[] } {
  const model: string[] = [], other: string[] = []
  study.db.write('test', (tx) => {
    for (const [i, image] of images.entries()) {
      const mask = (top: number): RleMask => encodeMask(Uint8Array.from({ length: 48 * 40 }, (_, k) => (k % 48 >= 3 + i && k % 48 < 21 + 2 * i && Math.floor(k / 48) >= top && Math.floor(k / 48) < top + 7 ? 1 : 0)), { width: 48, height: 40 })
      const segmentation = app.house.world.ids.next(), annotation = app.house.world.ids.next()
      const [fused, drawn] = [mask(5), mask(23)].map((m) => study.objects.put(maskToBytes(m))) as [string, string]
      tx.insert('segmentation', { id: segmentation, case_id: image.case_id, image_id: image.id, frame: 0, model_set: MARK, state: 'found', provider: MARK, provider_note: MARK, milliseconds: 1, disagreement: 0.4242, uncertainty: 0.1, components: 1, touches_border: 0, created_at: '2099-01-01T00:00:00.000Z', origin: tx.origin })
      tx.insert('segmentation_mask', { segmentation_id: segmentation, model: 'fusion', model_sha256: MARK, mask: fused, map: fused, area_px: 10 })
      const task = tx.get<{ id: string }>('SELECT id FROM annotation_task WHERE account_id = ? AND image_id = ?', accounts['other-annotator'], image.id)?.id ?? ''
      tx.insert('annotation', { id: annotation, case_id: image.case_id, image_id: image.id, frame: 0, task_id: task, account_id: accounts['other-annotator'], purpose: 'drawn', version: 9, document: `{"note":"${MARK}"}`, mask: drawn, area_px: 5, active_seconds: 3, tools: '{}', app_version: MARK, derived_from: null, created_at: tx.at, origin: tx.origin })
      tx.audit({ action: 'segmentation.create', subject: 'segmentation', id: segmentation, new: MARK })
      tx.audit({ action: 'annotation.save', subject: 'annotation', id: annotation, new: MARK })
      model.push(maskToText(mask(5)))
      other.push(maskToText(mask(23)))
    }
  })
  return { model, other }
}

/** Reads every open session to its end as the screen does, and hands back every case as it was served. */
async function readAll(client: Client): Promise<{ items: ReadingItem[]; feedback: unknown[] }> {
  const items: ReadingItem[] = [], feedback: unknown[] = []
  const call = async (name: string, input: unknown): Promise<Answer> => {
    const answer = await client.call(name, input)
    expectNoMark(name, 'reader', answer)
    return answer
  }
  const { sessions } = (await call('reading.sessions', {})).value as { sessions: ReadingSession[] }
  for (const session of sessions.filter((s) => s.state === 'open')) {
    let place = (await call('reading.next', { sessionId: session.id })).value as { item: ReadingItem | null }
    while (place.item !== null) {
      const { position, part } = place.item
      items.push(place.item)
      const given = { sessionId: session.id, position, part, call: 'positive', rating: 4, activeSeconds: 3 }
      await call('reading.events', { sessionId: session.id, position, events: [{ at: '2026-01-01T00:00:00.000Z', kind: 'zoom', value: '2' }] })
      expect((await call('reading.draft', given)).ok).toBe(true)
      const answer = await call('reading.submit', given)
      expect(answer.ok).toBe(true)
      expect((await call('reading.submit', given)).error?.code).toBe('locked')
      const next = answer.value as { item: ReadingItem | null; feedback: unknown }
      feedback.push(next.feedback)
      place = next
    }
  }
  return { items, feedback }
}

async function walk(client: Client, role: 'reader' | 'annotator', runs: number): Promise<{ answered: Set<string>; refused: Set<string>; assets: number }> {
  const signedIn = await client.call('session.signIn', { login: role, password: PASSWORD })
  expect(signedIn.ok).toBe(true)
  const answered = new Set<string>(), refused = new Set<string>(), seen = new Set<string>()
  const own = ids.slice()
  const harvest = (value: unknown): void => {
    for (const id of JSON.stringify(value ?? null).matchAll(/"(?:id|taskId|sessionId|imageId)":"([^"]+)"/g)) own.push(id[1] as string)
  }
  // Signing out or changing the study would end the walk, and making the demo study takes a minute: they answer no case data.
  const skip = new Set<CallName>(['session.signOut', 'session.signIn', 'session.signInDemo', 'session.changePassword', 'study.openDemo', 'study.create', 'study.open'])
  if (role === 'reader') {
    const { sessions } = (await client.call('reading.sessions', {})).value as { sessions: ReadingSession[] }
    for (const session of sessions) for (const url of assetsIn(JSON.stringify(await client.call('reading.next', { sessionId: session.id })))) seen.add(url)
  }
  for (const round of [0, 1]) {
    for (const name of Object.keys(contract) as CallName[]) {
      if (skip.has(name)) continue
      for (const input of fc.sample(inputsOf(contract[name], own), { numRuns: runs, seed: 11 + round })) {
        const answer = await client.call(name, input)
        expectNoMark(name, role, answer)
        ;(answer.ok ? answered : refused).add(name)
        if (answer.ok) harvest(answer.value)
        for (const url of assetsIn(JSON.stringify(answer))) seen.add(url)
      }
    }
  }
  for (const url of seen) {
    const bytes = await client.asset(url)
    expect(Buffer.from(bytes ?? []).includes(MARK)).toBe(false)
  }
  return { answered, refused, assets: seen.size }
}

describe.each(['reader', 'annotator'] as const)('as %s', (role) => {
  test.each(['IPC', 'WebSocket'] as const)('no call over %s gives away a marked secret, whatever its input', async (transport) => {
    const client = transport === 'IPC' ? ipcClient() : await socketClient()
    const { answered, refused, assets } = await walk(client, role, 12)
    client.close()
    expect([...answered].some((n) => n.startsWith(role === 'reader' ? 'reading.' : 'annotation.'))).toBe(true)
    expect(assets).toBeGreaterThan(0)
    for (const name of ['cases.list', 'review.queue', 'analysis.evaluation', 'prediction.case', 'accounts.list', 'audit.list', 'protocol.list'] as const) {
      expect(answered.has(name)).toBe(false)
      expect(refused.has(name)).toBe(true)
    }
  }, 120_000)
})

test('an annotator gets the model\'s mask and others\' contours where the task says so, of that picture alone, and nothing more of either', async () => {
  const { study, accounts, app } = secret
  const images = study.db.read.all<{ id: string; case_id: string }>('SELECT id, case_id FROM image ORDER BY id')
  // Each mask of its own, so that it is known wherever it turns up.
  const masks = plantMasks(secret, images)
  const task = (i: number): string => study.db.read.get<{ id: string }>("SELECT id FROM annotation_task WHERE account_id = ? AND image_id = ?", accounts.annotator, images[i]?.id ?? '')?.id ?? ''
  const allow = (i: number, shows: string[]): void => study.db.write('test', (tx) => {
    tx.update('annotation_task', { id: task(i) }, { shows: JSON.stringify(shows) })
    tx.audit({ action: 'annotation.assign', subject: 'annotation_task', id: task(i) })
  })
  const client = ipcClient()
  await client.call('session.signIn', { login: 'annotator', password: PASSWORD })
  const held = async (): Promise<{ model: number[]; other: number[] }> => {
    const text: string[] = []
    for (const i of images.keys()) text.push(JSON.stringify(await client.call('annotation.open', { taskId: task(i) })))
    for (const name of Object.keys(contract) as CallName[]) {
      if (/^session|^study\.(openDemo|create|open)$/.test(name)) continue
      for (const input of fc.sample(inputsOf(contract[name], ids), { numRuns: 6, seed: 5 })) text.push(JSON.stringify(await client.call(name, input)))
    }
    const all = text.join('\n')
    expectNoMark('annotation.open', 'annotator', { ok: true, value: all })
    const found = (list: readonly string[]): number[] => list.flatMap((mask, i) => (all.includes(mask) ? [i] : []))
    return { model: found(masks.model), other: found(masks.other) }
  }
  expect(await held()).toEqual({ model: [], other: [] })
  allow(0, ['model'])
  allow(1, ['start'])
  allow(2, ['others'])
  allow(3, ['model', 'others'])
  expect(await held()).toEqual({ model: [0, 1, 3], other: [2, 3] })
  const other = ipcClient()
  await other.call('session.signIn', { login: 'other-annotator', password: PASSWORD })
  expect((await other.call('annotation.open', { taskId: task(0) })).error?.code).toBe('not_found')
  expect(app.house.study()).toBe(study)
  client.close()
  other.close()
})

test('the detector itself works: an investigator does see the marks', async () => {
  const client = ipcClient()
  const failures: unknown[] = []
  Object.assign(secret.app.house.config.logger, { error: (fields: unknown) => failures.push(fields) })
  await client.call('session.signIn', { login: 'investigator', password: PASSWORD })
  expect(JSON.stringify([await client.call('cases.list', {}), failures])).toContain(MARK)
  expect(failures).toEqual([])
})

test('a refused call is logged with who and what', async () => {
  const client = ipcClient()
  await client.call('session.signIn', { login: 'reader', password: PASSWORD })
  const before = secret.study.db.read.all("SELECT 1 FROM audit WHERE action = 'access.refused' AND new = 'analysis.roc'").length
  expect((await client.call('analysis.roc', { cohort: 'x' })).error?.code).toBe('forbidden')
  expect(secret.study.db.read.all("SELECT 1 FROM audit WHERE action = 'access.refused' AND actor = 'reader' AND new = 'analysis.roc'").length).toBeGreaterThan(before > 0 ? 0 : before)
})

test('an aided reader sees of the model what the protocol lists, in the aided part, and nothing else; feedback comes for training cases alone', async () => {
  const client = ipcClient()
  await client.call('session.signIn', { login: 'aided-reader', password: PASSWORD })
  const { items, feedback } = await readAll(client)
  const keys = (part: string): Set<string> => new Set(items.filter((i) => i.part === part).flatMap((i) => (i.aids === null ? ['none'] : Object.keys(i.aids))))
  expect(keys('unaided')).toEqual(new Set(['none']))
  expect(keys('aided')).toEqual(new Set(['contour', 'frame']))
  expect(items.filter((i) => i.part === 'aided').length).toBe(items.length / 2)
  expect(items.every((i) => i.factors.every((f) => f.label === 'Age'))).toBe(true)
  const training = items.map((i) => i.training)
  expect(training.slice(0, 2)).toEqual([true, true])
  expect(training.slice(2).some((t) => t)).toBe(false)
  expect(feedback.map((f) => f !== null)).toEqual(items.map((i) => i.training && i.part === 'aided'))
  // Before its answer the unaided part of a case shows nothing even to one who asks for the other part.
  const other = ipcClient()
  await other.call('session.signIn', { login: 'late-aided-reader', password: PASSWORD })
  const { sessions } = (await other.call('reading.sessions', {})).value as { sessions: ReadingSession[] }
  const session = sessions[0]?.id ?? ''
  const { item } = (await other.call('reading.next', { sessionId: session })).value as { item: ReadingItem }
  for (const part of ['aided'] as const) {
    expect((await other.call('reading.submit', { sessionId: session, position: item.position, part, call: 'positive', rating: 4, activeSeconds: 1 })).error?.code).toBe('conflict')
    expect((await other.call('reading.draft', { sessionId: session, position: item.position, part, call: 'positive', rating: 4, activeSeconds: 1 })).error?.code).toBe('conflict')
  }
  expect((await other.call('reading.next', { sessionId: session, position: item.position + 1 })).error?.code).toBe('conflict')
  client.close()
  other.close()
})

test('one session cannot fetch the assets of another', async () => {
  const [a, b] = [ipcClient(), ipcClient()]
  await a.call('session.signIn', { login: 'annotator', password: PASSWORD })
  await b.call('session.signIn', { login: 'other-annotator', password: PASSWORD })
  const [url] = assetsIn(JSON.stringify(await a.call('annotation.tasks', {})))
  expect(await a.asset(url as string)).not.toBeNull()
  expect(await b.asset(url as string)).toBeNull()
  await a.call('session.signOut', {})
  expect(await a.asset(url as string)).toBeNull()
})
