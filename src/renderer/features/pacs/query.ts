import type { CallInput, PacsStudy } from '#shared/contract/index.ts'

/** The query form as it is filled in. Dates as the browser gives them: YYYY-MM-DD. */
export interface QueryFields { patientId: string; patientName: string; accessionNumber: string; modality: string; description: string; dateFrom: string; dateTo: string }
export const emptyQuery = (): QueryFields => ({ patientId: '', patientName: '', accessionNumber: '', modality: 'US', description: '', dateFrom: '', dateTo: '' })

export const PAGE = 100

export const queryInput = (serverId: string, fields: QueryFields, offset: number): CallInput<'pacs.studies'> =>
  ({ serverId, ...fields, dateFrom: fields.dateFrom.replaceAll('-', ''), dateTo: fields.dateTo.replaceAll('-', ''), offset, limit: PAGE })

/** A further page below what is there; rows that a server without paging sends again are left out. */
export function appended(before: readonly PacsStudy[], page: readonly PacsStudy[]): PacsStudy[] {
  const known = new Set(before.map((s) => s.studyUid))
  return [...before, ...page.filter((s) => !known.has(s.studyUid))]
}

/** 20240305 as 2024-03-05; anything else as it came. */
export const dicomDay = (text: string): string => (/^\d{8}$/.test(text) ? `${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6)}` : text)
/** Family^Given^Middle^Prefix^Suffix as a person would write it. */
export function personName(text: string): string {
  const [family = '', ...rest] = text.split('^').map((part) => part.trim())
  const given = rest.filter(Boolean).join(' ')
  return given === '' ? family : `${family}, ${given}`
}
