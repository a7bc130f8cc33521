import { z } from 'zod'
import { mutation, query } from './call.ts'
import { assetUrl, calibration, done, id, isoTime, nothing, shortText } from './common.ts'

export const scale = z.enum(['points5', 'percent100'])
export const call = z.enum(['positive', 'negative'])

/** What a reader sees of a session: a title, a count and the next position. */
export const readingSession = z.object({ id, title: z.string(), question: z.string(), scale, total: z.number().int(), done: z.number().int(), state: z.enum(['open', 'finished', 'washout', 'closed']), availableFrom: isoTime.nullable() })
export type ReadingSession = z.infer<typeof readingSession>

export const readingDraft = z.object({ call: call.nullable(), rating: z.number().nullable(), activeSeconds: z.number() })
export const readingItem = z.object({
  sessionId: id, position: z.number().int(), total: z.number().int(), done: z.number().int(), imageUrl: assetUrl, width: z.number().int(), height: z.number().int(), calibration, draft: readingDraft.nullable(), scale,
  /** The next image, so that it can be decoded ahead. */
  nextImageUrl: assetUrl.nullable(),
})
export type ReadingItem = z.infer<typeof readingItem>

const answer = { sessionId: id, position: z.number().int().positive(), call: call.nullable(), rating: z.number().min(0).max(100).nullable(), activeSeconds: z.number().min(0).max(86_400) }

export const protocolInfo = z.object({
  id, name: z.string(), version: z.number().int(), state: z.enum(['draft', 'started', 'closed']), hash: z.string(), scale, cases: z.number().int(), cohorts: z.array(z.string()), startedAt: isoTime.nullable(), closedAt: isoTime.nullable(), closeReason: z.string().nullable(),
  readers: z.array(z.object({ accountId: id, name: z.string(), seniority: z.string().nullable(), sessions: z.array(z.object({ id, ordinal: z.number().int(), done: z.number().int(), total: z.number().int(), medianSeconds: z.number().nullable() })) })),
})
export type ProtocolInfo = z.infer<typeof protocolInfo>

export const readingCalls = {
  'reading.sessions': query(['reader'], nothing, z.object({ sessions: z.array(readingSession) })),
  'reading.next': query(['reader'], z.strictObject({ sessionId: id }), z.object({ item: readingItem.nullable() })),
  'reading.draft': mutation(['reader'], z.strictObject(answer), z.object({ savedAt: isoTime })),
  'reading.submit': mutation(['reader'], z.strictObject({ ...answer, call, rating: z.number().min(0).max(100), confirmed: z.boolean().default(false) }), z.object({ item: readingItem.nullable() })),
  'reading.events': mutation(['reader'], z.strictObject({ sessionId: id, position: z.number().int().positive(), events: z.array(z.strictObject({ at: isoTime, kind: z.enum(['zoom', 'pan', 'window', 'frame', 'pause', 'resume', 'measure']), value: z.string().max(200) })).max(500) }), done),
  'protocol.list': query(['investigator'], nothing, z.object({ protocols: z.array(protocolInfo) })),
  'protocol.create': mutation(['investigator'], z.strictObject({
    name: shortText, cohorts: z.array(shortText).min(1), readers: z.array(id).min(1), scale, sessions: z.number().int().min(1).max(2).default(1), washoutDays: z.number().int().min(0).max(3650).default(28), seed: z.number().int(),
  }), protocolInfo),
  'protocol.start': mutation(['investigator'], z.strictObject({ protocolId: id }), protocolInfo),
  'protocol.close': mutation(['investigator'], z.strictObject({ protocolId: id, reason: shortText }), protocolInfo),
}
