import { CAPTURE_OF_COLOUR_FRAMES, createPseudonyms, inFrameOrder, type Elements, type Pseudonyms, type SourceImage } from '#main/formats/dicom/index.ts'
import type { Calibration } from '#shared/geometry/index.ts'
import type { ImageRecord } from '#main/database/queries/cases.ts'
import { caseById, patientById } from '#main/database/queries/cases.ts'
import { frameTimeOf } from '#main/database/queries/cine.ts'
import { dicomSourceOf } from '#main/database/queries/dicomImages.ts'
import { secretOf } from '../cases/importDicom.ts'
import type { OpenStudy } from '../context.ts'

/** A picture of the study as DICOM objects name it, and the header that its de-identified form is written with. */
export interface PictureSource { readonly source: SourceImage; readonly header: Elements }

const SECONDARY_CAPTURE = '1.2.840.10008.5.1.4.1.1.7'

export const pseudonymsOf = (study: OpenStudy): Pseudonyms => createPseudonyms(secretOf(study))

/** A scale that holds for the whole picture, as Pixel Spacing has it: down, then across. */
function spacingOf(image: ImageRecord): Elements {
  const calibration = JSON.parse(image.calibration) as Calibration
  if (calibration.kind === 'none' || calibration.regions.length !== 1) return {}
  const [region] = calibration.regions
  const { left, top, width, height } = region?.bounds ?? { left: 1, top: 1, width: 0, height: 0 }
  if (region === undefined || left > 0 || top > 0 || left + width < image.width || top + height < image.height) return {}
  return { '00280030': ['DS', [region.mmPerPixelY, region.mmPerPixelX]] }
}

/** A picture that came as PNG or the like has no DICOM identity: it gets one from the study's secret, the same at every export. */
function madeSource(study: OpenStudy, image: ImageRecord): PictureSource {
  const pseudonyms = pseudonymsOf(study)
  const subject = patientById(study.db.read, caseById(study.db.read, image.case_id)?.patient_id ?? '')?.label ?? ''
  const frameTime = frameTimeOf(study.db.read, image.id)
  const context: Elements = {
    '00080005': ['CS', 'ISO_IR 192'], '00080020': ['DA', ''], '00080030': ['TM', ''], '00080050': ['SH', ''], '00080090': ['PN', ''], '00100010': ['PN', subject], '00100020': ['LO', subject], '00100030': ['DA', ''], '00100040': ['CS', ''],
    '0020000D': ['UI', pseudonyms.uid(`case ${image.case_id}`)], '00200010': ['SH', ''],
  }
  const source: SourceImage = {
    sopClassUid: image.frames > 1 ? CAPTURE_OF_COLOUR_FRAMES : SECONDARY_CAPTURE, sopInstanceUid: pseudonyms.uid(`image ${image.id}`), seriesInstanceUid: pseudonyms.uid(`series ${image.case_id}`), rows: image.height, columns: image.width, frames: image.frames, lossy: null, context,
  }
  const header: Elements = {
    ...context, '00080016': ['UI', source.sopClassUid], '00080018': ['UI', source.sopInstanceUid], '0020000E': ['UI', source.seriesInstanceUid], '00080060': ['CS', 'US'], '00080064': ['CS', 'WSD'], '00080008': ['CS', ['DERIVED', 'SECONDARY']],
    '00200011': ['IS', 1], '00200013': ['IS', image.ordinal + 1], '00120062': ['CS', 'YES'], '00120063': ['LO', 'Picture without a DICOM header'], ...spacingOf(image), ...(frameTime === null || image.frames === 1 ? {} : { '00181063': ['DS', frameTime] as const }),
  }
  return { source, header }
}

/**
 * The de-identified source of an image: as it came through the DICOM door, else made. Its class is the one that its copy is written with, so
 * that masks and measurements name what is there: a cine without frame times is a secondary capture.
 */
export function pictureSource(study: OpenStudy, image: ImageRecord): PictureSource {
  const stored = dicomSourceOf(study.db.read, image.id)
  const { source, header } = stored === undefined ? madeSource(study, image) : (JSON.parse(stored.document) as PictureSource)
  const ordered = inFrameOrder(header, image.frames, image.channels)
  return { source: { ...source, sopClassUid: String(ordered['00080016']?.[1] ?? source.sopClassUid) }, header: ordered }
}
