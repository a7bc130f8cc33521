import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DEFAULT_INFERENCE_SETTINGS, inferenceSettings, type InferenceSettings } from '#shared/contract/inference.ts'
import type { Logger } from '#main/platform/index.ts'

/** Device, memory limit and batch size of this computer; they lie with the user's data. */
export interface StoredSettings {
  /** The user's data folder, where what belongs to this computer lies. */
  readonly userData: string
  read(): InferenceSettings
  save(settings: InferenceSettings): InferenceSettings
}

/** A file that cannot be read or does not fit is passed over with a warning: the networks then run as they do without it. */
export function createInferenceSettings(userData: string, logger: Logger): StoredSettings {
  const file = join(userData, 'inference.json')
  const read = (): InferenceSettings => {
    if (!existsSync(file)) return DEFAULT_INFERENCE_SETTINGS
    try {
      return inferenceSettings.parse(JSON.parse(readFileSync(file, 'utf8')))
    } catch (error) {
      logger.warn({ file, detail: String(error) }, 'the inference settings cannot be read; the defaults are used')
      return DEFAULT_INFERENCE_SETTINGS
    }
  }
  return {
    userData, read,
    save(settings) {
      mkdirSync(userData, { recursive: true })
      writeFileSync(`${file}.part`, `${JSON.stringify(settings, null, 1)}\n`)
      renameSync(`${file}.part`, file)
      return settings
    },
  }
}
