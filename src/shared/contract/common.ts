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

/** millimetres per pixel of an image, or why there are none */
export const calibration = z.union([
  z.object({ kind: z.literal('none'), reason: z.string() }),
  z.object({ kind: z.literal('uniform'), mmPerPx: z.object({ x: z.number().positive(), y: z.number().positive() }), source: z.string() }),
])
export type Calibration = z.infer<typeof calibration>

/** A mask as alternating run lengths (off, on, off, ...) in row-major order. */
export const rle = z.object({ width: z.number().int().positive(), height: z.number().int().positive(), runs: z.array(z.number().int().nonnegative()) })
export type Rle = z.infer<typeof rle>
