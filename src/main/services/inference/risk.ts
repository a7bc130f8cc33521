import { clinicalVariable, isSignatureTerm, networkOfTerm, SIGNATURE_TERM } from '#shared/domain/index.ts'
import { parseCombinedModel, predictCombined, type CombinedModel, type DataRow } from '#shared/statistics/regression/index.ts'
import { allVariables, newestCombined, signatureModel } from '#main/database/queries/combined.ts'
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

export interface FrozenModel { readonly model: CombinedModel; readonly name: string; readonly sha256: string; readonly frozenAt: string }

/** The newest combined model that predicts the study's outcome; one for another outcome never gives the study's risk. */
export function frozenModel(study: OpenStudy): FrozenModel | null {
  const row = newestCombined(study.db.read, study.outcome.column)
  if (row === undefined) return null
  const parsed = parseCombinedModel(JSON.parse(row.document))
  return parsed.ok ? { model: parsed.value, name: `${row.name} v${row.version}`, sha256: row.sha256, frozenAt: row.frozen_at } : null
}

/** The risk of every case by the study's frozen combined model; null where the model or a value it needs is missing. `networks`: each network's probability by its name. */
export function riskOf(study: OpenStudy): { signatureModel: string | null; of(caseId: string, signature: number | null, networks?: ReadonlyMap<string, number>): number | null } {
  const frozen = frozenModel(study)
  const variables = frozen === null ? new Map<string, string>() : new Map(allVariables(study.db.read).map((r) => [r.case_id, r.variables]))
  return {
    signatureModel: signatureModel(study.db.read)?.model ?? null,
    of(caseId, signature, networks) {
      if (frozen === null) return null
      const made = predictCombined(frozen.model, modelRow(JSON.parse(variables.get(caseId) ?? '{}') as Record<string, string>, signature, frozen.model, networks))
      return made.ok ? made.value.probability : null
    },
  }
}
