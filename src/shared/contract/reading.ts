import { z } from 'zod'
import { mutation, query } from './call.ts'
import { assetUrl, calibration, done, fraction, id, isoTime, nothing, rle } from './common.ts'
import { readingAidName, readingPart, readingQuestion, scale } from './readerStudy.ts'

export const call = z.enum(['positive', 'negative'])

/** What a reader sees of a session: a title, what to do, a count and the next position. */
export const readingSession = z.object({
  id, title: z.string(), question: z.string(), instructions: z.string(), scale, parts: z.array(readingPart), aids: z.array(readingAidName), questions: z.number().int(), training: z.number().int(), timeLimitSeconds: z.number().nullable(), allowBack: z.boolean(),
  breaks: z.object({ afterCases: z.number().int(), minutes: z.number().int() }).nullable(), total: z.number().int(), done: z.number().int(), state: z.enum(['open', 'finished', 'washout', 'waiting', 'withdrawn', 'closed']), availableFrom: z.string().nullable(),
})
export type ReadingSession = z.infer<typeof readingSession>

const mark = z.strictObject({ x: z.number(), y: z.number(), frame: z.number().int().min(0) })
export const readingAnswers = z.record(z.string().max(40), z.union([z.string().max(4000), z.number(), mark]))
export const readingDraft = z.object({ call: call.nullable(), rating: z.number().nullable(), answers: readingAnswers, activeSeconds: z.number() })

/**
 * What an aided part shows of the model: a key for each aid that the protocol lists and no other; null where the model has none for the case.
 * Built by a query that selects the listed columns alone.
 */
export const shownAids = z.object({
  /** The frame that contour and map belong to, where one of them is listed. */
  frame: z.number().int().optional(), contour: rle.nullable().optional(), signature: fraction.nullable().optional(), risk: z.object({ probability: fraction, lower: fraction, upper: fraction }).nullable().optional(),
  gradcam: z.object({ url: assetUrl, left: z.number(), top: z.number(), width: z.number(), height: z.number() }).nullable().optional(),
})
export type ShownAids = z.infer<typeof shownAids>

export const readingItem = z.object({
  sessionId: id, position: z.number().int(), total: z.number().int(), done: z.number().int(), part: readingPart, parts: z.number().int(), training: z.boolean(), imageUrl: assetUrl, frameUrls: z.array(assetUrl), width: z.number().int(), height: z.number().int(), calibration,
  /** Milliseconds from one frame to the next; null where the file did not say, and of a still. */
  frameTimeMs: z.number().nullable(),
  draft: readingDraft.nullable(), scale, question: z.string(), questions: z.array(readingQuestion), factors: z.array(z.object({ label: z.string(), value: z.string(), unit: z.string() })), aids: shownAids.nullable(), timeLimitSeconds: z.number().nullable(),
  /** Open cases that may be gone to instead; null where the protocol does not allow it or there is none. */
  previous: z.number().int().nullable(), next: z.number().int().nullable(),
  /** The next image, so that it can be decoded ahead. */
  nextImageUrl: assetUrl.nullable(),
})
export type ReadingItem = z.infer<typeof readingItem>

/** The next case, or why there is none: all are read, or a break is due. */
export const readingPlace = z.object({ item: readingItem.nullable(), breakUntil: isoTime.nullable() })
export type ReadingPlace = z.infer<typeof readingPlace>

const at = { sessionId: id, position: z.number().int().positive() }
const answer = { ...at, part: readingPart.default('unaided'), call: call.nullable(), rating: z.number().min(0).max(100).nullable(), answers: readingAnswers.default({}), activeSeconds: z.number().min(0).max(86_400) }
export const VIEW_EVENTS = ['zoom', 'pan', 'window', 'frame', 'cine', 'pause', 'resume', 'measure', 'mark', 'aid', 'limit', 'break', 'hidden', 'shown'] as const
const viewEvent = z.strictObject({ at: isoTime, kind: z.enum(VIEW_EVENTS), value: z.string().max(200) })

export const readingCalls = {
  'reading.sessions': query(['reader'], nothing, z.object({ sessions: z.array(readingSession) })),
  /** The next open case, or another open one where the protocol allows going back. */
  'reading.next': query(['reader'], z.strictObject({ sessionId: id, position: at.position.optional() }), readingPlace),
  'reading.draft': mutation(['reader'], z.strictObject(answer), z.object({ savedAt: isoTime })),
  'reading.submit': mutation(['reader'], z.strictObject({ ...answer, call, rating: z.number().min(0).max(100), confirmed: z.boolean().default(false) }), readingPlace.extend({
    /** After a training case, where the protocol gives feedback. */
    feedback: z.object({ outcome: call, correct: z.boolean() }).nullable(),
  })),
  'reading.events': mutation(['reader'], z.strictObject({ ...at, events: z.array(viewEvent).max(500) }), done),
}
