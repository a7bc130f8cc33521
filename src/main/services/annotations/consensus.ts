import { frameFromPolygons, majorityVote, staple, traceMask } from '#shared/contour/index.ts'
import { maskArea, maskToBytes, type RleMask } from '#shared/geometry/index.ts'
import { accountById } from '#main/database/queries/accounts.ts'
import { lastVersionOf, newestDrawings, type DrawingRow } from '#main/database/queries/annotations.ts'
import { canonicalJson } from '#main/platform/index.ts'
import type { Caller, OpenStudy, World } from '../context.ts'
import { loadMask } from '../masks.ts'

/** How a consensus was made, as `derived_from` of its version holds it: the method, its sources in order and what STAPLE says of each. */
export interface ConsensusLineage {
  readonly method: 'staple' | 'majority'
  readonly from: readonly { readonly annotation: string; readonly sensitivity?: number; readonly specificity?: number }[]
  readonly iterations?: number
  readonly converged?: boolean
}

function combine(method: ConsensusLineage['method'], ids: readonly string[], masks: readonly RleMask[]): { mask: RleMask; lineage: ConsensusLineage } {
  if (method === 'majority') return { mask: majorityVote(masks), lineage: { method, from: ids.map((annotation) => ({ annotation })) } }
  const found = staple(masks)
  return { mask: found.consensus, lineage: { method, from: ids.map((annotation, i) => ({ annotation, ...found.raters[i] })), iterations: found.iterations, converged: found.converged } }
}

interface Request { readonly method: ConsensusLineage['method']; readonly caseIds: readonly string[] | null; readonly cohort: string | null; readonly notBlind: boolean }

/**
 * Stores a consensus of the first drawings of each picture that two annotators or more drew (on one frame), as a new version. Drawings that were not made blind are left out unless they are asked for. A picture whose newest consensus
 * has the same method and sources is left as it is. Pictures with one annotator only are counted in `left`.
 */
export async function storeConsensus(study: OpenStudy, world: World, caller: Caller, request: Request): Promise<{ stored: number; unchanged: number; left: number }> {
  const wanted = request.caseIds === null ? null : new Set(request.caseIds)
  const byImage = Map.groupBy(newestDrawings(study.db.read, request.cohort).filter((d) => d.round === 1 && d.area_px > 0 && (request.notBlind || d.shown === null) && (wanted === null || wanted.has(d.case_id))), (d) => `${d.image_id} ${d.frame}`)
  const author = accountById(study.db.read, caller.account.id)?.id ?? null
  let stored = 0, unchanged = 0, left = 0
  for (const drawings of byImage.values()) {
    const first = drawings[0] as DrawingRow
    await new Promise((resolve) => setImmediate(resolve))
    if (new Set(drawings.map((d) => d.account_id)).size < 2) {
      left++
      continue
    }
    const { mask, lineage } = combine(request.method, drawings.map((d) => d.id), drawings.map((d) => loadMask(study, d.mask)))
    const derived = canonicalJson(lineage)
    const hash = study.objects.put(maskToBytes(mask))
    const document = JSON.stringify({ format: 1, width: mask.width, height: mask.height, frames: [frameFromPolygons(first.frame, traceMask(mask), { label: 'lesion', origin: 'consensus', id: (i) => `consensus-${i + 1}` })], largestFrame: null })
    const done = study.db.write(caller.actor, (tx) => {
      const last = lastVersionOf(tx, first.image_id, 'consensus')
      if (last?.derived_from === derived) return false
      const id = world.ids.next()
      tx.insert('annotation', {
        id, case_id: first.case_id, image_id: first.image_id, frame: first.frame, task_id: null, account_id: author, purpose: 'consensus', version: (last?.version ?? 0) + 1, document, mask: hash, area_px: maskArea(mask),
        active_seconds: 0, tools: '{}', app_version: world.version, derived_from: derived, created_at: tx.at, origin: tx.origin,
      })
      tx.audit({ action: 'annotation.consensus', subject: 'annotation', id, old: last?.id ?? null, new: hash, reason: `${request.method} of ${drawings.length} drawings` })
      return true
    })
    if (done) stored++
    else unchanged++
  }
  return { stored, unchanged, left }
}
