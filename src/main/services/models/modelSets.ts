import { Failure, type ModelSets } from '#shared/contract/index.ts'
import { SEGMENTATION_NETWORKS } from '#shared/domain/index.ts'
import { setMeta } from '#main/database/queries/meta.ts'
import { takeModelSets } from '#main/database/queries/modelSets.ts'
import type { ModelRegistry } from '#main/runtime/models/registry.ts'
import type { OpenStudy } from '../context.ts'
import { studyMeta } from '../study/studies.ts'

/** The sets of this computer that a study can use: a segmentation set is whole when it has the three networks and their fusion. */
export function modelSets(registry: ModelRegistry): ModelSets {
  const names = (roles: readonly string[]): string[] => [...new Set(registry.models.filter((m) => m.set !== '' && roles.includes(m.role)).map((m) => m.set))]
  const shipped = (set: string): boolean => registry.models.some((m) => m.set === set && m.directory === undefined)
  return {
    segmentation: names(['segmentation', 'fusion']).map((name) => {
      const has = (role: string, network?: string): boolean => registry.models.some((m) => m.set === name && m.role === role && (network === undefined || m.name === network))
      const missing = [...SEGMENTATION_NETWORKS.filter((n) => !has('segmentation', n)), ...(has('fusion') ? [] : ['fusion'])]
      return { name, shipped: shipped(name), missing }
    }),
    signature: names(['classification']).map((name) => ({ name, shipped: shipped(name), networks: registry.models.filter((m) => m.set === name && m.role === 'classification').map((m) => m.name), signature: registry.signatureSet(name)?.signature.name ?? '' })),
  }
}

/** Refuses sets that this computer cannot run, with those that it can. */
export function requireSets(registry: ModelRegistry, sets: { readonly segmentation?: string | undefined; readonly signature?: string | undefined }): void {
  const known = modelSets(registry)
  if (sets.segmentation !== undefined) {
    const found = known.segmentation.find((s) => s.name === sets.segmentation)
    if (found === undefined) throw new Failure('invalid_input', `there is no segmentation set ${sets.segmentation}; there are ${known.segmentation.map((s) => s.name).join(', ')}`)
    if (found.missing.length > 0) throw new Failure('not_ready', `the segmentation set ${found.name} lacks ${found.missing.join(', ')}: add what is missing first`)
  }
  if (sets.signature !== undefined && !known.signature.some((s) => s.name === sets.signature)) throw new Failure('invalid_input', `there is no signature set ${sets.signature}; there are ${known.signature.map((s) => s.name).join(', ')}`)
}

/**
 * Chooses the sets that a study uses. What they made earlier stands again at once; the rest is made by the next automatic segmentation. Nothing
 * that other sets made is removed. Throws a Failure where a set cannot be run here or nothing would change.
 */
export function setModels(study: OpenStudy, registry: ModelRegistry, actor: string, wanted: { readonly segmentation?: string | undefined; readonly signature?: string | undefined; readonly reason: string }): { readonly segmentation: string; readonly signature: string } {
  requireSets(registry, wanted)
  const meta = studyMeta(study.db.read)
  const segmentation = wanted.segmentation ?? meta.segmentationSet, signature = wanted.signature ?? meta.signatureSet
  if (segmentation === meta.segmentationSet && signature === meta.signatureSet) throw new Failure('conflict', 'the study uses these sets already')
  const inUse = { segmentation: registry.segmentationSet(segmentation).key, signature: registry.signatureSet(signature)?.key ?? null }
  study.db.write(actor, (tx) => {
    setMeta(tx, 'study', JSON.stringify({ ...meta, segmentationSet: segmentation, signatureSet: signature }))
    tx.audit({ action: 'study.setModels', subject: 'meta', id: 'study', old: `${meta.segmentationSet}, ${meta.signatureSet}`, new: `${segmentation}, ${signature}`, reason: wanted.reason })
    takeModelSets(tx, inUse)
  })
  return { segmentation, signature }
}
