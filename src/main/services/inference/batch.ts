import { readFile } from 'node:fs/promises'
import { Failure } from '#shared/contract/errors.ts'
import type { Provider } from '#shared/contract/inference.ts'
import { unwrap } from '#shared/lib/index.ts'
import { maskFromBytes } from '#shared/geometry/index.ts'
import { imagesOfCase, representativeImage } from '#main/database/queries/cases.ts'
import { includedImages, masksOfSegmentation, pendingImages, referenceAnnotation, standingSegmentation, storeMetric, unsignedMasks, type PendingImage } from '#main/database/queries/inference.ts'
import { areInUse, takeModelSets } from '#main/database/queries/modelSets.ts'
import type { WriteDb } from '#main/database/index.ts'
import type { Inference } from '#main/runtime/inference/client.ts'
import type { ClassifyAnswer, SegmentAnswer } from '#main/runtime/inference/protocol.ts'
import type { ModelRegistry } from '#main/runtime/models/registry.ts'
import { encodePng16 } from '#main/formats/images/index.ts'
import type { OpenStudy, World } from '../context.ts'
import { loadMask, overlapOf } from '../masks.ts'
import { adoptCombined } from './adoptCombined.ts'
import { underWay } from './underWay.ts'

export interface BatchOptions {
  readonly cohort?: string | undefined
  /** Only this case. */
  readonly caseId?: string | undefined
  readonly provider: Provider | 'auto'
  readonly signal?: AbortSignal
  progress?(done: number, total: number, note: string): void
  onProvider?(name: string): void
}
export interface BatchReport {
  readonly images: number; readonly segmented: number; readonly alreadyDone: number; readonly empty: number; readonly signatures: number
  readonly failed: { readonly case_id: string; readonly reason: string }[]; readonly provider: string | null; readonly cancelled: boolean
  /** why images or signatures did not run on the provider that was chosen, and how many; each result has its own reason */
  readonly fallbacks: { readonly reason: string; readonly results: number }[]
  /** the shipped combined model that the study adopted, if it did now */
  readonly combined: string | null
}

interface Deps { readonly world: World; readonly inference: Inference; readonly registry: ModelRegistry; readonly study: OpenStudy; readonly actor: string }

/**
 * Segments every image that the present models have not seen, then computes the signatures of the masks that stand, corrected ones too. Each image is stored before the next is begun,
 * so a batch that was cancelled or killed goes on where it stopped. An image that fails is reported and does not stop the others.
 */
export async function inferBatch(deps: Deps, options: BatchOptions): Promise<BatchReport> {
  const { study, registry } = deps
  const set = registry.segmentationSet(study.segmentationSet)
  const signature = registry.signatureSet(study.signatureSet)
  if (signature === null) throw new Failure('unavailable', `the signature set ${study.signatureSet} of this study is not installed (sln models add FILE --role classification --card card.json); what it computed is kept`)
  const cohort = options.cohort ?? null, of = { cohort, caseId: options.caseId ?? null }
  const pending = pendingImages(study.db.read, set.key, of)
  const images = includedImages(study.db.read, of)
  if (images === 0) throw new Failure('not_ready', of.caseId !== null ? 'this case has no image, or it is excluded' : cohort === null ? 'the study has no images; import a manifest first' : `cohort ${cohort} has no images`)
  const inUse = { segmentation: set.key, signature: signature.key }
  if (!areInUse(study.db.read, inUse)) study.db.write(deps.actor, (tx) => takeModelSets(tx, inUse))
  const failed: BatchReport['failed'][number][] = []
  const aborted = (): boolean => options.signal?.aborted === true
  let segmented = 0, empty = 0, signatures = 0, provider: string | null = null
  const total = images
  const fallbacks = new Map<string, number>()
  const fellBack = (reason: string | null): void => {
    if (reason !== null) fallbacks.set(reason, (fallbacks.get(reason) ?? 0) + 1)
  }
  const fell = (): number => [...fallbacks.values()].reduce((sum, n) => sum + n, 0)
  const note = (): string => [failed.length > 0 ? `${failed.length} failed` : '', fallbacks.size > 0 ? `${fell()} not as chosen` : '', provider ?? ''].filter((t) => t !== '').join(' · ')
  const depth = deps.inference.lookAhead(options.provider)
  options.progress?.(images - pending.length, total, note())
  const ask = async (image: PendingImage): Promise<SegmentAnswer> => deps.inference.ask({ kind: 'segment', image: await readFile(study.objects.path(image.object)), networks: set.networks, fusion: set.fusion, provider: options.provider }, options.signal)
  let done = images - pending.length
  for (const { item: image, answer: current } of underWay(pending, depth, ask)) {
    if (aborted()) break
    try {
      const answer = await current
      fellBack(answer.fallback)
      if (provider !== answer.provider) options.onProvider?.(answer.provider)
      provider = answer.provider
      if (storeSegmentation(deps, image, answer, set.key, set) === 'empty') empty++
      segmented++
    } catch (error) {
      if (aborted()) break
      const reason = error instanceof Error ? error.message : String(error)
      failed.push({ case_id: image.label, reason })
      study.db.write(deps.actor, (tx) => {
        const id = deps.world.ids.next()
        tx.insert('segmentation_failure', { id, image_id: image.image_id, reason, created_at: tx.at, origin: tx.origin })
        tx.audit({ action: 'segmentation.failed', subject: 'segmentation_failure', id, reason })
      })
    }
    options.progress?.(++done, total, note())
  }
  chooseRepresentatives(deps)
  const unsigned = unsignedMasks(study.db.read, signature.key, of)
  const classify = (row: (typeof unsigned)[number]): Promise<ClassifyAnswer> => deps.inference.ask({ kind: 'classify', image: study.objects.get(row.object), mask: study.objects.get(row.mask), networks: signature.networks, provider: options.provider }, options.signal)
  for (const { item: row, answer: current } of underWay(unsigned, depth, classify)) {
    if (aborted()) break
    options.progress?.(images, total, `signatures ${signatures + 1} of ${unsigned.length}`)
    try {
      const answer = await current
      for (const r of answer.results) fellBack(r.fallback)
      await storeSignatures(deps, { caseId: row.case_id, imageId: row.image_id, segmentationId: row.segmentation_id, annotationId: row.annotation_id, kind: row.annotation_id === null ? 'automatic' : 'corrected' }, answer, signature)
      signatures++
    } catch (error) {
      if (aborted()) break
      failed.push({ case_id: row.label, reason: error instanceof Error ? error.message : String(error) })
    }
  }
  const combined = aborted() ? null : adoptCombined({ study, world: deps.world, actor: deps.actor, directory: registry.directory }, signature)
  return { images, segmented, alreadyDone: images - pending.length, empty, signatures, failed, provider, cancelled: aborted(), combined, fallbacks: [...fallbacks].map(([reason, results]) => ({ reason, results })) }
}

function storeSegmentation(deps: Deps, image: PendingImage, answer: SegmentAnswer, key: string, set: ReturnType<ModelRegistry['segmentationSet']>): 'found' | 'empty' {
  const { study, world, actor } = deps
  const stored = answer.maps.map((m) => ({ ...m, maskHash: study.objects.put(m.mask), mapHash: study.objects.put(m.map) }))
  const fused = stored.find((m) => m.model === 'fusion')
  const state = fused !== undefined && fused.areaPx > 0 ? 'found' : 'empty'
  const id = world.ids.next()
  study.db.write(actor, (tx) => {
    tx.insert('segmentation', {
      id, case_id: image.case_id, image_id: image.image_id, frame: image.frame, model_set: key, state, provider: answer.provider, provider_note: answer.providerNote, milliseconds: answer.milliseconds, disagreement: answer.disagreement,
      uncertainty: answer.uncertainty, components: answer.components, touches_border: answer.touchesBorder ? 1 : 0, created_at: tx.at, origin: tx.origin,
    })
    for (const m of stored) {
      const sha = m.model === 'fusion' ? set.fusion.sha256 : (set.networks.find((n) => n.name === m.model)?.sha256 ?? '')
      tx.insert('segmentation_mask', { segmentation_id: id, model: m.model, model_sha256: sha, mask: m.maskHash, map: m.mapHash, area_px: m.areaPx })
    }
    tx.audit({ action: 'segmentation.create', subject: 'segmentation', id, new: `${state}, ${answer.provider}` })
    const reference = referenceAnnotation(tx, image.image_id)
    // A mask of another frame is the truth of that frame only.
    if (reference === undefined || reference.frame !== image.frame) return
    const truth = loadMask(study, reference.mask)
    for (const m of stored) storeMetric(tx, id, m.model, reference.id, overlapOf(unwrap(maskFromBytes(m.mask)), truth))
  })
  return state
}

/** A case with several images is represented by the one with the largest fused mask, unless a person chose another. */
function chooseRepresentatives(deps: Deps): void {
  const { study, world, actor } = deps
  const several = study.db.read.all<{ case_id: string }>('SELECT case_id FROM image GROUP BY case_id HAVING count(*) > 1')
  for (const { case_id } of several) {
    const present = representativeImage(study.db.read, case_id)
    if (present?.rule === 'chosen by a person') continue
    const areas = imagesOfCase(study.db.read, case_id).map((image) => {
      const segmentation = standingSegmentation(study.db.read, image.id)
      return { id: image.id, area: segmentation === undefined ? 0 : (masksOfSegmentation(study.db.read, segmentation.id).find((m) => m.model === 'fusion')?.area_px ?? 0) }
    })
    const largest = areas.reduce((best, a) => (a.area > best.area ? a : best))
    if (largest.area === 0 || (present?.image_id === largest.id && present.rule === 'largest automatic mask')) continue
    study.db.write(actor, (tx) => {
      const id = world.ids.next()
      tx.insert('representative_choice', { id, case_id, image_id: largest.id, rule: 'largest automatic mask', chooser: null, created_at: tx.at, origin: tx.origin })
      tx.audit({ action: 'case.representative', subject: 'representative_choice', id, old: present?.image_id ?? null, new: largest.id, reason: 'largest automatic mask' })
    })
  }
}

export interface SignatureTarget { readonly caseId: string; readonly imageId: string; readonly segmentationId: string | null; readonly annotationId: string | null; readonly kind: 'automatic' | 'corrected' }

/** Stores each network's probability with its Grad-CAM map (16-bit, scaled to its own maximum). */
export async function storeSignatures(deps: Pick<Deps, 'study' | 'world' | 'actor'>, target: SignatureTarget, answer: ClassifyAnswer, set: NonNullable<ReturnType<ModelRegistry['signatureSet']>>): Promise<void> {
  const { study, world, actor } = deps
  const maps = await Promise.all(answer.results.map(async ({ cam }) => {
    const top = cam.values.reduce((a, b) => Math.max(a, b), 0)
    return study.objects.put(await encodePng16(cam.width, cam.height, Uint16Array.from(cam.values, (v) => (top > 0 ? Math.round((Math.max(0, v) / top) * 65535) : 0))))
  }))
  study.db.write(actor, (tx: WriteDb) => {
    for (const [i, result] of answer.results.entries()) {
      const id = world.ids.next()
      const network = set.networks.find((n) => n.name === result.name)
      tx.insert('signature', {
        id, case_id: target.caseId, image_id: target.imageId, segmentation_id: target.segmentationId, annotation_id: target.annotationId, mask_kind: target.kind, model_set: set.key, model: result.name, model_sha256: network?.sha256 ?? '',
        is_signature: set.signature.name === result.name ? 1 : 0, probability: result.probability, cam: maps[i] ?? '', box: JSON.stringify(answer.box), provider: result.provider, provider_note: result.providerNote, created_at: tx.at, origin: tx.origin,
      })
      tx.audit({ action: 'signature.create', subject: 'signature', id, new: `${result.name} ${result.probability}` })
    }
  })
}
