import type { DicomDataset } from '../read/dataset.ts'
import type { Elements, Value, Vr, WriteElement } from '../write/elements.ts'
import { EMPTIED, KEEP_IN_REGION, KEEP_LIST, REPLACED_UIDS, SHIFTED_DATES } from './keepList.ts'
import { BASIC_PROFILE, isGraphicGroup, isPrivate } from './profile.ts'
import type { Pseudonyms } from './pseudonyms.ts'

export type Fate = 'kept' | 'replaced' | 'shifted' | 'emptied' | 'removed'

/** One attribute of the original and what becomes of it. `now` is the value that stays; an identifying value is never in here. */
export interface AttributeFate { readonly tag: string; readonly fate: Fate; readonly why: string; readonly now: string | null }

export interface Deidentified {
  /** The header that may be stored or sent on: everything but the pixel data, with the marks of PS3.15 E.2 in it. */
  readonly elements: Elements
  readonly preview: readonly AttributeFate[]
}

export interface DeidentifyOptions {
  readonly pseudonyms: Pseudonyms
  /** Takes the place of Patient's Name and Patient ID. */
  readonly subject: string
  /** Whether text in the picture was dealt with (`redactPixels` or a person's look). */
  readonly pixelsCleaned: boolean
}

const NUMERIC = new Set<Vr>(['US', 'SS', 'UL', 'SL', 'FL', 'FD'])

function copyValue(dataset: DicomDataset, tag: string, vr: Vr): Value | null {
  if (NUMERIC.has(vr)) {
    const numbers = dataset.numbers(tag, vr as 'US')
    return numbers.length > 0 ? numbers : null
  }
  if (vr === 'DS' || vr === 'IS') {
    // Only what is a number passes: these fields are text, and text can be misused.
    const numbers = dataset.decimals(tag)
    return numbers.length > 0 && numbers.length === dataset.texts(tag).length ? numbers : null
  }
  const texts = dataset.texts(tag)
  const clean = vr === 'CS' ? texts.every((text) => /^[A-Z0-9_ ]{0,16}$/.test(text)) : vr === 'UI' ? texts.every((text) => /^[0-9.]{1,64}$/.test(text)) : true
  return clean && texts.some(Boolean) ? texts : null
}

const shown = (value: Value): string => (Array.isArray(value) ? value.slice(0, 8).join('\\') : String(value)).slice(0, 80)

function keepRegions(dataset: DicomDataset): Elements[] {
  return dataset.items('00186011').map((item) => Object.fromEntries(Object.entries(KEEP_IN_REGION).flatMap(([tag, vr]): [string, WriteElement][] => {
    const value = copyValue(item, tag, vr)
    return value === null ? [] : [[tag, [vr, value]]]
  })))
}

function whyRemoved(tag: string): string {
  if (isPrivate(tag)) return 'private attribute'
  if (isGraphicGroup(tag)) return 'curve or overlay'
  return BASIC_PROFILE.has(tag) ? 'asked by the basic profile (PS3.15)' : 'not needed, so not kept'
}

/** Attributes whose words must not turn up in anything that is kept. */
const IDENTIFYING = [
  '00080050', '00080080', '00080081', '00080090', '00081010', '00081040', '00081048', '00081050', '00081060', '00081070', '00100010', '00100020', '00100030', '00101000', '00101001',
  '00101005', '00101040', '00102154', '00200010',
]

/** Those of them that hold the names of people. */
const PEOPLE = ['00080090', '00081048', '00081050', '00081060', '00081070', '00100010', '00101001', '00101005']
const WORD_ENDS = /[^\p{L}\p{N}\p{M}]+/u

interface Words { readonly anywhere: readonly string[]; readonly whole: ReadonlySet<string> }

/**
 * In lower case: words of three letters or more and whole values, and shorter parts of people's names in scripts without capitals (李), which are looked for anywhere
 * in what is kept; and parts of people's names of two letters, which are looked for as words of their own, since "li" is in "linear".
 */
function identifyingWords(dataset: DicomDataset): Words {
  const texts = (tags: readonly string[]): string[] => tags.flatMap((tag) => dataset.texts(tag)).map((text) => text.normalize('NFC').toLowerCase())
  const values = texts(IDENTIFYING), people = texts(PEOPLE).flatMap((value) => value.split(WORD_ENDS))
  const anywhere = [...values.flatMap((value) => [value, ...value.split(WORD_ENDS)]).filter((word) => word.length >= 3), ...people.filter((word) => /^\p{Lo}+$/u.test(word))]
  return { anywhere: [...new Set(anywhere)], whole: new Set(people.filter((word) => word.length === 2 && /\p{L}/u.test(word))) }
}

/** Whether a text that would be kept holds one of the words. Codes are lists of the standard, in which a short word is no name ("US"). */
function holdsWords(text: string, isCode: boolean, { anywhere, whole }: Words): boolean {
  const lower = text.normalize('NFC').toLowerCase()
  return anywhere.some((word) => lower.includes(word)) || (!isCode && lower.split(WORD_ENDS).some((word) => whole.has(word)))
}

interface Outcome { readonly element: WriteElement | null; readonly fate: AttributeFate }

function decide(dataset: DicomDataset, tag: string, options: DeidentifyOptions, patient: string, words: Words): Outcome {
  const { pseudonyms, subject } = options
  const removed = (why: string): Outcome => ({ element: null, fate: { tag, fate: 'removed', why, now: null } })
  const written = (fate: Fate, vr: Vr, value: Value, why: string): Outcome => ({ element: [vr, value], fate: { tag, fate, why, now: vr === 'SQ' ? 'calibration numbers only' : shown(value) } })
  if (tag === '00100010') return written('replaced', 'PN', subject, 'subject code of the study')
  if (tag === '00100020') return written('replaced', 'LO', subject, 'subject code of the study')
  if (REPLACED_UIDS.includes(tag)) {
    const old = dataset.text(tag)
    return old ? written('replaced', 'UI', pseudonyms.uid(old), 'new UID, the same for the same old one') : removed('empty')
  }
  if (SHIFTED_DATES.includes(tag)) {
    const date = pseudonyms.shiftDate(dataset.text(tag) ?? '', patient)
    return date ? written('shifted', 'DA', date, 'moved by the patient\'s own number of days') : removed('no valid date')
  }
  const empty = EMPTIED[tag]
  if (empty) return { element: [empty, ''], fate: { tag, fate: 'emptied', why: whyRemoved(tag), now: null } }
  const keep = KEEP_LIST[tag]
  if (!keep || isPrivate(tag) || BASIC_PROFILE.has(tag)) return removed(whyRemoved(tag))
  const value = keep === 'SQ' ? keepRegions(dataset) : copyValue(dataset, tag, keep)
  if (value === null || (Array.isArray(value) && value.length === 0)) return removed('empty or not a valid value')
  if ((keep === 'LO' || keep === 'CS') && holdsWords(String(value), keep === 'CS', words)) return removed('holds words of an identifying attribute')
  return written('kept', keep, value, 'no identifier')
}

const code = (value: string, meaning: string): Elements => ({ '00080100': ['SH', value], '00080102': ['SH', 'DCM'], '00080104': ['LO', meaning] })

function marks(pixelsCleaned: boolean): Elements {
  return {
    '00120062': ['CS', 'YES'],
    '00120063': ['LO', 'PS3.15 basic profile, dates moved, all else not needed removed'],
    '00120064': ['SQ', [
      code('113100', 'Basic Application Confidentiality Profile'),
      code('113107', 'Retain Longitudinal Temporal Information Modified Dates Option'),
      ...(pixelsCleaned ? [code('113101', 'Clean Pixel Data Option')] : []),
    ]],
    '00280303': ['CS', 'MODIFIED'],
  }
}

/**
 * De-identifies a header: only what the keep list names stays, UIDs and dates are replaced consistently, the patient becomes `subject`.
 * Pixels are another matter (`planRedaction`, `redactPixels`). The key of the date shift is the patient's ID, or name where that is empty.
 */
export function deidentify(dataset: DicomDataset, options: DeidentifyOptions): Deidentified {
  const patient = patientKey(dataset)
  const words = identifyingWords(dataset)
  const elements: Record<string, WriteElement> = Object.fromEntries(Object.entries(EMPTIED).map(([tag, vr]): [string, WriteElement] => [tag, [vr, '']]))
  const preview: AttributeFate[] = []
  for (const tag of dataset.tags) {
    if (tag.startsWith('0002') || tag === '7FE00010') continue
    const { element, fate } = decide(dataset, tag, options, patient, words)
    preview.push(fate)
    if (element) elements[tag] = element
  }
  const always: Elements = { '00080005': ['CS', 'ISO_IR 192'], '00100010': ['PN', options.subject], '00100020': ['LO', options.subject], ...marks(options.pixelsCleaned) }
  if (options.pixelsCleaned) elements['00280301'] = ['CS', 'NO']
  return { elements: { ...elements, ...always }, preview }
}

/** What one person's files have in common, for the date shift only. */
export const patientKey = (dataset: DicomDataset): string => dataset.text('00100020') ?? dataset.text('00100010') ?? ''
