import { stringify } from 'csv-stringify/sync'
import type { OpenStudy } from '../context.ts'
import { wholeScale, type ExportPicture } from './collect.ts'
import type { ExportCase } from '#main/database/queries/exports.ts'

/** Names of clinical variables that any case has, in order of the alphabet. */
export const variableNames = (cases: readonly ExportCase[]): string[] => [...new Set(cases.flatMap((c) => Object.keys(JSON.parse(c.variables) as object)))].sort()

/**
 * manifest.csv as `sln import --manifest` and `models/training` read it: a row a picture, paths relative to it, the outcome as 0 or 1.
 * Cases without a picture have a row of their own where they are excluded (the importer takes no others).
 */
export function manifestCsv(study: OpenStudy, cases: readonly ExportCase[], pictures: readonly ExportPicture[]): string {
  const variables = variableNames(cases).filter((name) => name !== study.outcome.column)
  const header = ['case_id', 'patient_id', 'image', 'mask', 'cohort', 'hospital', study.outcome.column, 'excluded_reason', 'mm_per_px_x', 'mm_per_px_y', ...variables]
  const row = (item: ExportCase, picture: ExportPicture | null): string[] => {
    const values = JSON.parse(item.variables) as Record<string, string>
    const scale = picture === null ? null : wholeScale(picture)
    return [item.label, item.patient, picture === null ? '' : `images/${picture.stem}.png`, picture?.mask == null ? '' : `masks/${picture.stem}.png`, item.cohort ?? '', item.hospital ?? '', item.outcome === null ? '' : String(item.outcome),
      item.excluded_reason ?? '', scale === null ? '' : String(scale.x), scale === null ? '' : String(scale.y), ...variables.map((name) => values[name] ?? '')]
  }
  const of = new Map<string, ExportPicture[]>()
  for (const picture of pictures) of.set(picture.case.id, [...(of.get(picture.case.id) ?? []), picture])
  const rows = cases.flatMap((item) => {
    const own = of.get(item.id) ?? []
    return own.length > 0 ? own.map((picture) => row(item, picture)) : item.excluded_reason === null ? [] : [row(item, null)]
  })
  return stringify([header, ...rows])
}
