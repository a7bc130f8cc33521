import type { DicomDataset } from '../read/dataset.ts'
import type { DicomImage } from '../read/openDicom.ts'
import { nativeFrameBytes } from '../read/pixelFormat.ts'
import type { Elements, WriteElement } from './elements.ts'

/** What a new object says of the picture it is about: its patient and study (copied), and where the picture itself is to be found. */
export interface SourceImage {
  readonly sopClassUid: string
  readonly sopInstanceUid: string
  readonly seriesInstanceUid: string
  readonly rows: number
  readonly columns: number
  readonly frames: number
  /** How the picture lost detail before this program had it; null where it did not. */
  readonly lossy: { readonly ratio: number; readonly method: string } | null
  /** Patient and study attributes (`patientAndStudy`), of the original or of its de-identified form: whichever the picture is found by. */
  readonly context: Elements
}

/** What every object that this program writes needs beside its content. `uid` gives a new UID a call. */
export interface Authoring {
  readonly now: Date
  readonly uid: () => string
  readonly softwareVersion: string
  /** The person in whose name it is made; empty for a machine's work. */
  readonly creator: string
  readonly seriesNumber: number
  readonly seriesDescription: string
}

const CONTEXT = [
  ['00080020', 'DA'], ['00080030', 'TM'], ['00080050', 'SH'], ['00080090', 'PN'], ['00100010', 'PN'], ['00100020', 'LO'], ['00100030', 'DA'], ['00100040', 'CS'],
  ['0020000D', 'UI'], ['00200010', 'SH'],
] as const

/** The Patient and General Study modules of a file as it is; type 2 attributes that it lacks are empty. */
export const patientAndStudy = (dataset: DicomDataset): Elements => ({
  '00080005': ['CS', 'ISO_IR 192'],
  ...Object.fromEntries(CONTEXT.map(([tag, vr]): [string, WriteElement] => [tag, [vr, dataset.text(tag) ?? '']])),
})

/** The same from a de-identified header. */
export const patientAndStudyOf = (elements: Elements): Elements => ({
  '00080005': ['CS', 'ISO_IR 192'],
  ...Object.fromEntries(CONTEXT.map(([tag, vr]): [string, WriteElement] => [tag, elements[tag] ?? [vr, '']])),
})

const METHODS = { jpeg: 'ISO_10918_1', jpegls: 'ISO_14495_1', jpeg2000: 'ISO_15444_1', htj2k: 'ISO_15444_15' } as const

function lossiness(image: DicomImage): SourceImage['lossy'] {
  const { dataset, syntax, format } = image
  if (dataset.text('00282110') !== '01' && !syntax.lossy) return null
  const named = dataset.texts('00282114').at(-1)
  const byCodec = syntax.encoding in METHODS ? METHODS[syntax.encoding as keyof typeof METHODS] : 'ISO_10918_1'
  const measured = syntax.encoding === 'native' ? 1 : nativeFrameBytes({ ...format, photometric: format.samples === 3 ? 'RGB' : 'MONOCHROME2' }) / image.frameBytes(0).length
  return { ratio: dataset.decimals('00282112').at(-1) ?? Number(measured.toFixed(2)), method: named || byCodec }
}

/** What a new object needs to know of an opened picture. Empty UIDs stay empty: the picture cannot then be found by them. */
export function sourceImageOf(image: DicomImage, context: Elements = patientAndStudy(image.dataset)): SourceImage {
  const { dataset, format } = image
  const text = (tag: string): string => dataset.text(tag) ?? ''
  return {
    sopClassUid: text('00080016'), sopInstanceUid: text('00080018'), seriesInstanceUid: text('0020000E'), rows: format.rows, columns: format.columns, frames: format.frames,
    lossy: lossiness(image), context,
  }
}

/** Image Compression attributes of an object made from the source. */
export const lossyElements = ({ lossy }: SourceImage): Elements =>
  lossy ? { '00282110': ['CS', '01'], '00282112': ['DS', lossy.ratio], '00282114': ['CS', lossy.method] } : { '00282110': ['CS', '00'] }

const pad = (value: number, digits: number): string => String(value).padStart(digits, '0')
export const dicomDate = (d: Date): string => `${d.getUTCFullYear()}${pad(d.getUTCMonth() + 1, 2)}${pad(d.getUTCDate(), 2)}`
export const dicomTime = (d: Date): string => `${pad(d.getUTCHours(), 2)}${pad(d.getUTCMinutes(), 2)}${pad(d.getUTCSeconds(), 2)}`

/** A coded concept: value, scheme, meaning. */
export interface Code { readonly value: string; readonly scheme: string; readonly meaning: string }
export const code = (value: string, scheme: string, meaning: string): Code => ({ value, scheme, meaning })
export const codeItem = ({ value, scheme, meaning }: Code): Elements => ({ '00080100': ['SH', value], '00080102': ['SH', scheme], '00080104': ['LO', meaning.slice(0, 64)] })
export const codeSequence = (one: Code): WriteElement => ['SQ', [codeItem(one)]]

export const BREAST = code('76752008', 'SCT', 'Breast')
export const NEOPLASM = code('108369006', 'SCT', 'Neoplasm')

/** SOP Common, General Series and (Enhanced) General Equipment of a new instance in a series of its own. */
export function newInstance(sopClass: string, modality: string, source: SourceImage, authoring: Authoring): Elements {
  const { now, uid, softwareVersion, seriesNumber, seriesDescription } = authoring
  return {
    ...source.context,
    '00080012': ['DA', dicomDate(now)], '00080013': ['TM', dicomTime(now)],
    '00080016': ['UI', sopClass], '00080018': ['UI', uid()],
    '00080021': ['DA', dicomDate(now)], '00080031': ['TM', dicomTime(now)], '00080023': ['DA', dicomDate(now)], '00080033': ['TM', dicomTime(now)],
    '00080060': ['CS', modality], '00080070': ['LO', 'sln-workstation'], '0008103E': ['LO', seriesDescription.slice(0, 64)], '00081090': ['LO', 'sln-workstation'],
    '00181000': ['LO', '0'], '00181020': ['LO', softwareVersion],
    '0020000E': ['UI', uid()], '00200011': ['IS', seriesNumber], '00200013': ['IS', 1],
  }
}

export const reference = (sopClass: string, sopInstance: string): Elements => ({ '00081150': ['UI', sopClass], '00081155': ['UI', sopInstance] })
