import { CLINICAL_VARIABLES } from '#shared/domain/index.ts'
import { masksForExport, readingsForExport, signaturesForExport, type ExportCase } from '#main/database/queries/exports.ts'
import { referenceAnnotation } from '#main/database/queries/inference.ts'
import type { OpenStudy } from '../context.ts'
import { overlapWith } from '../masks.ts'
import type { ExportPicture } from './collect.ts'
import { variableNames } from './manifestTable.ts'

/** One column of a table, as the data dictionary and the syntax files describe it. */
export interface Column {
  readonly name: string
  readonly label: string
  readonly kind: 'text' | 'number' | 'integer' | 'choice'
  /** code -> words, for `choice` */
  readonly choices?: readonly (readonly [string, string])[]
  readonly unit?: string
  readonly range?: readonly [number, number]
}
export interface Table { readonly name: string; readonly columns: readonly Column[]; readonly rows: readonly (readonly string[])[] }

const text = (name: string, label: string): Column => ({ name, label, kind: 'text' })
const number = (name: string, label: string, unit?: string): Column => ({ name, label, kind: 'number', ...(unit === undefined ? {} : { unit }) })
const integer = (name: string, label: string, unit?: string): Column => ({ name, label, kind: 'integer', ...(unit === undefined ? {} : { unit }) })
const yesNo = (name: string, label: string, yes = 'yes', no = 'no'): Column => ({ name, label, kind: 'choice', choices: [['0', no], ['1', yes]] })
const ofFrame: Column = integer('frame', 'Frame of the cine, from 1; 1 for a still')
const provider: readonly Column[] = [text('provider', 'Execution provider that ran it'), text('provider_note', 'Why this provider ran it, with each reason to fall back; empty: nothing to say, or not recorded')]
const cell = (value: string | number | null): string => (value === null ? '' : String(value))

function clinicalColumn(name: string, values: readonly string[]): Column {
  const known = CLINICAL_VARIABLES.find((v) => v.name === name)
  if (known?.kind === 'choice') return { name, label: known.label, kind: 'choice', choices: known.levels.map((l) => [l, l] as const) }
  if (known?.kind === 'number') return { name, label: known.label, kind: 'number', unit: known.unit, range: [known.min, known.max] }
  return values.length > 0 && values.every((v) => /^-?\d+(\.\d+)?([eE][-+]?\d+)?$/.test(v)) ? number(name, name) : text(name, name)
}

function casesTable(study: OpenStudy, cases: readonly ExportCase[], pictures: readonly ExportPicture[]): Table {
  const records = cases.map((c) => JSON.parse(c.variables) as Record<string, string>)
  const names = variableNames(cases).filter((n) => n !== study.outcome.column)
  const images = new Map<string, number>()
  for (const p of pictures) images.set(p.case.id, (images.get(p.case.id) ?? 0) + 1)
  return {
    name: 'cases',
    columns: [text('case_id', 'Case'), text('patient_id', 'Patient (the study\'s label)'), text('cohort', 'Cohort'), text('cohort_role', 'Role of the cohort: fit, choose or report'), text('hospital', 'Hospital'), text('excluded_reason', 'Why the case is excluded; empty: included'),
      yesNo(study.outcome.column, study.outcome.label, 'positive', 'negative'), integer('images', 'Images'), ...names.map((n) => clinicalColumn(n, records.flatMap((r) => (r[n] === undefined || r[n] === '' ? [] : [r[n]]))))],
    rows: cases.map((c, i) => [c.label, c.patient, c.cohort ?? '', c.role ?? '', c.hospital ?? '', c.excluded_reason ?? '', cell(c.outcome), String(images.get(c.id) ?? 0), ...names.map((n) => records[i]?.[n] ?? '')]),
  }
}

const imagesTable = (pictures: readonly ExportPicture[]): Table => ({
  name: 'images',
  columns: [text('case_id', 'Case'), integer('image', 'Number of the image in the case, from 1'), text('file', 'Picture'), text('mask_file', 'Reference mask; empty: none'), integer('width', 'Width', 'px'), integer('height', 'Height', 'px'), integer('frames', 'Frames of the cine; 1: a still'), integer('frame', 'Frame of the picture and mask, from 1'),
    text('calibration', 'Scale as JSON: regions with mm a pixel, or the reason why there is none')],
  rows: pictures.map((p) => [p.case.label, String(p.ordinal + 1), `images/${p.stem}.png`, p.mask === null ? '' : `masks/${p.stem}.png`, String(p.width), String(p.height), String(p.frames.length), String(p.frame + 1), JSON.stringify(p.calibration)]),
})

/** The study's tables. Readings are those of closed protocols. */
export function studyTables(study: OpenStudy, cases: readonly ExportCase[], pictures: readonly ExportPicture[]): Table[] {
  const db = study.db.read
  const truths = new Map<string, ReturnType<typeof referenceAnnotation>>()
  const truthOf = (imageId: string): ReturnType<typeof referenceAnnotation> => {
    if (!truths.has(imageId)) truths.set(imageId, referenceAnnotation(db, imageId))
    return truths.get(imageId)
  }
  const leaves = new Set(cases.map((c) => c.label))
  const here = <T extends { readonly label: string }>(rows: readonly T[]): T[] => rows.filter((r) => leaves.has(r.label))
  return [
    casesTable(study, cases, pictures), imagesTable(pictures),
    {
      name: 'segmentations',
      columns: [text('case_id', 'Case'), integer('image', 'Number of the image in the case, from 1'), ofFrame, text('model', 'Network, or fusion'), text('model_sha256', 'Hash of the model file'), integer('area_px', 'Area of the automatic mask', 'px'), number('dice', 'Dice against the reference mask'), number('iou', 'Intersection over union with the reference mask'), ...provider, text('made_at', 'When it was computed (UTC)'), yesNo('stands', 'It is the mask that stands for the image: of the key frame, by the model set in use')],
      rows: here(masksForExport(db)).map((m) => ({ ...m, overlap: overlapWith(study, m, truthOf(m.image_id)) })).map((m) => [m.label, String(m.ordinal + 1), String(m.frame + 1), m.model, m.model_sha256, String(m.area_px), cell(m.overlap?.dice ?? null), cell(m.overlap?.iou ?? null), m.provider, m.provider_note, m.created_at, String(m.stands)]),
    },
    {
      name: 'signatures',
      columns: [text('case_id', 'Case'), integer('image', 'Number of the image in the case, from 1'), ofFrame, text('model', 'Network'), text('model_sha256', 'Hash of the model file'), yesNo('is_signature', 'It is the study\'s DL signature'), { name: 'mask_kind', label: 'Which mask the crop came from', kind: 'choice', choices: [['automatic', 'automatic'], ['corrected', 'corrected by a person']] }, number('probability', 'Probability of a positive outcome'), ...provider, text('made_at', 'When it was computed (UTC)'), yesNo('stands', 'It is the value that counts for the image: by the model set in use, on the mask that stands, corrected before automatic')],
      rows: here(signaturesForExport(db)).map((s) => [s.label, String(s.ordinal + 1), String(s.frame + 1), s.model, s.model_sha256, String(s.is_signature), s.mask_kind, String(s.probability), s.provider, s.provider_note, s.created_at, String(s.stands)]),
    },
    {
      name: 'readings',
      columns: [text('case_id', 'Case'), text('reader', 'Reader (login)'), text('protocol', 'Reading protocol'), integer('session', 'Session of the reader, from 1'), { name: 'modality', label: 'Without or with the model', kind: 'choice', choices: [['unaided', 'unaided'], ['aided', 'aided']] }, { name: 'call', label: 'The reader\'s call', kind: 'choice', choices: [['negative', 'negative'], ['positive', 'positive']] }, number('rating', 'Rating on the protocol\'s scale'), number('seconds', 'Active reading time', 's'),
        text('answers', 'Answers to further questions (JSON)'), text('protocol_sha256', 'SHA-256 of the protocol version it was read under')],
      rows: here(readingsForExport(db)).map((r) => [r.label, r.reader, r.protocol, String(r.session), r.modality, r.call, String(r.rating), String(r.seconds), r.answers, r.protocol_hash]),
    },
  ]
}
