import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createNodeApp } from '#main/app/nodeApp.ts'
import type { App } from '#main/app/createApp.ts'
import { addOwnModel, removeOwnModel } from '#main/app/modelCommands.ts'
import type { AddedModel } from '#main/services/models/addModel.ts'
import { quietLogger } from '#main/platform/index.ts'
import { root, sln, temporary } from '#test/support/studies.ts'
import { tinyOnnx, type TinyGraph } from '#test/support/tinyOnnx.ts'

const scratch = temporary('models')
const home = join(scratch.path, 'home')
afterAll(() => scratch.remove())

interface Check { model: string; role: string; provider: string | null; state: string; probability: number | null; cam: number | null; dice: number | null; note: string }
interface Report { sound: boolean; checks: Check[]; storedIn: string; providers: { name: string; available: boolean }[] }
interface Entry { id: string; file: string; sha256: string }
const shipped = (JSON.parse(readFileSync(join(root, 'models', 'manifest.json'), 'utf8')) as { models: Entry[] }).models
const hash = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')

describe('models verify', () => {
  test('every shipped graph agrees with the recordings of PyTorch within 1e-3 on every provider here, and the result is kept', async () => {
    const result = await sln(['models', 'verify', '--json'], { home })
    const report = JSON.parse(result.stdout) as Report
    expect(report.checks.filter((c) => c.state !== 'agrees')).toEqual([])
    expect(result.code).toBe(0)
    expect(new Set(report.checks.map((c) => c.model))).toEqual(new Set(shipped.map((m) => m.id)))
    const providers = report.providers.filter((p) => p.available).map((p) => p.name)
    expect(providers).toContain('cpu')
    for (const check of report.checks) {
      expect(check.probability).toBeLessThanOrEqual(1e-3)
      if (check.role === 'segmentation') expect(check.dice).toBeGreaterThanOrEqual(0.999)
      if (check.role === 'classification') expect(check.cam).toBeLessThanOrEqual(1e-3)
    }
    expect(report.checks.length).toBe(shipped.length + (providers.length - 1) * report.checks.filter((c) => c.provider === 'cpu').length)
    expect(JSON.parse(readFileSync(join(home, 'models', 'verified.json'), 'utf8'))).toMatchObject({ sound: true, checks: report.checks })
  })

  test('another network under the name, an altered file and a lost file are told apart, with exit code 1', async () => {
    const resources = join(scratch.path, 'resources')
    mkdirSync(resources)
    cpSync(join(root, 'package.json'), join(resources, 'package.json'))
    cpSync(join(root, 'models'), join(resources, 'models'), { recursive: true, filter: (from) => !from.includes(join('models', 'training')) })
    const at = (entry: Entry): string => join(resources, 'models', entry.file)
    const find = (name: string): Entry => shipped.find((m) => m.id === name) as Entry
    const [deeplab, unet, unetpp] = ['small-deeplabv3', 'small-unet', 'small-unetpp'].map(find) as [Entry, Entry, Entry]
    const other = readFileSync(at(unetpp))
    writeFileSync(at(unet), other)
    const altered = readFileSync(at(deeplab))
    altered[altered.length >> 1] = (altered[altered.length >> 1] as number) ^ 1
    writeFileSync(at(deeplab), altered)
    const lost = { ...unetpp, file: 'segmentation/lost.onnx' }
    writeFileSync(join(resources, 'models', 'manifest.json'), JSON.stringify({ schema: 1, models: shipped.map((m) => (m.id === unet.id ? { ...m, sha256: hash(other) } : m.id === unetpp.id ? lost : m)) }))
    const result = await sln(['models', 'verify', '--json'], { home: join(scratch.path, 'home2'), env: { SLN_RESOURCES: resources } })
    expect(result.code).toBe(1)
    const states = Object.fromEntries((JSON.parse(result.stdout) as Report).checks.filter((c) => c.provider === null || c.provider === 'cpu').map((c) => [c.model, `${c.state}: ${c.note}`]))
    expect(states[unet.id]).toMatch(/^differs/)
    expect(states[deeplab.id]).toMatch(/^failed: .*was altered/)
    expect(states[unetpp.id]).toMatch(/^failed: .*is missing/)
    expect(states['fusion-xgboost']).toMatch(/^agrees/)
  })
})

const any = ['n', 3, 'height', 'width'], map = ['n', 1, 'height', 'width'], square = ['n', 3, 224, 224]
const mean = { op: 'ReduceMean', inputs: ['image'], axes: [1], keepDims: true }
const segmentation: TinyGraph = { inputs: { image: any }, outputs: { probability: map }, nodes: [{ ...mean, output: 'm' }, { op: 'Sigmoid', inputs: ['m'], output: 'probability' }] }
const classification: TinyGraph = {
  inputs: { roi: square }, outputs: { probability: ['n'], cam: ['n', 1, 224, 224] },
  nodes: [{ op: 'ReduceMean', inputs: ['roi'], output: 'm', axes: [1, 2, 3], keepDims: false }, { op: 'Sigmoid', inputs: ['m'], output: 'probability' }, { op: 'ReduceMean', inputs: ['roi'], output: 'cam', axes: [1], keepDims: true }],
}

describe('models add', () => {
  const card = { name: 'mine', set: 'own', version: '1', trained_on: 'nothing: a mean and a sigmoid', not_for: 'anything but a test', licence: 'CC0' }
  const at = (name: string): string => join(scratch.path, name)
  const add = async (name: string, content: Buffer | TinyGraph, role: string, about: object = card): Promise<{ code: number; text: string }> => {
    writeFileSync(at(`${name}.onnx`), Buffer.isBuffer(content) ? content : tinyOnnx(content))
    writeFileSync(at(`${name}.json`), JSON.stringify(about))
    const result = await sln(['models', 'add', at(`${name}.onnx`), '--role', role, '--card', at(`${name}.json`), '--json'], { home })
    return { code: result.code, text: result.stdout }
  }
  let app: App
  beforeAll(() => {
    mkdirSync(home, { recursive: true })
    app = createNodeApp({ userData: home, logger: quietLogger })
  })
  afterAll(() => app.close())

  test.each<[string, Buffer | TinyGraph, string, RegExp]>([
    ['no graph', Buffer.from('this is no graph'), 'segmentation', /onnxruntime cannot load it/],
    ['another input', { ...segmentation, inputs: { picture: any }, nodes: [{ ...mean, inputs: ['picture'], output: 'm' }, { op: 'Sigmoid', inputs: ['m'], output: 'probability' }] }, 'segmentation', /one input called image; it has picture/],
    ['a fixed size', { ...segmentation, inputs: { image: ['n', 3, 64, 64] } }, 'segmentation', /pictures of any size/],
    ['another output', { ...segmentation, outputs: { mask: map }, nodes: [{ ...mean, output: 'm' }, { op: 'Sigmoid', inputs: ['m'], output: 'mask' }] }, 'segmentation', /no output called probability; it has mask/],
    ['logits', { ...segmentation, nodes: [{ ...mean, output: 'probability' }] }, 'segmentation', /its probability goes from -.* it must stay within 0 to 1/],
    ['no number', { ...segmentation, nodes: [{ ...mean, output: 'm' }, { op: 'Log', inputs: ['m'], output: 'probability' }] }, 'segmentation', /no number/],
    ['one value for a map', { inputs: { image: any }, outputs: { probability: ['n', 1, 1, 1] }, nodes: [{ op: 'GlobalAveragePool', inputs: ['image'], output: 'p' }, { op: 'Sigmoid', inputs: ['p'], output: 's' }, { op: 'ReduceMean', inputs: ['s'], output: 'probability', axes: [1], keepDims: true }] }, 'segmentation', /a value for each pixel/],
    ['no Grad-CAM', { ...classification, outputs: { probability: ['n'] } }, 'classification', /no output called cam/],
  ])('a graph that does not fit is refused with what is wrong: %s', async (name, content, role, reason) => {
    writeFileSync(at(`${name}.onnx`), Buffer.isBuffer(content) ? content : tinyOnnx(content))
    writeFileSync(at('card.json'), JSON.stringify(card))
    await expect(addOwnModel(app, { file: at(`${name}.onnx`), role, card: at('card.json') })).rejects.toThrow(reason)
    expect(existsSync(join(home, 'models', 'manifest.json'))).toBe(false)
  })

  test('a graph whose weights lie in another file is refused even where that file lies beside it: only the graph is kept', async () => {
    writeFileSync(at('weights.bin'), Buffer.from(new Float32Array([0.5]).buffer))
    writeFileSync(at('outside.onnx'), tinyOnnx({ ...segmentation, nodes: [{ ...mean, output: 'm' }, { op: 'Add', inputs: ['m', 'bias'], output: 'a' }, { op: 'Sigmoid', inputs: ['a'], output: 'probability' }], outside: { bias: 'weights.bin' } }))
    writeFileSync(at('card.json'), JSON.stringify(card))
    await expect(addOwnModel(app, { file: at('outside.onnx'), role: 'segmentation', card: at('card.json') })).rejects.toThrow(/outside\.onnx does not fit .* in one \.onnx file/s)
    expect(existsSync(join(home, 'models', 'added-own-mine-1.onnx'))).toBe(false)
  })
  test('a card that says too little, and a set that ships, are refused', async () => {
    expect((await add('bare', segmentation, 'segmentation', { name: 'mine' })).text).toMatch(/does not fit: .*set.*trained_on/)
    expect((await add('taken', classification, 'classification', { ...card, set: 'demo' })).text).toMatch(/ships with the program/)
  })

  test('what fits is registered with its hash, listed, verified, and found again as the very file', async () => {
    const first = await add('segmentation', segmentation, 'segmentation')
    expect(first.code).toBe(0)
    const second = await add('classification', classification, 'classification', { ...card, name: 'classifier', set: 'own-signature', is_signature: true, threshold: 0.4 })
    expect(second.code).toBe(0)
    const added = JSON.parse(second.text) as { id: string; sha256: string; file: string }
    expect(added.sha256).toBe(hash(readFileSync(added.file)))
    const { models } = JSON.parse((await sln(['models', 'list', '--json'], { home })).stdout) as { models: { id: string; shipped: boolean; card: string; threshold: number | null; isSignature: boolean }[] }
    expect(models.filter((m) => m.shipped).length).toBe(shipped.length)
    expect(models.find((m) => m.id === added.id)).toMatchObject({ shipped: false, threshold: 0.4, isSignature: true, card: expect.stringContaining('nothing: a mean and a sigmoid') as string })
    expect((await add('again', segmentation, 'segmentation', { ...card, version: '2' })).text).toMatch(/registered already, as added-own-mine-1/)
    const report = JSON.parse((await sln(['models', 'verify', '--json'], { home })).stdout) as Report
    expect(report.sound).toBe(true)
    expect(report.checks.find((c) => c.model === added.id)?.state).toBe('no fixture')
    writeFileSync(added.file, 'spoilt')
    expect((await sln(['models', 'verify', '--json'], { home })).code).toBe(1)
  }, 180_000)
})

/** A set of one's own: three networks and their fusion, and a signature. */
describe('a study with models that were added', () => {
  const own = join(scratch.path, 'own-home'), study = join(scratch.path, 'own-study'), about = { version: '1', trained_on: 'nothing: a mean and a sigmoid', not_for: 'anything but a test', licence: 'CC0' }
  const run = (...args: string[]): Promise<{ code: number; stdout: string }> => sln([...args, '--json'], { home: own })
  const write = (file: string, content: Buffer | string, card: object): { file: string; card: string } => {
    const at = join(scratch.path, file)
    writeFileSync(at, content)
    writeFileSync(`${at}.card.json`, JSON.stringify({ ...about, ...card }))
    return { file: at, card: `${at}.card.json` }
  }
  const add = (file: string, content: Buffer | string, role: string, card: object): Promise<AddedModel> => addOwnModel(app, { ...write(file, content, card), role })
  /** Networks that differ in their bytes and hardly in what they give. */
  const network = (steps: number): Buffer => {
    const names = Array.from({ length: steps + 1 }, (_, i) => (i === 0 ? 'm' : `s${i}`))
    return tinyOnnx({ ...segmentation, nodes: [{ ...mean, output: 'm' }, ...names.slice(1).map((output, i) => ({ op: 'Identity', inputs: [names[i] as string], output })), { op: 'Sigmoid', inputs: [names.at(-1) as string], output: 'probability' }] })
  }
  let app: App
  beforeAll(() => {
    mkdirSync(own, { recursive: true })
    app = createNodeApp({ userData: own, logger: quietLogger })
  })
  afterAll(() => app.close())
  const stored = (): { masks: Record<string, string>; signatures: Record<string, string> } => {
    const db = new Database(join(study, 'study.db'), { readonly: true })
    const of = (table: string): Record<string, string> => Object.fromEntries((db.prepare(`SELECT DISTINCT model, model_sha256 FROM ${table}`).all() as { model: string; model_sha256: string }[]).map((r) => [r.model, r.model_sha256]))
    const found = { masks: of('segmentation_mask'), signatures: of('signature') }
    db.close()
    return found
  }

  test('its masks and signatures are theirs, by hash; when one is gone it says which, and what was computed stays', async () => {
    const set = 'our-hospital'
    const nets: AddedModel[] = []
    for (const [i, name] of ['deeplabv3', 'unet', 'unetpp'].entries()) nets.push(await add(`own-${name}.onnx`, network(i), 'segmentation', { name, set }))
    expect(nets[2]?.note).toBe('a study can use the set our-hospital once it also holds the fusion fitted on them (--role fusion)')
    expect((await run('create', study, '--demo', '--cases', '12', '--segmentation', set)).stdout).toMatch(/the segmentation set our-hospital lacks fusion: add what is missing first/)
    await expect(add('bad.json', '{"learner": {}}', 'fusion', { name: 'fusion', set })).rejects.toThrow(/does not fit as a fusion model: .*binary:logistic gbtree/)
    for (const [i, text] of ['null', '{"learner": {"gradient_booster": {"name": "gbtree"}, "objective": {"name": "binary:logistic"}}}'].entries()) {
      await expect(add(`bad-${i}.json`, text, 'fusion', { name: 'fusion', set })).rejects.toThrow(/does not fit as a fusion model: it is no model that xgboost saved as JSON/)
    }
    expect(existsSync(join(own, 'models', 'added-our-hospital-fusion-1.json'))).toBe(false)
    const fusion = await add('own-fusion.json', `${readFileSync(join(root, 'models', 'fusion', 'fusion.json'), 'utf8')}\n`, 'fusion', { name: 'fusion', set })
    expect(fusion.note).toBe('a study uses the set by: sln create --segmentation our-hospital, or sln models use --segmentation our-hospital')
    await expect(add('mixed.onnx', tinyOnnx(classification), 'classification', { name: 'ours', set })).rejects.toThrow(/our-hospital is a segmentation set/)
    const signature = await add('own-signature.onnx', tinyOnnx(classification), 'classification', { name: 'ours', set: 'our-signature', is_signature: true, threshold: 0.5 })

    expect((await run('create', study, '--demo', '--cases', '12', '--segmentation', set, '--signature', 'our-signature')).code).toBe(0)
    const inferred = await run('infer', '--study', study)
    expect(inferred.code, inferred.stdout).toBe(0)
    const kept = { masks: { deeplabv3: nets[0]?.sha256, unet: nets[1]?.sha256, unetpp: nets[2]?.sha256, fusion: fusion.sha256 }, signatures: { ours: signature.sha256 } }
    expect(stored()).toEqual(kept)

    removeOwnModel(app, signature.id)
    expect((await run('infer', '--study', study)).stdout).toMatch(/the signature set our-signature of this study is not installed/)
    removeOwnModel(app, fusion.id)
    expect((await run('infer', '--study', study)).stdout).toMatch(/the segmentation set our-hospital has no fusion; add it/)
    expect(stored()).toEqual(kept)
    expect((await run('verify', '--study', study)).code).toBe(0)
  }, 180_000)
})
