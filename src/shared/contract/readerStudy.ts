import { z } from 'zod'
import { DEFAULT_WASHOUT_DAYS, PROTOCOL_MODALITIES, READING_AIDS, READING_PARTS, SESSION_MODALITIES } from '#shared/domain/index.ts'
import { mutation, query } from './call.ts'
import { assetUrl, done, id, isoTime, nothing, shortText } from './common.ts'

export const scale = z.enum(['points5', 'percent100'])
export const readingPart = z.enum(READING_PARTS)
export const readingAidName = z.enum(READING_AIDS)

const questionBase = { id: z.string().regex(/^[a-z][a-z0-9_]{0,39}$/, 'an id is a word of a-z, 0-9 and underscores'), label: shortText, required: z.boolean() }
export const readingQuestion = z.discriminatedUnion('kind', [
  z.strictObject({ ...questionBase, kind: z.literal('choice'), options: z.array(shortText).min(2).max(12) }),
  z.strictObject({ ...questionBase, kind: z.literal('number'), min: z.number(), max: z.number(), unit: z.string().trim().max(20) }),
  z.strictObject({ ...questionBase, kind: z.literal('text') }),
  z.strictObject({ ...questionBase, kind: z.literal('mark') }),
])

const breaks = z.strictObject({ afterCases: z.number().int().min(1).max(1000), minutes: z.number().int().min(1).max(240) })
const conduct = {
  washoutDays: z.number().int().min(0).max(3650), breaks: breaks.nullable(), timeLimitSeconds: z.number().int().min(5).max(3600).nullable(), allowBack: z.boolean(), questions: z.array(readingQuestion).max(12), instructions: z.string().trim().max(4000),
}

/** What an investigator writes down. Cases come from cohorts, from a list of case labels, or from both. */
export const protocolPlan = z.strictObject({
  name: shortText, scale, seed: z.number().int(),
  cohorts: z.array(shortText).max(100).default([]), caseLabels: z.array(shortText).max(20_000).default([]), readers: z.array(id).min(1, 'a reader study needs a reader').max(200),
  modality: z.enum(PROTOCOL_MODALITIES).default('unaided'), aids: z.array(readingAidName).default([]), factors: z.array(shortText).max(40).default([]),
  sessions: z.number().int().min(1).max(2).default(1), washoutDays: conduct.washoutDays.default(DEFAULT_WASHOUT_DAYS),
  training: z.strictObject({ caseLabels: z.array(shortText).max(200), feedback: z.boolean() }).default({ caseLabels: [], feedback: false }),
  questions: conduct.questions.default([]), breaks: conduct.breaks.default(null), timeLimitSeconds: conduct.timeLimitSeconds.default(null), allowBack: conduct.allowBack.default(false),
  outsideRegions: z.enum(['show', 'black']).default('show'), instructions: conduct.instructions.default(''),
})
export type ProtocolPlan = z.output<typeof protocolPlan>
export type ProtocolPlanInput = z.input<typeof protocolPlan>

export const protocolReader = z.object({
  accountId: id, name: z.string(), login: z.string(), seniority: z.string().nullable(), withdrawn: z.object({ at: isoTime, reason: z.string(), replacedBy: z.string().nullable() }).nullable(), replaces: z.string().nullable(),
  sessions: z.array(z.object({
    id, ordinal: z.number().int(), modality: z.enum(SESSION_MODALITIES), done: z.number().int(), total: z.number().int(), medianSeconds: z.number().nullable(), lastAt: isoTime.nullable(), availableFrom: z.string().nullable(), overLimit: z.number().int(), elsewhere: z.boolean(),
  })),
})
export type ProtocolReader = z.infer<typeof protocolReader>
export const protocolInfo = z.object({
  id, name: z.string(), version: z.number().int(), state: z.enum(['draft', 'started', 'closed']), hash: z.string(), scale, question: z.string(), cases: z.number().int(), training: z.number().int(), cohorts: z.array(z.string()),
  startedAt: isoTime.nullable(), closedAt: isoTime.nullable(), closeReason: z.string().nullable(), plan: protocolPlan, readers: z.array(protocolReader),
})
export type ProtocolInfo = z.infer<typeof protocolInfo>

/** What a plan comes to before it is stored: what stops it, what to know, each reader's orders and earlier looks at the cases. */
export const protocolPreview = z.object({
  problems: z.array(z.object({ field: z.string(), message: z.string() })), notes: z.array(z.string()), cases: z.number().int(), patients: z.number().int(), training: z.number().int(), answersPerReader: z.number().int(),
  cohorts: z.array(z.object({ name: z.string(), cases: z.number().int() })),
  readers: z.array(z.object({
    accountId: id, name: z.string(), seniority: z.string().nullable(), seenCases: z.number().int(), lastSeen: z.string().nullable(), mayStartOn: z.string().nullable(),
    sessions: z.array(z.object({ ordinal: z.number().int(), modality: z.enum(SESSION_MODALITIES), order: z.array(z.object({ position: z.number().int(), label: z.string(), cohort: z.string(), training: z.boolean() })) })),
  })),
})
export type ProtocolPreview = z.infer<typeof protocolPreview>

export const protocolVersion = z.object({ version: z.number().int(), hash: z.string(), reason: z.string(), at: isoTime, readings: z.number().int(), firstReading: isoTime.nullable(), lastReading: isoTime.nullable(), changes: z.array(z.string()) })
export type ProtocolVersion = z.infer<typeof protocolVersion>

const box = z.strictObject({ left: z.number().min(0), top: z.number().min(0), width: z.number().min(1), height: z.number().min(1) })
export const scannerLayout = z.object({ hospital: z.string().nullable(), width: z.number().int(), height: z.number().int(), images: z.number().int(), sampleUrl: assetUrl, boxes: z.array(box), reason: z.string().nullable(), at: isoTime.nullable() })
export type ScannerLayout = z.infer<typeof scannerLayout>

const which = { protocolId: id }
export const protocolCalls = {
  'protocol.list': query(['investigator'], nothing, z.object({ protocols: z.array(protocolInfo) })),
  'protocol.preview': query(['investigator'], z.strictObject({ plan: protocolPlan, positions: z.number().int().min(1).max(2000).default(12) }), protocolPreview),
  'protocol.create': mutation(['investigator'], protocolPlan, protocolInfo),
  /** Changes a draft. */
  'protocol.update': mutation(['investigator'], z.strictObject({ ...which, plan: protocolPlan }), protocolInfo),
  'protocol.start': mutation(['investigator'], z.strictObject(which), protocolInfo),
  /** A new version of a started protocol: how it is read may change, what is read and by which scale may not. */
  'protocol.amend': mutation(['investigator'], z.strictObject({ ...which, reason: shortText, changes: z.strictObject(conduct).partial() }), protocolInfo),
  'protocol.addReader': mutation(['investigator'], z.strictObject({ ...which, accountId: id, reason: shortText, replaces: id.nullable().default(null) }), protocolInfo),
  'protocol.withdrawReader': mutation(['investigator'], z.strictObject({ ...which, accountId: id, reason: shortText }), protocolInfo),
  'protocol.versions': query(['investigator'], z.strictObject(which), z.object({ versions: z.array(protocolVersion) })),
  /** An invitation or a reminder as text, to be sent by whatever the study uses. */
  'protocol.letter': query(['investigator'], z.strictObject({ ...which, accountId: id, kind: z.enum(['invitation', 'reminder']) }), z.object({ subject: z.string(), text: z.string() })),
  'protocol.close': mutation(['investigator'], z.strictObject({ ...which, reason: shortText }), protocolInfo),
  'textMask.layouts': query(['investigator'], nothing, z.object({ layouts: z.array(scannerLayout) })),
  'textMask.set': mutation(['investigator'], z.strictObject({ hospital: z.string().max(200).nullable(), width: z.number().int().positive(), height: z.number().int().positive(), boxes: z.array(box).max(40), reason: shortText }), done),
}
