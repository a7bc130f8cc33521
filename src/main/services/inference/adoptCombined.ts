import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { canonicalJson, sha256 } from '#main/platform/index.ts'
import { SIGNATURE_TERM } from '#shared/domain/index.ts'
import { parseCombinedModel, type CombinedModel } from '#shared/statistics/regression/index.ts'
import { insertCombined, newestCombined, nextCombinedVersion, signatureModel } from '#main/database/queries/combined.ts'
import type { OpenStudy, World } from '../context.ts'
import { fittedWith } from './risk.ts'

/** A combined model as it ships: the frozen model, and which network's probability it was fitted with. */
export type ShippedCombined = CombinedModel & { readonly name: string; readonly synthetic: boolean; readonly signature: { readonly set: string; readonly name: string; readonly sha256: string } }

export interface Adoption { readonly study: OpenStudy; readonly world: Pick<World, 'ids' | 'logger'>; readonly actor: string; readonly directory: string }

/** Reads `combined/<set>.json` of a models folder; a sentence where it cannot be used, null where there is none. */
export function readShipped(directory: string, set: string): ShippedCombined | string | null {
  const file = join(directory, 'combined', `${set}.json`)
  if (!existsSync(file)) return null
  let json: unknown
  try {
    json = JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return `${file} is not JSON`
  }
  const parsed = parseCombinedModel(json)
  if (!parsed.ok) return `${file}: ${parsed.error.message}`
  const { name, signature, synthetic } = json as Partial<ShippedCombined>
  if (typeof name !== 'string' || typeof synthetic !== 'boolean' || typeof signature?.sha256 !== 'string' || signature.set !== set) return `${file} does not say which signature it was fitted with`
  return json as ShippedCombined
}

/** How a model that was frozen in a study says so; what ships does not. */
export const MADE_IN_STUDY = 'SLN Workstation'

/** Whether a frozen document came with the program, and not from a fit in the study. */
export const isShipped = (document: unknown): boolean => !((document as { readonly provenance?: { readonly made?: string } }).provenance?.made ?? '').startsWith(MADE_IN_STUDY)

/**
 * Gives a study that has signatures but no combined model the one that ships with its signature set, so that risks appear. A shipped model of
 * former networks gives way to the shipped one of the present networks, as its next version; one that was fitted in the study never does. It is
 * taken only when it was fitted with the very network that made the study's signatures, for the study's outcome, and a model of simulated outcomes
 * only by a synthetic study. Returns the name of the adopted model, else null.
 */
export function adoptCombined({ study, world, actor, directory }: Adoption, signature: { readonly key: string; readonly signature: { readonly sha256: string } }): string | null {
  const present = newestCombined(study.db.read), main = signatureModel(study.db.read)
  if (main?.model_set !== signature.key) return null
  if (present !== undefined) {
    const document: unknown = JSON.parse(present.document)
    const fitted = fittedWith(document).get(SIGNATURE_TERM)
    if (!isShipped(document) || fitted === undefined || fitted === main.model_sha256) return null
  }
  const shipped = readShipped(directory, study.signatureSet)
  if (shipped === null) return null
  const refusal = typeof shipped === 'string' ? shipped
    : shipped.signature.sha256 !== signature.signature.sha256 ? 'it was fitted with another network than the one that is installed'
      : shipped.synthetic && !study.synthetic ? 'it was fitted on simulated outcomes, and this study is not synthetic'
        : shipped.outcome !== study.outcome.column ? `it predicts ${shipped.outcome}, and this study's outcome is ${study.outcome.column}` : null
  if (refusal !== null || typeof shipped === 'string') {
    world.logger.warn({ set: study.signatureSet, refusal }, 'the shipped combined model was not adopted')
    return null
  }
  const document = canonicalJson(shipped)
  const id = world.ids.next()
  study.db.write(actor, (tx) => insertCombined(tx, { id, name: shipped.name, version: nextCombinedVersion(tx, shipped.name), document, sha256: sha256(document) }, `shipped with the signature set ${study.signatureSet}; threshold chosen on ${shipped.threshold?.chosenOn ?? 'no cohort'}`))
  return shipped.name
}
