import { clinicalVariable, isSignatureTerm, networkLabel, networkOfTerm, SIGNATURE_TERM } from '#shared/domain/index.ts'
import { parseCombinedModel, predictCombined, type CombinedModel, type DataRow } from '#shared/statistics/regression/index.ts'
import { clinicalOf } from '#main/database/queries/cases.ts'
import { allVariables, newestCombined, signatureModel, signatureNetworks } from '#main/database/queries/combined.ts'
import type { OpenStudy } from '../context.ts'

export const needsSignature = (model: CombinedModel): boolean => model.terms.some((t) => isSignatureTerm(t.name))

const NO_NETWORKS: ReadonlyMap<string, number> = new Map()

/** A case's row as a combined model reads it: numbers as numbers, levels as text, the signature's probability, and those of single networks by their name. */
export function modelRow(variables: Readonly<Record<string, string>>, signature: number | null, model: CombinedModel, networks: ReadonlyMap<string, number> = NO_NETWORKS): DataRow {
  const row: Record<string, string | number | null> = {}
  for (const term of model.terms) {
    const raw = variables[term.name]
    const network = networkOfTerm(term.name)
    if (term.name === SIGNATURE_TERM) row[term.name] = signature
    else if (network !== null) row[term.name] = networks.get(network) ?? null
    else if (raw === undefined) row[term.name] = null
    else row[term.name] = term.kind === 'numeric' || clinicalVariable(term.name)?.kind === 'number' ? Number(raw) : raw
  }
  return row
}

/** Each image's probabilities by network. */
export function networksByImage(values: readonly { readonly image_id: string; readonly model: string; readonly probability: number }[]): Map<string, Map<string, number>> {
  const images = new Map<string, Map<string, number>>()
  for (const v of values) {
    const own = images.get(v.image_id) ?? new Map<string, number>()
    own.set(v.model, v.probability)
    images.set(v.image_id, own)
  }
  return images
}

export interface FrozenModel {
  readonly model: CombinedModel; readonly name: string; readonly sha256: string; readonly frozenAt: string
  /** Why it gives no risk in this study as it is, in words; null: it does. */
  readonly withheld: string | null
}

/** What a frozen document says of the networks that it was fitted with; older ones name only the DL signature's, or none. */
interface FittedWith { readonly signature?: { readonly sha256: string } | null; readonly provenance?: { readonly networks?: readonly { readonly name: string; readonly sha256: string }[] } }

/** The weights that each signature term of a model was fitted with, by SHA-256 of the network; terms of which the document says nothing are left out. */
export function fittedWith(document: unknown): ReadonlyMap<string, string> {
  const { signature, provenance } = document as FittedWith
  return new Map([...(signature == null ? [] : [[SIGNATURE_TERM, signature.sha256] as const]), ...(provenance?.networks ?? []).map((n) => [n.name, n.sha256] as const)])
}

/** A probability of other weights is another quantity: a model fitted with one set's values says nothing about another's. */
type Main = ReturnType<typeof signatureModel>
function whyWithheld(study: OpenStudy, model: CombinedModel, fitted: ReadonlyMap<string, string>, main: Main): string | null {
  const terms = model.terms.filter((t) => fitted.has(t.name))
  if (terms.length === 0) return null
  const networks = new Map(terms.some((t) => t.name !== SIGNATURE_TERM) ? signatureNetworks(study.db.read).map((n) => [n.model, n.sha256]) : [])
  const other = terms.find((t) => {
    const present = t.name === SIGNATURE_TERM ? main?.model_sha256 : networks.get(networkOfTerm(t.name) ?? '')
    return present !== undefined && present !== fitted.get(t.name)
  })
  return other === undefined ? null : `it was fitted with another network than the one in use (${other.name === SIGNATURE_TERM ? `DL signature, now ${networkLabel(main?.model ?? '')}` : networkLabel(networkOfTerm(other.name) ?? '')}); fit and freeze a model with the present signatures`
}

/** The newest combined model that predicts the study's outcome; one for another outcome never gives the study's risk. `main`: the network of the DL signature, where the caller knows it. */
export function frozenModel(study: OpenStudy, main: Main = signatureModel(study.db.read)): FrozenModel | null {
  const row = newestCombined(study.db.read, study.outcome.column)
  if (row === undefined) return null
  const document: unknown = JSON.parse(row.document)
  const parsed = parseCombinedModel(document)
  return parsed.ok ? { model: parsed.value, name: `${row.name} v${row.version}`, sha256: row.sha256, frozenAt: row.frozen_at, withheld: whyWithheld(study, parsed.value, fittedWith(document), main) } : null
}

/** Why the study's frozen model gives no risks, with its name; null: it does, or there is none. */
export function withheldModel(study: OpenStudy): string | null {
  const frozen = frozenModel(study)
  return frozen?.withheld == null ? null : `${frozen.name} gives no risk: ${frozen.withheld}`
}

/** The risk of every case by the study's frozen combined model; null where the model or a value it needs is missing, or where the model was fitted with other networks. `networks`: each network's probability by its name; `caseId`: the only case that is asked about. */
export function riskOf(study: OpenStudy, caseId: string | null = null): { signatureModel: string | null; of(caseId: string, signature: number | null, networks?: ReadonlyMap<string, number>): number | null } {
  const main = signatureModel(study.db.read), found = frozenModel(study, main)
  const frozen = found === null || found.withheld !== null ? null : found
  const variables = frozen === null ? new Map<string, string>() : new Map(caseId === null ? allVariables(study.db.read).map((r) => [r.case_id, r.variables]) : [[caseId, clinicalOf(study.db.read, caseId)?.variables ?? '{}']])
  return {
    signatureModel: main?.model ?? null,
    of(id, signature, networks) {
      if (frozen === null) return null
      const made = predictCombined(frozen.model, modelRow(JSON.parse(variables.get(id) ?? '{}') as Record<string, string>, signature, frozen.model, networks))
      return made.ok ? made.value.probability : null
    },
  }
}
