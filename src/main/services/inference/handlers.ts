import { join } from 'node:path'
import { Failure, type CallName } from '#shared/contract/index.ts'
import type { Inference } from '#main/runtime/inference/client.ts'
import { modelBytes, modelCard, readRegistry, type ModelRegistry } from '#main/runtime/models/registry.ts'
import type { Handlers, World } from '../context.ts'
import type { Jobs } from '../jobs/jobs.ts'
import { addModel, removeModel } from '../models/addModel.ts'
import { readVerified, verifyModels } from '../models/verifyModels.ts'
import { inferBatch } from './batch.ts'
import type { StoredSettings } from './settings.ts'

type Calls = Extract<CallName, `inference.${string}` | `models.${string}`>

export const registryOf = (inference: Inference): ModelRegistry => readRegistry(join(inference.resources, 'models'), inference.addedModels)

export function inferenceHandlers(world: World, jobs: Jobs, inference: Inference, settings: StoredSettings): Handlers<Calls> {
  return {
    'inference.providers': async ({ study }) => {
      const registry = registryOf(inference)
      const probes = [...registry.segmentationSet(study.segmentationSet).networks, ...(registry.signatureSet(study.signatureSet)?.networks ?? [])]
      const { providers } = await inference.ask({ kind: 'providers', probes })
      return { platform: `${process.platform} ${process.arch}`, providers: providers.map((p) => ({ ...p, checks: [...p.checks] })) }
    },
    'inference.settings': () => settings.read(),
    'inference.saveSettings': (_, input) => {
      if (jobs.running('infer')) throw new Failure('conflict', 'automatic segmentation is running; change this when it has ended')
      return settings.save(input)
    },
    'inference.start': ({ study, caller }, input) => {
      if (jobs.running('infer')) throw new Failure('conflict', 'automatic segmentation is running already')
      const registry = registryOf(inference)
      registry.segmentationSet(study.segmentationSet)
      const jobId = jobs.start({ kind: 'infer', title: `Automatic segmentation${input.cohort === undefined ? '' : ` of ${input.cohort}`}`, actor: caller.actor, input, study }, (job) =>
        inferBatch({ world, inference, registry, study, actor: caller.actor }, {
          cohort: input.cohort, caseId: input.caseId, provider: input.provider, signal: job.signal, progress: (d, t, n) => job.progress(d, t, n), onProvider: (name) => job.provider(name),
        }))
      return { jobId }
    },
    'inference.cancel': (_, input) => {
      jobs.cancel(input.jobId)
      return { done: true }
    },
    'models.add': (_, input) => addModel(registryOf(inference), inference, { ...input, now: world.clock.now() }),
    'models.remove': (_, input) => {
      if (jobs.running('infer')) throw new Failure('conflict', 'automatic segmentation is running; remove the model when it has ended')
      removeModel(registryOf(inference), inference.addedModels, input.modelId)
      return { done: true }
    },
    'models.verify': ({ study, caller }, input) => ({
      jobId: jobs.start({ kind: 'verify-models', title: 'Check of every network against its recording', actor: caller.actor, input, study }, (job) =>
        verifyModels(registryOf(inference), inference, { userData: settings.userData, now: world.clock.now(), signal: job.signal, progress: (d, t, n) => job.progress(d, t, n) })),
    }),
    'models.verified': () => ({ report: readVerified(settings.userData) }),
    'models.list': () => {
      const registry = registryOf(inference)
      return {
        models: registry.models.map((m) => ({
          id: m.id, name: m.name, role: m.role, set: m.set, sha256: m.sha256, bytes: modelBytes(registry, m), shipped: m.directory === undefined, card: modelCard(registry, m), trainedOn: m.trainedOn ?? '', threshold: m.threshold ?? null, isSignature: m.isSignature === true, version: m.version ?? '',
        })),
      }
    },
  }
}
