import { randomBytes } from 'node:crypto'
import { err, ok, type Result } from '#shared/lib/index.ts'
import { parseDatasets, type JsonDataset } from './dicomJson.ts'
import { DicomwebError, faultOf, type DicomwebFault } from './faults.ts'
import { boundaryOf, multipartOf, parseMultipart } from './multipart.ts'
import { instanceRow, seriesRow, storeFailure, studyParameters, studyRow, type InstanceRow, type SeriesRow, type StudyQuery, type StudyRow } from './query.ts'
import type { DicomwebSettings } from './settings.ts'
import { createTransport } from './transport.ts'

export interface Progress {
  /** Instances done, and all of them. */
  readonly done: number
  readonly total: number
  /** Bytes of the instance on its way. */
  readonly bytes: number
}

export interface TransferOptions { readonly signal?: AbortSignal; readonly onProgress?: (progress: Progress) => void }

export interface SearchOptions extends TransferOptions {
  /** Rows asked for at a time. Default 100. */
  readonly pageSize?: number
  /** Rows after which the search ends. Default 1000. */
  readonly limit?: number
  /** Rows to leave out at the beginning, for the next page of a search. Default 0. */
  readonly offset?: number
}

export interface Found<Row> { readonly rows: readonly Row[]; /** The search ended at its limit; there may be more. */ readonly more: boolean }

/** Where retrieved files go. What is there already is not fetched again: an interrupted transfer resumes by being asked for again. */
export interface Inbox {
  has(instanceUid: string): boolean | Promise<boolean>
  put(instance: InstanceRow, bytes: Buffer): void | Promise<void>
}

export interface Retrieved { readonly fetched: number; readonly skipped: number; readonly failed: readonly { readonly instanceUid: string; readonly fault: DicomwebFault }[] }

/** Files to store; `bytes` is asked for when its turn comes. */
export interface Outgoing { readonly instanceUid: string; readonly bytes: () => Uint8Array | Promise<Uint8Array> }
export interface Stored { readonly stored: readonly string[]; readonly failed: readonly { readonly instanceUid: string; readonly fault: DicomwebFault }[] }

type Answered<T> = Promise<Result<T, DicomwebFault>>

/** A PACS over DICOMweb (PS3.18): QIDO-RS, WADO-RS, STOW-RS. Nothing throws; faults come in words. */
export interface DicomwebClient {
  /** Asks for one study: is the address right, the account good, the certificate trusted? */
  check(options?: TransferOptions): Answered<void>
  studies(query: StudyQuery, options?: SearchOptions): Answered<Found<StudyRow>>
  series(studyUid: string, options?: SearchOptions): Answered<Found<SeriesRow>>
  instances(studyUid: string, seriesUid: string, options?: SearchOptions): Answered<Found<InstanceRow>>
  /** One file as it is stored there. */
  instance(row: Pick<InstanceRow, 'studyUid' | 'seriesUid' | 'instanceUid'>, options?: TransferOptions): Answered<Buffer>
  /** All files of a study, or of one of its series, into the inbox. One file's failure does not end the rest; a broken connection does. */
  retrieve(what: { readonly studyUid: string; readonly seriesUid?: string }, inbox: Inbox, options?: TransferOptions): Answered<Retrieved>
  store(files: readonly Outgoing[], options?: TransferOptions): Answered<Stored>
}

const JSON_TYPE = { accept: 'application/dicom+json' }
// The transfer syntax it is stored in: nothing is recompressed on the way.
const FILE_TYPE = { accept: 'multipart/related; type="application/dicom"; transfer-syntax=*' }

/** Faults after which the next file would fare no better. */
const FINAL: ReadonlySet<string> = new Set(['cancelled', 'unreachable', 'unauthorized', 'forbidden', 'certificate', 'insecure', 'bad_address', 'timeout'])

/** Whether a fault ends a transfer of many files. */
export const endsTransfer = (fault: DicomwebFault): boolean => FINAL.has(fault.code)

function uid(value: string): string {
  if (!/^[0-9.]{1,64}$/.test(value)) throw new DicomwebError('bad_response', `"${value.slice(0, 70)}" is not a DICOM UID.`)
  return value
}

export function createDicomweb(settings: DicomwebSettings): DicomwebClient {
  const transport = createTransport(settings)

  const guarded = async <T>(work: () => Promise<T>): Answered<T> => {
    try {
      return ok(await work())
    } catch (error) {
      return err(faultOf(error, settings.baseUrl))
    }
  }

  const search = async <Row>(path: string, query: URLSearchParams, toRow: (d: JsonDataset) => Row, keyOf: (row: Row) => string, options: SearchOptions): Promise<Found<Row>> => {
    const { pageSize = 100, limit = 1000, offset: from = 0, signal, onProgress } = options
    const rows = new Map<string, Row>()
    for (let offset = from; ; ) {
      const asked = Math.min(pageSize, limit - rows.size)
      query.set('limit', String(asked))
      query.set('offset', String(offset))
      const answer = await transport.call({ method: 'GET', path, query, headers: JSON_TYPE, signal })
      const page = answer.status === 204 ? [] : parseDatasets(answer.body).map(toRow)
      const before = rows.size
      for (const row of page) if (keyOf(row)) rows.set(keyOf(row), row)
      offset += page.length
      onProgress?.({ done: rows.size, total: rows.size, bytes: answer.body.length })
      // A short page is the last one, unless the server says (warning 299) that it sends fewer than asked; a page of rows already seen comes from a server that knows no offset.
      if ((page.length < asked && !(page.length > 0 && /\b299\b/.test(answer.warning))) || rows.size === before) return { rows: [...rows.values()], more: false }
      if (rows.size >= limit) return { rows: [...rows.values()].slice(0, limit), more: true }
    }
  }

  const instancesOf = (studyUid: string, seriesUid: string, options: SearchOptions): Promise<Found<InstanceRow>> =>
    search(`studies/${uid(studyUid)}/series/${uid(seriesUid)}/instances`, new URLSearchParams([['includefield', 'NumberOfFrames']]), instanceRow(studyUid, seriesUid), (row) => row.instanceUid, options)
  const seriesOf = (studyUid: string, options: SearchOptions): Promise<Found<SeriesRow>> =>
    search(`studies/${uid(studyUid)}/series`, new URLSearchParams([['includefield', 'SeriesDescription']]), seriesRow(studyUid), (row) => row.seriesUid, options)

  const fetchFile = async (row: Pick<InstanceRow, 'studyUid' | 'seriesUid' | 'instanceUid'>, signal: AbortSignal | undefined, onReceived: (bytes: number) => void): Promise<Buffer> => {
    const path = `studies/${uid(row.studyUid)}/series/${uid(row.seriesUid)}/instances/${uid(row.instanceUid)}`
    const { type, body } = await transport.call({ method: 'GET', path, headers: FILE_TYPE, signal, onReceived })
    const file = boundaryOf(type) === null && /application\/dicom\b(?!\+)/.test(type) ? body : parseMultipart(type, body)[0]?.body
    if (!file || file.toString('latin1', 128, 132) !== 'DICM') throw new DicomwebError('bad_response', `The server sent something that is no DICOM file for ${row.instanceUid}.`)
    return file
  }

  const retrieve = async ({ studyUid, seriesUid }: { studyUid: string; seriesUid?: string }, inbox: Inbox, options: TransferOptions): Promise<Retrieved> => {
    const { signal, onProgress } = options
    const everything: SearchOptions = { ...(signal ? { signal } : {}), limit: 100_000 }
    const series = seriesUid ? [seriesUid] : (await seriesOf(studyUid, everything)).rows.map((row) => row.seriesUid)
    const rows: InstanceRow[] = []
    for (const one of series) rows.push(...(await instancesOf(studyUid, one, everything)).rows)
    let fetched = 0, skipped = 0
    const failed: { instanceUid: string; fault: DicomwebFault }[] = []
    for (const row of rows) {
      const report = (bytes: number): void => onProgress?.({ done: fetched + skipped + failed.length, total: rows.length, bytes })
      if (await inbox.has(row.instanceUid)) skipped++
      else {
        try {
          await inbox.put(row, await fetchFile(row, signal, report))
          fetched++
        } catch (error) {
          const fault = faultOf(error, settings.baseUrl)
          if (FINAL.has(fault.code)) throw new DicomwebError(fault.code, `${fault.message} ${fetched + skipped} of ${rows.length} files are here; the rest follows when it is asked for again.`)
          failed.push({ instanceUid: row.instanceUid, fault })
        }
      }
      report(0)
    }
    return { fetched, skipped, failed }
  }

  const storeOne = async ({ instanceUid, bytes }: Outgoing, signal: AbortSignal | undefined, onSent: (bytes: number) => void): Promise<void> => {
    const { type, body } = multipartOf(await bytes(), `sln${randomBytes(12).toString('hex')}`)
    const answer = await transport.call({ method: 'POST', path: 'studies', headers: { ...JSON_TYPE, 'content-type': type }, body, signal, onSent, accept: [409] })
    const failure = storeFailure(parseDatasets(answer.body))
    if (failure) throw new DicomwebError('rejected', `The PACS does not take ${instanceUid}: ${failure.reason}.`)
    if (answer.status === 409) throw new DicomwebError('rejected', `The PACS does not take ${instanceUid} and gives no reason.`)
  }

  const store = async (files: readonly Outgoing[], { signal, onProgress }: TransferOptions): Promise<Stored> => {
    const stored: string[] = []
    const failed: { instanceUid: string; fault: DicomwebFault }[] = []
    for (const file of files) {
      const report = (bytes: number): void => onProgress?.({ done: stored.length + failed.length, total: files.length, bytes })
      try {
        await storeOne(file, signal, report)
        stored.push(file.instanceUid)
      } catch (error) {
        const fault = faultOf(error, settings.baseUrl)
        if (FINAL.has(fault.code)) throw new DicomwebError(fault.code, `${fault.message} ${stored.length} of ${files.length} objects were stored.`)
        failed.push({ instanceUid: file.instanceUid, fault })
      }
      report(0)
    }
    return { stored, failed }
  }

  return {
    check: (options = {}) => guarded(async () => void (await search('studies', new URLSearchParams(), studyRow, (row) => row.studyUid, { ...options, pageSize: 1, limit: 1 }))),
    studies: (query, options = {}) => guarded(() => search('studies', studyParameters(query), studyRow, (row) => row.studyUid, options)),
    series: (studyUid, options = {}) => guarded(() => seriesOf(studyUid, options)),
    instances: (studyUid, seriesUid, options = {}) => guarded(() => instancesOf(studyUid, seriesUid, options)),
    instance: (row, options = {}) => guarded(() => fetchFile(row, options.signal, (bytes) => options.onProgress?.({ done: 0, total: 1, bytes }))),
    retrieve: (what, inbox, options = {}) => guarded(() => retrieve(what, inbox, options)),
    store: (files, options = {}) => guarded(() => store(files, options)),
  }
}
