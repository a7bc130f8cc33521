import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { InferenceSettings, Provider } from '#shared/contract/index.ts'
import { encodePng } from '#main/formats/images/index.ts'
import { createEngine, type Engine } from '#main/runtime/inference/engine.ts'
import { firstLine, isOutOfMemory, memoryOf } from '#main/runtime/inference/memory.ts'
import { createPictures } from '#main/runtime/inference/pictures/work.ts'
import type { ProvidersAnswer, SegmentAnswer, SegmentRequest } from '#main/runtime/inference/protocol.ts'
import { readRegistry } from '#main/runtime/models/registry.ts'
import { fakeRuntime, type FakeProvider, type FakeRuntime } from '#test/support/fakeProvider.ts'
import { root, temporary } from '#test/support/studies.ts'
import { tinyOnnx } from '#test/support/tinyOnnx.ts'

const scratch = temporary('providers')
const fusion = readRegistry(join(root, 'models')).segmentationSet('segmentation').fusion
const NAMES = ['deeplabv3', 'unet', 'unetpp'] as const
const networks = NAMES.map((name) => ({ name, file: join(scratch.path, `${name}.onnx`), sha256: `hash of ${name}` }))
const pictures: Uint8Array[] = []
const settings = (change: Partial<InferenceSettings> = {}): InferenceSettings => ({ deviceId: 0, memoryLimitMb: null, batchSize: 4, ...change })
const MEMORY = 'Failed to allocate memory for requested buffer of size 8589934592\nat bfc_arena.cc'

beforeAll(async () => {
  mkdirSync(scratch.path, { recursive: true })
  const any = ['n', 3, 'height', 'width'], map = ['n', 1, 'height', 'width']
  for (const [i, { file }] of networks.entries()) {
    writeFileSync(file, tinyOnnx({ inputs: { image: any }, outputs: { probability: map }, nodes: [{ op: 'ReduceMean', inputs: ['image'], output: 'm', axes: [1], keepDims: true }, ...(i === 0 ? [] : [{ op: 'Neg', inputs: ['m'], output: 'n' }]), { op: 'Sigmoid', inputs: [i === 0 ? 'm' : 'n'], output: 'probability' }] }))
  }
  for (let seed = 0; seed < 5; seed++) pictures.push(await encodePng({ width: 40, height: 30, channels: 1, data: Uint8Array.from({ length: 1200 }, (_, i) => (i * (seed + 3)) % 256) }, 1))
})
afterAll(() => scratch.remove())

const ask = (engine: Engine, picture: number, provider: Provider | 'auto', with_: InferenceSettings): Promise<SegmentAnswer> =>
  engine.handle({ kind: 'segment', image: pictures[picture] as Uint8Array, networks, fusion, provider } satisfies SegmentRequest, with_) as Promise<SegmentAnswer>
interface Fake { readonly engine: Engine; readonly runtime: FakeRuntime; gather(count: number, with_: InferenceSettings): Promise<SegmentAnswer[]> }
/** `gather`: asks for several pictures, the first of which is held until the others wait together behind it. */
function engineWith(gpu: FakeProvider): Fake {
  let open: Promise<void> = Promise.resolve()
  let prepared = 0
  const runtime = fakeRuntime({ ...gpu, hold: () => open }), real = createPictures()
  const engine = createEngine({ runtime, pictures: { ...real, prepare: async (image, planes) => {
    await real.prepare(image, planes)
    prepared++
  } } })
  return {
    engine, runtime,
    async gather(count, with_) {
      await ask(engine, 0, 'cuda', with_) // the check against the CPU is behind us
      let release = (): void => undefined
      open = new Promise((resolve) => (release = resolve))
      runtime.runs.length = 0
      const wanted = prepared + count
      const answers = Array.from({ length: count }, (_, i) => ask(engine, i, 'cuda', with_))
      await vi.waitUntil(() => prepared === wanted && runtime.runs.length === 1, { timeout: 20_000 })
      release()
      return Promise.all(answers)
    },
  }
}
const maps = (answer: SegmentAnswer): string[] => answer.maps.map((m) => Buffer.from(m.map).toString('base64'))
async function onCpu(count: number): Promise<string[][]> {
  const engine = createEngine({ runtime: fakeRuntime({}) })
  return (await Promise.all(Array.from({ length: count }, (_, i) => ask(engine, i, 'cpu', settings())))).map(maps)
}

describe('what auto takes', () => {
  test('a provider that agrees with the CPU on every graph, and the note says how far', async () => {
    const { engine } = engineWith({ shift: () => 4e-4 })
    const answer = await ask(engine, 0, 'auto', settings())
    expect(answer).toMatchObject({ provider: 'cuda', fallback: null })
    expect(answer.providerNote).toMatch(/^agrees with the CPU within 4\.0e-4 on deeplabv3, unet, unetpp; device 0$/)
  })

  test('not one that differs on the last graph only: every graph is compared', async () => {
    const { engine, runtime } = engineWith({ shift: (file) => (file.includes('unetpp') ? 2e-3 : 0) })
    const answer = await ask(engine, 0, 'auto', settings())
    expect(answer.provider).toBe('cpu')
    expect(answer.providerNote).toContain('CUDA: differs from the CPU by 2.0e-3 on unetpp, more than 0.001')
    expect(runtime.runs.filter((r) => r.pixels === 1200)).toEqual([])
    const { providers } = (await engine.handle({ kind: 'providers', probes: networks }, settings())) as ProvidersAnswer
    expect(providers[0]?.checks.map((c) => [c.graph, c.difference === null ? null : c.difference > 1e-3])).toEqual([['deeplabv3', false], ['unet', false], ['unetpp', true]])
  })

  test('not one that gives no number, that does not start, or whose library is not installed', async () => {
    for (const [gpu, reason] of [[{ shift: () => NaN }, /differs from the CPU by Infinity/], [{ startFails: (file: string) => (file.includes('unet.') ? 'CUDA failure 100: no device\nmore' : null) }, /does not start here \(unet: CUDA failure 100: no device\)/], [{ missing: true }, /its library is not installed; "npm run setup:cuda"/]] as const) {
      const answer = await ask(engineWith(gpu).engine, 0, 'auto', settings())
      expect(answer.provider).toBe('cpu')
      expect(answer.providerNote).toMatch(reason)
    }
  })

  test('a provider that a person chose is taken with the difference in the note; one that cannot run gives way with the reason', async () => {
    const far = await ask(engineWith({ shift: () => 2e-3 }).engine, 0, 'cuda', settings())
    expect(far).toMatchObject({ provider: 'cuda', providerNote: expect.stringMatching(/^chosen by the user; differs from the CPU by 2.0e-3/) as string })
    const gone = await ask(engineWith({ missing: true }).engine, 0, 'cuda', settings())
    expect(gone).toMatchObject({ provider: 'cpu', fallback: expect.stringMatching(/^CUDA was asked for, but its library is not installed/) as string })
  })
})

describe('device, memory limit and batch', () => {
  test('the device and the limit go to the provider; another device is another session, checked for itself', async () => {
    const { engine, runtime } = engineWith({})
    const first = await ask(engine, 0, 'auto', settings({ deviceId: 1, memoryLimitMb: 2048 }))
    expect(first.providerNote).toContain('device 1, at most 2048 MB')
    const gpu = runtime.made.filter((m) => m.provider === 'cuda')
    expect(gpu.length).toBe(3)
    for (const { options } of gpu) expect(options.executionProviders).toEqual([{ name: 'cuda', deviceId: 1, gpuMemLimit: 2048 * 1024 * 1024 }])
    await ask(engine, 0, 'auto', settings({ deviceId: 0, memoryLimitMb: 2048 }))
    expect(runtime.made.filter((m) => m.provider === 'cuda').length).toBe(6)
    expect(runtime.made.filter((m) => m.provider === 'cpu').map((m) => m.options.executionProviders)).toEqual(Array.from({ length: 3 }, () => [{ name: 'cpu' }]))
  })

  test('DirectML gets the device, CoreML and WebGPU do not', async () => {
    for (const [name, options] of [['dml', { name: 'dml', deviceId: 2 }], ['coreml', { name: 'coreml' }], ['webgpu', { name: 'webgpu' }]] as const) {
      const runtime = fakeRuntime({}, name)
      expect((await ask(createEngine({ runtime }), 0, 'auto', settings({ deviceId: 2, memoryLimitMb: 512 }))).provider).toBe(name)
      expect(runtime.made.find((m) => m.provider === name)?.options.executionProviders).toEqual([options])
    }
  })

  test('pictures of one size that wait together run as one batch, and each has the maps that the CPU gives it alone', async () => {
    const { runtime, gather } = engineWith({})
    const answers = await gather(5, settings({ batchSize: 4 }))
    expect(answers.map(maps)).toEqual(await onCpu(5))
    expect(runtime.runs.map((r) => r.pictures)).toEqual([1, 1, 1, 4, 4, 4])
  })
})

describe('out of memory', () => {
  test('a smaller batch runs, the reason is with each result, and what failed is not tried again', async () => {
    const { runtime, gather } = engineWith({ fails: (r) => (r.pictures > 2 ? MEMORY : null) })
    const answers = await gather(5, settings({ batchSize: 4 }))
    expect(runtime.runs.map((r) => r.pictures)).toEqual([1, 1, 1, 4, 2, 2, 4, 2, 2, 4, 2, 2])
    expect(answers.map(maps)).toEqual(await onCpu(5))
    expect(answers.map((a) => a.provider)).toEqual(Array.from({ length: 5 }, () => 'cuda'))
    const told = answers.filter((a) => a.fallback !== null)
    expect(told.length).toBe(4)
    expect(told[0]?.fallback).toContain('CUDA ran out of memory in deeplabv3 with 4 pictures of 40 x 30 (Failed to allocate memory for requested buffer of size 8589934592), so batches of 2 ran')
    expect(told[0]?.providerNote).toContain(told[0]?.fallback as string)
    expect(runtime.released).toBe(3)
    await gather(5, settings({ batchSize: 4 }))
    expect(runtime.runs.map((r) => r.pictures)).toEqual([1, 1, 1, 2, 2, 2, 2, 2, 2])
  })

  test('one picture that is too large runs on the CPU; a smaller one still runs on the GPU', async () => {
    const { engine, runtime } = engineWith({ fails: (r) => (r.pixels === 1200 ? MEMORY : null) })
    const answer = await ask(engine, 0, 'cuda', settings())
    expect(answer).toMatchObject({ provider: 'cpu', fallback: expect.stringContaining('CUDA ran out of memory in unet with 1 picture of 40 x 30 (Failed to allocate') as string })
    expect(answer.fallback).toContain('so the CPU ran it')
    expect([maps(answer)]).toEqual(await onCpu(1))
    const tries = runtime.runs.length
    await ask(engine, 1, 'cuda', settings())
    expect(runtime.runs.length).toBe(tries)
    const small = await encodePng({ width: 20, height: 20, channels: 1, data: new Uint8Array(400).fill(7) }, 1)
    expect(await engine.handle({ kind: 'segment', image: small, networks, fusion, provider: 'cuda' } satisfies SegmentRequest, settings())).toMatchObject({ provider: 'cuda', fallback: null })
  })

  test('where one graph fell back, the note says which ran where', async () => {
    const { engine } = engineWith({ fails: (r) => (r.pixels === 1200 && r.file.includes('unetpp') ? MEMORY : null) })
    const answer = await ask(engine, 0, 'cuda', settings())
    expect(answer.provider).toBe('cpu')
    expect(answer.fallback).toMatch(/in unetpp with 1 picture .*so the CPU ran it; deeplabv3, unet ran on cuda$/)
  })

  test('more memory than the limit counts as out of memory, and what it gave is kept', async () => {
    let held = 900
    const { engine, runtime, gather } = engineWith({ memoryMb: () => held })
    const limited = settings({ memoryLimitMb: 1000, batchSize: 2 })
    await ask(engine, 0, 'cuda', limited)
    held = 1500
    const answers = await gather(5, limited)
    expect(answers.map(maps)).toEqual(await onCpu(5))
    expect(runtime.runs.map((r) => r.pictures)).toEqual([1, 1, 1, 2, 2, 2, 1, 1, 1, 1, 1, 1])
    const told = answers.flatMap((a) => a.fallback ?? [])
    expect(told.length).toBe(2)
    expect(told[0]).toContain('CUDA took 1500 MB with deeplabv3 and 2 pictures of 40 x 30, more than the limit of 1000 MB, so batches of 1 ran')
  })
})

test('any other failure: the CPU runs it, with the reason, and the provider is not asked for that graph again', async () => {
  const { engine, runtime } = engineWith({ fails: (r) => (r.pixels === 1200 && r.file.includes('unet.') ? 'CUDNN_STATUS_EXECUTION_FAILED; GPU=0' : null) })
  const answer = await ask(engine, 0, 'cuda', settings())
  expect(answer.fallback).toMatch(/^CUDA failed on unet \(CUDNN_STATUS_EXECUTION_FAILED; GPU=0\), so the CPU ran it; deeplabv3, unetpp ran on cuda$/)
  runtime.runs.length = 0
  expect((await ask(engine, 1, 'cuda', settings())).provider).toBe('cpu')
  expect(runtime.runs.filter((r) => r.file.includes('unet.'))).toEqual([])
})

test.each<[string, boolean]>([
  ['CUDA failure 2: out of memory ; GPU=0', true], [MEMORY, true], ['std::bad_alloc', true], ['HRESULT 8007000E Not enough memory resources are available', true], ['CUDNN_STATUS_ALLOC_FAILED', true], ['CUDA failure 100: no CUDA-capable device', false], ['Invalid input name: image', false],
])('"%s" is out of memory: %s', (message, expected) => {
  expect(isOutOfMemory(new Error(message))).toBe(expected)
})

test('a reason is what onnxruntime says, without its own files and functions', () => {
  expect(firstLine(new Error('/onnxruntime_src/onnxruntime/core/providers/webgpu/webgpu_context.cc:136 onnxruntime::webgpu::WebGpuContext::Initialize(const onnxruntime::webgpu::WebGpuContextConfig&)::<lambda()> adapter_result.status == ok was false. Failed to get a WebGPU adapter: none\nmore'))).toBe('adapter_result.status == ok was false. Failed to get a WebGPU adapter: none')
  expect(firstLine(new Error('CUDA failure 100: no CUDA-capable device'))).toBe('CUDA failure 100: no CUDA-capable device')
})

test('the memory of this process is read from the list of nvidia-smi; what it does not say is not known', () => {
  expect(memoryOf('812, 300\n4711, 1842\n', 4711)).toBe(1842)
  expect(memoryOf('4711, [N/A]\n', 4711)).toBeNull()
  expect(memoryOf('', 4711)).toBeNull()
})
