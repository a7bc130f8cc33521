import { parse } from 'csv-parse/sync'
import { Failure } from '#shared/contract/errors.ts'
import { CLINICAL_VARIABLES, readClinicalValue, type OutcomeDefinition } from '#shared/domain/index.ts'

/** A row of a manifest that can be imported. `row` is the line of the file that it starts on; the header is line 1. */
export interface ManifestRow {
  readonly row: number
  readonly caseId: string
  readonly patientId: string
  readonly image: string | null
  readonly mask: string | null
  readonly cohort: string | null
  readonly hospital: string | null
  readonly outcome: 0 | 1 | null
  readonly excludedReason: string | null
  /** Clinical variables by name, then every unknown column with a value, as text. */
  readonly variables: Readonly<Record<string, string>>
  readonly mmPerPixel: { readonly x: number; readonly y: number } | null
}
export interface RefusedRow { readonly row: number; readonly case_id: string | null; readonly reason: string }

const OWN_COLUMNS = new Set(['case_id', 'patient_id', 'image', 'mask', 'cohort', 'hospital', 'excluded_reason', 'mm_per_px', 'mm_per_px_x', 'mm_per_px_y'])

/** The text of a manifest's bytes. Another encoding than UTF-8 is refused: guessing it would put wrong names of hospitals into the study. */
export function manifestText(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw new Failure('refused', 'the manifest is not UTF-8 text; nothing was imported. Save it as UTF-8 (in Excel: "CSV UTF-8") and import it again')
  }
}

/** Reads the text of a manifest (CSV, UTF-8 with or without a mark, comma or semicolon). Throws a Failure when it is no manifest at all. */
export function readManifest(text: string, outcome: OutcomeDefinition): { rows: ManifestRow[]; refused: RefusedRow[] } {
  const firstLine = text.slice(0, text.search(/[\r\n]|$/))
  const delimiter = firstLine.includes(';') && !firstLine.includes(',') ? ';' : firstLine.includes('\t') && !firstLine.includes(',') ? '\t' : ','
  const refused: RefusedRow[] = []
  let records: { record: string[]; info: { lines: number } }[]
  try {
    records = parse(text, { bom: true, delimiter, info: true, relax_column_count: true, skip_empty_lines: true }) as unknown as typeof records
  } catch (error) {
    throw new Failure('refused', `the manifest is not readable as CSV (${error instanceof Error ? error.message : String(error)}); nothing was imported`)
  }
  const header = records[0]?.record.map((name) => name.trim())
  if (header === undefined) throw new Failure('refused', 'the manifest is empty; its first line names the columns: case_id, patient_id, image, ...')
  const missing = ['case_id', 'patient_id', 'image'].filter((name) => !header.includes(name))
  if (missing.length > 0) throw new Failure('refused', `the manifest lacks the column${missing.length > 1 ? 's' : ''} ${missing.join(', ')}; nothing was imported`)
  const twice = header.find((name, i) => name !== '' && header.indexOf(name) !== i)
  if (twice !== undefined) throw new Failure('refused', `the manifest names the column ${twice} twice; nothing was imported`)
  const rows: ManifestRow[] = []
  let line = records[0]?.info.lines ?? 1
  for (const { record, info } of records.slice(1)) {
    const row = line + 1
    line = info.lines
    if (record.length > header.length) {
      refused.push({ row, case_id: record[header.indexOf('case_id')] ?? null, reason: `it has ${record.length} fields, the header has ${header.length}` })
      continue
    }
    const fields = Object.fromEntries(header.map((name, i) => [name, (record[i] ?? '').trim()]))
    const read = readRow(row, fields, outcome)
    if ('reason' in read) refused.push({ row, case_id: fields['case_id'] === '' ? null : (fields['case_id'] ?? null), reason: read.reason })
    else rows.push(read)
  }
  return { rows, refused }
}

function readRow(row: number, fields: Record<string, string>, outcome: OutcomeDefinition): ManifestRow | { reason: string } {
  const value = (name: string): string | null => (fields[name] === undefined || fields[name] === '' ? null : fields[name])
  const caseId = value('case_id')
  const patientId = value('patient_id')
  const excludedReason = value('excluded_reason')
  if (caseId === null) return { reason: 'case_id is empty' }
  if (caseId.length > 200) return { reason: 'case_id is longer than 200 characters' }
  if (patientId === null) return { reason: 'patient_id is empty' }
  if (value('image') === null && excludedReason === null) return { reason: 'image is empty' }
  const label = readOutcome(value(outcome.column), outcome)
  if (typeof label === 'string') return { reason: label }
  const variables: Record<string, string> = {}
  for (const variable of CLINICAL_VARIABLES) {
    const raw = value(variable.name)
    if (raw === null || variable.name === outcome.column) continue
    const result = readClinicalValue(variable, raw)
    if ('problem' in result) return { reason: result.problem }
    variables[variable.name] = result.value
  }
  for (const [name, text] of Object.entries(fields)) {
    if (name === '' || text === '' || OWN_COLUMNS.has(name) || name === outcome.column || name in variables) continue
    variables[name] = text
  }
  const spacing = readSpacing(value('mm_per_px_x') ?? value('mm_per_px'), value('mm_per_px_y') ?? value('mm_per_px'))
  if (typeof spacing === 'string') return { reason: spacing }
  return { row, caseId, patientId, image: value('image'), mask: value('mask'), cohort: value('cohort'), hospital: value('hospital'), outcome: label, excludedReason, variables, mmPerPixel: spacing }
}

/** What tables write where nothing is known: never a negative outcome. */
const NOT_KNOWN = /^(na|n\/a|nan|null|unknown|not known|missing|[.?-])$/i

function readOutcome(raw: string | null, outcome: OutcomeDefinition): 0 | 1 | null | string {
  if (raw === null) return null
  if (outcome.column === 'sln' && raw !== '0' && raw !== '1') return `sln is "${raw}"; it takes 0 or 1`
  if (raw === outcome.positive) return 1
  return NOT_KNOWN.test(raw) ? null : 0
}

function readSpacing(x: string | null, y: string | null): { x: number; y: number } | null | string {
  if (x === null || y === null) return null
  const spacing = { x: Number(x), y: Number(y) }
  const fine = [spacing.x, spacing.y].every((v) => Number.isFinite(v) && v > 0.001 && v < 10)
  return fine ? spacing : `the pixel spacing ${x} x ${y} mm is not plausible (0.001 to 10 mm)`
}
