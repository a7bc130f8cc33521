import { Failure, type CallName, type CaseImage, type CaseRow } from '#shared/contract/index.ts'
import { maskToText } from '#shared/geometry/index.ts'
import { frameObjects } from '#main/database/queries/annotations.ts'
import { auditEntries, auditFacets, caseAudit, casesOfSubjects } from '#main/database/queries/auditLog.ts'
import { caseById, clinicalOf, imageById, imagesOfCase, representativeImage } from '#main/database/queries/cases.ts'
import { keyFrameOf } from '#main/database/queries/cine.ts'
import { currentSignatures, masksOfSegmentation, referenceAnnotation, standingSegmentation } from '#main/database/queries/inference.ts'
import { worklist, type WorklistRow } from '#main/database/queries/worklist.ts'
import type { Caller, Handlers, OpenStudy, World } from '../context.ts'
import { networksByImage, riskOf } from '../inference/risk.ts'
import { loadMask } from '../masks.ts'
import { imageAsset, thumbnailAsset } from './imageAssets.ts'

type Calls = Extract<CallName, `cases.${string}` | 'audit.list' | 'audit.facets' | 'audit.case'>

function toRow(row: WorklistRow, signature: number | null, risk: number | null): CaseRow {
  return {
    id: row.id, label: row.label, patient: row.patient, cohort: row.cohort, hospital: row.hospital, images: row.images, outcome: row.outcome, excludedReason: row.excluded_reason, reference: row.reference > 0, annotated: row.annotated,
    segmentation: row.state ?? (row.failures > 0 ? 'failed' : 'none'), review: row.decision ?? 'none', readings: row.readings, signature, risk,
  }
}

function rows(study: OpenStudy, caseId: string | null): CaseRow[] {
  const values = currentSignatures(study.db.read, caseId)
  const signatures = new Map(values.map((s) => [`${s.image_id}\n${s.model}`, s.probability])), networks = networksByImage(values)
  const risk = riskOf(study, caseId)
  return worklist(study.db.read, caseId).map((row) => {
    const value = row.image_id === null || risk.signatureModel === null ? null : (signatures.get(`${row.image_id}\n${risk.signatureModel}`) ?? null)
    return toRow(row, value, row.excluded_reason === null ? risk.of(row.id, value, networks.get(row.image_id ?? '')) : null)
  })
}

const maskText = (study: OpenStudy, hash: string | undefined): string | null => (hash === undefined ? null : maskToText(loadMask(study, hash)))

function picture(study: OpenStudy, caller: Caller, representative: string | undefined): (image: ReturnType<typeof imagesOfCase>[number]) => CaseImage {
  return (image) => {
    const reference = referenceAnnotation(study.db.read, image.id)
    const segmentation = standingSegmentation(study.db.read, image.id)
    const fused = segmentation === undefined ? undefined : masksOfSegmentation(study.db.read, segmentation.id).find((m) => m.model === 'fusion')
    const key = keyFrameOf(study.db.read, image.id)?.frame ?? 0
    const object = frameObjects(study.db.read, image.id)[key] ?? image.object
    return {
      id: image.id, ordinal: image.ordinal, width: image.width, height: image.height, frames: image.frames, keyFrame: key, url: caller.grant(`picture:${object}`, imageAsset(study, object)), thumbnail: caller.grant(`thumbnail:${object}`, thumbnailAsset(study, object)),
      calibration: JSON.parse(image.calibration) as CaseImage['calibration'], representative: image.id === representative, hasReference: reference !== undefined,
      reference: maskText(study, reference?.mask), referenceFrame: reference?.frame ?? 0, fused: maskText(study, fused?.mask), fusedFrame: segmentation?.frame ?? 0,
    }
  }
}

export function caseHandlers(world: World): Handlers<Calls> {
  return {
    'cases.list': ({ study }) => ({ cases: rows(study, null) }),
    'cases.get': ({ study, caller }, input) => {
      const [row] = rows(study, input.caseId)
      const record = caseById(study.db.read, input.caseId)
      if (row === undefined || record === undefined) throw new Failure('not_found', 'there is no such case')
      const standing = representativeImage(study.db.read, record.id)
      return {
        ...row, pictures: imagesOfCase(study.db.read, record.id).map(picture(study, caller, standing?.image_id)), variables: JSON.parse(clinicalOf(study.db.read, record.id)?.variables ?? '{}') as Record<string, string>,
        importedAt: record.imported_at, representativeRule: standing?.rule ?? 'no image', audit: caseAudit(study.db.read, record.id),
      }
    },
    'cases.chooseRepresentative': ({ study, caller }, input) => {
      if (imageById(study.db.read, input.imageId)?.case_id !== input.caseId) throw new Failure('not_found', 'that image is not of this case')
      study.db.write(caller.actor, (tx) => {
        const id = world.ids.next()
        tx.insert('representative_choice', { id, case_id: input.caseId, image_id: input.imageId, rule: 'chosen by a person', chooser: caller.actor, created_at: tx.at, origin: tx.origin })
        tx.audit({ action: 'case.representative', subject: 'representative_choice', id, new: input.imageId, reason: input.reason })
      })
      return { done: true }
    },
    'audit.case': ({ study }, input) => ({ entries: caseAudit(study.db.read, input.caseId) }),
    'audit.list': ({ study }, input) => {
      const found = auditEntries(study.db.read, input)
      return { ...found, cases: Object.fromEntries(casesOfSubjects(study.db.read, found.entries.map((e) => e.subjectId)).map((c) => [c.subject, { id: c.id, label: c.label }])) }
    },
    'audit.facets': ({ study }) => auditFacets(study.db.read),
  }
}
