import { assertNever } from '#shared/lib/index.ts'
import type { DicomMasks } from '#shared/contract/index.ts'
import type { SegmentInfo } from '#main/formats/dicom/index.ts'
import type { ImageRecord } from '#main/database/queries/cases.ts'
import { annotationById, referenceFrames, type AnnotationRow } from '#main/database/queries/annotations.ts'
import { masksOfSegmentation, signaturesOfImage, standingSegmentation, type SegmentationRow, type SignatureRow } from '#main/database/queries/inference.ts'
import { signatureModel } from '#main/database/queries/combined.ts'
import { newestReview } from '#main/database/queries/review.ts'
import type { OpenStudy } from '../context.ts'

/** A mask that leaves the study: whose it is, of which frame, and the probability that goes with it. */
export interface ChosenMask {
  readonly frame: number
  /** hash of the stored run lengths */
  readonly mask: string
  readonly algorithm: SegmentInfo['algorithm']
  /** the person in whose name it stands; empty for a machine's work */
  readonly creator: string
  readonly madeAt: string
  readonly probability: number | null
  readonly corrected: boolean
}

/** The DL signature of a mask, by the set in use. */
function signatureOf(study: OpenStudy, imageId: string, is: (row: SignatureRow) => boolean): number | null {
  const set = signatureModel(study.db.read)?.model_set
  return signaturesOfImage(study.db.read, imageId).find((s) => s.is_signature === 1 && s.model_set === set && is(s))?.probability ?? null
}

const NETWORKS = 'DeepLabV3, U-Net, U-Net++ fused by boosted trees'

function ofAnnotation(study: OpenStudy, row: AnnotationRow): ChosenMask {
  const corrected = row.purpose === 'correction'
  return {
    frame: row.frame, mask: row.mask, algorithm: corrected ? { type: 'SEMIAUTOMATIC', name: NETWORKS } : row.purpose === 'consensus' ? { type: 'SEMIAUTOMATIC', name: 'Consensus of annotators' } : { type: 'MANUAL' },
    creator: row.account_id === null ? '' : row.author, madeAt: row.created_at, probability: signatureOf(study, row.image_id, (s) => s.annotation_id === row.id), corrected,
  }
}

function ofSegmentation(study: OpenStudy, row: SegmentationRow): ChosenMask[] {
  const fused = masksOfSegmentation(study.db.read, row.id).find((m) => m.model === 'fusion')
  if (row.state !== 'found' || fused === undefined || fused.area_px === 0) return []
  return [{ frame: row.frame, mask: fused.mask, algorithm: { type: 'AUTOMATIC', name: NETWORKS }, creator: '', madeAt: row.created_at, probability: signatureOf(study, row.image_id, (s) => s.segmentation_id === row.id), corrected: false }]
}

/** What the review left standing of the key frame: the correction, or the fused mask that was accepted. Rejected and unreviewed masks do not leave under this name. */
function reviewed(study: OpenStudy, row: SegmentationRow): ChosenMask[] {
  const review = newestReview(study.db.read, row.id)
  if (review === undefined || review.decision === 'rejected') return []
  const annotation = review.annotation_id === null ? undefined : annotationById(study.db.read, review.annotation_id)
  return annotation === undefined ? ofSegmentation(study, row) : [ofAnnotation(study, annotation)]
}

/** The masks of an image that are asked for, in frame order: of the key frame what the models and the review made, of every frame that has one the ground truth. */
export function chooseMasks(study: OpenStudy, image: ImageRecord, which: DicomMasks): ChosenMask[] {
  const standing = standingSegmentation(study.db.read, image.id)
  const found = ((): ChosenMask[] => {
    switch (which) {
      case 'reviewed': return standing === undefined ? [] : reviewed(study, standing)
      case 'fused': return standing === undefined ? [] : ofSegmentation(study, standing)
      case 'reference': return referenceFrames(study.db.read, image.id).map((row) => ofAnnotation(study, row))
      default: return assertNever(which)
    }
  })()
  return found.sort((a, b) => a.frame - b.frame)
}

export const chosenAnnotation = (study: OpenStudy, id: string): { imageId: string; chosen: ChosenMask } | null => {
  const row = annotationById(study.db.read, id)
  return row === undefined ? null : { imageId: row.image_id, chosen: ofAnnotation(study, row) }
}
