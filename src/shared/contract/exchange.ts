import { z } from 'zod'
import { mutation, query } from './call.ts'
import { assetUrl, calibration, cohortRole, done, id, isoTime, nothing, rle, shortText } from './common.ts'
import { jobRef } from './study.ts'

const path = z.string().trim().min(1).max(1000)
const count = z.number().int()
const pixel = z.number().int().min(0).max(100_000)
export const pixelBox = z.object({ x0: pixel, y0: pixel, x1: pixel, y1: pixel })
export type PixelBoxValue = z.infer<typeof pixelBox>

export const FATES = ['kept', 'replaced', 'shifted', 'emptied', 'removed'] as const
/** One attribute of a file, or column of a manifest, and what becomes of it. The old value is never in here. */
export const attributeFate = z.object({ tag: z.string(), name: z.string(), fate: z.enum(FATES), why: z.string(), now: z.string().nullable() })
export const inspectedFile = z.object({
  file: z.string(), frames: count, rows: count, columns: count, patient: z.string(), case: z.string(), known: z.boolean(), manufacturer: z.string(), model: z.string(), scale: z.string(),
  /** null: the whole picture stays */
  keepInside: z.array(pixelBox).nullable(), boxes: z.array(pixelBox), redaction: z.string(), needsReview: z.boolean(), attributes: z.array(attributeFate), warnings: z.array(z.string()),
})
export type InspectedFile = z.infer<typeof inspectedFile>
/** The result of the job of `exchange.inspect`; it is shown and never stored. */
export interface Inspection { readonly source: 'dicom' | 'manifest'; readonly root: string; readonly files: readonly InspectedFile[]; readonly refused: readonly { readonly file: string; readonly reason: string }[] }

export const scannerTemplate = z.object({ id, manufacturer: z.string(), model: z.string(), columns: count, rows: count, boxes: z.array(pixelBox), author: z.string(), at: isoTime, reviewer: z.string().nullable(), reviewedAt: isoTime.nullable(), inForce: z.boolean() })
export type ScannerTemplateRow = z.infer<typeof scannerTemplate>

export const withdrawalPlan = z.object({ patient: z.string(), cases: z.array(z.string()), images: count, drawings: count, segmentations: count, readings: count, drafts: count, files: count, copies: z.array(z.string()), doubtful: z.array(z.string()) })
export const withdrawalReport = withdrawalPlan.extend({ tombstone: z.string(), removedFiles: count, redactedEntries: count, redactedTexts: count })
export type WithdrawalReportValue = z.infer<typeof withdrawalReport>

/** What of a case an export carries besides its files, so that it is read back as it was. Paths are relative to the export. */
const exportedImage = z.object({
  ordinal: count, width: count, height: count, frames: z.array(z.string()).min(1), calibration, name: z.string(), frameTimeMs: z.number().nullable(), keyFrame: z.object({ frame: count, rule: z.string() }).nullable(),
  mask: z.object({ file: z.string(), frame: count }).nullable(),
})
const exportedCase = z.object({
  label: z.string(), patient: z.string(), cohort: z.string().nullable(), hospital: z.string().nullable(), excludedReason: z.string().nullable(), outcome: z.union([z.literal(0), z.literal(1)]).nullable(), variables: z.record(z.string(), z.string()), images: z.array(exportedImage),
})
/** `study.json` of an export for others. */
export const exportedStudy = z.object({
  format: z.literal('sln-study'), version: z.literal(1), study: z.string(), synthetic: z.boolean(), outcome: z.object({ column: z.string(), positive: z.string(), label: z.string() }), withdrawn: count,
  cohorts: z.array(z.object({ name: z.string(), role: cohortRole, ordinal: count })), cases: z.array(exportedCase),
})
export type ExportedStudy = z.infer<typeof exportedStudy>
export type ExportedCase = z.infer<typeof exportedCase>
export interface ExportImportReport { readonly cases: number; readonly images: number; readonly masks: number; readonly refused: readonly { readonly case_id: string; readonly reason: string }[] }

const place = z.strictObject({ x: z.number(), y: z.number() })
const scaleLine = { from: place, to: place, mm: z.number().positive().max(1000) }
export const exchangeCalls = {
  /** Reads a DICOM folder or a manifest and says what an import would keep, change and remove; nothing is stored. */
  'exchange.inspect': mutation(['investigator'], z.strictObject({ source: z.enum(['dicom', 'manifest']), path }), jobRef),
  /** A frame of a file that is not imported yet, as it is: for marking text in it. */
  'exchange.picture': query(['investigator'], z.strictObject({ source: z.enum(['dicom', 'manifest']), root: path, file: path, frame: count.min(0).default(0) }), z.object({ url: assetUrl })),
  'exchange.templates': query(['investigator'], nothing, z.object({ templates: z.array(scannerTemplate) })),
  'exchange.saveTemplate': mutation(['investigator'], z.strictObject({ manufacturer: z.string().max(200), model: z.string().max(200), columns: count.min(1), rows: count.min(1), boxes: z.array(pixelBox).min(1).max(200) }), z.object({ id })),
  'exchange.reviewTemplate': mutation(['investigator'], z.strictObject({ id }), z.object({ done: z.literal(true) })),
  /** Blacks part of a stored picture (a mask, rectangles, or both), in every frame; the old pixels are removed. */
  'exchange.redact': mutation(['investigator'], z.strictObject({ imageId: id, mask: rle.optional(), boxes: z.array(pixelBox).max(200).default([]), reason: shortText }), z.object({ frames: count, pixels: count, removedFiles: count, copies: z.array(z.string()) })),
  /** By a line of known length; a second line of another direction where pixels are not square. */
  'exchange.calibrate': mutation(['investigator'], z.strictObject({ imageId: id, ...scaleLine, second: z.strictObject(scaleLine).optional(), reason: shortText, bounds: z.strictObject({ left: z.number(), top: z.number(), width: z.number().positive(), height: z.number().positive() }).optional() }), z.object({ calibration })),
  /** What an export would hold, by cohort (null: in none), and what stays behind. */
  'exchange.exportPlan': query(['investigator'], nothing, z.object({ cohorts: z.array(z.object({ name: z.string().nullable(), cases: count, images: count, masks: count })), excluded: count, withdrawn: count, openReadings: count })),
  /** Reads an export for others back, after checking every hash; a job with an `ExportImportReport`. */
  'exchange.importExport': mutation(['investigator'], z.strictObject({ folder: path }), jobRef),
  'exchange.withdrawals': query(['investigator'], nothing, z.object({ patients: z.array(z.object({ label: z.string(), cases: count })), withdrawn: z.array(z.object({ id, patient: z.string(), cases: count, images: count, reason: z.string(), at: isoTime })) })),
  'exchange.withdrawPlan': query(['investigator'], z.strictObject({ patient: shortText }), withdrawalPlan),
  /** `confirm` must be the patient's label again. */
  'exchange.withdraw': mutation(['investigator'], z.strictObject({ patient: shortText, confirm: z.string().max(200), reason: shortText }), withdrawalReport),
  /** Lets a patient who withdrew be imported again, where consent was given anew. */
  'exchange.readmit': mutation(['investigator'], z.strictObject({ patient: shortText, reason: shortText }), done),
}
