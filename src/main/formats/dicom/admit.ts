import { planRedaction, type RedactionPlan, type ScannerTemplate } from './deidentify/burnedIn.ts'
import { deidentify, type AttributeFate } from './deidentify/deidentify.ts'
import { createPseudonyms } from './deidentify/pseudonyms.ts'
import type { DicomImage } from './read/openDicom.ts'
import { summarise, type DicomSummary } from './summary.ts'
import type { Elements } from './write/elements.ts'
import { patientAndStudyOf, sourceImageOf, type SourceImage } from './write/objects.ts'

export interface AdmitOptions {
  /** The study's secret, at least 16 bytes: new UIDs and the patients' date shifts come from it. */
  readonly secret: Uint8Array
  /** The study's code of the patient. */
  readonly subject: string
  readonly templates?: readonly ScannerTemplate[]
}

/** All that the door of a study needs of a file, as plain data. What of it may be stored: `header`, `source` and `summary` without its `identity` and UIDs. */
export interface Admission {
  readonly summary: DicomSummary
  readonly header: Elements
  readonly preview: readonly AttributeFate[]
  readonly redaction: RedactionPlan & { readonly needsReview: boolean }
  /** The source of objects made later, in its de-identified form (new UIDs). */
  readonly source: SourceImage
  /** The same under its own UIDs, for objects that go back to the PACS it came from. Holds identifiers. */
  readonly original: SourceImage
}

/** Reads, plans and de-identifies the header of an opened file; the frames follow one by one. */
export function admit(image: DicomImage, { secret, subject, templates = [] }: AdmitOptions): Admission {
  const summary = summarise(image)
  const { manufacturer, model } = summary.scanner
  const redaction = planRedaction(image.dataset, { columns: summary.columns, rows: summary.rows, manufacturer, model }, templates)
  const pseudonyms = createPseudonyms(secret)
  const { elements, preview } = deidentify(image.dataset, { pseudonyms, subject, pixelsCleaned: !redaction.needsReview })
  const original = sourceImageOf(image)
  const renamed = (uid: string): string => (uid ? pseudonyms.uid(uid) : '')
  const source: SourceImage = {
    ...original, sopInstanceUid: renamed(original.sopInstanceUid), seriesInstanceUid: renamed(original.seriesInstanceUid), context: patientAndStudyOf(elements),
  }
  return { summary, header: elements, preview, redaction, source, original }
}
