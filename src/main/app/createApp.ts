import { readFileSync, writeFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { Failure, contract, type AppEvent, type CallError, type CallName, type SessionState } from '#shared/contract/index.ts'
import type { Result } from '#shared/lib/index.ts'
import { interruptedJobs } from '#main/database/queries/jobs.ts'
import type { Clock, Ids, Logger, SecretBox } from '#main/platform/index.ts'
import { createInference, type Inference, type SpawnInference } from '#main/runtime/inference/client.ts'
import { createAnalysisThread, type AnalysisThread } from '#main/services/analysis/thread/analysisThread.ts'
import type { Asset, Caller, OpenStudy, World } from '#main/services/context.ts'
import { createJobs, type Jobs } from '#main/services/jobs/jobs.ts'
import { createInferenceSettings, type StoredSettings } from '#main/services/inference/settings.ts'
import { openStudy, type Origin } from '#main/services/study/studies.ts'
import { createContext, type Context, type ContextOptions } from './context.ts'
import { buildHandlers } from './handlers.ts'
import { stillSignedIn } from './signedIn.ts'

export interface AppConfig {
  readonly userData: string
  /** Where `models` lies. */
  readonly resources: string
  readonly clock: Clock
  readonly ids: Ids
  readonly logger: Logger
  readonly version: string
  readonly build: string
  readonly spawnInference: SpawnInference
  /** The operating system's key store, where the host has one. */
  readonly secretBox?: SecretBox
}

/** What handlers that reach beyond one study need: opening, closing, jobs, inference. */
export interface House {
  readonly config: AppConfig
  readonly world: World
  readonly origin: Origin
  readonly jobs: Jobs
  readonly inference: Inference
  readonly inferenceSettings: StoredSettings
  readonly analysis: AnalysisThread
  study(): OpenStudy | null
  open(directory: string): OpenStudy
  adopt(study: OpenStudy): void
  recent(): { directory: string; name: string; openedAt: string }[]
  demoDirectory: string
}

export interface App {
  readonly house: House
  context(options: ContextOptions): Context
  call(context: Context, name: string, input: unknown): Promise<Result<unknown, CallError>>
  /** The asset behind a path `/asset/<id>` of this session, or null. */
  serveAsset(context: Context, path: string): Promise<Asset | null>
  subscribe(listener: (event: AppEvent) => void): () => void
  close(): Promise<void>
}

/** This computer's name in studies: made once, kept with the user's data. */
function workstation(userData: string, ids: Ids): Origin {
  const file = join(userData, 'workstation.json')
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Origin
  } catch {
    const made = { id: ids.next(), name: 'workstation' }
    mkdirSync(userData, { recursive: true })
    writeFileSync(file, JSON.stringify(made))
    return made
  }
}

interface Recent { directory: string; name: string; openedAt: string }

function createHouse(config: AppConfig, emit: (event: AppEvent) => void): House {
  const world: World = { clock: config.clock, ids: config.ids, logger: config.logger, version: config.version, emit }
  const origin = workstation(config.userData, config.ids)
  const recentFile = join(config.userData, 'recent.json')
  let open: OpenStudy | null = null
  const recent = (): Recent[] => {
    try {
      return JSON.parse(readFileSync(recentFile, 'utf8')) as Recent[]
    } catch {
      return []
    }
  }
  const adopt = (study: OpenStudy): void => {
    if (open !== null && open !== study) {
      void analysis.stop()
      open.db.close()
    }
    open = study
    interruptedJobs(study.db)
    const rest = recent().filter((r) => r.directory !== study.directory)
    writeFileSync(recentFile, JSON.stringify([{ directory: study.directory, name: study.name, openedAt: config.clock.now().toISOString() }, ...rest].slice(0, 12)))
    emit({ name: 'study', payload: {} })
  }
  const jobs = createJobs(world), analysis = createAnalysisThread(), inferenceSettings = createInferenceSettings(config.userData, config.logger)
  return {
    config, world, origin, jobs, analysis, adopt, recent,
    inference: createInference({ spawn: config.spawnInference, resources: config.resources, addedModels: join(config.userData, 'models'), logger: config.logger, settings: inferenceSettings.read }), inferenceSettings,
    demoDirectory: join(config.userData, 'demo-study'),
    study: () => open,
    open(directory) {
      if (jobs.running()) throw new Failure('not_ready', 'a job is running in the present study; wait for it or cancel it first')
      const next = openStudy(world, origin, directory)
      adopt(next)
      return next
    },
  }
}

/** The whole program behind its contract. A host only moves bytes to and from `call` and `serveAsset`. */
export function createApp(config: AppConfig): App {
  const listeners = new Set<(event: AppEvent) => void>()
  const house = createHouse(config, (event) => listeners.forEach((listener) => listener(event)))
  const handlers = buildHandlers(house)
  const fail = (error: unknown, name: string): CallError => {
    if (error instanceof Failure) return { code: error.code, message: error.message }
    const detail = error instanceof Error ? (error.stack ?? error.message) : String(error)
    config.logger.error({ call: name, detail }, 'a call failed unexpectedly')
    return { code: 'internal', message: 'something went wrong inside the program; nothing of this step was stored; the log has the details' }
  }
  return {
    house,
    context: (options) => createContext(config.clock, options),
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async serveAsset(context, path) {
      if (!stillSignedIn(house.study(), context)) return null
      const load = context.assets.find(path.slice('/asset/'.length))
      if (load === undefined) return null
      try {
        return await load()
      } catch (error) {
        config.logger.warn({ detail: String(error) }, 'an asset could not be made')
        return null
      }
    },
    async call(context, name, input) {
      try {
        return { ok: true, value: await dispatch(house, handlers, context, name, input) }
      } catch (error) {
        return { ok: false, error: fail(error, name) }
      }
    },
    async close() {
      await house.jobs.stopAll()
      await house.inference.close()
      await house.analysis.stop()
      house.study()?.db.close()
    },
  }
}

type AnyHandler = (handling: { study: OpenStudy; caller: Caller; context: Context }, input: unknown) => unknown

/** The one place where sign-in, role, study, input and output are checked, for every host. */
async function dispatch(house: House, handlers: ReturnType<typeof buildHandlers>, context: Context, name: string, input: unknown): Promise<unknown> {
  if (!Object.hasOwn(contract, name)) throw new Failure('invalid_input', 'there is no such call')
  const spec = contract[name as CallName]
  const study = house.study()
  context.alive()
  if (spec.access !== 'anyone') {
    if (!stillSignedIn(study, context)) throw new Failure('not_signed_in', context.expired() ? 'the session timed out; sign in again: what was drawn or drafted is kept' : 'sign in first')
    const account = context.account()
    if (account === null) throw new Failure('not_signed_in', 'sign in first')
    if (account.mustChangePassword && name !== 'session.changePassword') throw new Failure('password_expired', 'choose a password of your own first')
    if (spec.access !== 'signedIn' && !spec.access.includes(account.role)) {
      if (study !== null) study.db.write(context.actor(), (tx) => tx.audit({ action: 'access.refused', subject: 'event', id: account.id, new: name }))
      throw new Failure('forbidden', 'your account may not do this')
    }
  }
  if (spec.study === 'required' && study === null) throw new Failure('no_study', 'open or create a study first')
  // What anyone may call (a page that loads, a socket that comes back) is no sign of the person.
  if (spec.access !== 'anyone') context.touch()
  const parsed = spec.input.safeParse(input ?? {})
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    throw new Failure('invalid_input', `${issue?.path.join('.') || 'the request'}: ${issue?.message ?? 'is not valid'}`)
  }
  const handler = handlers[name as CallName] as AnyHandler
  const output = await handler({ study: study as OpenStudy, caller: context.caller(), context }, parsed.data)
  return spec.output.parse(output)
}

export type { Context, SessionState }
