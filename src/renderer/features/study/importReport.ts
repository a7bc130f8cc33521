import type { Job } from '#shared/contract/index.ts'

/** A refused line of a manifest (`row`, `case_id`), or a refused file of a DICOM folder (`file`). */
export interface Refused { readonly row: number | null; readonly name: string; readonly reason: string }
export interface ImportReport {
  readonly source: 'manifest' | 'dicom'
  readonly imported: number
  readonly refused: readonly Refused[]
  /** What was taken but should be looked at: a file without calibration, text that was blacked. */
  readonly warnings: readonly { readonly name: string; readonly text: string }[]
}

interface ManifestResult { readonly imported: number; readonly refused: readonly { readonly row: number; readonly case_id: string | null; readonly reason: string }[] }
interface DicomResult { readonly imported: readonly { readonly file: string; readonly warnings: readonly string[] }[]; readonly refused: readonly { readonly file: string; readonly reason: string }[] }

/** The report of an import that ended, where the job has one. */
export function importReport(job: Pick<Job, 'result'>): ImportReport | null {
  const r = job.result as Partial<ManifestResult> | Partial<DicomResult> | null
  if (typeof r !== 'object' || r === null || !Array.isArray(r.refused)) return null
  if (typeof r.imported === 'number') {
    const { imported, refused } = r as ManifestResult
    return { source: 'manifest', imported, refused: refused.map((x) => ({ row: x.row, name: x.case_id ?? '', reason: x.reason })), warnings: [] }
  }
  if (!Array.isArray(r.imported)) return null
  const { imported, refused } = r as DicomResult
  return {
    source: 'dicom', imported: imported.length, refused: refused.map((x) => ({ row: null, name: x.file, reason: x.reason })),
    warnings: imported.flatMap((x) => x.warnings.map((text) => ({ name: x.file, text }))),
  }
}

/** One CSV field. A text that a spreadsheet would run as a formula gets an apostrophe before it. */
function field(text: string): string {
  const safe = /^[=+\-@\t]/.test(text) ? `'${text}` : text
  return /[",\r\n']/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** What was refused as CSV, for the person who made the manifest (row, case_id, reason) or sent the files (file, reason). */
export function refusedCsv(report: Pick<ImportReport, 'source' | 'refused'>): string {
  const lines = report.source === 'manifest'
    ? ['row,case_id,reason', ...report.refused.map((r) => [String(r.row ?? ''), field(r.name), field(r.reason)].join(','))]
    : ['file,reason', ...report.refused.map((r) => [field(r.name), field(r.reason)].join(','))]
  return lines.join('\r\n') + '\r\n'
}

/** One sentence on an import. */
export function importSentence(report: ImportReport): string {
  const [one, many] = report.source === 'manifest' ? ['row', 'rows'] : ['file', 'files']
  const taken = `${report.imported} ${report.imported === 1 ? one : many} imported`
  if (report.refused.length === 0) return `${taken}, none refused.`
  const it = report.refused.length === 1 ? 'it' : 'them'
  return `${taken}, ${report.refused.length} refused; ${report.source === 'manifest' ? `correct ${it} in the manifest and import it again` : 'the reasons are below, and the other files are kept'}.`
}
