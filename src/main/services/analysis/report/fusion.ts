import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ReportBlock } from '#main/formats/pdf/index.ts'
import { SEGMENTATION_LABELS, type SegmentationModel } from '#shared/domain/index.ts'
import type { Figure } from '#shared/figures/index.ts'
import { modelsUsed } from '#main/database/queries/inference.ts'
import { readRegistry } from '#main/runtime/models/registry.ts'
import { sha256 } from '#main/platform/index.ts'
import type { OpenStudy } from '../../context.ts'
import { n3 } from './words.ts'

interface Booster { readonly learner: { readonly feature_names: readonly string[]; readonly gradient_booster: { readonly model: { readonly trees: readonly { readonly left_children: readonly number[]; readonly loss_changes: readonly number[]; readonly split_indices: readonly number[] }[] } } } }

/** Shares of the loss that the booster's splits on each network's map took away, and how many splits those are (xgboost's total gain and weight). */
export function fusionImportances(text: string): { readonly name: string; readonly gain: number; readonly splits: number }[] {
  const { learner } = JSON.parse(text) as Booster
  const gain = learner.feature_names.map(() => 0), splits = learner.feature_names.map(() => 0)
  for (const tree of learner.gradient_booster.model.trees) {
    for (const [node, left] of tree.left_children.entries()) {
      const feature = tree.split_indices[node] ?? 0
      if (left === -1) continue
      gain[feature] = (gain[feature] ?? 0) + (tree.loss_changes[node] ?? 0)
      splits[feature] = (splits[feature] ?? 0) + 1
    }
  }
  const total = gain.reduce((a, b) => a + b, 0)
  return learner.feature_names.map((name, i) => ({ name, gain: total > 0 ? (gain[i] ?? 0) / total : 0, splits: splits[i] ?? 0 }))
}

/** Supplementary figure: what the fusion goes by; only where the file at hand is the one that fused the stored masks. */
export function fusionBlocks(study: OpenStudy, models: string): ReportBlock[] {
  const used = modelsUsed(study.db.read).filter((m) => m.role === 'fusion')
  if (used.length === 0) return []
  const entry = existsSync(join(models, 'manifest.json')) ? readRegistry(models).models.find((m) => m.role === 'fusion') : undefined
  const file = entry === undefined ? '' : join(models, entry.file)
  const text = existsSync(file) ? readFileSync(file, 'utf8') : ''
  if (!used.some((m) => m.sha256 === sha256(text))) return [{ kind: 'text', text: 'Importances of the fusion: not shown, because the fusion model that made the stored masks is not the one installed here.', tone: 'quiet' }]
  const rows = fusionImportances(text).sort((a, b) => b.gain - a.gain)
  const label = (name: string): string => SEGMENTATION_LABELS[name as SegmentationModel] ?? name
  const colour = (name: string): 'deeplabv3' | 'unet' | 'unetpp' => (name === 'unet' || name === 'unetpp' ? name : 'deeplabv3')
  const figure: Figure = {
    id: 'supplementary-fusion-importances', title: 'What the fusion goes by', legend: 'none', x: { label: '', kind: 'category', categories: rows.map((r) => label(r.name)) }, y: { label: 'Share of gain', min: 0, max: 1, format: 'percent' },
    series: rows.map((r, x) => ({ id: r.name, label: label(r.name), colour: colour(r.name), kind: 'bars', width: 0.5, bars: [{ x, y: r.gain }] })),
    labels: rows.map((r, x) => ({ x, y: Math.min(0.96, r.gain + 0.02), text: `${(100 * r.gain).toFixed(1)} %, ${r.splits} splits`, anchor: 'middle' })),
  }
  return [{ kind: 'panels', figures: [figure], across: 1, caption: `Supplementary figure. Importance of each network’s probability map in the boosted trees of the fusion: share of total gain (${rows.map((r) => `${label(r.name)} ${n3(r.gain)}`).join(', ')}) over all splits. SHA-256 ${sha256(text).slice(0, 16)}…` }]
}
