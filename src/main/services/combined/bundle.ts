import { stringify } from 'csv-stringify/sync'
import { Failure, type FitRequest } from '#shared/contract/index.ts'
import { parseCombinedModel } from '#shared/statistics/regression/index.ts'
import { canonicalJson, sha256 } from '#main/platform/index.ts'
import { combinedById } from '#main/database/queries/combined.ts'
import type { OpenStudy } from '../context.ts'
import { openExportFolder } from '../exports/folder.ts'
import { combinedCard } from './card.ts'
import type { FrozenDocument } from './freeze.ts'
import { assembleRows } from './rows.ts'

type Cell = string | number | null | undefined

/** The fitting rows as `sln analyze` reads them, and the task that repeats the fit; null where the study's rows are no longer those of the fit. */
function analysisOf(study: OpenStudy, document: FrozenDocument): { data: string; task: string } | null {
  const request = document.provenance?.request as FitRequest | null | undefined
  if (request === null || request === undefined) return null
  const { rows, plan, terms } = assembleRows(study, request)
  const used = new Set(plan.cohorts.filter((c) => c.use === 'fit').map((c) => c.name))
  const fitted = rows.filter((r) => used.has(r.cohort))
  if (sha256(canonicalJson(fitted.map((r) => r.values))) !== document.provenance.rowsSha256) return null
  const predictor = (name: string): object => {
    const term = terms.find((t) => t.name === name)
    return term?.kind === 'factor' ? { name, type: 'factor', levels: term.levels } : { name, type: 'numeric' }
  }
  const columns = [document.outcome, ...terms.map((t) => t.name)]
  const chosen = document.terms.map((t) => t.name)
  const step = document.provenance.selection.path.length > 0 && request.selection.kind === 'aic' && request.selection.direction === 'backward' && document.provenance.selection.forced.length === 0
  return {
    data: stringify([columns, ...fitted.map((r) => columns.map((c): Cell => r.values[c] ?? ''))]),
    task: `${JSON.stringify({
      case: `${document.name}, fitting rows`, analyses: [
        { id: 'candidates', type: 'logistic', outcome: document.outcome, predictors: terms.map((t) => predictor(t.name)), ...(step ? { stepwise: true } : {}) },
        { id: 'model', type: 'logistic', outcome: document.outcome, predictors: chosen.map(predictor) },
        { id: 'nomogram', type: 'nomogram', outcome: document.outcome, predictors: chosen.map(predictor) },
      ],
    }, null, 1)}\n`,
  }
}

/** Writes a frozen model for others into a new folder: the document, its card and, while the study still has the very rows, the data and task that repeat the fit. */
export async function exportCombined(study: OpenStudy, actor: string, input: { id: string; to: string }): Promise<{ to: string; files: string[] }> {
  const row = combinedById(study.db.read, input.id)
  if (row === undefined) throw new Failure('not_found', 'there is no such model')
  const document = JSON.parse(row.document) as FrozenDocument
  const parsed = parseCombinedModel(document)
  if (!parsed.ok) throw new Failure('refused', parsed.error.message)
  const folder = await openExportFolder(input.to)
  try {
    const analysis = analysisOf(study, document)
    const files = ['model.json', 'card.md', ...(analysis === null ? [] : ['data.csv', 'task.json'])]
    await folder.write('model.json', `${row.document}\n`)
    await folder.write('card.md', combinedCard(document, { version: row.version, sha256: row.sha256, frozenAt: row.frozen_at }))
    if (analysis !== null) {
      await folder.write('data.csv', analysis.data)
      await folder.write('task.json', analysis.task)
    }
    const { to } = await folder.finish({ what: 'combined model', name: row.name, version: row.version, sha256: row.sha256 })
    study.db.write(actor, (tx) => tx.audit({ action: 'combined.export', subject: 'combined_model', id: row.id, new: row.sha256 }))
    return { to, files }
  } catch (error) {
    await folder.drop()
    throw error
  }
}
