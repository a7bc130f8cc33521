import { decodeMask, type Calibration } from '#shared/geometry/index.ts'
import { frameObjects } from '#main/database/queries/annotations.ts'
import { imagesOfCase } from '#main/database/queries/cases.ts'
import { casesForExport, frameOfAnnotation, type ExportCase } from '#main/database/queries/exports.ts'
import { frameTimeOf, keyFrameOf } from '#main/database/queries/cine.ts'
import { referenceAnnotation } from '#main/database/queries/inference.ts'
import { writePngMask } from '#main/formats/masks/index.ts'
import type { OpenStudy } from '../context.ts'
import { loadMask } from '../masks.ts'

/** A picture that leaves the study, with the mask that counts as its truth. Names are the case's; the name of the imported file stays behind. */
export interface ExportPicture {
  readonly case: ExportCase
  readonly ordinal: number
  readonly stem: string
  readonly width: number
  readonly height: number
  /** The frame that the mask is drawn on, else the first. */
  readonly frame: number
  readonly object: string
  readonly frames: readonly string[]
  readonly mask: string | null
  readonly calibration: Calibration
  /** The name that the imported file had. */
  readonly name: string
  readonly frameTimeMs: number | null
  readonly keyFrame: { readonly frame: number; readonly rule: string } | null
}

/** Which cases leave: of these cohorts ('' are cases without one; null: all), with the excluded ones or without. */
export interface ExportChoice { readonly cohorts: ReadonlySet<string> | null; readonly excluded: boolean }

/** Signs that a file system refuses become dashes. */
const fileStem = (label: string): string => label.replace(/[^\p{L}\p{N}._-]+/gu, '-').replace(/^[.-]+/, '').slice(0, 120) || 'case'

/** Every case that may leave, and its pictures in order; file names are one to one with pictures. */
export function collect(study: OpenStudy, choice: ExportChoice = { cohorts: null, excluded: true }): { cases: ExportCase[]; pictures: ExportPicture[] } {
  const db = study.db.read
  const cases = casesForExport(db).filter((c) => (c.excluded_reason === null ? (choice.cohorts?.has(c.cohort ?? '') ?? true) : choice.excluded))
  const taken = new Set<string>()
  const pictures = cases.flatMap((item) => {
    const images = imagesOfCase(db, item.id)
    return images.map((image): ExportPicture => {
      const base = fileStem(item.label) + (images.length > 1 ? `_${image.ordinal + 1}` : '')
      let stem = base
      for (let n = 2; taken.has(stem.toLowerCase()); n++) stem = `${base}~${n}`
      taken.add(stem.toLowerCase())
      const reference = referenceAnnotation(db, image.id)
      const key = keyFrameOf(db, image.id)
      const frame = reference === undefined ? (key?.frame ?? 0) : frameOfAnnotation(db, reference.id)
      const frames = frameObjects(db, image.id)
      return { case: item, ordinal: image.ordinal, stem, width: image.width, height: image.height, frame, frames, object: frames[frame] ?? image.object, mask: reference?.mask ?? null, calibration: JSON.parse(image.calibration) as Calibration,
        name: image.source_name, frameTimeMs: frameTimeOf(db, image.id), keyFrame: key === undefined ? null : { frame: key.frame, rule: key.rule } }
    })
  })
  return { cases, pictures }
}

/** The scale of the whole picture, where one region covers it; a scale of a part would be wrong of the rest. */
export function wholeScale(picture: ExportPicture): { x: number; y: number } | null {
  const { calibration, width, height } = picture
  const region = calibration.kind === 'regions' && calibration.regions.length === 1 ? calibration.regions[0] : undefined
  if (region === undefined) return null
  const { bounds } = region
  return bounds.left <= 0 && bounds.top <= 0 && bounds.left + bounds.width >= width && bounds.top + bounds.height >= height ? { x: region.mmPerPixelX, y: region.mmPerPixelY } : null
}

/** The mask as a grey PNG of 0 and 255. */
export function maskPng(study: OpenStudy, hash: string): Promise<Buffer> {
  const mask = loadMask(study, hash)
  return writePngMask({ width: mask.width, height: mask.height, data: decodeMask(mask) })
}
