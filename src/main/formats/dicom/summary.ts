import { readFramesCalibration, type DicomCalibration } from './calibration.ts'
import type { DicomDataset } from './read/dataset.ts'
import type { DicomImage } from './read/openDicom.ts'
import type { Photometric } from './read/pixelFormat.ts'

/** What identifies a person. It is for linking a file to a manifest row at the door and is never stored with the study. */
export interface DicomIdentity {
  readonly patientId: string | null
  readonly patientName: string | null
  readonly birthDate: string | null
  readonly accessionNumber: string | null
  readonly studyDate: string | null
}

/** A file's header as the import needs it: plain data that crosses a worker boundary. */
export interface DicomSummary {
  readonly sopClassUid: string | null
  readonly sopInstanceUid: string | null
  readonly studyInstanceUid: string | null
  readonly seriesInstanceUid: string | null
  readonly transferSyntax: { readonly uid: string; readonly name: string; readonly lossy: boolean }
  readonly modality: string | null
  readonly rows: number
  readonly columns: number
  readonly frames: number
  readonly photometric: Photometric
  readonly bitsStored: number
  readonly channels: 1 | 3
  /** Milliseconds from one frame to the next; null where the file does not say or has one frame. */
  readonly frameTimeMs: number | null
  readonly calibration: DicomCalibration
  readonly scanner: { readonly manufacturer: string | null; readonly model: string | null; readonly software: string | null; readonly transducer: string | null }
  readonly laterality: 'L' | 'R' | null
  /** The file's own word on burned-in annotation; most ultrasound says nothing and has some. */
  readonly burnedInAnnotation: 'yes' | 'no' | 'unsaid'
  readonly lossyBefore: boolean
  readonly sexAge: { readonly sex: string | null; readonly ageYears: number | null }
  readonly identity: DicomIdentity
  readonly warnings: readonly string[]
}

function frameTime(dataset: DicomDataset, frames: number): number | null {
  if (frames < 2) return null
  const positive = (value: number | undefined): number | null => (value !== undefined && value > 0 && Number.isFinite(value) ? value : null)
  const vector = dataset.decimals('00181065').slice(1)
  const mean = vector.length > 0 ? vector.reduce((a, b) => a + b, 0) / vector.length : undefined
  const rate = positive(dataset.decimals('00180040')[0]) ?? positive(dataset.decimals('00082144')[0])
  return positive(dataset.decimals('00181063')[0]) ?? positive(mean) ?? (rate ? 1000 / rate : null)
}

function age(dataset: DicomDataset): number | null {
  const match = /^(\d{3})([DWMY])$/.exec(dataset.text('00101010') ?? '')
  if (!match) return null
  const count = Number(match[1])
  switch (match[2]) {
    case 'Y': return count
    case 'M': return Math.floor(count / 12)
    case 'W': return Math.floor(count / 52.18)
    default: return Math.floor(count / 365.25)
  }
}

function side(dataset: DicomDataset): 'L' | 'R' | null {
  const text = dataset.text('00200062') ?? dataset.text('00200060')
  return text === 'L' || text === 'R' ? text : null
}

export function summarise(image: DicomImage): DicomSummary {
  const { dataset, format, syntax } = image
  const text = (tag: string): string | null => dataset.text(tag)
  const calibration = readFramesCalibration(dataset, format.columns, format.rows, format.frames)
  const burned = text('00280301')
  return {
    sopClassUid: text('00080016'), sopInstanceUid: text('00080018'), studyInstanceUid: text('0020000D'), seriesInstanceUid: text('0020000E'),
    transferSyntax: { uid: syntax.uid, name: syntax.name, lossy: syntax.lossy },
    modality: text('00080060'),
    rows: format.rows, columns: format.columns, frames: format.frames, photometric: format.photometric, bitsStored: format.bitsStored,
    channels: format.photometric === 'MONOCHROME1' || format.photometric === 'MONOCHROME2' ? 1 : 3,
    frameTimeMs: frameTime(dataset, format.frames),
    calibration,
    scanner: { manufacturer: text('00080070'), model: text('00081090'), software: text('00181020'), transducer: text('00185010') ?? text('00186031') },
    laterality: side(dataset),
    burnedInAnnotation: burned === 'YES' ? 'yes' : burned === 'NO' ? 'no' : 'unsaid',
    lossyBefore: text('00282110') === '01' || syntax.lossy,
    sexAge: { sex: text('00100040'), ageYears: age(dataset) },
    identity: { patientId: text('00100020'), patientName: text('00100010'), birthDate: text('00100030'), accessionNumber: text('00080050'), studyDate: text('00080020') },
    warnings: [...image.warnings, ...calibration.warnings],
  }
}
