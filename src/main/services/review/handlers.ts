import { Failure, type CallName, type Overlap, type ReviewCase, type ReviewFlag, type ReviewRow } from '#shared/contract/index.ts'
import { decodeMask, maskFromBytes, maskToText, type Calibration, type RleMask } from '#shared/geometry/index.ts'
import { unwrap } from '#shared/lib/index.ts'
import { surfaceDistances, type PixelSpacing } from '#shared/statistics/masks/index.ts'
import { annotationById, frameObjects } from '#main/database/queries/annotations.ts'
import { caseById, imageById, representativeImage } from '#main/database/queries/cases.ts'
import { keyFrameOf } from '#main/database/queries/cine.ts'
import { masksOfSegmentation, referenceAnnotation, segmentationById, standingSegmentation } from '#main/database/queries/inference.ts'
import { newestReview, openQuestion, reviewQueue, reviewsOf, type QueueRow, type ReviewRow as StoredReview } from '#main/database/queries/review.ts'
import type { Inference } from '#main/runtime/inference/client.ts'
import { imageAsset } from '../cases/imageAssets.ts'
import type { Handlers, OpenStudy, World } from '../context.ts'
import { registryOf } from '../inference/handlers.ts'
import { storeSignatures } from '../inference/batch.ts'
import type { Jobs } from '../jobs/jobs.ts'
import { loadMask, overlapOf, overlapWith } from '../masks.ts'
import { mapAsset } from './mapAsset.ts'
import { CORRECTED, FUSED, outlinedAsset } from './outlinedAsset.ts'

type Calls = Extract<CallName, `review.${string}`>

/** Why a mask needs eyes, in words, and how much. Empty masks come first; a settled one last. */
export function needsEyes(row: Pick<QueueRow, 'state' | 'disagreement' | 'uncertainty' | 'components' | 'touches_border' | 'area_px'>, medianArea: number): { priority: number; flags: ReviewFlag[]; reasons: string[] } {
  if (row.state === 'empty') return { priority: 10, flags: ['empty'], reasons: ['no lesion found'] }
  const flags: ReviewFlag[] = []
  const reasons: string[] = []
  let priority = row.disagreement * 3 + row.uncertainty
  const found = (flag: ReviewFlag, reason: string, weight = 0): void => {
    flags.push(flag)
    reasons.push(reason)
    priority += weight
  }
  if (row.disagreement > 0.25) found('disagreement', `networks disagree (Dice ${(1 - row.disagreement).toFixed(3)})`)
  if (row.uncertainty > 0.35) found('border', 'uncertain border')
  if (row.components > 1) found('components', `${row.components} components`, 0.8)
  if (row.touches_border === 1) found('edge', 'touches the image border', 0.6)
  const ratio = medianArea > 0 ? row.area_px / medianArea : 1
  if (ratio > 5 || ratio < 0.1) found('size', ratio > 1 ? 'unusually large' : 'unusually small', 0.7)
  return { priority, flags, reasons }
}

/** One spacing for the whole image where it has one; else pixels. */
export function spacingOf(calibration: string): PixelSpacing {
  const value = JSON.parse(calibration) as Calibration
  const region = value.kind === 'regions' && value.regions.length === 1 ? value.regions[0] : undefined
  return region === undefined ? { row: 1, column: 1, unit: 'px' } : { row: region.mmPerPixelY, column: region.mmPerPixelX, unit: 'mm' }
}

/** Overlap with HD95 in the unit of the spacing. */
export function compare(predicted: RleMask, reference: RleMask, spacing: PixelSpacing): Overlap {
  const size = { width: predicted.width, height: predicted.height }
  const distances = surfaceDistances({ ...size, data: decodeMask(predicted) }, { ...size, data: decodeMask(reference) }, spacing)
  return { ...overlapOf(predicted, reference), hd95: distances.ok && distances.value !== null ? distances.value.hd95.maxOfDirected : null, unit: spacing.unit }
}

const toReview = (study: OpenStudy, r: StoredReview): ReviewCase['reviews'][number] => ({
  id: r.id, decision: r.decision, reason: r.reason, difficulty: r.difficulty, comment: r.comment, seconds: r.seconds, reviewer: r.reviewer, at: r.created_at, diceToFused: r.dice_to_fused, hd95ToFused: r.hd95_to_fused, annotationId: r.annotation_id,
  mask: r.mask === null ? null : maskToText(loadMask(study, r.mask)),
  settles: r.settles === null ? null : { reviewId: r.settles, reviewer: r.settled_reviewer ?? '', agrees: r.agrees === 1, dice: r.between_dice, hd95: r.between_hd95 },
})

/** Dice of the fused mask against the ground truth as it is now; null without one of that frame. */
const diceOf = (study: OpenStudy, row: QueueRow): number | null =>
  overlapWith(study, { segmentation_id: row.segmentation_id, frame: row.frame, model: 'fusion', mask: row.mask }, row.truth_id === null || row.truth_mask === null ? undefined : { id: row.truth_id, mask: row.truth_mask, frame: row.truth_frame ?? 0 })?.dice ?? null

function queue(study: OpenStudy, grant: (row: QueueRow) => string): ReviewRow[] {
  const rows = reviewQueue(study.db.read)
  const areas = rows.filter((r) => r.area_px > 0).map((r) => r.area_px / (r.width * r.height)).sort((a, b) => a - b)
  const median = areas[Math.floor(areas.length / 2)] ?? 0
  return rows.map((row): ReviewRow => ({
    caseId: row.case_id, label: row.label, cohort: row.cohort, imageId: row.image_id, thumbnail: grant(row), segmentationId: row.segmentation_id, ...needsEyes(row, median * row.width * row.height),
    disagreement: row.disagreement, uncertainty: row.uncertainty, state: row.decision ?? 'pending', empty: row.state === 'empty', dice: diceOf(study, row), second: row.second,
  })).sort((a, b) => Number(a.state !== 'pending') - Number(b.state !== 'pending') || b.priority - a.priority || (a.label < b.label ? -1 : 1))
}

function detail(study: OpenStudy, caseId: string, accountId: string, grant: (key: string, load: () => Promise<{ type: string; bytes: Uint8Array }>) => string): ReviewCase {
  const db = study.db.read
  const record = caseById(db, caseId)
  const image = record === undefined ? undefined : imageById(db, representativeImage(db, record.id)?.image_id ?? '')
  const segmentation = image === undefined ? undefined : standingSegmentation(db, image.id)
  if (record === undefined || image === undefined) throw new Failure('not_found', 'there is no such case, or it has no image')
  if (segmentation === undefined) {
    const key = image.frames > 1 ? keyFrameOf(db, image.id) : undefined
    throw new Failure('not_ready', key === undefined ? 'this case was not segmented yet: run the automatic segmentation' : `its key frame ${key.frame + 1} was not segmented yet: run the automatic segmentation`)
  }
  const spacing = spacingOf(image.calibration)
  const stored = masksOfSegmentation(db, segmentation.id).map((m) => ({ ...m, rle: loadMask(study, m.mask) }))
  const picture = frameObjects(db, image.id)[segmentation.frame] ?? image.object
  const known = referenceAnnotation(db, image.id)
  const reference = known?.frame === segmentation.frame ? known : undefined
  const truth = reference === undefined ? null : loadMask(study, reference.mask)
  const networks = stored.filter((m) => m.model !== 'fusion')
  const reviews = reviewsOf(db, segmentation.id)
  const question = openQuestion(db, segmentation.id), newest = reviews[0]
  const corrected = newest?.decision === 'corrected' ? newest : undefined
  return {
    caseId: record.id, label: record.label, cohort: record.cohort, imageId: image.id, imageUrl: grant(`picture:${picture}`, imageAsset(study, picture)), frame: segmentation.frame, frames: image.frames, width: image.width, height: image.height, calibration: JSON.parse(image.calibration) as ReviewCase['calibration'], segmentationId: segmentation.id,
    provider: segmentation.provider, providerNote: segmentation.provider_note, milliseconds: segmentation.milliseconds, state: segmentation.state, unit: spacing.unit,
    masks: stored.map((m) => ({ model: m.model, mask: maskToText(m.rle), map: grant(`map:${m.map}`, mapAsset(study, m.map)), areaPx: m.area_px, sha256: m.model_sha256, against: truth === null ? null : compare(m.rle, truth, spacing) })),
    reference: truth === null ? null : maskToText(truth), correction: corrected?.mask == null ? null : maskToText(loadMask(study, corrected.mask)), reviews: reviews.map((r) => toReview(study, r)),
    question: question === undefined ? null : { text: question.question, by: question.asked_by, at: question.created_at }, wouldSettle: newest === undefined || newest.account_id === accountId ? null : { reviewer: newest.reviewer, decision: newest.decision },
    agreement: networks.flatMap((a, i) => networks.slice(i + 1).map((b) => ({ a: a.model, b: b.model, dice: overlapOf(a.rle, b.rle).dice }))),
  }
}

export function reviewHandlers(world: World, _jobs: Jobs, inference: Inference): Handlers<Calls> {
  return {
    'review.queue': ({ study, caller }) => ({ rows: queue(study, (row) => caller.grant(`outlined:${row.image_id}:${row.corrected ?? row.mask}`, outlinedAsset(study, row.object, row.corrected ?? row.mask, row.corrected === null ? FUSED : CORRECTED))) }),
    'review.case': ({ study, caller }, input) => detail(study, input.caseId, caller.account.id, caller.grant),
    'review.ask': ({ study, caller }, input) => {
      const segmentation = segmentationById(study.db.read, input.segmentationId)
      if (segmentation === undefined || segmentation.case_id !== input.caseId) throw new Failure('not_found', 'that mask is not of this case')
      const newest = newestReview(study.db.read, segmentation.id)
      if (newest === undefined) throw new Failure('not_ready', 'the case was not reviewed yet; a second reviewer looks at a first review')
      if (openQuestion(study.db.read, segmentation.id) !== undefined) throw new Failure('conflict', 'a second reviewer is asked already')
      const id = world.ids.next()
      study.db.write(caller.actor, (tx) => {
        tx.insert('review_question', { id, segmentation_id: segmentation.id, review_id: newest.id, account_id: caller.account.id, question: input.question, created_at: tx.at, origin: tx.origin })
        tx.audit({ action: 'review.ask', subject: 'review_question', id, reason: input.question })
      })
      return { done: true as const }
    },
    'review.decide': async ({ study, caller }, input) => {
      const segmentation = segmentationById(study.db.read, input.segmentationId)
      if (segmentation === undefined || segmentation.case_id !== input.caseId) throw new Failure('not_found', 'that mask is not of this case')
      if (standingSegmentation(study.db.read, segmentation.image_id)?.id !== segmentation.id) throw new Failure('conflict', 'the case was segmented again or has another key frame meanwhile; look at the new mask')
      if (input.decision === 'rejected' && (input.reason ?? '') === '') throw new Failure('invalid_input', 'a rejection needs a reason')
      const annotation = input.annotationId === null ? undefined : annotationById(study.db.read, input.annotationId)
      if (input.decision === 'corrected' && (annotation === undefined || annotation.image_id !== segmentation.image_id || annotation.purpose !== 'correction')) throw new Failure('invalid_input', 'a correction needs the corrected contour')
      const fused = masksOfSegmentation(study.db.read, segmentation.id).find((m) => m.model === 'fusion')
      const image = imageById(study.db.read, segmentation.image_id)
      const against = annotation === undefined || fused === undefined || image === undefined ? null : compare(loadMask(study, annotation.mask), loadMask(study, fused.mask), spacingOf(image.calibration))
      const earlier = newestReview(study.db.read, segmentation.id)
      const settled = earlier === undefined || earlier.account_id === caller.account.id || image === undefined ? null : { review: earlier, question: openQuestion(study.db.read, segmentation.id)?.question ?? null, ...settlement(study, earlier, { decision: input.decision, mask: annotation?.mask ?? null }, fused?.mask ?? null, image.calibration) }
      const id = world.ids.next(), adjudicationId = world.ids.next()
      study.db.write(caller.actor, (tx) => {
        tx.insert('review', {
          id, case_id: input.caseId, segmentation_id: segmentation.id, account_id: caller.account.id, decision: input.decision, reason: input.reason, difficulty: input.difficulty, comment: input.comment, seconds: input.seconds,
          annotation_id: annotation?.id ?? null, dice_to_fused: against?.dice ?? null, hd95_to_fused: against?.hd95 ?? null, created_at: tx.at, origin: tx.origin,
        })
        tx.audit({ action: `review.${input.decision}`, subject: 'review', id, reason: input.reason })
        if (settled === null) return
        tx.insert('adjudication', { id: adjudicationId, segmentation_id: segmentation.id, review_id: id, settles: settled.review.id, agrees: settled.agrees ? 1 : 0, dice: settled.dice, hd95: settled.hd95, created_at: tx.at, origin: tx.origin })
        tx.audit({ action: 'review.adjudicate', subject: 'adjudication', id: adjudicationId, old: settled.review.decision, new: input.decision, reason: settled.question })
      })
      if (input.decision === 'corrected' && annotation !== undefined && image !== undefined && annotation.area_px > 0) await recompute(world, inference, study, caller.actor, { caseId: input.caseId, imageId: image.id, annotationId: annotation.id, object: frameObjects(study.db.read, image.id)[annotation.frame] ?? image.object, mask: annotation.mask })
      return { review: toReview(study, newestReview(study.db.read, segmentation.id) as StoredReview) }
    },
  }
}

/** Whether a second reviewer comes to the same decision, and how far the two standing masks are apart; null where a decision leaves none. */
function settlement(study: OpenStudy, first: StoredReview, second: { decision: StoredReview['decision']; mask: string | null }, fused: string | null, calibration: string): { agrees: boolean; dice: number | null; hd95: number | null } {
  const standing = (decision: StoredReview['decision'], mask: string | null): string | null => (decision === 'rejected' ? null : decision === 'corrected' ? mask : fused)
  const a = standing(first.decision, first.mask), b = standing(second.decision, second.mask)
  const apart = a === null || b === null ? null : compare(loadMask(study, b), loadMask(study, a), spacingOf(calibration))
  return { agrees: first.decision === second.decision, dice: apart?.dice ?? null, hd95: apart?.hd95 ?? null }
}

/** The signature of the corrected mask, kept beside the automatic one's. The review is stored by then: where a network fails, the log says why and the next automatic segmentation makes it. */
async function recompute(world: World, inference: Inference, study: OpenStudy, actor: string, target: { caseId: string; imageId: string; annotationId: string; object: string; mask: string }): Promise<void> {
  const set = registryOf(inference).signatureSet(study.signatureSet)
  if (set === null) return
  unwrap(maskFromBytes(study.objects.get(target.mask)))
  try {
    const answer = await inference.ask({ kind: 'classify', image: study.objects.get(target.object), mask: study.objects.get(target.mask), networks: set.networks, provider: 'cpu' })
    await storeSignatures({ study, world, actor }, { caseId: target.caseId, imageId: target.imageId, segmentationId: null, annotationId: target.annotationId, kind: 'corrected' }, answer, set)
  } catch (error) {
    world.logger.error({ error, caseId: target.caseId }, 'the signature of a corrected mask could not be computed; the next automatic segmentation will try again')
  }
}
