import { z } from 'zod'
import { mutation, query } from './call.ts'
import { cohortRole, id, isoTime, nothing, rle, shortText } from './common.ts'

const path = z.string().trim().min(1).max(1000)
export const EXPORT_MASK_FORMATS = ['png', 'nifti', 'nrrd', 'coco'] as const
export type ExportMaskFormat = (typeof EXPORT_MASK_FORMATS)[number]
const mark = z.strictObject({ file: path, mask: rle })
export const jobRef = z.object({ jobId: id })

export const cohortSummary = z.object({
  name: z.string(), role: cohortRole, cases: z.number().int(), patients: z.number().int(), positive: z.number().int(), negative: z.number().int(), unknown: z.number().int(),
})
export const flowRow = z.object({ hospital: z.string(), reason: z.string().nullable(), cases: z.number().int() })
/** Included cases of a hospital in a cohort; null: not assigned to one yet. */
export const cohortFlowRow = z.object({ hospital: z.string(), cohort: z.string().nullable(), cases: z.number().int() })

export const studySummary = z.object({
  id, name: z.string(), directory: z.string(), createdAt: isoTime, synthetic: z.boolean(), outcome: z.object({ column: z.string(), positive: z.string(), label: z.string() }), signatureSet: z.string(), segmentationSet: z.string(),
  cohorts: z.array(cohortSummary), flow: z.array(flowRow), cohortFlow: z.array(cohortFlowRow),
  counts: z.object({ cases: z.number().int(), images: z.number().int(), excluded: z.number().int(), segmented: z.number().int(), reviewed: z.number().int(), annotated: z.number().int(), readings: z.number().int() }),
})
export type StudySummary = z.infer<typeof studySummary>
export type CohortSummary = z.infer<typeof cohortSummary>

/** The sets of this computer. `missing`: what a segmentation set lacks, so that it cannot run; `signature`: the network whose probability is the DL signature. */
export const modelSetList = z.object({
  segmentation: z.array(z.object({ name: z.string(), shipped: z.boolean(), missing: z.array(z.string()) })),
  signature: z.array(z.object({ name: z.string(), shipped: z.boolean(), networks: z.array(z.string()), signature: z.string() })),
})
export type ModelSets = z.infer<typeof modelSetList>

export const studyCalls = {
  'study.recent': query('anyone', nothing, z.object({ studies: z.array(z.object({ directory: z.string(), name: z.string(), openedAt: isoTime })), demoDirectory: z.string() }), { study: 'optional' }),
  'study.openDemo': mutation('anyone', nothing, z.object({ jobId: id.nullable() }), { study: 'optional' }),
  'study.create': mutation('anyone', z.strictObject({
    directory: path, name: shortText, outcomeColumn: shortText.optional(), outcomePositive: shortText.optional(),
    /** left out: the sets that ship for this outcome */
    segmentationSet: shortText.optional(), signatureSet: shortText.optional(),
    investigator: z.strictObject({ login: z.string().trim().min(2).max(40), name: shortText, password: z.string().min(10).max(400) }),
  }), z.object({ directory: z.string() }), { study: 'optional' }),
  'study.modelSets': query('anyone', nothing, modelSetList, { study: 'optional' }),
  /** Chooses the sets that the study uses; what other sets made is kept. */
  'study.setModels': mutation(['investigator'], z.strictObject({ segmentation: shortText.optional(), signature: shortText.optional(), reason: shortText }), z.object({ segmentation: z.string(), signature: z.string() })),
  'study.open': mutation('anyone', z.strictObject({ directory: path }), z.object({ directory: z.string() }), { study: 'optional' }),
  'study.summary': query(['investigator'], nothing, studySummary),
  'study.setCohortRole': mutation(['investigator'], z.strictObject({ cohort: shortText, role: cohortRole, reason: shortText }), z.object({ cohorts: z.array(cohortSummary) })),
  /** `marks`: what a person marked to be blacked, by the image's path in the manifest */
  'study.import': mutation(['investigator'], z.strictObject({ manifest: path, marks: z.array(mark).max(20_000).default([]) }), jobRef),
  'study.importDicom': mutation(['investigator'], z.strictObject({ folder: path, cohort: z.string().trim().max(200).optional(),
    /** pictures where no ultrasound region says where text may be: taken with a warning, or refused */
    unreviewed: z.enum(['keep', 'refuse']).default('keep'),
    /** what a person marked to be blacked, by the file's path below the folder */
    marks: z.array(mark).max(20_000).default([]),
    /** only these files; left out: all */
    only: z.array(path).max(100_000).optional(),
    /** the file itself is stored too, with every identifier in it */
    keepOriginal: z.boolean().default(false) }), jobRef),
  'study.split': mutation(['investigator'], z.strictObject({ hospital: shortText, train: z.number().min(0.05).max(0.95), seed: z.number().int() }), z.object({ cohorts: z.array(cohortSummary) })),
  'study.verify': mutation(['investigator'], nothing, jobRef),
  /** `files`: `masks` besides PNG, `cohorts` by name ('' are cases without one; left out: all). Training takes included cases of a cohort only. */
  'study.export': mutation(['investigator'], z.strictObject({
    to: path, format: z.enum(['training', 'files']), masks: z.array(z.enum(EXPORT_MASK_FORMATS)).default(['png']), cohorts: z.array(z.string().max(200)).optional(), excluded: z.boolean().default(true), tables: z.boolean().default(true),
  }), jobRef),
  'study.backup': mutation(['investigator'], z.strictObject({ to: path }), jobRef),
}
