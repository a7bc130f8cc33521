import { Failure, type BuiltModel, type FrozenCombined, type Job } from '#shared/contract/index.ts'
import type { CohortEvaluation } from '#shared/statistics/builder/index.ts'
import type { CombinedModel } from '#shared/statistics/regression/index.ts'
import { canonicalJson, sha256 } from '#main/platform/index.ts'
import { combinedModels, insertCombined, newestCombined, nextCombinedVersion, type CombinedRow } from '#main/database/queries/combined.ts'
import type { OpenStudy, World } from '../context.ts'
import { isShipped, MADE_IN_STUDY } from '../inference/adoptCombined.ts'
import { combinedCard, type CardModel } from './card.ts'

/** What a model frozen in the study carries beside its coefficients. */
export interface FrozenDocument extends CombinedModel {
  readonly name: string
  readonly synthetic: boolean
  /** The network behind `dl_signature`, as a shipped model names it; null without one. */
  readonly signature: { readonly set: string; readonly name: string; readonly sha256: string } | null
  readonly provenance: {
    readonly made: string; readonly reason: string; readonly basis: string; readonly selection: BuiltModel['report']['selection']; readonly candidates: readonly string[]; readonly missing: BuiltModel['report']['missing']; readonly vif: readonly { readonly term: string; readonly adjusted: number }[]
    readonly networks: BuiltModel['signatures']; readonly evaluation: readonly Omit<CohortEvaluation, 'roc'>[]; readonly optimismCorrectedAuc: number | null; readonly findings: readonly string[]
    readonly fittedOn: BuiltModel['fittedOn']; readonly rowsSha256: string; readonly request: unknown
  }
}

export function frozenDocument(study: OpenStudy, built: BuiltModel, about: { name: string; reason: string; version: string; request: unknown }): FrozenDocument {
  const { report, plan, signatures } = built
  if (report.model.value === null) throw new Failure('refused', `This model cannot be frozen: ${report.model.problem}`)
  const main = signatures.find((s) => s.main && report.model.value?.terms.some((t) => t.name === s.name))
  return {
    ...report.model.value, name: about.name, synthetic: study.synthetic, signature: main === undefined ? null : { set: study.signatureSet, name: main.network, sha256: main.sha256 },
    provenance: {
      made: `${MADE_IN_STUDY} ${about.version}`, reason: about.reason, basis: plan.basis, selection: report.selection, candidates: report.spec.terms.map((t) => t.name), missing: report.missing, vif: (report.vif.final.value ?? []).map(({ term, adjusted }) => ({ term, adjusted })), networks: signatures,
      evaluation: report.evaluation.map(({ roc: _points, ...figures }) => figures), optimismCorrectedAuc: report.optimism.value?.figures.auc.corrected ?? null, findings: report.findings, fittedOn: built.fittedOn, rowsSha256: built.rowsSha256, request: about.request,
    },
  }
}

/** Keeps the model of a finished fit as the next version of its name; from then on the study's risks come from it. */
export function freezeBuilt(study: OpenStudy, world: World, actor: string, job: Job | undefined, input: { name: string; reason: string }): { id: string; name: string; version: number; sha256: string } {
  if (job === undefined || job.kind !== 'combined-fit') throw new Failure('not_found', 'there is no such fit; fit the model again')
  if (job.state !== 'done' || job.result === null) throw new Failure('not_ready', 'the fit did not end; fit the model again')
  const text = canonicalJson(frozenDocument(study, job.result as BuiltModel, { ...input, version: world.version, request: job.input ?? null }))
  const hash = sha256(text), id = world.ids.next()
  const twin = combinedModels(study.db.read).find((m) => m.sha256 === hash)
  if (twin !== undefined) throw new Failure('conflict', `this very model is frozen already as ${twin.name} v${twin.version}`)
  const version = study.db.write(actor, (tx) => {
    const next = nextCombinedVersion(tx, input.name)
    insertCombined(tx, { id, name: input.name, version: next, document: text, sha256: hash }, input.reason)
    return next
  })
  return { id, name: input.name, version, sha256: hash }
}

/** Every frozen model of the study, the newest first, with its card. */
export function frozenModels(study: OpenStudy): FrozenCombined[] {
  const standing = newestCombined(study.db.read, study.outcome.column)
  return combinedModels(study.db.read).map((row: CombinedRow): FrozenCombined => {
    const model = JSON.parse(row.document) as CardModel
    return {
      id: row.id, name: row.name, version: row.version, sha256: row.sha256, frozenAt: row.frozen_at, outcome: model.outcome, positiveClass: model.positiveClass, method: model.method, cohort: model.cohort, n: model.n, events: model.events, terms: model.terms.map((t) => t.name),
      threshold: model.threshold?.value ?? null, inUse: row.id === standing?.id, shipped: isShipped(model), card: combinedCard(model, { version: row.version, sha256: row.sha256, frozenAt: row.frozen_at }), document: model,
    }
  })
}
