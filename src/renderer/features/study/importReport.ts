import type { Job } from '#shared/contract/index.ts'

export interface RefusedRow { readonly row: number; readonly case_id: string | null; readonly reason: string }
export interface ImportReport { readonly imported: number; readonly refused: readonly RefusedRow[] }

/** The report of an import that ended, where the job has one. */
export function importReport(job: Pick<Job, 'result'>): ImportReport | null {
  const r = job.result as Partial<ImportReport> | null
  return typeof r === 'object' && r !== null && typeof r.imported === 'number' && Array.isArray(r.refused) ? { imported: r.imported, refused: r.refused } : null
}

/** One CSV field. A text that a spreadsheet would run as a formula gets an apostrophe before it. */
function field(text: string): string {
  const safe = /^[=+\-@\t]/.test(text) ? `'${text}` : text
  return /[",\r\n']/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** The refused rows as CSV (row, case_id, reason), for the person who made the manifest. */
export const refusedCsv = (rows: readonly RefusedRow[]): string =>
  ['row,case_id,reason', ...rows.map((r) => [String(r.row), field(r.case_id ?? ''), field(r.reason)].join(','))].join('\r\n') + '\r\n'

/** One sentence on an import. */
export function importSentence(report: ImportReport): string {
  const taken = `${report.imported} ${report.imported === 1 ? 'row' : 'rows'} imported`
  return report.refused.length === 0 ? `${taken}, none refused.` : `${taken}, ${report.refused.length} refused; correct ${report.refused.length === 1 ? 'it' : 'them'} in the manifest and import it again.`
}
