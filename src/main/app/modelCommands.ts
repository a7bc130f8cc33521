/** Models from the command line: they belong to the machine and its user, not to a study. */
import { ADDABLE_ROLES, Failure, inferenceSettings, type InferenceSettings, type ModelInfo } from '#shared/contract/index.ts'
import { modelBytes, modelCard } from '#main/runtime/models/registry.ts'
import { registryOf } from '#main/services/inference/handlers.ts'
import { addModel, removeModel, type AddedModel } from '#main/services/models/addModel.ts'
import { verifyModels, type ModelsVerifyReport } from '#main/services/models/verifyModels.ts'
import type { App } from './createApp.ts'

export function listModels(app: App): ModelInfo[] {
  const registry = registryOf(app.house.inference)
  return registry.models.map((m) => ({
    id: m.id, name: m.name, role: m.role, set: m.set, sha256: m.sha256, bytes: modelBytes(registry, m), shipped: m.directory === undefined, card: modelCard(registry, m), trainedOn: m.trainedOn ?? '', threshold: m.threshold ?? null, isSignature: m.isSignature === true, version: m.version ?? '',
  }))
}

export function addOwnModel(app: App, request: { file: string; role: string; card: string }): Promise<AddedModel> {
  const { file, role, card } = request
  const known = ADDABLE_ROLES.find((r) => r === role)
  if (known === undefined) throw new Failure('invalid_input', `--role takes ${ADDABLE_ROLES.join(', ')}`)
  return addModel(registryOf(app.house.inference), app.house.inference, { file, role: known, card, now: app.house.world.clock.now() })
}

export function changeInferenceSettings(app: App, change: Partial<InferenceSettings>): InferenceSettings {
  const wanted = inferenceSettings.safeParse({ ...app.house.inferenceSettings.read(), ...change })
  if (!wanted.success) throw new Failure('invalid_input', wanted.error.issues.map((i) => `${i.path.join('.')}: ${i.message}`).join('; '))
  return Object.keys(change).length === 0 ? wanted.data : app.house.inferenceSettings.save(wanted.data)
}

export const removeOwnModel = (app: App, id: string): void => removeModel(registryOf(app.house.inference), app.house.inference.addedModels, id)

export const verifyOwnModels = (app: App, progress: (done: number, total: number, note: string) => void): Promise<ModelsVerifyReport> =>
  verifyModels(registryOf(app.house.inference), app.house.inference, { userData: app.house.config.userData, now: app.house.world.clock.now(), progress })
