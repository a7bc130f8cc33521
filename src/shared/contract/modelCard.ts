import { z } from 'zod'

const words = z.string().trim().min(1).max(4000)
/** What a person says of a graph that they bring: `card.json` of `sln models add`. */
export const addedModelCard = z.strictObject({
  /** how the model is called in tables; letters, digits, dashes */
  name: z.string().regex(/^[a-zA-Z0-9][a-zA-Z0-9._-]{0,59}$/, 'takes letters, digits, dots, dashes and underscores, 60 at most'),
  /** the set it belongs to; a signature set is chosen by this name (`sln create --signature`) */
  set: z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'takes small letters, digits and dashes, 40 at most'),
  version: z.string().trim().min(1).max(40),
  trained_on: words, not_for: words, licence: words,
  threshold: z.number().min(0).max(1).optional(),
  /** of a signature set: the network whose probability is the DL signature */
  is_signature: z.boolean().optional(),
  figures: words.optional(),
})
export type AddedModelCard = z.infer<typeof addedModelCard>
