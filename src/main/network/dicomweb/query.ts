import { items, text, texts, whole, type JsonDataset } from './dicomJson.ts'

/** What to look for; absent and empty fields match everything. Text may hold * and ?. Dates are YYYYMMDD. */
export interface StudyQuery {
  readonly patientId?: string
  readonly patientName?: string
  readonly accessionNumber?: string
  readonly modality?: string
  readonly description?: string
  readonly dateFrom?: string
  readonly dateTo?: string
}

export interface StudyRow {
  readonly studyUid: string
  readonly patientId: string
  readonly patientName: string
  readonly date: string
  readonly description: string
  readonly accessionNumber: string
  readonly modalities: readonly string[]
  readonly series: number | null
  readonly instances: number | null
}

export interface SeriesRow {
  readonly studyUid: string
  readonly seriesUid: string
  readonly modality: string
  readonly number: number | null
  readonly description: string
  readonly instances: number | null
}

export interface InstanceRow {
  readonly studyUid: string
  readonly seriesUid: string
  readonly instanceUid: string
  readonly sopClassUid: string
  readonly number: number | null
  readonly frames: number | null
  readonly rows: number | null
  readonly columns: number | null
}

const range = ({ dateFrom, dateTo }: StudyQuery): string => (dateFrom || dateTo ? (dateFrom === dateTo ? (dateFrom ?? '') : `${dateFrom ?? ''}-${dateTo ?? ''}`) : '')

/** QIDO-RS parameters (PS3.18 8.3.4), attributes by keyword. */
export function studyParameters(query: StudyQuery): URLSearchParams {
  const out = new URLSearchParams()
  const fields: [string, string | undefined][] = [
    ['PatientID', query.patientId], ['PatientName', query.patientName], ['AccessionNumber', query.accessionNumber], ['ModalitiesInStudy', query.modality],
    ['StudyDescription', query.description], ['StudyDate', range(query)],
  ]
  for (const [name, value] of fields) if (value) out.set(name, value)
  for (const field of ['StudyDescription', 'ModalitiesInStudy', 'NumberOfStudyRelatedSeries', 'NumberOfStudyRelatedInstances']) out.append('includefield', field)
  return out
}

export const studyRow = (d: JsonDataset): StudyRow => ({
  studyUid: text(d, '0020000D'), patientId: text(d, '00100020'), patientName: text(d, '00100010'), date: text(d, '00080020'), description: text(d, '00081030'),
  accessionNumber: text(d, '00080050'), modalities: texts(d, '00080061'), series: whole(d, '00201206'), instances: whole(d, '00201208'),
})

export const seriesRow = (studyUid: string) => (d: JsonDataset): SeriesRow => ({
  studyUid: text(d, '0020000D') || studyUid, seriesUid: text(d, '0020000E'), modality: text(d, '00080060'), number: whole(d, '00200011'), description: text(d, '0008103E'),
  instances: whole(d, '00201209'),
})

export const instanceRow = (studyUid: string, seriesUid: string) => (d: JsonDataset): InstanceRow => ({
  studyUid: text(d, '0020000D') || studyUid, seriesUid: text(d, '0020000E') || seriesUid, instanceUid: text(d, '00080018'), sopClassUid: text(d, '00080016'),
  number: whole(d, '00200013'), frames: whole(d, '00280008'), rows: whole(d, '00280010'), columns: whole(d, '00280011'),
})

/** Failure reasons of STOW-RS in words (PS3.18 table I.2-2). */
export function failureWords(reason: number | null): string {
  if (reason === null) return 'it gives no reason'
  if (reason >= 0xa700 && reason <= 0xa7ff) return 'it is out of room'
  if (reason >= 0xa900 && reason <= 0xa9ff) return 'the object does not match its class'
  if (reason >= 0xc000 && reason <= 0xcfff) return 'it cannot understand the object'
  if (reason === 0x0122) return 'it does not take this kind of object'
  if (reason === 0xc122) return 'it does not take this transfer syntax'
  if (reason === 0x0110) return 'processing failed'
  if (reason === 0x0124) return 'it does not permit it'
  return `its reason is ${reason.toString(16).toUpperCase().padStart(4, '0')} (hex)`
}

/** What a STOW-RS answer says of one instance: null when it was stored. */
export function storeFailure(answer: readonly JsonDataset[]): { reason: string } | null {
  const failed = answer.flatMap((d) => items(d, '00081198'))
  return failed[0] ? { reason: failureWords(whole(failed[0], '00081197')) } : null
}
