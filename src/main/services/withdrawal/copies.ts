import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { jobRows } from '#main/database/queries/jobs.ts'
import { auditTexts } from '#main/database/queries/auditLog.ts'
import { packagesSent } from '#main/database/queries/packages.ts'
import type { OpenStudy } from '../context.ts'

const COPYING = new Set(['backup', 'export', 'report', 'masks-export', 'dicom-export'])

/** The PACS that objects were stored in, by the names that they had in the settings. */
const storedIn = (study: OpenStudy): string[] => [...new Set(auditTexts(study.db.read, 'pacs.store').flatMap((text) => {
  const { server } = JSON.parse(text) as { server?: unknown }
  return typeof server === 'string' ? [`PACS ${server}: objects of this study were stored in it`] : []
}))]

/** Copies of the study's content that this study knows of (of files: those that are still there): the program does not touch them, a person has to. */
export function knownCopies(study: OpenStudy): string[] {
  const inside = ['backups', 'reports'].flatMap((name) => {
    const folder = join(study.directory, name)
    return existsSync(folder) ? readdirSync(folder).map((f) => join(folder, f)) : []
  })
  const made = jobRows(study.db.read).filter((job) => COPYING.has(job.kind)).flatMap((job) => [job.result, job.input].flatMap((text) => {
    const value = text === null ? null : (JSON.parse(text) as { to?: unknown } | null)
    return typeof value?.to === 'string' ? [value.to] : []
  }))
  const files = [...new Set([...inside, ...made, ...auditTexts(study.db.read, 'study.backup')])].filter((path) => existsSync(path)).sort()
  return [...files, ...packagesSent(study.db.read).map((p) => `package for ${p.login} of ${p.created_at.slice(0, 10)}, with its pictures`), ...storedIn(study)]
}
