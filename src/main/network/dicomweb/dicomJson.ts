import { DicomwebError } from './faults.ts'

/** A dataset of the DICOM JSON model (PS3.18 annex F), as it came: nothing in it is taken for granted. */
export type JsonDataset = Readonly<Record<string, unknown>>

const values = (dataset: JsonDataset, tag: string): readonly unknown[] => {
  const element = dataset[tag]
  if (typeof element !== 'object' || element === null || !('Value' in element) || !Array.isArray(element.Value)) return []
  return element.Value as unknown[]
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value
  if (typeof value === 'number') return String(value)
  if (typeof value === 'object' && value !== null && 'Alphabetic' in value && typeof value.Alphabetic === 'string') return value.Alphabetic
  return ''
}

export const texts = (dataset: JsonDataset, tag: string): string[] => values(dataset, tag).map(textOf).filter(Boolean)
export const text = (dataset: JsonDataset, tag: string): string => texts(dataset, tag)[0] ?? ''
export function whole(dataset: JsonDataset, tag: string): number | null {
  const number = Number(values(dataset, tag)[0] ?? Number.NaN)
  return Number.isInteger(number) ? number : null
}
export const items = (dataset: JsonDataset, tag: string): JsonDataset[] =>
  values(dataset, tag).filter((value): value is JsonDataset => typeof value === 'object' && value !== null)

/** The datasets of an answer: an array, one dataset, or nothing. */
export function parseDatasets(body: Buffer): JsonDataset[] {
  const source = body.toString('utf8').trim()
  if (source === '') return []
  try {
    const json: unknown = JSON.parse(source)
    return (Array.isArray(json) ? json : [json]).filter((item): item is JsonDataset => typeof item === 'object' && item !== null)
  } catch {
    throw new DicomwebError('bad_response', 'The server\'s answer is not the DICOM JSON that was asked for: is the address that of its DICOMweb service?')
  }
}
