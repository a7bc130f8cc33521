import type { NetworkAgreement } from '#shared/contract/index.ts'
import { SEGMENTATION_NETWORKS, type SegmentationNetwork } from '#shared/domain/index.ts'
import type { RleMask } from '#shared/geometry/index.ts'
import { quantiles } from '#shared/statistics/core/index.ts'
import { auditHeads } from '#main/database/queries/auditLog.ts'
import { caseModelRows, masksOfSegmentation } from '#main/database/queries/inference.ts'
import type { OpenStudy } from '../context.ts'
import { loadMask, overlapOf } from '../masks.ts'

/** How long one stretch of work may take before the program answers others. */
const STRETCH_MS = 20
const PAIRS = SEGMENTATION_NETWORKS.flatMap((a, i) => SEGMENTATION_NETWORKS.slice(i + 1).map((b) => [a, b] as const))
interface CasePairs { readonly caseId: string; readonly label: string; readonly cohort: string; readonly dice: readonly (number | null)[] }

/** Dice of two masks; two empty ones agree. */
const agreement = (a: RleMask, b: RleMask): number => overlapOf(a, b).dice ?? 1

function pairsOf(study: OpenStudy, segmentationId: string): readonly (number | null)[] {
  const masks = new Map<SegmentationNetwork | 'fusion', RleMask>(masksOfSegmentation(study.db.read, segmentationId).filter((m) => m.model !== 'fusion').map((m) => [m.model, loadMask(study, m.mask)]))
  return PAIRS.map(([a, b]) => {
    const first = masks.get(a), second = masks.get(b)
    return first === undefined || second === undefined ? null : agreement(first, second)
  })
}

async function measure(study: OpenStudy): Promise<NetworkAgreement> {
  const cases: CasePairs[] = []
  let since = performance.now()
  for (const row of caseModelRows(study.db.read)) {
    if (row.segmentation_id === null) continue
    cases.push({ caseId: row.case_id, label: row.label, cohort: row.cohort ?? 'no cohort', dice: pairsOf(study, row.segmentation_id) })
    if (performance.now() - since < STRETCH_MS) continue
    await new Promise((resolve) => setImmediate(resolve))
    since = performance.now()
  }
  const rows = [...new Set(cases.map((c) => c.cohort))].flatMap((cohort) => PAIRS.map(([a, b], k) => {
    const values = cases.filter((c) => c.cohort === cohort).flatMap((c) => c.dice[k] ?? [])
    const [q1, median, q3] = values.length === 0 ? [] : quantiles(values, [0.25, 0.5, 0.75])
    return { cohort, a, b, n: values.length, mean: values.length === 0 ? null : values.reduce((s, v) => s + v, 0) / values.length, median: median ?? null, q1: q1 ?? null, q3: q3 ?? null }
  }))
  const mean = (c: CasePairs): number => c.dice.reduce<number>((s, v) => s + (v ?? 1), 0) / Math.max(1, c.dice.length)
  const worst = [...cases].sort((x, y) => mean(x) - mean(y)).slice(0, 10).map((c) => ({ caseId: c.caseId, label: c.label, cohort: c.cohort, dice: mean(c) }))
  return { rows: rows.filter((r) => r.n > 0), worst }
}

const memo = new WeakMap<OpenStudy, { readonly head: string; readonly value: Promise<NetworkAgreement> }>()

/**
 * Agreement of the base networks among themselves: Dice of every pair on every included case's newest masks, by cohort, and the cases where they differ most.
 * Worked through in short stretches, and kept until the study changes.
 */
export function networkAgreement(study: OpenStudy): Promise<NetworkAgreement> {
  const head = auditHeads(study.db.read).map((h) => `${h.origin}:${h.seq}:${h.hash}`).join(' ')
  const known = memo.get(study)
  if (known !== undefined && known.head === head) return known.value
  const value = measure(study)
  memo.set(study, { head, value })
  value.catch(() => { if (memo.get(study)?.value === value) memo.delete(study) })
  return value
}
