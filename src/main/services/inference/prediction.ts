import { Failure, type CallName, type Prediction, type PredictionRow } from '#shared/contract/index.ts'
import { isSignatureTerm, termLabel } from '#shared/domain/index.ts'
import { maskToText } from '#shared/geometry/index.ts'
import { nomogram, type Nomogram } from '#shared/statistics/nomogram/index.ts'
import { predictCombined, type CombinedModel, type DataRow } from '#shared/statistics/regression/index.ts'
import { frameObjects } from '#main/database/queries/annotations.ts'
import { caseById, clinicalOf, imageById, representativeImage } from '#main/database/queries/cases.ts'
import { keyFrameOf } from '#main/database/queries/cine.ts'
import { caseModelRows, currentSignatures, masksOfSegmentation, signaturesOfImage, standingSegmentation, standingSignatureIds, unblindedReadings, type SignatureRow } from '#main/database/queries/inference.ts'
import { newestReview } from '#main/database/queries/review.ts'
import type { Inference } from '#main/runtime/inference/client.ts'
import type { Caller, Handlers, OpenStudy, World } from '../context.ts'
import { imageAsset } from '../cases/imageAssets.ts'
import { loadMask } from '../masks.ts'
import { mapAsset } from '../review/mapAsset.ts'
import { cropAsset, type CropBox } from './cropAsset.ts'
import { frozenModel, modelRow, networksByImage, riskOf, withheldModel, type FrozenModel } from './risk.ts'

const shown = (value: DataRow[string]): string => (typeof value === 'number' ? String(Number(value.toFixed(3))) : String(value))

/** A case as a model reads it that was fitted with other networks: no signature counts for it. */
const withoutSignatures = (row: DataRow, model: CombinedModel): DataRow => Object.fromEntries(model.terms.map((t) => [t.name, isSignatureTerm(t.name) ? null : (row[t.name] ?? null)]))

export function predictionHandlers(_world: World, _inference: Inference): Handlers<Extract<CallName, `prediction.${string}`>> {
  return {
    'prediction.list': ({ study }) => list(study),
    'prediction.case': ({ study, caller }, input) => {
      const record = caseById(study.db.read, input.caseId)
      const standing = record === undefined ? undefined : representativeImage(study.db.read, record.id)
      const image = standing === undefined ? undefined : imageById(study.db.read, standing.image_id)
      if (record === undefined || image === undefined) throw new Failure('not_found', 'there is no such case, or it has no image')
      const segmentation = standingSegmentation(study.db.read, image.id)
      const review = segmentation === undefined ? undefined : newestReview(study.db.read, segmentation.id)
      const fused = segmentation === undefined ? undefined : masksOfSegmentation(study.db.read, segmentation.id).find((m) => m.model === 'fusion')
      const maskHash = review?.decision === 'corrected' && review.mask !== null ? review.mask : fused?.mask
      const rows = signaturesOfImage(study.db.read, image.id), standingIds = standingSignatureIds(study.db.read, image.id)
      const standingRows = rows.filter((r) => standingIds.has(r.id))
      const signature = standingRows.find((r) => r.is_signature === 1) ?? null
      const clinical = clinicalOf(study.db.read, record.id)
      const variables = JSON.parse(clinical?.variables ?? '{}') as Record<string, string>
      const box = signature === null ? null : boxOf(signature)
      const frozen = frozenModel(study)
      const picture = frameObjects(study.db.read, image.id)[keyFrameOf(study.db.read, image.id)?.frame ?? 0] ?? image.object
      const networks = new Map(standingRows.map((r) => [r.model, r.probability]))
      const whole = frozen === null ? {} : modelRow(variables, signature?.probability ?? null, frozen.model, networks)
      const row = frozen === null || frozen.withheld === null ? whole : withoutSignatures(whole, frozen.model)
      return {
        caseId: record.id, label: record.label, imageUrl: caller.grant(`picture:${picture}`, imageAsset(study, picture)), width: image.width, height: image.height,
        mask: maskHash === undefined || segmentation?.state === 'empty' ? null : maskToText(loadMask(study, maskHash)),
        crop: signature === null ? null : caller.grant(`crop:${signature.id}`, cropAsset(study, picture, boxOf(signature))), box,
        cohort: record.cohort, calibration: JSON.parse(image.calibration) as Prediction['calibration'], outcome: { label: study.outcome.label, value: clinical?.outcome ?? null }, maskKind: signature?.mask_kind ?? null, state: segmentation?.state ?? 'none',
        signatures: rows.map((r) => toSignature(study, caller, r, picture, standingIds.has(r.id))), variables,
        frozen: frozen === null ? null : { document: frozen.model, name: frozen.name, sha256: frozen.sha256, frozenAt: frozen.frozenAt },
        row: Object.fromEntries(Object.entries(row).map(([k, v]) => [k, v ?? null])),
        readers: unblindedReadings(study.db.read, record.id).map(({ case_id: _case, ...r }) => r),
        ...riskAndNomogram(study, frozen, row, segmentation?.state ?? null),
      }
    },
  }
}

const boxOf = (r: SignatureRow): CropBox => JSON.parse(r.box) as CropBox

const toSignature = (study: OpenStudy, caller: Caller, r: SignatureRow, object: string, stands: boolean): Prediction['signatures'][number] => ({
  model: r.id, name: r.model, sha256: r.model_sha256, provider: r.provider, providerNote: r.provider_note ?? '', probability: r.probability, maskKind: r.mask_kind, isSignature: r.is_signature === 1, stands, cam: caller.grant(`map:${r.cam}`, mapAsset(study, r.cam)), at: r.created_at, box: boxOf(r),
  crop: caller.grant(`crop:${r.id}`, cropAsset(study, object, boxOf(r))),
})

/** Every included case with what the models and the unblinded readers said of it. */
function list(study: OpenStudy): { rows: PredictionRow[]; model: { name: string; sha256: string; threshold: number | null; cohort: string; withheld: string | null } | null; signature: string | null; outcome: string } {
  const db = study.db.read
  const frozen = frozenModel(study)
  const threshold = frozen?.model.threshold?.value ?? null
  const risks = riskOf(study)
  const all = currentSignatures(db)
  const values = new Map(all.filter((s) => s.model === risks.signatureModel).map((s) => [s.image_id, s]))
  const networks = networksByImage(all)
  const readings = new Map<string, { n: number; positive: number }>()
  for (const r of unblindedReadings(db, null)) {
    const seen = readings.get(r.case_id) ?? { n: 0, positive: 0 }
    readings.set(r.case_id, { n: seen.n + 1, positive: seen.positive + (r.call === 'positive' ? 1 : 0) })
  }
  const rows = caseModelRows(db).map((c): PredictionRow => {
    const value = values.get(c.image_id)
    const risk = risks.of(c.case_id, value?.probability ?? null, networks.get(c.image_id))
    const read = readings.get(c.case_id)
    return {
      caseId: c.case_id, label: c.label, cohort: c.cohort, outcome: c.outcome, state: c.state ?? 'none', signature: value?.probability ?? null, maskKind: value === undefined ? null : value.mask_kind === 'corrected' ? 'corrected' : 'automatic',
      risk, positive: risk === null || threshold === null ? null : risk >= threshold, readers: read?.n ?? 0, readersPositive: read?.positive ?? 0, networks: Object.fromEntries(networks.get(c.image_id) ?? []),
    }
  })
  return { rows, model: frozen === null ? null : { name: frozen.name, sha256: frozen.sha256, threshold, cohort: frozen.model.cohort, withheld: frozen.withheld }, signature: risks.signatureModel, outcome: study.outcome.label }
}

/** The factors that a case lacks, as a person reads them; null where it has all. */
function unknownTerms(model: CombinedModel, row: DataRow): string | null {
  const names = model.terms.filter((t) => (row[t.name] ?? '') === '').map((t) => termLabel(t.name))
  return names.length === 0 ? null : `${names.join(', ')} ${names.length === 1 ? 'is' : 'are'} not known; a value can be tried under What if`
}

function riskAndNomogram(study: OpenStudy, frozen: FrozenModel | null, row: DataRow, state: 'found' | 'empty' | null): Pick<Prediction, 'risk' | 'riskMissing' | 'nomogram'> {
  if (frozen === null) return { risk: null, riskMissing: 'the study has no frozen combined model yet', nomogram: null }
  const drawn = nomogram(frozen.model)
  const chart = drawn.ok ? drawn.value : null
  if (frozen.withheld !== null) return { risk: null, riskMissing: withheldModel(study), nomogram: chart === null ? null : toAxes(chart, frozen.model, row) }
  if (frozen.model.terms.some((t) => isSignatureTerm(t.name) && (row[t.name] ?? null) === null)) {
    return { risk: null, riskMissing: state === 'empty' ? 'no lesion was found, so there is no signature' : 'this case has no signature yet: run the automatic segmentation', nomogram: chart === null ? null : toAxes(chart, frozen.model, row) }
  }
  const made = predictCombined(frozen.model, row)
  if (!made.ok) return { risk: null, riskMissing: unknownTerms(frozen.model, row) ?? made.error.message, nomogram: chart === null ? null : toAxes(chart, frozen.model, row) }
  const { probability, interval, contributions, positive } = made.value
  const axes = chart === null ? null : toAxes(chart, frozen.model, row)
  return {
    riskMissing: null, nomogram: axes,
    risk: {
      probability, ci95: [interval.lower, interval.upper], threshold: frozen.model.threshold?.value ?? null, positive: positive ?? null, model: frozen.name, sha256: frozen.sha256,
      contributions: contributions.map((c, i) => ({ term: termLabel(c.term), value: shown(c.value), logit: c.contribution, points: axes?.axes[i]?.points ?? 0, maxPoints: chart?.predictors[i]?.maximum ?? 0 })),
    },
  }
}

/** The case's place on each axis. A numeric value is placed by its coefficient, so it need not be a tick. */
function toAxes(chart: Nomogram, model: CombinedModel, row: DataRow): NonNullable<Prediction['nomogram']> {
  const axes = chart.predictors.map((axis, i) => {
    const term = model.terms[i]
    const value = row[axis.term] ?? null
    const first = axis.ticks[0]
    let points: number | null = null
    if (value !== null && term?.kind === 'factor') points = axis.ticks.find((t) => t.label === String(value))?.points ?? null
    else if (typeof value === 'number' && term?.kind === 'numeric' && first?.value !== undefined) points = first.points + (value - first.value) * term.coefficient * chart.pointsPerUnit
    return { term: termLabel(axis.term), unit: axis.unit ?? null, ticks: axis.ticks.map((t) => ({ label: t.label, points: t.points })), points, value: value === null ? null : shown(value) }
  })
  const sum = axes.every((a) => a.points !== null) ? axes.reduce((s, a) => s + (a.points ?? 0), 0) : null
  return { axes, total: { min: 0, max: chart.maximumTotal, ticks: chart.total.map((t) => t.points), points: sum }, risk: chart.risk.filter((t) => t.points >= 0 && t.points <= chart.maximumTotal).map((t) => ({ label: t.label, points: t.points })) }
}
