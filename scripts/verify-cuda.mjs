// `npm run verify:cuda [-- --provider cuda|webgpu|dml|coreml] [--device N]`: runs every shipped graph on the provider and on the CPU, and says what ran, how far apart, how fast.
// Exit code 0: the provider ran every graph and agrees; 1: it did not run, or differs.
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { ensureNode24, root } from './lib.mjs'

await ensureNode24(import.meta.url)
const { values } = parseArgs({ options: { provider: { type: 'string', default: 'cuda' }, device: { type: 'string', default: '0' } } })
const { createSessions } = await import('../src/main/runtime/inference/sessions.ts')
const { createParity, PARITY } = await import('../src/main/runtime/inference/parity.ts')
const { nodeRuntime } = await import('../src/main/runtime/inference/providers.ts')
const { gpuMemoryMb } = await import('../src/main/runtime/inference/memory.ts')
const { readRegistry } = await import('../src/main/runtime/models/registry.ts')
const { Tensor } = await import('onnxruntime-node')
const { createRandom } = await import('../src/shared/lib/index.ts')

const provider = values.provider
const print = (text) => process.stdout.write(`${text}\n`)
const registry = readRegistry(join(root, 'models'))
const graphs = registry.models.filter((m) => m.role !== 'fusion').map((m) => ({ name: m.name, file: join(registry.directory, m.file), sha256: m.sha256, id: m.id, role: m.role }))
const settings = { deviceId: Number(values.device), memoryLimitMb: null, batchSize: 1 }
const runtime = nodeRuntime(gpuMemoryMb)
const sessions = createSessions(runtime)
const state = (await createParity(runtime, sessions).states(graphs.slice(0, 1), settings)).find((s) => s.name === provider)
if (state === undefined) {
  print(`${provider}: not a provider of this system (${process.platform} ${process.arch})`)
  process.exit(1)
}
if (!state.available) {
  print(`${provider}: did not run: ${state.reason}`)
  print('No graph was run on it; batches take the next provider of the platform\'s order, in the end the CPU.')
  process.exit(1)
}
print(`${provider}: ${state.reason}`)

const random = createRandom('verify-cuda')
const tensor = (shape) => new Tensor('float32', Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => random.normal()), shape)
async function timed(graph, on, feeds) {
  await sessions.run(graph, on, settings, feeds)
  const started = performance.now()
  const outputs = await sessions.run(graph, on, settings, feeds)
  return { ms: performance.now() - started, outputs }
}
let failed = 0
for (const graph of graphs) {
  const feeds = graph.role === 'segmentation' ? { image: tensor([1, 3, 448, 576]) } : { roi: tensor([1, 3, 224, 224]) }
  try {
    const reference = await timed(graph, 'cpu', feeds), here = await timed(graph, provider, feeds)
    let worst = 0
    const a = reference.outputs.probability.data, b = here.outputs.probability.data
    for (let i = 0; i < a.length; i++) worst = Math.max(worst, Math.abs(a[i] - b[i]))
    const fine = worst <= PARITY
    if (!fine) failed++
    print(`${fine ? 'agrees ' : 'DIFFERS'}  ${graph.id}: largest difference of a probability ${worst.toExponential(1)} (at most ${PARITY}); ${here.ms.toFixed(1)} ms, CPU ${reference.ms.toFixed(1)} ms`)
  } catch (error) {
    failed++
    print(`FAILED   ${graph.id}: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`)
  }
}
print(failed === 0 ? `Every graph ran on ${provider} and agrees with the CPU.` : `${failed} graphs did not run on ${provider} or differ; "auto" would not take it for them.`)
process.exit(failed === 0 ? 0 : 1)
