import { z } from 'zod'
import { mutation, query } from './call.ts'
import { assetUrl, done, id, isoTime, shortText } from './common.ts'
import { jobRef } from './study.ts'

export const KEY_FRAME_RULES = ['largest cross-section', 'chosen by a person'] as const
const frame = z.number().int().min(0).max(100_000)

/** A cine with its pictures in order; frames count from 0. */
export const cine = z.object({
  imageId: id, label: z.string(), frames: z.number().int(),
  /** milliseconds from one frame to the next; null where the file does not say */
  frameTimeMs: z.number().positive().nullable(), urls: z.array(assetUrl),
  keyFrame: z.object({ frame, rule: z.enum(KEY_FRAME_RULES), suggested: frame.nullable(), chooser: z.string(), at: isoTime }).nullable(),
  /** area of the fused mask in every frame the present models have seen */
  areas: z.array(z.object({ frame, areaPx: z.number().int() })),
  /** the frame of the largest area, once every frame was seen and one has a lesion */
  suggestion: frame.nullable(),
})
export type Cine = z.infer<typeof cine>

export const cineCalls = {
  'cine.get': query(['investigator'], z.strictObject({ imageId: id }), cine),
  /** Segments every frame that the present models have not seen; result: `{ imageId, suggestion, areas }`. Nothing is chosen by it. */
  'cine.suggest': mutation(['investigator'], z.strictObject({ imageId: id }), jobRef),
  /** A person says which frame stands for the cine; the rule, what was suggested and who chose are stored. */
  'cine.choose': mutation(['investigator'], z.strictObject({ imageId: id, frame, rule: z.enum(KEY_FRAME_RULES), reason: shortText.nullable().default(null) }), done),
}
