import { z } from 'zod'
import { mutation, query } from './call.ts'
import { assetUrl, calibration, done, fraction, id, interval, isoTime, nothing, rle, segmentationModel, shortText, text } from './common.ts'
import { addedModelCard } from './modelCard.ts'
import { jobRef } from './study.ts'

export const PROVIDERS = ['cuda', 'dml', 'coreml', 'webgpu', 'cpu'] as const
export const provider = z.enum(PROVIDERS)
export type Provider = (typeof PROVIDERS)[number]

/** How this computer runs networks; kept with the user's data, the same for every study. */
export const inferenceSettings = z.strictObject({
  /** the GPU by its number, as CUDA and DirectML count them */
  deviceId: z.number().int().min(0).max(63),
  /** MB of GPU memory that this program may take on CUDA; null: no limit of its own */
  memoryLimitMb: z.number().int().min(256).max(1_048_576).nullable(),
  /** pictures of one size that go through a GPU together; the CPU takes one at a time */
  batchSize: z.number().int().min(1).max(32),
})
export type InferenceSettings = z.infer<typeof inferenceSettings>
export const DEFAULT_INFERENCE_SETTINGS: InferenceSettings = { deviceId: 0, memoryLimitMb: null, batchSize: 4 }

/** `checks`: each graph's largest difference of a probability from the CPU's on a probe picture; null where it did not run, `problem` says why. */
export const providerInfo = z.object({ name: provider, available: z.boolean(), reason: z.string(), checks: z.array(z.object({ graph: z.string(), sha256: z.string(), difference: z.number().nullable(), problem: z.string().nullable() })) })
export const modelInfo = z.object({
  id, name: z.string(), role: z.enum(['segmentation', 'fusion', 'classification']), set: z.string(), sha256: z.string(), bytes: z.number(), shipped: z.boolean(), card: z.string(), trainedOn: z.string(), threshold: z.number().nullable(), isSignature: z.boolean(), version: z.string(),
})
export const ADDABLE_ROLES = ['segmentation', 'fusion', 'classification'] as const
export const addedModel = z.object({ id, role: z.enum(ADDABLE_ROLES), set: z.string(), sha256: z.string(), bytes: z.number(), file: z.string(), note: z.string() })
export const verifiedModels = z.object({
  sound: z.boolean(), at: isoTime, platform: z.string(),
  /** `provider` null: the fusion, or a file that is missing or altered */
  checks: z.array(z.object({ model: z.string(), sha256: z.string(), provider: provider.nullable(), state: z.enum(['agrees', 'differs', 'failed', 'no fixture']), probability: z.number().nullable(), note: z.string() })),
})
export type VerifiedModels = z.infer<typeof verifiedModels>
export type ModelInfo = z.infer<typeof modelInfo>

export const overlap = z.object({ dice: z.number().nullable(), iou: z.number().nullable(), precision: z.number().nullable(), recall: z.number().nullable(), hd95: z.number().nullable(), unit: z.enum(['mm', 'px']) })
export type Overlap = z.infer<typeof overlap>

/** One automatic mask: a base network's or the fused one. */
export const automaticMask = z.object({ model: segmentationModel, mask: rle, map: assetUrl, areaPx: z.number(), sha256: z.string(), against: overlap.nullable() })
export type AutomaticMask = z.infer<typeof automaticMask>

/** Why a mask may need eyes, as codes to filter by; `reasons` says the same in words with figures. */
export const REVIEW_FLAGS = ['empty', 'disagreement', 'border', 'components', 'edge', 'size'] as const
export type ReviewFlag = (typeof REVIEW_FLAGS)[number]

export const reviewRow = z.object({
  caseId: id, label: z.string(), cohort: z.string().nullable(), imageId: id, thumbnail: assetUrl, segmentationId: id,
  /** higher needs eyes first */
  priority: z.number(), flags: z.array(z.enum(REVIEW_FLAGS)), reasons: z.array(z.string()), disagreement: z.number(), uncertainty: z.number(), state: z.enum(['pending', 'accepted', 'corrected', 'rejected']), empty: z.boolean(), dice: z.number().nullable(),
  /** a second reviewer is asked, or has settled the newest review */
  second: z.enum(['none', 'asked', 'settled']),
})
export type ReviewRow = z.infer<typeof reviewRow>

export const REJECT_REASONS = ['no lesion visible', 'wrong structure', 'poor image quality', 'several lesions', 'other'] as const
export const reviewDecision = z.enum(['accepted', 'corrected', 'rejected'])
export const reviewVersion = z.object({
  id, decision: reviewDecision, reason: z.string().nullable(), difficulty: z.enum(['easy', 'medium', 'hard']).nullable(), comment: z.string(), seconds: z.number(), reviewer: z.string(), at: isoTime,
  diceToFused: z.number().nullable(), hd95ToFused: z.number().nullable(), annotationId: id.nullable(),
  /** the corrected mask of this version; null where nothing was redrawn */
  mask: rle.nullable(),
  /** the review of another person that this one settled, and how the two stand to each other */
  settles: z.object({ reviewId: id, reviewer: z.string(), agrees: z.boolean(), dice: z.number().nullable(), hd95: z.number().nullable() }).nullable(),
})
export type ReviewVersion = z.infer<typeof reviewVersion>

export const reviewCase = z.object({
  caseId: id, label: z.string(), cohort: z.string().nullable(), imageId: id, imageUrl: assetUrl, frame: z.number().int(), frames: z.number().int(), width: z.number(), height: z.number(), calibration, segmentationId: id, provider: z.string(), providerNote: z.string(), milliseconds: z.number(), state: z.enum(['found', 'empty']),
  masks: z.array(automaticMask), reference: rle.nullable(), correction: rle.nullable(), reviews: z.array(reviewVersion),
  /** what a second reviewer is asked, and whether a decision of the caller would settle the newest review (another person made it) */
  question: z.object({ text: z.string(), by: z.string(), at: isoTime }).nullable(), wouldSettle: z.object({ reviewer: z.string(), decision: reviewDecision }).nullable(), unit: z.enum(['mm', 'px']),
  /** pairwise Dice of the three base networks */
  agreement: z.array(z.object({ a: segmentationModel, b: segmentationModel, dice: z.number().nullable() })),
})
export type ReviewCase = z.infer<typeof reviewCase>

export const box = z.object({ x: z.number(), y: z.number(), width: z.number(), height: z.number() })
/** One network's value with what it was computed from: the box around its mask, and the crop as the network saw it (min-max, 224 x 224). */
export const signatureValue = z.object({ model: z.string(), name: z.string(), sha256: z.string(), provider: z.string(), providerNote: z.string(), probability: fraction, maskKind: z.enum(['automatic', 'corrected']), isSignature: z.boolean(), stands: z.boolean(), cam: assetUrl, at: isoTime, box, crop: assetUrl })
export const contribution = z.object({ term: z.string(), value: z.string(), points: z.number(), maxPoints: z.number(), logit: z.number() })
export const nomogramAxis = z.object({ term: z.string(), unit: z.string().nullable(), ticks: z.array(z.object({ label: z.string(), points: z.number() })), points: z.number().nullable(), value: z.string().nullable() })
export const prediction = z.object({
  caseId: id, label: z.string(), imageUrl: assetUrl, width: z.number(), height: z.number(), mask: rle.nullable(), crop: assetUrl.nullable(), box: box.nullable(),
  cohort: z.string().nullable(), calibration, outcome: z.object({ label: z.string(), value: z.union([z.literal(0), z.literal(1)]).nullable() }), maskKind: z.enum(['automatic', 'corrected']).nullable(), state: z.enum(['none', 'found', 'empty']),
  signatures: z.array(signatureValue), variables: z.record(z.string(), z.string()),
  risk: z.object({ probability: fraction, ci95: interval, threshold: z.number().nullable(), positive: z.boolean().nullable(), contributions: z.array(contribution), model: z.string(), sha256: z.string() }).nullable(),
  riskMissing: z.string().nullable(),
  /** the study's frozen combined model as a document, for readings that are never stored; `row` is this case as the model reads it */
  frozen: z.object({ document: z.unknown(), name: z.string(), sha256: z.string(), frozenAt: isoTime }).nullable(), row: z.record(z.string(), z.union([z.number(), z.string(), z.null()])),
  /** of sessions that are complete and of protocols that are closed; an open session's scores stay hidden */
  readers: z.array(z.object({ reader: z.string(), seniority: z.string().nullable(), call: z.enum(['positive', 'negative']), rating: z.number(), scale: z.string(), protocol: z.string() })),
  nomogram: z.object({ axes: z.array(nomogramAxis), total: z.object({ min: z.number(), max: z.number(), ticks: z.array(z.number()), points: z.number().nullable() }), risk: z.array(z.object({ label: z.string(), points: z.number() })) }).nullable(),
})
export type Prediction = z.infer<typeof prediction>

/** A case as the table of predictions shows it. `readers` counts unblinded readings, `readersPositive` those that called it positive. */
export const predictionRow = z.object({
  caseId: id, label: z.string(), cohort: z.string().nullable(), outcome: z.union([z.literal(0), z.literal(1)]).nullable(), state: z.enum(['none', 'found', 'empty']), signature: fraction.nullable(), maskKind: z.enum(['automatic', 'corrected']).nullable(),
  risk: fraction.nullable(), positive: z.boolean().nullable(), readers: z.number().int(), readersPositive: z.number().int(),
  /** the standing probability of every network by its name, the DL signature's own among them */
  networks: z.record(z.string(), fraction),
})
export type PredictionRow = z.infer<typeof predictionRow>

export const inferenceCalls = {
  'inference.providers': query(['investigator'], nothing, z.object({ platform: z.string(), providers: z.array(providerInfo) })),
  'inference.settings': query(['investigator'], nothing, inferenceSettings, { study: 'optional' }),
  'inference.saveSettings': mutation(['investigator'], inferenceSettings, inferenceSettings, { study: 'optional' }),
  /** Of a cohort, of one case, or of all. */
  'inference.start': mutation(['investigator'], z.strictObject({ cohort: shortText.optional(), caseId: id.optional(), provider: z.enum(['auto', ...PROVIDERS]).default('auto') }), jobRef),
  'models.list': query(['investigator'], nothing, z.object({ models: z.array(modelInfo) })),
  /** A person's own graph: checked against its role, then registered on this computer. Refused with all that is wrong. */
  'models.add': mutation(['investigator'], z.strictObject({ file: z.string().trim().min(1).max(1000), role: z.enum(ADDABLE_ROLES), card: addedModelCard }), addedModel, { study: 'optional' }),
  /** Forgets a graph that was added here. What it computed stays, with its SHA-256. */
  'models.remove': mutation(['investigator'], z.strictObject({ modelId: id }), done, { study: 'optional' }),
  /** Every graph on its recorded input, on every provider that starts here; the report is kept. */
  'models.verify': mutation(['investigator'], nothing, jobRef),
  /** The report of the last check; null: never checked on this computer. */
  'models.verified': query(['investigator'], nothing, z.object({ report: verifiedModels.nullable() })),
  'review.queue': query(['investigator'], nothing, z.object({ rows: z.array(reviewRow) })),
  'review.case': query(['investigator'], z.strictObject({ caseId: id }), reviewCase),
  'review.decide': mutation(['investigator'], z.strictObject({
    caseId: id, segmentationId: id, decision: reviewDecision, reason: z.string().max(200).nullable(), difficulty: z.enum(['easy', 'medium', 'hard']).nullable(), comment: text, seconds: z.number().min(0), annotationId: id.nullable(),
  }), z.object({ review: reviewVersion })),
  /** Asks another reviewer to look at the newest review of a mask. */
  'review.ask': mutation(['investigator'], z.strictObject({ caseId: id, segmentationId: id, question: shortText }), done),
  'prediction.list': query(['investigator'], nothing, z.object({ rows: z.array(predictionRow), model: z.object({ name: z.string(), sha256: z.string(), threshold: z.number().nullable(), cohort: z.string(), /* why it gives no risk; null: it does */ withheld: z.string().nullable() }).nullable(), signature: z.string().nullable(), outcome: z.string() })),
  'prediction.case': query(['investigator'], z.strictObject({ caseId: id }), prediction),
  'inference.cancel': mutation(['investigator'], z.strictObject({ jobId: id }), done),
}
