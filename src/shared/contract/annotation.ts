import { z } from 'zod'
import { mutation, query } from './call.ts'
import { assetUrl, calibration, done, id, interval, isoTime, nothing, rle, shortText, text } from './common.ts'

/**
 * What a task may show besides the picture, where the investigator says so: the fused mask as a contour to look at, the fused mask as what the drawing begins with,
 * the stored contours of other annotators. None of it: blind, as every task is by default.
 */
export const TASK_SHOWS = ['model', 'start', 'others'] as const
const taskShows = z.enum(TASK_SHOWS)
export type TaskShows = z.infer<typeof taskShows>
/** What the author of a drawing had seen: what a task showed, or `everything`, by an investigator's account. */
const seen = z.enum(['everything', ...TASK_SHOWS])
export type Seen = z.infer<typeof seen>
const shows = z.array(taskShows).max(TASK_SHOWS.length).default([])

/** What an annotator sees of a task: a number, never a case label, patient, outcome or anyone else's contour. */
export const annotationTask = z.object({
  id, number: z.number().int(),
  /** Which of the case's images that this person is to draw it is, and how many those are. They share the number. */
  image: z.number().int(), images: z.number().int(),
  round: z.number().int(), state: z.enum(['open', 'drawn', 'flagged']), /** Null while the task is locked: a repeat is not looked at before its washout. */
  thumbnail: assetUrl.nullable(), updatedAt: isoTime.nullable(), notBefore: isoTime.nullable(),
  /** A repeat of this picture waits to be drawn: until then the earlier drawing cannot be opened. */
  closed: z.boolean(),
  shows: z.array(taskShows),
})
export type AnnotationTask = z.infer<typeof annotationTask>

export const annotationVersion = z.object({ id, version: z.number().int(), at: isoTime, author: z.string(), areaPx: z.number(), activeSeconds: z.number(), appVersion: z.string(), frame: z.number().int(),
  /** Gestures by tool, since the version before. */
  tools: z.record(z.string(), z.number()),
  /** The journal entry up to which it holds the drawing. */
  seq: z.number().int(),
  /** What its author had been shown of this picture by then, or could look at; empty: drawn blind. */
  shown: z.array(seen),
})
export type AnnotationVersion = z.infer<typeof annotationVersion>

/** One entry of the undo journal, as the editor made it; opaque to the server beyond its format version. */
export const journalEntry = z.object({ v: z.number().int(), seq: z.number().int().positive(), gesture: z.string().max(80) }).loose()
export type JournalEntry = z.infer<typeof journalEntry>

export const openedAnnotation = z.object({
  taskId: id, number: z.number().int(), imageId: id, imageUrl: assetUrl, width: z.number().int(), height: z.number().int(), frames: z.number().int(), calibration,
  journal: z.array(journalEntry), versions: z.array(annotationVersion), flag: z.string().nullable(), flagComment: z.string(),
  /** What this task shows, and the contours that it therefore brings; both are empty when it is drawn blind. Other annotators have numbers, no names. */
  shows: z.array(taskShows), references: z.array(z.object({ id: z.string(), kind: z.enum(['model', 'other']), title: z.string(), frame: z.number().int(), mask: rle })),
  /** The mask to start from: the fused mask in a correction or where the task says so, else nothing (blind drawing). */
  start: rle.nullable(), startFrame: z.number().int(),
  /** milliseconds from one frame to the next; null where the file does not say */
  frameTimeMs: z.number().nullable(),
  /** The picture of each frame; the first is `imageUrl`. */
  frameUrls: z.array(assetUrl),
  /** Pictures of the caller's tasks before and after this one, to be decoded ahead: pixels only. */
  preload: z.array(assetUrl),
})
export type OpenedAnnotation = z.infer<typeof openedAnnotation>

const drawer = ['annotator', 'investigator'] as const

/** Two stored masks of one picture, with what tells them apart; lengths in `unit`. Null where a figure is 0/0 (an empty mask). */
const maskPair = z.object({ dice: z.number().nullable(), iou: z.number().nullable(), hd95: z.number().nullable(), asd: z.number().nullable(), unit: z.enum(['mm', 'px']) })
export type MaskPair = z.infer<typeof maskPair>

export const comparedAnnotations = maskPair.extend({
  imageUrl: assetUrl, width: z.number().int(), height: z.number().int(), calibration, frame: z.number().int(),
  a: z.object({ id, title: z.string(), mask: rle, areaPx: z.number() }), b: z.object({ id, title: z.string(), mask: rle, areaPx: z.number() }),
})
export type ComparedAnnotations = z.infer<typeof comparedAnnotations>

export const FLAGS = ['poor quality', 'no lesion', 'several lesions', 'question'] as const

export const drawingRound = z.object({ round: z.number().int(), total: z.number().int(), drawn: z.number().int(), flagged: z.number().int(), begun: z.number().int(), locked: z.number().int(), opensOn: isoTime.nullable(), activeSeconds: z.number(), lastAt: isoTime.nullable(),
  /** Tasks that show something, or whose annotator sees everything. */
  shown: z.number().int() })
/** `seesEverything`: the person has an investigator's account, so no drawing of theirs is blind. */
export const drawingProgress = z.object({ accountId: id, login: z.string(), name: z.string(), role: z.string(), disabled: z.boolean(), seesEverything: z.boolean(), rounds: z.array(drawingRound) })
export type DrawingProgress = z.infer<typeof drawingProgress>
export const flaggedTask = z.object({ id, taskId: id, caseId: id, label: z.string(), annotator: z.string(), round: z.number().int(), flag: z.string(), comment: z.string(), at: isoTime })
export type FlaggedTask = z.infer<typeof flaggedTask>

/** One person's reading of a round, or the masks that were imported. What was drawn with the model's mask or another contour in view, or by who sees everything, is a rater of its own. */
export const rater = z.object({ key: z.string(), name: z.string(), accountId: id.nullable(), round: z.number().int(), drawings: z.number().int(), blind: z.boolean() })
export type Rater = z.infer<typeof rater>

const summary = z.object({ n: z.number().int(), mean: z.number().nullable(), sd: z.number().nullable(), median: z.number().nullable(), ci95: interval.nullable() })
export type AgreementSummary = z.infer<typeof summary>
export const MEASURES = ['area', 'perimeter', 'longAxis', 'shortAxis'] as const
const measureAgreement = z.object({
  measure: z.enum(MEASURES), unit: z.enum(['mm', 'mm²', 'px', 'px²']), n: z.number().int(), icc: z.object({ estimate: z.number(), lower: z.number().nullable(), upper: z.number().nullable(), subjects: z.number().int(), raters: z.number().int() }).nullable(),
  bias: z.number().nullable(), limits: interval.nullable(), note: z.string(),
  /** mean and difference (first minus second) of each pair of drawings */
  points: z.array(z.object({ caseId: id, label: z.string(), raters: z.string(), a: id, b: id, mean: z.number(), difference: z.number() })),
})
export type MeasureAgreement = z.infer<typeof measureAgreement>
const agreementCase = maskPair.extend({ caseId: id, label: z.string(), a: id, b: id, raters: z.string() })
export type AgreementCase = z.infer<typeof agreementCase>

/** A pair of raters, or all pairs of a kind together. `reference`: a person against the imported masks. */
export const agreementRow = z.object({
  id: z.string(), kind: z.enum(['intra', 'inter', 'reference']), overall: z.boolean(), title: z.string(), n: z.number().int(),
  /** False where one side or both were drawn with the model's mask or another contour in view, or by who sees everything. Overall rows hold blind pairs only. */
  blind: z.boolean(),
  dice: summary, iou: summary, hd95: summary, asd: summary, unit: z.enum(['mm', 'px']), measures: z.array(measureAgreement), worst: z.array(agreementCase), note: z.string(),
})
export type AgreementRow = z.infer<typeof agreementRow>
export const agreementReport = z.object({ raters: z.array(rater), rows: z.array(agreementRow), sentence: z.string(), consensus: z.object({ possible: z.number().int(), stored: z.number().int(), /** Drawings that a consensus leaves out by default because they were not drawn blind. */ notBlind: z.number().int() }) })
export type AgreementReport = z.infer<typeof agreementReport>

export const MASK_FORMATS = ['png', 'nifti', 'nrrd', 'coco', 'labelme', 'dicom'] as const
export type MaskFormat = (typeof MASK_FORMATS)[number]
const path = z.string().trim().min(1).max(1000)

export const annotationCalls = {
  /** `seesEverything`: the caller has an investigator's account, so that nothing of this is drawn blind. */
  'annotation.tasks': query(drawer, nothing, z.object({ tasks: z.array(annotationTask), seesEverything: z.boolean() })),
  'annotation.open': mutation(drawer, z.strictObject({ taskId: id }), openedAnnotation),
  /** A correction of an automatic mask: a task of the investigator's own, made on demand. */
  'annotation.openCorrection': mutation(['investigator'], z.strictObject({ caseId: id, segmentationId: id }), openedAnnotation),
  /** Durable on return (synchronous=FULL): only then may the editor show "saved". `afterSeq` is what the client believes is stored. */
  'annotation.append': mutation(drawer, z.strictObject({ taskId: id, afterSeq: z.number().int(), entries: z.array(journalEntry).min(1).max(500) }), z.object({ storedSeq: z.number().int(), at: isoTime })),
  'annotation.save': mutation(drawer, z.strictObject({
    taskId: id, frame: z.number().int().min(0).default(0), document: z.string().max(20_000_000), mask: rle, activeSeconds: z.number().min(0), tools: z.record(z.string(), z.number()),
    /** The journal entry up to which the document holds the drawing. */
    seq: z.number().int().min(0).default(0),
  }), z.object({ version: annotationVersion })),
  'annotation.flag': mutation(drawer, z.strictObject({ taskId: id, flag: z.enum(FLAGS).nullable(), comment: text }), done),
  'annotation.assign': mutation(['investigator'], z.strictObject({ accountId: id, cohort: shortText.optional(), caseIds: z.array(id).max(20_000).optional(), round: z.number().int().min(1).default(1), notBefore: isoTime.nullable().default(null),
    /** One image a case (the chosen largest cross-section, else the first), or every image of it. */
    images: z.enum(['representative', 'every']).default('representative'),
    /** Nothing: drawn blind. */
    shows }), z.object({ created: z.number().int(), cases: z.number().int(), /** Tasks that are to show the model's mask, of pictures that have none yet. */ withoutMask: z.number().int() })),
  /** Two stored versions of one picture. An annotator compares versions of one own task only; an investigator any two drawings of a picture. */
  'annotation.compare': query(drawer, z.strictObject({ a: id, b: id }), comparedAnnotations),
  'annotation.overview': query(['investigator'], nothing, z.object({ annotators: z.array(drawingProgress), flags: z.array(flaggedTask), cohorts: z.array(z.object({ name: z.string(), cases: z.number().int() })) })),
  /** The same random subset of what one annotator has drawn again: by that person after a washout, and by a second one. */
  'annotation.assignRepeat': mutation(['investigator'], z.strictObject({
    accountId: id, secondAccountId: id.nullable().default(null), cohort: shortText.nullable().default(null), size: z.number().int().min(2).max(20_000).default(50), seed: z.number().int().default(1), washoutDays: z.number().int().min(0).max(730).default(14), shows,
  }), z.object({ chosen: z.number().int(), drawn: z.number().int(), repeats: z.number().int(), seconds: z.number().int(), round: z.number().int(), opensFrom: isoTime.nullable(), opensTo: isoTime.nullable() })),
  'annotation.agreement': query(['investigator'], z.strictObject({ cohort: shortText.nullable().default(null) }), agreementReport),
  /** A consensus of the first drawings of each picture with two annotators or more, stored as a new version that names its sources. */
  'annotation.consensus': mutation(['investigator'], z.strictObject({ method: z.enum(['staple', 'majority']), caseIds: z.array(id).max(20_000).nullable().default(null), cohort: shortText.nullable().default(null),
    /** Also drawings that were not made blind. */
    notBlind: z.boolean().default(false) }), z.object({ stored: z.number().int(), unchanged: z.number().int(), left: z.number().int() })),
  /** `reference`: the one mask that counts as the truth of each case. `drawings`: every annotator's newest. */
  'annotation.export': mutation(['investigator'], z.strictObject({ to: path, format: z.enum(MASK_FORMATS), what: z.enum(['reference', 'drawings']).default('reference'), cohort: shortText.nullable().default(null), images: z.boolean().default(false) }), z.object({ jobId: id })),
  'annotation.import': mutation(['investigator'], z.strictObject({ from: path, format: z.enum(MASK_FORMATS) }), z.object({ jobId: id })),
}
