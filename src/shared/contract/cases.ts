import { z } from 'zod'
import { mutation, query } from './call.ts'
import { assetUrl, calibration, done, id, isoTime, nothing, rle, shortText } from './common.ts'

/** A worklist row, for investigators only. */
export const caseRow = z.object({
  id, label: z.string(), patient: z.string(), cohort: z.string().nullable(), hospital: z.string().nullable(), images: z.number().int(), outcome: z.union([z.literal(0), z.literal(1)]).nullable(),
  excludedReason: z.string().nullable(), reference: z.boolean(), annotated: z.number().int(), segmentation: z.enum(['none', 'found', 'empty', 'failed']), review: z.enum(['none', 'accepted', 'corrected', 'rejected']),
  readings: z.number().int(), signature: z.number().nullable(), risk: z.number().nullable(),
})
export type CaseRow = z.infer<typeof caseRow>

export const caseImage = z.object({
  id, ordinal: z.number().int(), width: z.number().int(), height: z.number().int(), frames: z.number().int(), url: assetUrl, thumbnail: assetUrl, calibration, representative: z.boolean(), hasReference: z.boolean(),
  /** the frame that stands for a cine, and whose picture `url` is */
  keyFrame: z.number().int(),
  /** the ground truth and the newest fused mask, for the outlines of a preview, each with the frame that it is of */
  reference: rle.nullable(), referenceFrame: z.number().int(), fused: rle.nullable(), fusedFrame: z.number().int(),
})
export type CaseImage = z.infer<typeof caseImage>

export const auditEntry = z.object({
  seq: z.number().int(), origin: z.string(), at: isoTime, actor: z.string(), action: z.string(), subject: z.string(), subjectId: z.string(), old: z.string().nullable(), new: z.string().nullable(), reason: z.string().nullable(), hash: z.string(),
})
export type AuditEntry = z.infer<typeof auditEntry>

export const caseDetail = caseRow.extend({
  pictures: z.array(caseImage), variables: z.record(z.string(), z.string()), importedAt: isoTime,
  representativeRule: z.string(), audit: z.array(auditEntry),
})
export type CaseDetail = z.infer<typeof caseDetail>

export const caseCalls = {
  'cases.list': query(['investigator'], nothing, z.object({ cases: z.array(caseRow) })),
  'cases.get': query(['investigator'], z.strictObject({ caseId: id }), caseDetail),
  'cases.chooseRepresentative': mutation(['investigator'], z.strictObject({ caseId: id, imageId: id, reason: shortText }), done),
  /** Newest first. `before` is the last entry that was shown; `action` takes a beginning, such as 'review.'. `cases`: by subject id, the case that it belongs to. */
  'audit.list': query(['investigator'], z.strictObject({
    before: z.strictObject({ at: isoTime, origin: z.string().max(80), seq: z.number().int() }).optional(), actor: z.string().max(100).optional(), action: z.string().max(100).optional(), subject: z.string().max(100).optional(),
    subjectId: z.string().max(100).optional(), limit: z.number().int().min(1).max(500).default(200),
  }), z.object({ entries: z.array(auditEntry), total: z.number().int(), cases: z.record(z.string(), z.object({ id, label: z.string() })) })),
  /** What happened to one case, in the order it happened. */
  'audit.case': query(['investigator'], z.strictObject({ caseId: id }), z.object({ entries: z.array(auditEntry) })),
  /** What occurs in the log, to filter by. */
  'audit.facets': query(['investigator'], nothing, z.object({ actors: z.array(z.string()), actions: z.array(z.string()), subjects: z.array(z.string()) })),
}
