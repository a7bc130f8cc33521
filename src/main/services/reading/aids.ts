import { maskToText } from '#shared/geometry/index.ts'
import type { ReadingAid } from '#shared/domain/index.ts'
import type { ShownAids } from '#shared/contract/index.ts'
import { predictCombined } from '#shared/statistics/regression/index.ts'
import { allVariables, signatureModel } from '#main/database/queries/combined.ts'
import { currentSignatures } from '#main/database/queries/inference.ts'
import { aidsOfCase, modelOutput, type AidRow } from '#main/database/queries/readingAids.ts'
import type { WriteDb } from '#main/database/index.ts'
import { canonicalJson } from '#main/platform/index.ts'
import type { Caller, OpenStudy, World } from '../context.ts'
import { frozenModel, modelRow, networksByImage } from '../inference/risk.ts'
import { loadMask } from '../masks.ts'
import { mapAsset } from '../review/mapAsset.ts'

/** What the present model says of each case: the mask its signature stands on, the signature, the risk with its interval, the Grad-CAM map. */
export function modelAids(study: OpenStudy, images: readonly { caseId: string; imageId: string }[]): AidRow[] {
  const db = study.db.read
  const frozen = frozenModel(study), signature = signatureModel(db)?.model ?? null
  const variables = frozen === null ? new Map<string, string>() : new Map(allVariables(db).map((r) => [r.case_id, r.variables]))
  const networks = networksByImage(frozen === null ? [] : currentSignatures(db))
  return images.map(({ caseId, imageId }) => {
    const output = modelOutput(db, imageId, signature)
    const made = frozen === null || frozen.withheld !== null || output.signature === null ? null : predictCombined(frozen.model, modelRow(JSON.parse(variables.get(caseId) ?? '{}') as Record<string, string>, output.signature, frozen.model, networks.get(imageId)))
    const risk = made !== null && made.ok ? made.value : null
    return {
      case_id: caseId, mask: output.mask, signature: output.signature, risk: risk?.probability ?? null, risk_lower: risk?.interval.lower ?? null, risk_upper: risk?.interval.upper ?? null, cam: output.cam, cam_box: output.box, frame: output.frame,
      source: canonicalJson({ segmentation: output.segmentation_id, signature: output.signature_id, combined: risk === null ? null : frozen?.sha256 ?? null }),
    }
  })
}

const COLUMN = { contour: 'mask', signature: 'signature', risk: 'risk', gradcam: 'cam' } as const
export const missingAids = (rows: readonly AidRow[], listed: readonly ReadingAid[]): { aid: ReadingAid; missing: number }[] => listed.map((aid) => ({ aid, missing: rows.filter((r) => r[COLUMN[aid]] === null).length }))

/** Stores what aided readers of a protocol will see, so that a later run of the model does not move under them. Columns that the protocol does not list stay empty. */
export function freezeAids(study: OpenStudy, world: World, tx: WriteDb, protocolId: string, listed: readonly ReadingAid[], images: readonly { caseId: string; imageId: string }[]): void {
  const id = world.ids.next()
  const has = (aid: ReadingAid): boolean => listed.includes(aid)
  tx.insert('reading_aid_set', { id, protocol_id: protocolId, aids: canonicalJson(listed), created_at: tx.at, origin: tx.origin })
  for (const row of modelAids(study, images)) {
    tx.insert('reading_aid', {
      set_id: id, case_id: row.case_id, mask: has('contour') ? row.mask : null, signature: has('signature') ? row.signature : null, risk: has('risk') ? row.risk : null, risk_lower: has('risk') ? row.risk_lower : null, risk_upper: has('risk') ? row.risk_upper : null,
      cam: has('gradcam') ? row.cam : null, cam_box: has('gradcam') ? row.cam_box : null, frame: row.frame === 0 ? null : row.frame, source: row.source,
    })
  }
  tx.audit({ action: 'protocol.freezeAids', subject: 'reading_aid_set', id, new: canonicalJson(listed) })
}

/** The aids of a case as the reader gets them: a key for each listed aid, null where the model has none. */
export function shownAids(study: OpenStudy, caller: Caller, protocolId: string, caseId: string, listed: readonly ReadingAid[], key: string): ShownAids {
  const row = aidsOfCase(study.db.read, protocolId, caseId, listed)
  const shown: ShownAids = listed.includes('contour') || listed.includes('gradcam') ? { frame: row?.frame ?? 0 } : {}
  if (listed.includes('contour')) shown.contour = row?.mask == null ? null : maskToText(loadMask(study, row.mask))
  if (listed.includes('signature')) shown.signature = row?.signature ?? null
  if (listed.includes('risk')) shown.risk = row?.risk == null ? null : { probability: row.risk, lower: row.risk_lower ?? row.risk, upper: row.risk_upper ?? row.risk }
  if (listed.includes('gradcam')) {
    const box = row?.cam == null ? null : JSON.parse(row.cam_box ?? '{}') as { x: number; y: number; width: number; height: number }
    shown.gradcam = row?.cam == null || box === null ? null : { url: caller.grant(`${key}/cam`, mapAsset(study, row.cam)), left: box.x, top: box.y, width: box.width, height: box.height }
  }
  return shown
}
