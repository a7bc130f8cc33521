import { existsSync, readdirSync } from 'node:fs'
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { stringify } from 'csv-stringify/sync'
import { Failure, type ReportResult } from '#shared/contract/index.ts'
import { figureToCsv, figureToSvg, slug } from '#shared/figures/index.ts'
import { writePdf } from '#main/formats/pdf/index.ts'
import { sha256 } from '#main/platform/index.ts'
import type { OpenStudy, World } from '../../context.ts'
import { cohortRoles } from '../scores.ts'
import { buildReport } from './buildReport.ts'
import { imrmcText, scoreRows } from './scoreFiles.ts'
import { toHtml } from './toHtml.ts'

interface Progress { readonly signal?: AbortSignal; progress?(done: number, total: number, note: string): void }

/**
 * Writes report.html, report.pdf, tables/*.csv, figures/*.svg with their numbers as CSV, scores.csv and an iMRMC file a cohort into a new folder.
 * The folder gets its name when all is there; the audit log keeps the hash of the page.
 */
export async function writeReport(study: OpenStudy, world: World, actor: string, to: string, options: Progress = {}): Promise<ReportResult> {
  const target = resolve(to)
  if (existsSync(target) && readdirSync(target).length > 0) throw new Failure('refused', `${target} is not empty; choose a new folder for the report`)
  const now = world.clock.now()
  const { document, openItems } = buildReport(study, world.version, now.toISOString(), options.progress)
  const files = new Map<string, string | Buffer>([['report.html', toHtml(document)]])
  options.progress?.(1, 2, 'writing the PDF')
  files.set('report.pdf', await writePdf(document, { createdAt: now }))
  const csv = (columns: readonly string[], rows: readonly (readonly unknown[])[]): string => stringify([columns, ...rows] as unknown[][], { record_delimiter: 'windows' })
  const tables = document.blocks.flatMap((b) => (b.kind === 'table' ? [b.table] : [])), figures = document.blocks.flatMap((b) => (b.kind === 'figure' ? [b.figure] : []))
  for (const t of tables) files.set(`tables/${t.id}.csv`, t.data === undefined ? csv(t.columns.map((c) => c.label), t.rows) : csv(t.data.columns, t.data.rows))
  for (const f of figures) {
    files.set(`figures/${f.id}.svg`, figureToSvg(f, { width: 860, height: 520, theme: 'light' }))
    files.set(`figures/${f.id}.csv`, figureToCsv(f))
  }
  const scores = scoreRows(study)
  if (scores.rows.length > 0) files.set('scores.csv', csv(scores.columns, scores.rows))
  for (const cohort of cohortRoles(study).keys()) {
    const lines = imrmcText(study, cohort)
    if (lines !== '') files.set(`${slug(cohort)}.imrmc`, lines)
  }
  if (options.signal?.aborted === true) throw new Failure('cancelled', 'cancelled; nothing was written')
  await place(target, files)
  const hash = sha256(Buffer.from(files.get('report.html') as string))
  study.db.write(actor, (tx) => tx.audit({ action: 'study.report', subject: 'event', id: study.id, new: JSON.stringify({ to: target, sha256: hash }) }))
  return { to: target, files: [...files.keys()], tables: tables.length, figures: figures.length, openItems, sha256: hash }
}

async function place(target: string, files: ReadonlyMap<string, string | Buffer>): Promise<void> {
  const part = `${target}.part`
  await rm(part, { recursive: true, force: true })
  try {
    for (const [name, content] of files) {
      await mkdir(dirname(join(part, name)), { recursive: true })
      await writeFile(join(part, name), content)
    }
    await rm(target, { recursive: true, force: true })
    await rename(part, target)
  } catch (error) {
    await rm(part, { recursive: true, force: true })
    throw new Failure('refused', `the report could not be written to ${target} (${error instanceof Error ? error.message : String(error)}); choose a folder that can be written`)
  }
}
