import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { Failure } from '#shared/contract/errors.ts'
import { SEGMENTATION_NETWORKS, SHIPPED_SEGMENTATION, type SegmentationNetwork } from '#shared/domain/index.ts'
import { sha256 } from '#main/platform/index.ts'
import type { GraphRef } from '../inference/protocol.ts'

/** A model of `models/manifest.json`. */
export interface ModelEntry {
  readonly id: string
  readonly role: 'segmentation' | 'fusion' | 'classification'
  readonly name: string
  readonly set: string
  readonly file: string
  readonly sha256: string
  readonly version?: string
  readonly card?: string
  readonly trainedOn?: string
  /** The network of a signature set whose probability is the DL signature, with the threshold carried from the choose cohort. */
  readonly isSignature?: boolean
  readonly threshold?: number | null
  /** Recorded inputs and outputs of the network's own framework. */
  readonly fixture?: string
  /** Where the files lie, of a model that was added here; shipped ones lie in the registry's folder. */
  readonly directory?: string
}

export interface ModelRegistry {
  readonly models: readonly ModelEntry[]
  readonly directory: string
  /** The three networks of a set in the order of fusion, and the fusion that was fitted on them. Throws a Failure when one is missing or altered. */
  segmentationSet(name: string): { networks: (GraphRef & { name: SegmentationNetwork })[]; fusion: GraphRef; key: string }
  signatureSet(name: string): { networks: GraphRef[]; signature: ModelEntry; key: string } | null
}

/** Reads the manifest of a models folder, and of the folder of added models; each file's hash is checked once, when the file is first used. */
export function readRegistry(directory: string, added?: string): ModelRegistry {
  const file = join(directory, 'manifest.json')
  if (!existsSync(file)) throw new Failure('unavailable', `no models are installed (there is no ${file})`)
  const models = [...(JSON.parse(readFileSync(file, 'utf8')) as { models: ModelEntry[] }).models, ...(added === undefined ? [] : readAdded(added))]
  const checked = new Set<string>()
  const ref = (entry: ModelEntry): GraphRef => {
    const path = join(entry.directory ?? directory, entry.file)
    if (!existsSync(path)) throw new Failure('unavailable', `the model ${entry.id} is not there (${path})`)
    if (!checked.has(path) && sha256(readFileSync(path)) !== entry.sha256) throw new Failure('unavailable', `the model file ${path} was altered: its hash is not the one of the manifest; install the models again`)
    checked.add(path)
    return { name: entry.name, file: path, sha256: entry.sha256, ...(entry.role === 'classification' || entry.threshold == null ? {} : { threshold: entry.threshold }) }
  }
  const need = (set: string, role: ModelEntry['role'], name?: string): ModelEntry => {
    const entry = models.find((m) => m.set === set && m.role === role && (name === undefined || m.name === name))
    if (entry === undefined) throw new Failure('unavailable', `the segmentation set ${set} has no ${name ?? role}; ${set === SHIPPED_SEGMENTATION ? 'install the program again' : `add it: sln models add FILE --role ${role} --card card.json`}`)
    return entry
  }
  return {
    models, directory,
    segmentationSet(set) {
      const networks = SEGMENTATION_NETWORKS.map((name) => ({ ...ref(need(set, 'segmentation', name)), name }))
      const fusion = ref(need(set, 'fusion'))
      return { networks, fusion, key: sha256([...networks, fusion].map((m) => `${m.sha256} ${m.threshold ?? 0.5}`).join('\n')).slice(0, 16) }
    },
    signatureSet(name) {
      const own = models.filter((m) => m.role === 'classification' && m.set === name)
      const signature = own.find((m) => m.isSignature === true) ?? own[0]
      if (signature === undefined) return null
      return { networks: own.map(ref), signature, key: sha256(own.map((m) => m.sha256).join('\n')).slice(0, 16) }
    },
  }
}

/** The models that a person added on this machine (`sln models add`). */
export function readAdded(directory: string): ModelEntry[] {
  const file = join(directory, 'manifest.json')
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as { models: ModelEntry[] }).models.map((m) => ({ ...m, directory })) : []
}

export const modelBytes = (registry: ModelRegistry, entry: ModelEntry): number => statSync(join(entry.directory ?? registry.directory, entry.file), { throwIfNoEntry: false })?.size ?? 0
export const modelCard = (registry: ModelRegistry, entry: ModelEntry): string => {
  const file = entry.card === undefined ? null : join(entry.directory ?? registry.directory, entry.card)
  return file !== null && existsSync(file) ? readFileSync(file, 'utf8') : ''
}
