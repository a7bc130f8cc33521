/** What the command line does that is no call of the contract: making studies, checking closed ones, predicting without one. */
import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import Database from 'better-sqlite3'
import { Failure, PROVIDERS, type Provider } from '#shared/contract/index.ts'
import { clinicalVariable, readClinicalValue, SHIPPED_SEGMENTATION, SLN_OUTCOME } from '#shared/domain/index.ts'
import { parseCombinedModel, predictCombined, type CombinedModel } from '#shared/statistics/regression/index.ts'
import { decodeImage, encodePng } from '#main/formats/images/index.ts'
import type { GraphRef, SegmentAnswer } from '#main/runtime/inference/protocol.ts'
import { createAccount } from '#main/services/accounts/accounts.ts'
import { readSignedHead } from '#main/services/audit/signedHead.ts'
import { analyzeCaseDirectory } from '#main/services/analysis/analyzeCaseDirectory.ts'
import { registryOf } from '#main/services/inference/handlers.ts'
import { modelRow, needsSignature } from '#main/services/inference/risk.ts'
import { requireSets } from '#main/services/models/modelSets.ts'
import { backupStudy, restoreStudy, type BackupReport } from '#main/services/study/backup.ts'
import { createDemoStudy } from '#main/services/study/demo.ts'
import { createStudy } from '#main/services/study/studies.ts'
import { verifyStudy, type VerifyReport } from '#main/services/study/verify.ts'
import type { App } from './createApp.ts'
import { appVersion } from './nodeApp.ts'

export { analyzeCaseDirectory }

type Progress = (done: number, total: number, note: string) => void

export interface CreateRequest {
  readonly directory: string; readonly demo?: boolean | undefined; readonly aided?: boolean | undefined; readonly cases: number; readonly seed: number; readonly name?: string | undefined; readonly outcome?: string | undefined; readonly positive: string
  readonly signature?: string | undefined; readonly segmentation?: string | undefined; readonly firstPassword: string; readonly progress: Progress
}

export async function createAnyStudy(app: App, request: CreateRequest): Promise<{ directory: string; name: string; synthetic: boolean; cases: number; account: { login: string; firstPassword: string } | null }> {
  const { world, origin } = app.house
  requireSets(registryOf(app.house.inference), request)
  if (request.demo === true) {
    if (request.cases < 12 || request.cases > 20_000) throw new Failure('invalid_input', '--cases takes 12 to 20000')
    const study = await createDemoStudy(world, origin, request.directory, { cases: request.cases, seed: request.seed, signatureSet: request.signature, segmentationSet: request.segmentation, aided: request.aided === true, progress: request.progress, ...(request.name === undefined ? {} : { name: request.name }) })
    study.db.close()
    return { directory: study.directory, name: study.name, synthetic: true, cases: request.cases, account: null }
  }
  const outcome = request.outcome === undefined ? SLN_OUTCOME : { column: request.outcome, positive: request.positive, label: request.outcome }
  const name = request.name ?? request.directory.split(/[\\/]/).at(-1) ?? 'study'
  const study = createStudy(world, origin, 'cli', { directory: request.directory, name, synthetic: false, outcome, signatureSet: request.signature, segmentationSet: request.segmentation })
  await createAccount(world, study, 'cli', { login: 'investigator', name: 'Investigator', role: 'investigator', seniority: null, yearsExperience: null, password: request.firstPassword, mustChange: true, demo: false })
  study.db.close()
  return { directory: study.directory, name, synthetic: false, cases: 0, account: { login: 'investigator', firstPassword: request.firstPassword } }
}

/** Verifies a study, also against signed audit heads: the files given, and the one that this user exported last. */
export const verify = (app: App, directory: string, heads: readonly string[], progress: Progress): Promise<VerifyReport> =>
  verifyStudy(resolve(directory), { progress, userData: app.house.config.userData, heads: heads.map((file) => readSignedHead(resolve(file))) })

/** Copies the open study; the log says where to, so that a withdrawal can name the copy. */
export async function backup(app: App, actor: string, to: string, progress: Progress): Promise<BackupReport> {
  const study = app.house.study()
  if (study === null) throw new Failure('no_study', 'open a study first')
  const report = await backupStudy(study, to, { progress })
  study.db.write(actor, (tx) => tx.audit({ action: 'study.backup', subject: 'event', id: study.id, new: report.to }))
  return report
}

export const restore = (from: string, directory: string): Promise<{ directory: string }> => restoreStudy(from, directory)

function readClinical(pairs: readonly string[]): Record<string, string> {
  const values: Record<string, string> = {}
  for (const pair of pairs) {
    const at = pair.indexOf('=')
    if (at < 1) throw new Failure('invalid_input', `--clinical takes key=value, not "${pair}"`)
    const name = pair.slice(0, at).trim()
    const variable = clinicalVariable(name)
    const read = variable === undefined ? { value: pair.slice(at + 1).trim() } : readClinicalValue(variable, pair.slice(at + 1))
    if ('problem' in read) throw new Failure('invalid_input', read.problem)
    values[name] = read.value
  }
  return values
}

function readCombined(app: App, file: string | undefined, set: string): { model: CombinedModel; source: string } | string {
  const path = file ?? join(app.house.config.resources, 'models', 'combined', `${set}.json`)
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch {
    if (file !== undefined) throw new Failure('not_found', `there is no combined model ${file}`)
    return `there is no combined model for the signature set ${set}`
  }
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    throw new Failure('refused', `${path} is not JSON`)
  }
  const parsed = parseCombinedModel(json)
  if (!parsed.ok) throw new Failure('refused', `${path}: ${parsed.error.message}`)
  return { model: parsed.value, source: path }
}

export interface ImagePrediction {
  readonly image: string; readonly width: number; readonly height: number; readonly provider: string; readonly state: 'found' | 'empty'
  readonly masks: readonly { model: string; area_px: number; sha256: string }[]
  readonly signatures: readonly { name: string; probability: number; is_signature: boolean; sha256: string }[]
  readonly risk: { probability: number; ci95: [number, number]; positive: boolean | null } | null
  readonly risk_missing: string | null
}

/** The whole path of one picture without a study: segment, fuse, crop, classify, combine. */
export async function predictImage(app: App, request: { image: string; clinical: readonly string[]; combined: string | undefined; signatureSet: string; segmentationSet?: string | undefined; provider: string }): Promise<ImagePrediction> {
  const provider = ['auto' as const, ...PROVIDERS].find((p) => p === request.provider) as Provider | 'auto' | undefined
  if (provider === undefined) throw new Failure('invalid_input', `--provider takes auto, ${PROVIDERS.join(', ')}`)
  const variables = readClinical(request.clinical)
  const combined = readCombined(app, request.combined, request.signatureSet)
  const bytes = await readFile(request.image).catch(() => {
    throw new Failure('not_found', `there is no image ${request.image}`)
  })
  const decoded = await decodeImage(bytes)
  if (!decoded.ok) throw new Failure('refused', `${request.image} was not taken: ${decoded.error.message}`)
  const image = await encodePng(decoded.value, 1)
  const registry = registryOf(app.house.inference)
  const set = registry.segmentationSet(request.segmentationSet ?? SHIPPED_SEGMENTATION)
  const signatureSet = registry.signatureSet(request.signatureSet)
  if (signatureSet === null) throw new Failure('not_found', `there is no signature set ${request.signatureSet}`)
  const segmented: SegmentAnswer = await app.house.inference.ask({ kind: 'segment', image, networks: set.networks, fusion: set.fusion, provider })
  const fused = segmented.maps.find((m) => m.model === 'fusion')
  const found = fused !== undefined && fused.areaPx > 0
  const classified = found ? await app.house.inference.ask({ kind: 'classify', image, mask: fused.mask, networks: signatureSet.networks, provider }) : null
  const signatures = (classified?.results ?? []).map((r) => ({ name: r.name, probability: r.probability, is_signature: r.name === signatureSet.signature.name, sha256: signatureSet.networks.find((n) => n.name === r.name)?.sha256 ?? '' }))
  return {
    image: request.image, width: decoded.value.width, height: decoded.value.height, provider: segmented.provider, state: found ? 'found' : 'empty',
    masks: segmented.maps.map((m) => ({ model: m.model, area_px: m.areaPx, sha256: m.model === 'fusion' ? set.fusion.sha256 : (set.networks.find((n) => n.name === m.model)?.sha256 ?? '') })),
    signatures, ...riskOfRow(combined, variables, signatures),
  }
}

function riskOfRow(combined: { model: CombinedModel } | string, variables: Record<string, string>, signatures: ImagePrediction['signatures']): Pick<ImagePrediction, 'risk' | 'risk_missing'> {
  if (typeof combined === 'string') return { risk: null, risk_missing: combined }
  if (signatures.length === 0 && needsSignature(combined.model)) return { risk: null, risk_missing: 'no lesion was found, so there is no signature' }
  const signature = signatures.find((s) => s.is_signature)?.probability ?? null
  const made = predictCombined(combined.model, modelRow(variables, signature, combined.model, new Map(signatures.map((s) => [s.name, s.probability]))))
  if (!made.ok) return { risk: null, risk_missing: made.error.message }
  return { risk: { probability: made.value.probability, ci95: [made.value.interval.lower, made.value.interval.upper], positive: made.value.positive ?? null }, risk_missing: null }
}

export async function providerReport(app: App): Promise<{ version: string; node: string; sqlite: string; onnxruntime: string; platform: string; models: string; providers: readonly { name: string; available: boolean; reason: string }[] }> {
  const db = new Database(':memory:')
  const { v } = db.prepare('SELECT sqlite_version() AS v').get() as { v: string }
  db.close()
  let models: string
  let probes: readonly GraphRef[] = []
  try {
    const registry = registryOf(app.house.inference)
    models = registry.models.map((m) => m.id).join(', ')
    probes = registry.segmentationSet(SHIPPED_SEGMENTATION).networks
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    models = error.message
  }
  const { providers } = await app.house.inference.ask({ kind: 'providers', probes })
  const runtime = createRequire(import.meta.url)('onnxruntime-node/package.json') as { version: string }
  return { version: appVersion(), node: process.versions.node, sqlite: v, onnxruntime: runtime.version, platform: `${process.platform} ${process.arch}`, models, providers }
}
