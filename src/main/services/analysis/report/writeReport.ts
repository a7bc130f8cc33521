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
import type { AnalysisThread } from '../thread/analysisThread.ts'
import type { ReportOrder } from '../thread/messages.ts'
import { analyzeFiles } from './analyzeFolder.ts'
import { buildReport } from './buildReport.ts'
import { imrmcText, protocolRows, scoreRows } from './scoreFiles.ts'
import { toHtml } from './toHtml.ts'

type Say = (done: number, total: number, note: string) => void
/** What the thread tells of a written report; `files` are names below its folder. */
export interface WrittenReport { readonly files: readonly string[]; readonly tables: number; readonly figures: number; readonly openItems: number; readonly sha256: string }

const csv = (columns: readonly string[], rows: readonly (readonly unknown[])[]): string => stringify([columns, ...rows] as unknown[][], { record_delimiter: 'windows' })

/**
 * Writes report.html, report.pdf, tables/*.csv, figures/*.svg with their numbers as CSV, scores.csv, an iMRMC file and a folder for
 * `sln analyze` a cohort into `order.folder`. Reads the study, changes nothing in it.
 */
export async function writeReportFiles(study: OpenStudy, order: ReportOrder, say: Say): Promise<WrittenReport> {
  const { document, openItems } = await buildReport(study, order, say)
  const files = new Map<string, string | Buffer>([['report.html', toHtml(document)]])
  const tables = document.blocks.flatMap((b) => (b.kind === 'table' ? [b.table] : [])), figures = document.blocks.flatMap((b) => (b.kind === 'figure' ? [b.figure] : b.kind === 'panels' ? b.figures : []))
  const drawings = document.blocks.flatMap((b) => (b.kind === 'drawing' ? [b.drawing] : []))
  for (const t of tables) files.set(`tables/${t.id}.csv`, t.data === undefined ? csv(t.columns.map((c) => c.label), t.rows) : csv(t.data.columns, t.data.rows))
  for (const f of figures) {
    files.set(`figures/${f.id}.svg`, figureToSvg(f, { width: 860, height: 520, theme: 'light' }))
    files.set(`figures/${f.id}.csv`, figureToCsv(f))
  }
  for (const d of drawings) files.set(`figures/${d.id}.svg`, d.svg)
  const scores = scoreRows(study)
  if (scores.rows.length > 0) files.set('scores.csv', csv(scores.columns, scores.rows))
  const read = protocolRows(study)
  if (read.length > 0) files.set('protocols.csv', csv(['protocol', 'version', 'state', 'sha256'], read.map((p) => [p.protocol, p.version, p.state, p.sha256])))
  for (const cohort of cohortRoles(study).keys()) {
    const lines = imrmcText(study, cohort)
    if (lines !== '') files.set(`${slug(cohort)}.imrmc`, lines)
    for (const [name, text] of analyzeFiles(study, cohort)) files.set(`analyze/${slug(cohort)}/${name}`, text)
  }
  say(9, 10, 'writing the PDF')
  files.set('report.pdf', await writePdf(document, { createdAt: new Date(order.at) }))
  for (const [name, content] of files) {
    await mkdir(dirname(join(order.folder, name)), { recursive: true })
    await writeFile(join(order.folder, name), content)
  }
  return { files: [...files.keys()], tables: tables.length, figures: figures.length + drawings.length, openItems, sha256: sha256(Buffer.from(files.get('report.html') as string)) }
}

interface Writing { readonly study: OpenStudy; readonly world: World; readonly thread: AnalysisThread; readonly models: string; readonly actor: string }

/** The report, written by a thread of its own into a folder that gets its name when all is there; the audit log keeps the hash of the page. */
export async function writeReport({ study, world, thread, models, actor }: Writing, to: string, options: { readonly signal: AbortSignal; progress: Say }): Promise<ReportResult> {
  const target = resolve(to), part = `${target}.part`
  if (existsSync(target) && readdirSync(target).length > 0) throw new Failure('refused', `${target} is not empty; choose a new folder for the report`)
  try {
    await rm(part, { recursive: true, force: true })
    await mkdir(part, { recursive: true })
    const written = await thread.report(study, { folder: part, at: world.clock.now().toISOString(), version: world.version, models }, options)
    if (options.signal.aborted) throw new Failure('cancelled', 'cancelled; nothing was written')
    await rm(target, { recursive: true, force: true })
    await rename(part, target)
    study.db.write(actor, (tx) => tx.audit({ action: 'study.report', subject: 'event', id: study.id, new: JSON.stringify({ to: target, sha256: written.sha256 }) }))
    return { to: target, ...written, files: [...written.files] }
  } catch (error) {
    await rm(part, { recursive: true, force: true })
    if (error instanceof Failure || !(error instanceof Error) || !('code' in error)) throw error
    throw new Failure('refused', `the report could not be written to ${target} (${error.message}); choose a folder that can be written`)
  }
}
