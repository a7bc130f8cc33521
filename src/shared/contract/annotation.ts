import { z } from 'zod'
import { mutation, query } from './call.ts'
import { assetUrl, calibration, done, id, isoTime, nothing, rle, shortText, text } from './common.ts'

/** What an annotator sees of a task: a number, never a case label, patient, outcome or anyone else's contour. */
export const annotationTask = z.object({
  id, number: z.number().int(), round: z.number().int(), state: z.enum(['open', 'drawn', 'flagged']), thumbnail: assetUrl, updatedAt: isoTime.nullable(), notBefore: isoTime.nullable(),
})
export type AnnotationTask = z.infer<typeof annotationTask>

export const annotationVersion = z.object({ id, version: z.number().int(), at: isoTime, author: z.string(), areaPx: z.number(), activeSeconds: z.number(), appVersion: z.string() })

/** One entry of the undo journal, as the editor made it; opaque to the server beyond its format version. */
export const journalEntry = z.object({ v: z.number().int(), seq: z.number().int().positive(), gesture: z.string().max(80) }).loose()
export type JournalEntry = z.infer<typeof journalEntry>

export const openedAnnotation = z.object({
  taskId: id, number: z.number().int(), imageId: id, imageUrl: assetUrl, width: z.number().int(), height: z.number().int(), frames: z.number().int(), calibration,
  journal: z.array(journalEntry), versions: z.array(annotationVersion), flag: z.string().nullable(),
  /** The mask to start from: the fused mask in a correction, else nothing (blind drawing). */
  start: rle.nullable(),
})
export type OpenedAnnotation = z.infer<typeof openedAnnotation>

const drawer = ['annotator', 'investigator'] as const

export const annotationCalls = {
  'annotation.tasks': query(drawer, nothing, z.object({ tasks: z.array(annotationTask) })),
  'annotation.open': mutation(drawer, z.strictObject({ taskId: id }), openedAnnotation),
  /** A correction of an automatic mask: a task of the investigator's own, made on demand. */
  'annotation.openCorrection': mutation(['investigator'], z.strictObject({ caseId: id, segmentationId: id }), openedAnnotation),
  /** Durable on return (synchronous=FULL): only then may the editor show "saved". `afterSeq` is what the client believes is stored. */
  'annotation.append': mutation(drawer, z.strictObject({ taskId: id, afterSeq: z.number().int(), entries: z.array(journalEntry).min(1).max(500) }), z.object({ storedSeq: z.number().int(), at: isoTime })),
  'annotation.save': mutation(drawer, z.strictObject({
    taskId: id, document: z.string().max(20_000_000), mask: rle, activeSeconds: z.number().min(0), tools: z.record(z.string(), z.number()),
  }), z.object({ version: annotationVersion })),
  'annotation.flag': mutation(drawer, z.strictObject({ taskId: id, flag: z.enum(['poor quality', 'no lesion', 'several lesions', 'question']).nullable(), comment: text }), done),
  'annotation.assign': mutation(['investigator'], z.strictObject({ accountId: id, cohort: shortText.optional(), caseIds: z.array(id).max(20_000).optional(), round: z.number().int().min(1).default(1), notBefore: isoTime.nullable().default(null) }), z.object({ created: z.number().int() })),
}
