import { z } from 'zod'
import { mutation, query } from './call.ts'
import { id, interval, nothing, segmentationModel } from './common.ts'

export const figureRow = z.object({ n: z.number().int(), positives: z.number().int(), auc: z.number().nullable(), ci95: interval.nullable() })
export const rocPoint = z.object({ fpr: z.number(), tpr: z.number(), threshold: z.number().nullable() })

export const segmentationRow = z.object({ cohort: z.string(), model: segmentationModel, n: z.number().int(), dice: z.number().nullable(), miou: z.number().nullable(), precision: z.number().nullable(), recall: z.number().nullable() })
export const signatureRow = figureRow.extend({ cohort: z.string(), signature: z.string(), note: z.string() })
export const readerRow = figureRow.extend({ cohort: z.string(), reader: z.string(), seniority: z.string().nullable(), sensitivity: z.number().nullable(), specificity: z.number().nullable() })
export const delongRow = z.object({ cohort: z.string(), a: z.string(), b: z.string(), n: z.number().int(), difference: z.number().nullable(), z: z.number().nullable(), p: z.number().nullable(), note: z.string() })

/** The shape of `sln evaluate --json`. */
export const evaluation = z.object({ segmentation: z.array(segmentationRow), signatures: z.array(signatureRow), readers: z.array(readerRow), delong: z.array(delongRow) })
export type Evaluation = z.infer<typeof evaluation>

const scorerKind = z.enum(['model', 'signature', 'clinical', 'senior', 'junior', 'reader'])

export const rocCurve = z.object({
  cohort: z.string(), name: z.string(), kind: scorerKind, n: z.number().int(), positives: z.number().int(), auc: z.number(), ci95: interval, /** of the interval */ method: z.string(), points: z.array(rocPoint),
  /** the reader's binary calls, or the model at its carried threshold */
  operating: z.object({ fpr: z.number(), tpr: z.number() }).nullable(),
})

/** One automatic mask of one case against its ground truth. */
export const maskFigure = z.object({ caseId: id, label: z.string(), cohort: z.string(), model: segmentationModel, dice: z.number().nullable(), iou: z.number().nullable(), precision: z.number().nullable(), recall: z.number().nullable() })
export type MaskFigureRow = z.infer<typeof maskFigure>

const count = z.number().int()
const share = z.object({ estimate: z.number().nullable(), ci95: interval.nullable() })
/** The mean curve of a group of readers: sensitivities averaged at each specificity, so that its area is the mean of their AUCs. */
export const meanCurve = z.object({ group: z.enum(['senior', 'junior', 'all']), readers: z.array(z.string()), n: count, auc: z.number(), ci95: interval, points: z.array(z.object({ fpr: z.number(), tpr: z.number() })) })

/** One condition on a variable: some of its levels, or a range with both ends in it. Cases without a value are left out. */
export const caseFilter = z.strictObject({ variable: z.string().min(1).max(200), levels: z.array(z.string().max(200)).max(200).optional(), min: z.number().optional(), max: z.number().optional() })
export type CaseFilter = z.infer<typeof caseFilter>
const scopeInput = z.strictObject({ cohort: z.string().max(200), filters: z.array(caseFilter).max(8).default([]) })
/** What the figures rest on: cases with a known outcome that the conditions let through, out of those of the cohort. `unknown`: left out for want of a value. */
export const scopeCount = z.object({ label: z.string(), outcome: z.string(), cases: count, positives: count, of: count, unknown: count, conditions: z.array(z.string()) })
/** A variable that cases can be picked by. */
export const filterVariable = z.object({ name: z.string(), label: z.string(), kind: z.enum(['number', 'choice']), unit: z.string(), levels: z.array(z.object({ value: z.string(), cases: count })), min: z.number().nullable(), max: z.number().nullable(), missing: count })
export type FilterVariable = z.infer<typeof filterVariable>

/** Two scorers by DeLong on the cases both scored; `pHolm` over all pairs of the cohort. */
export const pairTest = z.object({ a: z.string(), b: z.string(), n: count, difference: z.number().nullable(), ci95: interval.nullable(), p: z.number().nullable(), pHolm: z.number().nullable(), method: z.string() })
/** The model's calls at its carried threshold against a reader's, by which of them is right alone. */
export const callTest = z.object({ reader: z.string(), n: count, modelOnly: count, readerOnly: count, p: z.number().nullable(), pHolm: z.number().nullable(), method: z.string() })
const groupP = z.object({ ci95: interval, p: z.number(), df: z.number().nullable(), method: z.string() })
/** Mean AUC of a group of readers less the model's; `random` is null for fewer than three readers, with the reason. */
export const groupTest = z.object({ group: z.string(), readers: z.array(z.string()), n: count, modelAuc: z.number(), meanAuc: z.number(), difference: z.number(), fixed: groupP, random: groupP.nullable(), reason: z.string() })
/** The model at the smallest threshold whose specificity is at least the reader's; differences are model - reader. */
export const matchedTest = z.object({ reader: z.string(), callsOnly: z.boolean(), n: count, threshold: z.number(), readerSpecificity: z.number(), modelSpecificity: z.number(), readerSensitivity: z.number(), modelSensitivity: z.number(), difference: z.number(), p: z.number().nullable(), pHolm: z.number().nullable() })
export const operatingPoint = z.object({
  name: z.string(), kind: scorerKind, basis: z.string(), n: count, tp: count, fp: count, fn: count, tn: count, sensitivity: share, specificity: share, ppv: share, npv: share, accuracy: share,
})
export const calibrationRow = z.object({
  name: z.string(), kind: scorerKind, n: count, events: count, brier: z.number(), meanPredicted: z.number(), slope: z.number().nullable(), slopeCi95: interval.nullable(), intercept: z.number().nullable(), inTheLarge: z.number().nullable(), recalibrationNote: z.string(),
  hosmerLemeshow: z.object({ chiSquare: z.number().nullable(), df: count, p: z.number().nullable(), note: z.string(), groups: z.array(z.object({ lower: z.number(), upper: z.number(), n: count, observed: z.number(), expected: z.number() })) }).nullable(), hosmerLemeshowNote: z.string(),
  bins: z.array(z.object({ predicted: z.number(), observed: z.number(), n: count, ci95: interval.nullable() })), smooth: z.array(z.object({ predicted: z.number(), observed: z.number() })),
})
export const decision = z.object({ n: count, events: count, thresholds: z.array(z.number()), treatAll: z.array(z.number()), curves: z.array(z.object({ name: z.string(), kind: scorerKind, netBenefit: z.array(z.number()) })), note: z.string() })
/** ci95 is null where a class has one case: its variance is not defined. */
const movement = z.object({ estimate: z.number(), ci95: interval.nullable(), events: z.number(), nonevents: z.number(), p: z.number().nullable(), method: z.string() })
/** What a newer column of probabilities changes against an older one on the cases that have both. p is null on fitting rows. */
export const reclassificationRow = z.object({ old: z.string(), new: z.string(), n: count, events: count, nri: movement, categorical: movement.extend({ cut: z.number() }).nullable(), idi: movement, note: z.string() })
const orTest = z.object({ difference: z.number(), ci95: interval, statistic: z.number(), df1: z.number(), df2: z.number().nullable(), p: z.number(), method: z.string() })
/** Readings with the model's help against those without, by Obuchowski and Rockette, on the cases that every listed reader read both ways. Differences are aided - unaided. */
export const aidedStudy = z.object({
  n: count, positives: count, readers: z.array(z.string()),
  each: z.array(z.object({ reader: z.string(), unaided: z.number(), aided: z.number(), difference: z.number(), ci95: interval.nullable(), p: z.number().nullable(), pHolm: z.number().nullable(), unaidedSeconds: z.number().nullable(), aidedSeconds: z.number().nullable(), unaidedSensitivity: z.number().nullable(), aidedSensitivity: z.number().nullable(), unaidedSpecificity: z.number().nullable(), aidedSpecificity: z.number().nullable() })),
  unaidedMean: z.number(), aidedMean: z.number(), fixed: orTest.nullable(), random: orTest.nullable(), reason: z.string(), curves: z.array(z.object({ name: z.string(), points: z.array(z.object({ fpr: z.number(), tpr: z.number() })) })), method: z.string(),
})
const agreement = z.object({ estimate: z.number().nullable(), ci95: interval.nullable(), p: z.number().nullable(), n: count, method: z.string() })
export const readerSummary = z.object({ name: z.string(), kind: scorerKind, n: count, positiveCalls: count, medianSeconds: z.number().nullable(), q1Seconds: z.number().nullable(), q3Seconds: z.number().nullable() })
export const readerPair = z.object({ a: z.string(), b: z.string(), n: count, observed: z.number().nullable(), calls: agreement, ratings: agreement.nullable() })

/** Everything of one cohort beyond its ROC curves. `rows` says whether the cohort took part in fitting. */
export const cohortAnalysis = z.object({
  cohort: z.string(), scope: scopeCount, rows: z.enum(['fitting', 'evaluation']), cohortNote: z.string(), model: z.string().nullable(), modelNote: z.string(), withheld: z.array(z.string()),
  tests: z.object({ delong: z.array(pairTest), calls: z.array(callTest), groups: z.array(groupTest), matched: z.array(matchedTest), notes: z.array(z.string()) }),
  operating: z.array(operatingPoint), reclassification: z.array(reclassificationRow), aided: aidedStudy.nullable(), aidedNote: z.string(),
  calibration: z.array(calibrationRow), decision: decision.nullable(), decisionNote: z.string(),
  readers: z.object({ each: z.array(readerSummary), pairs: z.array(readerPair), fleiss: agreement.nullable(), icc: agreement.nullable(), note: z.string() }),
})
export type CohortAnalysis = z.infer<typeof cohortAnalysis>

/** What a written report is: its folder, its files and what it holds. */
export const reportResult = z.object({ to: z.string(), files: z.array(z.string()), tables: count, figures: count, openItems: count, sha256: z.string() })
export type ReportResult = z.infer<typeof reportResult>

/** Dice of every pair of base networks by cohort, and the cases where the three differ most (their mean Dice). */
export const networkAgreement = z.object({
  rows: z.array(z.object({ cohort: z.string(), a: segmentationModel, b: segmentationModel, n: count, mean: z.number().nullable(), median: z.number().nullable(), q1: z.number().nullable(), q3: z.number().nullable() })),
  worst: z.array(z.object({ caseId: id, label: z.string(), cohort: z.string(), dice: z.number() })),
})
export type NetworkAgreement = z.infer<typeof networkAgreement>

export const analysisCalls = {
  'analysis.networkAgreement': query(['investigator'], nothing, networkAgreement),
  'analysis.cohort': query(['investigator'], scopeInput, cohortAnalysis),
  /** What cases can be picked by: clinical variables, the hospital, and every further column of the manifest. */
  'analysis.variables': query(['investigator'], nothing, z.object({ variables: z.array(filterVariable) })),
  /** Writes the report as a job (result: `reportResult`) into a new folder, by default <study>/reports/<time>. */
  'analysis.report': mutation(['investigator'], z.strictObject({ to: z.string().min(1).max(1000).optional() }), z.object({ jobId: id })),
  'analysis.segmentation': query(['investigator'], nothing, z.object({ table: z.array(segmentationRow), figures: z.array(maskFigure) })),
  'analysis.evaluation': query(['investigator'], nothing, evaluation),
  'analysis.roc': query(['investigator'], scopeInput, z.object({
    cohorts: z.array(z.string()), scope: scopeCount, curves: z.array(rocCurve),
    /** readers whose ratings say no more than their calls: a point each, no curve and no AUC */
    callsOnly: z.array(z.object({ name: z.string(), kind: scorerKind, n: count, operating: z.object({ fpr: z.number(), tpr: z.number() }) })),
    means: z.array(meanCurve), delong: z.array(delongRow),
    /** readers whose session is still open: their scores are not shown */
    withheld: z.array(z.string()),
    /** why the frozen combined model gives no risks; null: it does, or there is none */
    modelWithheld: z.string().nullable(), sentence: z.string(),
  })),
}
