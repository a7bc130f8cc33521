import type { ExportedStudy } from '#shared/contract/exchange.ts'
import { cohorts } from '#main/database/queries/cases.ts'
import type { ExportCase } from '#main/database/queries/exports.ts'
import type { OpenStudy } from '../context.ts'
import type { ExportPicture } from './collect.ts'

/** Where the frames of a picture lie in an export: a still is in images/, a cine frame by frame in cine/. */
export const framePaths = (picture: ExportPicture): string[] => (picture.frames.length === 1 ? [`images/${picture.stem}.png`] : picture.frames.map((_, k) => `cine/${picture.stem}/${String(k + 1).padStart(4, '0')}.png`))

/** All that an export knows besides its files: what makes a study read back equal. */
export function studyDocument(study: OpenStudy, cases: readonly ExportCase[], pictures: readonly ExportPicture[], withdrawn: number): ExportedStudy {
  const named = new Set(cases.map((c) => c.cohort))
  const of = Map.groupBy(pictures, (p) => p.case.id)
  return {
    format: 'sln-study', version: 1, study: study.name, synthetic: study.synthetic, outcome: { ...study.outcome }, withdrawn,
    cohorts: cohorts(study.db.read).filter((c) => named.has(c.name)).map((c) => ({ name: c.name, role: c.role, ordinal: c.ordinal })),
    cases: cases.map((c) => ({
      label: c.label, patient: c.patient, cohort: c.cohort, hospital: c.hospital, excludedReason: c.excluded_reason, outcome: c.outcome, variables: JSON.parse(c.variables) as Record<string, string>,
      images: (of.get(c.id) ?? []).map((p) => ({
        ordinal: p.ordinal, width: p.width, height: p.height, frames: framePaths(p), calibration: structuredClone(p.calibration) as ExportedStudy['cases'][number]['images'][number]['calibration'], name: p.name, frameTimeMs: p.frameTimeMs, keyFrame: p.keyFrame,
        mask: p.mask === null ? null : { file: `masks/${p.stem}.png`, frame: p.frame },
      })),
    })),
  }
}
