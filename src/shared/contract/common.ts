import { z } from 'zod'
import { COHORT_ROLES, ROLES, SEGMENTATION_MODELS, SENIORITIES } from '#shared/domain/index.ts'

export const id = z.string().min(1).max(80)
export const text = z.string().max(4000)
export const shortText = z.string().trim().min(1).max(200)
export const isoTime = z.string()
export const role = z.enum(ROLES)
export const seniority = z.enum(SENIORITIES)
export const cohortRole = z.enum(COHORT_ROLES)
export const segmentationModel = z.enum(SEGMENTATION_MODELS)
export const nothing = z.strictObject({})
export const done = z.object({ done: z.literal(true) })
/** A path below the renderer's own origin that serves one asset to this session only. */
export const assetUrl = z.string()
export const fraction = z.number().min(0).max(1)
export const interval = z.tuple([z.number(), z.number()])

const rect = z.object({ left: z.number(), top: z.number(), width: z.number(), height: z.number() })

const regions = z.object({ kind: z.literal('regions'), regions: z.array(z.object({ bounds: rect, mmPerPixelX: z.number().positive(), mmPerPixelY: z.number().positive() })), source: z.string() })
/** The scale of an image as `shared/geometry` has it: calibrated regions, or the reason why there are none. */
export const calibration = z.union([
  /** `frames`: the frames of a cine have different scales, each its own. */
  z.object({ kind: z.literal('none'), reason: z.string(), frames: z.array(z.union([z.object({ kind: z.literal('none'), reason: z.string() }), regions])).optional() }),
  regions,
])

/** A mask as base64 of its run lengths (`maskToText` and `maskFromText` of `shared/geometry`). */
export const rle = z.string().max(20_000_000)
