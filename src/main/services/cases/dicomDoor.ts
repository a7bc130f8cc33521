import { createHmac, randomBytes } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { Failure } from '#shared/contract/errors.ts'
import { studySecret } from '#main/database/queries/meta.ts'
import type { Admission, DicomReader, DicomSummary, ScannerTemplate } from '#main/formats/dicom/index.ts'
import type { OpenStudy } from '../context.ts'

/** A file that is not taken; the message names the fault. */
export class Refusal extends Error {}
/** A sound file that has no place in a study. */
export class NotForStudy extends Refusal {}

/** A short code of an identifier by the study's secret: the same person gets the same code, and nobody can go back. */
const code = (secret: Uint8Array, kind: string, identifier: string): string => createHmac('sha256', secret).update(`${kind}\0${identifier}`).digest('hex').slice(0, 10)

/** The case that a DICOM study becomes. */
export const caseLabelOf = (secret: Uint8Array, studyInstanceUid: string): string => `D-${code(secret, 'study', studyInstanceUid)}`

export const secretOf = (study: OpenStudy): Uint8Array => studySecret(study.db, () => randomBytes(32).toString('base64'))

/** Every file below a folder that could be DICOM, in order. */
export async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true }).catch(() => {
    throw new Failure('not_found', `there is no folder ${folder}`)
  })
  return entries.filter((e) => e.isFile() && !e.name.startsWith('.') && !/\.(md|txt|csv|json)$/i.test(e.name)).map((e) => join(e.parentPath, e.name)).sort()
}

/** Read in pieces, so that a file of any size is hashed in little memory. */
async function keyedHash(secret: Uint8Array, file: string): Promise<string> {
  const hash = createHmac('sha256', secret)
  try {
    for await (const piece of createReadStream(file)) hash.update(piece as Buffer)
  } catch (error) {
    throw new Refusal(`It cannot be read (${error instanceof Error && 'code' in error ? String(error.code) : 'unknown fault'}).`)
  }
  return hash.digest('hex')
}

export interface AtTheDoor { readonly admitted: Admission; readonly sourceHash: string; readonly subject: string; readonly label: string }

/** Reads a file's header and plans what stays of it. Throws a Refusal with the reason. */
export async function atTheDoor(reader: DicomReader, secret: Uint8Array, file: string, templates: readonly ScannerTemplate[]): Promise<AtTheDoor> {
  // Keyed by the study's secret: an ordinary hash of the file would tell whoever has the file that it is in here.
  const sourceHash = await keyedHash(secret, file)
  const first = await reader.inspect(file, 'none')
  if (!first.ok) throw new Refusal(first.error.message)
  const { identity, scanner } = first.value
  if (scanner.manufacturer === 'sln-workstation') throw new NotForStudy('it is an outline drawn over a picture by this program, not a picture of a scanner')
  const subject = `P-${code(secret, 'patient', identity.patientId ?? identity.patientName ?? first.value.studyInstanceUid ?? sourceHash)}`
  const admitted = await reader.admit(file, { secret, subject, templates })
  if (!admitted.ok) throw new Refusal(admitted.error.message)
  return { admitted: admitted.value, sourceHash, subject, label: caseLabelOf(secret, admitted.value.summary.studyInstanceUid ?? sourceHash) }
}

/** A value of the de-identified header, or null where it is empty or was removed. */
export const keptText = (admitted: Admission, tag: string): string | null => String(admitted.header[tag]?.[1] ?? '').trim() || null

/** What should be looked at of a file that is taken. */
export const doorWarnings = (summary: DicomSummary, redaction: Admission['redaction'], more: readonly string[] = []): string[] =>
  [...new Set([...summary.warnings, ...summary.calibration.warnings, ...more, ...(summary.calibration.regions.length === 0 && summary.calibration.reason !== null ? [summary.calibration.reason] : []), ...(redaction.needsReview ? [redaction.reason] : [])])]
