import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { createNodeApp } from '#main/app/nodeApp.ts'
import type { App, Context } from '#main/app/createApp.ts'
import { changeInferenceSettings, verifyOwnModels } from '#main/app/modelCommands.ts'
import type { BatchReport } from '#main/services/inference/batch.ts'
import { verifyStudy } from '#main/services/study/verify.ts'
import type { CallInput, CallName, CallOutput } from '#shared/contract/index.ts'
import { fakeRuntime, inProcessInference, type FakeProvider, type FakeRuntime } from '#test/support/fakeProvider.ts'
import { quietLogger } from '#main/platform/index.ts'
import { demoHome } from '#test/support/studies.ts'

const ends: (() => void | Promise<void>)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

/** The demo study on a machine with a GPU that is the CPU in truth. */
async function machine(gpu: FakeProvider): Promise<{ app: App; context: Context; runtime: FakeRuntime; call: <N extends CallName>(name: N, input: CallInput<N>) => Promise<CallOutput<N>> }> {
  const demo = await demoHome({ cases: 12 }), runtime = fakeRuntime(gpu)
  const app = createNodeApp({ userData: demo.home, logger: quietLogger, spawnInference: inProcessInference(runtime) })
  ends.push(demo.remove, () => app.close())
  app.house.open(demo.study)
  const context = app.context({ account: { id: 'cli', login: 'lin', name: 'Lin', role: 'investigator', seniority: null, yearsExperience: null, demo: false, mustChangePassword: false }, actor: 'lin' })
  return {
    app, context, runtime,
    async call(name, input) {
      const answer = await app.call(context, name, input)
      if (!answer.ok) throw new Error(`${answer.error.code}: ${answer.error.message}`)
      return answer.value as never
    },
  }
}
interface Row { provider: string; note: string | null; n: number }
const stored = (app: App, table: 'segmentation' | 'signature'): Row[] => app.house.study()?.db.read.all<Row>(`SELECT provider, provider_note AS note, count(*) AS n FROM ${table} GROUP BY 1, 2 ORDER BY 1`) ?? []

test('out of memory on every picture: the batch ends on the CPU, and each result, the job and the screens have the reason', async () => {
  const { app, call, runtime } = await machine({ fails: (r) => (r.pixels > 128 * 96 && r.file.includes('unetpp') ? 'CUDA failure 2: out of memory ; GPU=0' : null) })
  changeInferenceSettings(app, { deviceId: 1, memoryLimitMb: 4096, batchSize: 2 })
  const { jobId } = await call('inference.start', { provider: 'cuda' })
  const job = await app.house.jobs.ended(jobId)
  const report = job.result as BatchReport
  expect(report).toMatchObject({ failed: [], provider: 'cpu' })
  expect(report.segmented).toBe(report.images)
  expect(report.fallbacks.reduce((sum, f) => sum + f.results, 0)).toBe(report.images)
  expect(report.fallbacks[0]?.reason).toMatch(/^CUDA ran out of memory in unetpp with 1 picture of .* \(CUDA failure 2: out of memory ; GPU=0\), so the CPU ran it; deeplabv3, unet ran on cuda$/)
  expect(runtime.made.filter((m) => m.provider === 'cuda').every((m) => JSON.stringify(m.options.executionProviders) === '[{"name":"cuda","deviceId":1,"gpuMemLimit":4294967296}]')).toBe(true)
  for (const row of stored(app, 'segmentation')) {
    expect(row.provider).toBe('cpu')
    expect(row.note).toMatch(/CUDA ran out of memory in unetpp .*; chosen by the user; agrees with the CPU within .*device 1, at most 4096 MB$/)
  }
  // The classifiers' regions are no larger than the check's, and they fit.
  for (const row of stored(app, 'signature')) expect(row).toMatchObject({ provider: 'cuda', note: expect.stringMatching(/^chosen by the user; agrees with the CPU/) as string })
  const { rows } = await call('review.queue', {})
  expect((await call('review.case', { caseId: rows[0]?.caseId ?? '' })).providerNote).toContain('CUDA ran out of memory in unetpp')
  const { signatures } = await call('prediction.case', { caseId: rows.find((r) => !r.empty)?.caseId ?? '' })
  expect(signatures[0]).toMatchObject({ provider: 'cuda', providerNote: expect.stringContaining('device 1') as string })
  const directory = app.house.study()?.directory ?? ''
  await app.close()
  expect((await verifyStudy(directory, {})).sound).toBe(true)
}, 240_000)

test('auto leaves a provider that differs on one classifier to the masks only, and says so with the signatures', async () => {
  const { app, call } = await machine({ shift: (file) => (/demo.resnet50|resnet50\.onnx/.test(file) ? 2e-3 : 0) })
  await app.house.jobs.ended((await call('inference.start', { provider: 'auto' })).jobId)
  expect(stored(app, 'segmentation').map((r) => r.provider)).toEqual(['cuda'])
  for (const row of stored(app, 'signature')) expect(row).toMatchObject({ provider: 'cpu', note: expect.stringMatching(/CUDA: differs from the CPU by 2\.0e-3 on resnet50, more than 0\.001/) as string })
  const { providers } = await call('inference.providers', {})
  expect(providers[0]).toMatchObject({ name: 'cuda', available: false })
}, 240_000)

test('models verify runs every graph on every provider that starts, and stores what each gave', async () => {
  const { app } = await machine({ shift: (file) => (file.includes('unetpp') ? 5e-3 : 0) })
  const report = await verifyOwnModels(app, () => undefined)
  const of = (model: string): string[] => report.checks.filter((c) => c.model === model).map((c) => `${c.provider ?? ''} ${c.state}`)
  expect(of('small-unet')).toEqual(['cuda agrees', 'cpu agrees'])
  expect(of('small-unetpp')).toEqual(['cuda differs', 'cpu agrees'])
  expect(report.sound).toBe(false)
  expect(JSON.parse(readFileSync(join(app.house.config.userData, 'models', 'verified.json'), 'utf8'))).toMatchObject({ sound: false, checks: report.checks })
}, 240_000)

test('settings are kept for this computer, checked, and a file that does not fit is passed over', async () => {
  const { app, call } = await machine({})
  expect(await call('inference.settings', {})).toEqual({ deviceId: 0, memoryLimitMb: null, batchSize: 4 })
  expect(await call('inference.saveSettings', { deviceId: 1, memoryLimitMb: 8192, batchSize: 8 })).toEqual({ deviceId: 1, memoryLimitMb: 8192, batchSize: 8 })
  expect(await call('inference.settings', {})).toEqual({ deviceId: 1, memoryLimitMb: 8192, batchSize: 8 })
  await expect(call('inference.saveSettings', { deviceId: 1, memoryLimitMb: 1, batchSize: 8 })).rejects.toThrow(/memoryLimitMb/)
  expect(() => changeInferenceSettings(app, { batchSize: 0 })).toThrow(/batchSize/)
  mkdirSync(app.house.config.userData, { recursive: true })
  writeFileSync(join(app.house.config.userData, 'inference.json'), '{"deviceId": "first"}')
  expect(await call('inference.settings', {})).toEqual({ deviceId: 0, memoryLimitMb: null, batchSize: 4 })
})
