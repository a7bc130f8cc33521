import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Failure, type ParsedInput } from '#shared/contract/index.ts'
import type { Result } from '#shared/lib/index.ts'
import { endsTransfer, type DicomwebClient, type DicomwebFault, type InstanceRow } from '#main/network/dicomweb/index.ts'
import { canonicalJson } from '#main/platform/index.ts'
import { importSegmentation } from '../annotations/importSegmentation.ts'
import { NotForStudy, openDicomDoor, Refusal, type DicomDoor } from '../cases/importDicom.ts'
import type { OpenStudy, World } from '../context.ts'

export interface RetrieveReport {
  /** pictures taken, and those that the study had */
  imported: number; skipped: number
  /** masks of segmentations, and those that were there */
  masks: number
  /** objects that are no pictures of a scanner (reports, presentation states, this program's own captures), left in the PACS */
  left: number
  bytes: number
  refused: { instance: string; reason: string }[]
}

/** What the study may keep of a report: no UID of the hospital's. */
export const countRetrieved = ({ refused, ...rest }: RetrieveReport): object => ({ ...rest, refused: refused.length })

interface Options { readonly signal: AbortSignal; progress(done: number, total: number, note: string): void }

const SEGMENTATION = '1.2.840.10008.5.1.4.1.1.66.4'
/** Structured reports, documents, presentation states, waveforms, raw data: storage classes without pixel data. */
const WITHOUT_PICTURE = /^1\.2\.840\.10008\.5\.1\.4\.1\.1\.(88\.|104\.|11\.|9\.|66(\.[1235])?$|481\.[2-9]|67$|68\.|200\.)/

const fail = (fault: DicomwebFault, more = ''): never => {
  throw new Failure(fault.code === 'cancelled' ? 'cancelled' : 'unavailable', `${fault.message}${more}`)
}
const must = <T>(answer: Result<T, DicomwebFault>): T => (answer.ok ? answer.value : fail(answer.error))

async function instancesOf(client: DicomwebClient, items: ParsedInput<'pacs.retrieve'>['items'], signal: AbortSignal): Promise<InstanceRow[]> {
  const rows = new Map<string, InstanceRow>()
  const everything = { signal, limit: 100_000 }
  for (const { studyUid, seriesUid } of items) {
    const series = seriesUid === null ? must(await client.series(studyUid, everything)).rows.map((r) => r.seriesUid) : [seriesUid]
    for (const one of series) for (const row of must(await client.instances(studyUid, one, everything)).rows) rows.set(row.instanceUid, row)
  }
  // Segmentations last: they find their pictures in the study.
  return [...rows.values()].sort((a, b) => Number(a.sopClassUid === SEGMENTATION) - Number(b.sopClassUid === SEGMENTATION))
}

const size = (bytes: number): string => `${(bytes / 1048576).toFixed(1)} MB`

/**
 * Brings instances from a PACS into the study, one by one by the same door as files: each lies in a temporary file of this user only while it is read, so that nothing
 * of the hospital's stays on disk. What the study has is not fetched again: a retrieval that was cut off or cancelled goes on when it is asked for again.
 */
export async function retrieve(study: OpenStudy, world: World, actor: string, client: DicomwebClient, request: ParsedInput<'pacs.retrieve'>, server: string, options: Options): Promise<RetrieveReport> {
  const { signal } = options
  options.progress(0, 0, 'asking what there is')
  const rows = await instancesOf(client, request.items, signal)
  if (rows.length === 0) throw new Failure('not_found', 'the PACS has no files of this choice any more; search again')
  const report: RetrieveReport = { imported: 0, skipped: 0, masks: 0, left: 0, bytes: 0, refused: [] }
  const door = openDicomDoor(study, world, actor, { cohort: request.cohort, unreviewed: request.unreviewed })
  const folder = await mkdtemp(join(tmpdir(), 'sln-retrieve-'))
  const wanted = rows.filter((row) => {
    if (WITHOUT_PICTURE.test(row.sopClassUid)) report.left++
    else if (door.has(row.instanceUid)) report.skipped++
    else return true
    return false
  })
  const say = (bytes = 0): void => {
    const done = report.imported + report.skipped + report.masks + report.left + report.refused.length
    options.progress(Math.min(done, rows.length), rows.length, [size(report.bytes + bytes), report.refused.length === 0 ? '' : `${report.refused.length} refused`].filter(Boolean).join(' · '))
  }
  // The next file is on its way while this one is read.
  const fetch = (row: InstanceRow | undefined): Promise<Result<Buffer, DicomwebFault>> | null => (row === undefined ? null : client.instance(row, { signal, onProgress: ({ bytes }) => say(bytes) }))
  try {
    say()
    let ahead = fetch(wanted[0])
    for (const [i, row] of wanted.entries()) {
      const answer = await (ahead as Promise<Result<Buffer, DicomwebFault>>)
      if (signal.aborted) break
      ahead = answer.ok || !endsTransfer(answer.error) ? fetch(wanted[i + 1]) : null
      if (answer.ok) {
        report.bytes += answer.value.length
        await takeIn(study, world, actor, door, folder, row, answer.value, report)
      } else if (endsTransfer(answer.error)) {
        fail(answer.error, ` ${report.imported + report.skipped} of ${rows.length} files are in the study; the rest follows when it is asked for again.`)
      } else report.refused.push({ instance: row.instanceUid, reason: answer.error.message })
      say()
    }
  } finally {
    await door.close()
    await rm(folder, { recursive: true, force: true })
    study.db.write(actor, (tx) => tx.audit({ action: 'pacs.retrieve', subject: 'event', id: study.id, new: canonicalJson({ server, ...countRetrieved(report) }) }))
  }
  return report
}

async function takeIn(study: OpenStudy, world: World, actor: string, door: DicomDoor, folder: string, row: InstanceRow, bytes: Buffer, report: RetrieveReport): Promise<void> {
  const refuse = (reason: string): void => void report.refused.push({ instance: row.instanceUid, reason })
  if (row.sopClassUid === SEGMENTATION) {
    const read = importSegmentation(study, world, actor, bytes, 'from a PACS')
    if (read.ok) report.masks += read.value.imported + read.value.unchanged
    else refuse(read.error.message)
    return
  }
  const file = join(folder, `${row.instanceUid.replace(/[^0-9.]/g, '')}.dcm`)
  try {
    await writeFile(file, bytes, { mode: 0o600 })
    await door.take(file)
    report.imported++
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    if (error instanceof NotForStudy) report.left++
    else refuse(error.message)
  } finally {
    await rm(file, { force: true })
  }
}
