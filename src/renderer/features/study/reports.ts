import type { Job } from '#shared/contract/index.ts'

export interface VerifyReport { readonly sound: boolean; readonly auditEntries: number; readonly rows: number; readonly objects: number; readonly faults: readonly string[] }
export interface BackupReport { readonly to: string; readonly objects: number; readonly bytes: number }

const resultOf = (job: Pick<Job, 'result'>): Record<string, unknown> => (typeof job.result === 'object' && job.result !== null ? (job.result as Record<string, unknown>) : {})

/** The report of a verification that ended, where the job has one. */
export function verifyReport(job: Pick<Job, 'result'>): VerifyReport | null {
  const r = resultOf(job)
  return typeof r['sound'] === 'boolean' && Array.isArray(r['faults']) ? (r as unknown as VerifyReport) : null
}
export function backupReport(job: Pick<Job, 'result'>): BackupReport | null {
  const r = resultOf(job)
  return typeof r['to'] === 'string' && typeof r['bytes'] === 'number' ? (r as unknown as BackupReport) : null
}

export const verifySentence = (r: VerifyReport): string =>
  r.sound ? `Sound: ${r.auditEntries} audit entries, ${r.rows} rows and ${r.objects} files are as they were written.` : `Not sound: ${r.faults.length} ${r.faults.length === 1 ? 'fault' : 'faults'} among ${r.auditEntries} audit entries, ${r.rows} rows and ${r.objects} files.`

/** '512 B', '3.4 MB': decimal units, as file managers show them. */
export function sizeText(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`
  const steps = ['kB', 'MB', 'GB', 'TB']
  let value = bytes / 1000
  let unit = 0
  while (value >= 999.95 && unit < steps.length - 1) {
    value /= 1000
    unit++
  }
  return `${value.toFixed(value < 100 ? 1 : 0)} ${steps[unit]}`
}
