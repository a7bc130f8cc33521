import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { PROVIDERS, type Provider } from '#shared/contract/index.ts'
import { verifiedModels, type VerifiedModels } from '#shared/contract/inference.ts'
import type { Inference } from '#main/runtime/inference/client.ts'
import { createFusionLookup } from '#main/runtime/fusion/lookup.ts'
import { marginToProbability, readBooster } from '#main/runtime/fusion/xgboost.ts'
import type { ProviderState } from '#main/runtime/inference/protocol.ts'
import type { ModelEntry, ModelRegistry } from '#main/runtime/models/registry.ts'
import { sha256 } from '#main/platform/index.ts'

/** Largest difference of a probability from the recording that is taken as agreement. */
export const TOLERANCE = 1e-3

export interface ParityCheck {
  readonly model: string; readonly role: ModelEntry['role']; readonly sha256: string
  /** null: the fusion, which the program evaluates itself */
  readonly provider: Provider | null
  readonly state: 'agrees' | 'differs' | 'failed' | 'no fixture'
  /** Largest absolute differences from what the network's own framework gave; the Grad-CAM map's is relative to its largest value. */
  readonly probability: number | null; readonly cam: number | null; readonly preparation: number | null; readonly dice: number | null
  readonly note: string
}
export interface ModelsVerifyReport { readonly sound: boolean; readonly at: string; readonly platform: string; readonly tolerance: number; readonly providers: readonly ProviderState[]; readonly checks: readonly ParityCheck[]; readonly storedIn: string }

interface Field { readonly shape: readonly number[]; readonly float32: string }
interface GraphFixture { readonly made_with: string; readonly input: 'image' | 'roi'; readonly pixels: { height: number; width: number; channels: 3; uint8: string }; readonly tensor?: Field; readonly outputs: { readonly probability: Field; readonly cam?: Field } }
interface FusionFixture { readonly made_with: string; readonly triples: Field; readonly probability: Field }

const floats = (field: Field): Float32Array => {
  const bytes = Buffer.from(field.float32, 'base64')
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length))
}

/** NaN anywhere, or another length, is an infinite difference. */
export function largestDifference(a: Float32Array, b: Float32Array): number {
  if (a.length !== b.length) return Infinity
  let worst = 0
  for (let i = 0; i < a.length; i++) {
    const d = Math.abs((a[i] as number) - (b[i] as number))
    if (!(d <= worst)) worst = Number.isNaN(d) ? Infinity : d
  }
  return worst
}

function diceAt(threshold: number, a: Float32Array, b: Float32Array): number {
  let both = 0, sum = 0
  for (let i = 0; i < a.length; i++) {
    const x = (a[i] as number) >= threshold, y = (b[i] as number) >= threshold
    if (x && y) both++
    sum += Number(x) + Number(y)
  }
  return sum === 0 ? 1 : (2 * both) / sum
}

const blank = { probability: null, cam: null, preparation: null, dice: null }

function checkFusion(entry: ModelEntry, file: string, fixture: FusionFixture): ParityCheck {
  const booster = readBooster(readFileSync(file, 'utf8'))
  const lookup = createFusionLookup(booster)
  const triples = floats(fixture.triples), wanted = floats(fixture.probability)
  const got = Float32Array.from(wanted, (_, i) => marginToProbability(lookup.margin(triples[3 * i] as number, triples[3 * i + 1] as number, triples[3 * i + 2] as number)))
  const probability = largestDifference(got, wanted)
  return { model: entry.id, role: entry.role, sha256: entry.sha256, provider: null, ...blank, probability, state: probability <= TOLERANCE ? 'agrees' : 'differs', note: `${wanted.length} triples recorded with ${fixture.made_with}` }
}

async function checkGraph(inference: Inference, entry: ModelEntry, file: string, fixture: GraphFixture, provider: Provider): Promise<ParityCheck> {
  const { pixels } = fixture
  const head = { model: entry.id, role: entry.role, sha256: entry.sha256, provider }
  try {
    const answer = await inference.ask({ kind: 'graph', graph: { name: entry.name, file, sha256: entry.sha256 }, provider, input: fixture.input, pixels: { width: pixels.width, height: pixels.height, channels: 3, data: Uint8Array.from(Buffer.from(pixels.uint8, 'base64')) } })
    const wanted = floats(fixture.outputs.probability), got = answer.outputs['probability']?.values ?? new Float32Array()
    const probability = largestDifference(got, wanted)
    const camWanted = fixture.outputs.cam === undefined ? null : floats(fixture.outputs.cam)
    const cam = camWanted === null ? null : largestDifference(answer.outputs['cam']?.values ?? new Float32Array(), camWanted) / Math.max(1e-6, ...camWanted.map(Math.abs))
    const preparation = fixture.tensor === undefined ? null : largestDifference(answer.fed, floats(fixture.tensor))
    const dice = entry.role === 'segmentation' ? diceAt(entry.threshold ?? 0.5, got, wanted) : null
    const agrees = probability <= TOLERANCE && (cam === null || cam <= TOLERANCE) && (preparation === null || preparation <= TOLERANCE) && (dice === null || dice >= 0.999)
    return { ...head, probability, cam, preparation, dice, state: agrees ? 'agrees' : 'differs', note: `recorded with ${fixture.made_with}` }
  } catch (error) {
    return { ...head, ...blank, state: 'failed', note: error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error) }
  }
}

/**
 * Runs every model on its recorded input, through the app's own preparation, on every provider that this machine has, and compares with the recorded
 * output of PyTorch (xgboost for the fusion). The report is kept in the user's data; a check that is cancelled leaves the last one. A model file that is missing or altered is a failure of its own.
 */
export async function verifyModels(registry: ModelRegistry, inference: Inference, options: { userData: string; now: Date; signal?: AbortSignal; progress?: (done: number, total: number, note: string) => void }): Promise<ModelsVerifyReport> {
  const sound = (m: ModelEntry, file: string): boolean => existsSync(file) && sha256(readFileSync(file)) === m.sha256
  const probes = registry.models.flatMap((m) => {
    const file = join(m.directory ?? registry.directory, m.file)
    return m.role === 'fusion' || !sound(m, file) ? [] : [{ name: m.name, file, sha256: m.sha256 }]
  })
  const { providers } = await inference.ask({ kind: 'providers', probes })
  const here = PROVIDERS.filter((name) => providers.some((p) => p.name === name && (p.available || p.checks.some((c) => c.difference !== null))))
  const checks: ParityCheck[] = []
  for (const [i, entry] of registry.models.entries()) {
    options.signal?.throwIfAborted()
    options.progress?.(i, registry.models.length, entry.id)
    const folder = entry.directory ?? registry.directory
    const file = join(folder, entry.file)
    const head = { model: entry.id, role: entry.role, sha256: entry.sha256, provider: null, ...blank }
    const recording = entry.fixture === undefined ? null : join(folder, entry.fixture)
    if (!existsSync(file)) checks.push({ ...head, state: 'failed', note: `the file ${entry.file} is missing` })
    else if (sha256(readFileSync(file)) !== entry.sha256) checks.push({ ...head, state: 'failed', note: `the file ${entry.file} was altered: its hash is not the manifest's` })
    else if (recording === null || !existsSync(recording)) checks.push({ ...head, state: entry.directory === undefined ? 'failed' : 'no fixture', note: entry.directory === undefined ? 'its recorded inputs and outputs are missing' : 'added here without recorded inputs and outputs: its file is unaltered, its values were not compared' })
    else {
      const fixture: unknown = JSON.parse(readFileSync(recording, 'utf8'))
      if (entry.role === 'fusion') checks.push(checkFusion(entry, file, fixture as FusionFixture))
      else for (const provider of here) checks.push(await checkGraph(inference, entry, file, fixture as GraphFixture, provider))
    }
  }
  options.progress?.(registry.models.length, registry.models.length, '')
  const storedIn = join(options.userData, 'models', 'verified.json')
  const report: ModelsVerifyReport = { sound: checks.length > 0 && checks.every((c) => c.state === 'agrees' || c.state === 'no fixture'), at: options.now.toISOString(), platform: `${process.platform} ${process.arch}`, tolerance: TOLERANCE, providers, checks, storedIn }
  mkdirSync(dirname(storedIn), { recursive: true })
  writeFileSync(`${storedIn}.part`, `${JSON.stringify(report, null, 1)}\n`)
  renameSync(`${storedIn}.part`, storedIn)
  return report
}

/** The report that was stored last; null where there is none, or where it cannot be read. */
export function readVerified(userData: string): VerifiedModels | null {
  try {
    const parsed = verifiedModels.safeParse(JSON.parse(readFileSync(join(userData, 'models', 'verified.json'), 'utf8')))
    return parsed.success ? parsed.data : null
  } catch {
    return null
  }
}
