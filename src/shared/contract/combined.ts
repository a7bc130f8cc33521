import { z } from 'zod'
import type { BuilderReport } from '#shared/statistics/builder/index.ts'
import { mutation, query } from './call.ts'
import { cohortRole, id, isoTime, nothing, shortText } from './common.ts'
import { jobRef } from './study.ts'

const count = z.number().int()
/** What can be predicted: the study's outcome first, then other columns of two values. */
export const outcomeChoice = z.object({ column: z.string(), label: z.string(), positive: z.string(), known: count, positives: count, ofStudy: z.boolean() })
/** A clinical column that may enter: how many of the included cases have a value. */
export const factorChoice = z.object({ name: z.string(), label: z.string(), kind: z.enum(['numeric', 'factor']), unit: z.string().nullable(), levels: z.array(z.string()), known: count, total: count })
/** A network's probability that may enter: the DL signature, or another network of the set. `outOfFold` is the run that the fitting cohort's values would come from. */
export const signatureChoice = z.object({
  name: z.string(), label: z.string(), network: z.string(), sha256: z.string(), main: z.boolean(), cases: count, outOfFold: z.object({ id, name: z.string(), cases: count, folds: count }).nullable(),
})
export const cohortUse = z.object({ name: z.string(), role: cohortRole, use: z.enum(['fit', 'evaluate']), note: z.string(), cases: count, positives: count })
/** Which rows a model is fitted on, and in words why. `problem` says what is missing where nothing can be fitted. */
export const fitPlan = z.object({ cohorts: z.array(cohortUse), basis: z.string(), signatures: z.enum(['none', 'out of fold', 'choosing cohort']), problem: z.string().nullable() })
export type FitPlan = z.infer<typeof fitPlan>
export const combinedOptions = z.object({ outcomes: z.array(outcomeChoice), factors: z.array(factorChoice), signatures: z.array(signatureChoice) })
export type CombinedOptions = z.infer<typeof combinedOptions>

const names = z.array(shortText).max(200)
const selection = z.union([
  z.strictObject({ kind: z.literal('none') }),
  z.strictObject({ kind: z.literal('aic'), direction: z.enum(['backward', 'forward', 'both']) }),
  z.strictObject({ kind: z.literal('screen'), cut: z.number().gt(0).max(1) }),
])
const threshold = z.union([
  z.strictObject({ kind: z.literal('youden') }),
  z.strictObject({ kind: z.literal('specificity'), atLeast: z.number().min(0).max(1) }),
  z.strictObject({ kind: z.literal('declared'), value: z.number().min(0).max(1) }),
])
export const fitRequest = z.strictObject({
  outcome: shortText, factors: names, signatures: names, forced: names, selection, threshold, estimator: z.enum(['maximum likelihood', 'firth']).default('maximum likelihood'), summary: z.enum(['mean-sd', 'median-iqr']).default('mean-sd'),
  resamples: count.min(0).max(5000).default(200), seed: count.min(0).max(2 ** 31).default(1),
})
export type FitRequest = z.infer<typeof fitRequest>
export const compareRequest = z.strictObject({ outcome: shortText, factors: names, outerFolds: count.min(2).max(20).default(5), innerFolds: count.min(2).max(20).default(5), repeats: count.min(1).max(20).default(1), seed: count.min(0).max(2 ** 31).default(1) })
export type CompareRequest = z.infer<typeof compareRequest>

export const frozenCombined = z.object({
  id, name: z.string(), version: count, sha256: z.string(), frozenAt: isoTime, outcome: z.string(), positiveClass: z.string(), method: z.string(), cohort: z.string(), n: count, events: count, terms: z.array(z.string()), threshold: z.number().nullable(),
  /** whether the study's risks come from it */
  inUse: z.boolean(), shipped: z.boolean(), card: z.string(), document: z.unknown(),
})
export type FrozenCombined = z.infer<typeof frozenCombined>
export const outOfFoldRun = z.object({ id, name: z.string(), network: z.string(), folds: count, cases: count, sha256: z.string(), importedAt: isoTime })

/** The result of the job of `combined.fit`: the report, which rows it was fitted on and where their signatures came from. */
export interface BuiltModel {
  readonly report: BuilderReport
  readonly plan: FitPlan
  readonly signatures: readonly { readonly name: string; readonly network: string; readonly sha256: string; readonly main: boolean }[]
  readonly fittedOn: readonly { readonly case: string; readonly signatures: Readonly<Record<string, string>> }[]
  /** SHA-256 of the fitting rows as they were. */
  readonly rowsSha256: string
}

export const combinedCalls = {
  'combined.options': query(['investigator'], nothing, combinedOptions),
  'combined.plan': query(['investigator'], z.strictObject({ outcome: shortText, signatures: names }), fitPlan),
  /** A job (result: `BuiltModel`): all tables, the chosen model, its figures on every cohort. Nothing is frozen by it. */
  'combined.fit': mutation(['investigator'], fitRequest, jobRef),
  /** A job (result: `LearnerComparison`): logistic regression, random forest and boosted trees on the clinical factors by nested cross-validation. */
  'combined.compare': mutation(['investigator'], compareRequest, jobRef),
  /** Keeps the model of a finished fit as the next version of its name. */
  'combined.freeze': mutation(['investigator'], z.strictObject({ jobId: id, name: shortText, reason: shortText }), z.object({ id, name: z.string(), version: count, sha256: z.string() })),
  'combined.list': query(['investigator'], nothing, z.object({ models: z.array(frozenCombined), runs: z.array(outOfFoldRun) })),
  /** Writes model.json, card.md and, where the fitting rows are still in the study, data.csv and task.json for `sln analyze`, into a new folder. */
  'combined.export': mutation(['investigator'], z.strictObject({ id, to: z.string().min(1).max(1000) }), z.object({ to: z.string(), files: z.array(z.string()) })),
  /** Reads out-of-fold signatures from a CSV: case_id, fold, probability, mask (out_of_fold). */
  'combined.importOutOfFold': mutation(['investigator'], z.strictObject({ file: z.string().min(1).max(1000), name: shortText, network: shortText }), z.object({ id, imported: count, refused: z.array(z.object({ row: count, case: z.string(), reason: z.string() })) })),
}
