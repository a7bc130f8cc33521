import { clinicalVariable } from '#shared/domain/index.ts'
import { parseCombinedModel, predictCombined, type CombinedModel, type DataRow } from '#shared/statistics/regression/index.ts'
import { allVariables, newestCombined, signatureModel } from '#main/database/queries/combined.ts'
import type { OpenStudy } from '../context.ts'

/** The name of the DL signature among the terms of a combined model. */
export const SIGNATURE_TERM = 'dl_signature'

/** A case's row as a combined model reads it: numbers as numbers, levels as text, the signature's probability. */
export function modelRow(variables: Readonly<Record<string, string>>, signature: number | null, model: CombinedModel): DataRow {
  const row: Record<string, string | number | null> = {}
  for (const term of model.terms) {
    const raw = variables[term.name]
    if (term.name === SIGNATURE_TERM) row[term.name] = signature
    else if (raw === undefined) row[term.name] = null
    else row[term.name] = term.kind === 'numeric' || clinicalVariable(term.name)?.kind === 'number' ? Number(raw) : raw
  }
  return row
}

export interface FrozenModel { readonly model: CombinedModel; readonly name: string; readonly sha256: string; readonly frozenAt: string }

export function frozenModel(study: OpenStudy): FrozenModel | null {
  const row = newestCombined(study.db.read)
  if (row === undefined) return null
  const parsed = parseCombinedModel(JSON.parse(row.document))
  return parsed.ok ? { model: parsed.value, name: `${row.name} v${row.version}`, sha256: row.sha256, frozenAt: row.frozen_at } : null
}

/** The risk of every case by the study's frozen combined model; null where the model or a value it needs is missing. */
export function riskOf(study: OpenStudy): { signatureModel: string | null; of(caseId: string, signature: number | null): number | null } {
  const frozen = frozenModel(study)
  const variables = frozen === null ? new Map<string, string>() : new Map(allVariables(study.db.read).map((r) => [r.case_id, r.variables]))
  return {
    signatureModel: signatureModel(study.db.read)?.model ?? null,
    of(caseId, signature) {
      if (frozen === null || signature === null) return null
      const made = predictCombined(frozen.model, modelRow(JSON.parse(variables.get(caseId) ?? '{}') as Record<string, string>, signature, frozen.model))
      return made.ok ? made.value.probability : null
    },
  }
}
