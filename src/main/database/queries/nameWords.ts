/** How the names of a patient (labels of the patient, of cases, of files) are looked for in what people wrote. */

/** Scripts that write words without spaces between them: a name in them has letters of other words beside it. */
const UNSPACED = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]+$/u

/** Short words in capitals that stand for something else in every other comment of this field. */
const ABBREVIATIONS = new Set(['US', 'CT', 'MR', 'MRI', 'PET', 'CAD', 'ROI', 'LN', 'SLN', 'ALN', 'IM', 'ER', 'PR', 'KI', 'IDC', 'ILC', 'TNM', 'NAC', 'BI', 'DL', 'AI', 'OK', 'NO', 'ID', 'II', 'III', 'IV', 'VI', 'MM', 'CM', 'PX', 'SD', 'CI', 'AUC', 'ROC'])

/** Words that begin sentences, so that their capital there says nothing ("No lesion", "An oval mass"). */
const WORDS = new Set(`an no so to do in on or is it as at am me we my he be by if of up us the and not for may her his she max min low mid new old one two six ten all can due has had was are but see yes
  ja er es im um zu da du ab wo der die das den dem des ein und ist mit von bei aus war hat wie nur`.split(/\s+/))

/**
 * plain: told from any other word whatever its case. short: two or three characters with a letter ("Li", "Eve", "P7"), told by its capitals only.
 * vague: a single letter, a number of up to five digits, an abbreviation of the field; not to be told from another word or a value.
 */
export type NameKind = 'plain' | 'short' | 'vague'

export function nameKind(label: string): NameKind {
  const length = [...label.normalize('NFC')].length
  if (length < 2) return 'vague'
  if (UNSPACED.test(label)) return 'plain'
  if (!/\p{L}/u.test(label)) return length >= 6 ? 'plain' : 'vague'
  if (length >= 4) return 'plain'
  return ABBREVIATIONS.has(label) ? 'vague' : 'short'
}

/** Labels that a search may miss, since they may stand for something else: a person has to look for them. */
export const doubtfulNames = (labels: readonly string[]): string[] => [...new Set(labels.filter((l) => l !== '' && (nameKind(l) === 'vague' || WORDS.has(l.toLowerCase()))))]

/** As a short name is written: as it is, in capitals, with a capital first. In small letters it is a word ("an", "max"), in some capitals an abbreviation. */
function spellingsOf(label: string): string[] {
  const capitals = label.toUpperCase(), first = `${[...capitals][0] ?? ''}${[...label.toLowerCase()].slice(1).join('')}`
  return [...new Set([label, capitals, first])].filter((form) => (form === label || !ABBREVIATIONS.has(form)) && (/\p{N}|\p{Lu}/u.test(form) || !/\p{Ll}/u.test(form)))
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
const composed = (texts: readonly string[]): string => [...new Set(texts.flatMap((t) => [t, t.normalize('NFC'), t.normalize('NFD')]))].map(escaped).join('|')
const whole = (words: string): string => `(?<![\\p{L}\\p{N}])(?:${words})(?![\\p{L}\\p{N}\\p{M}])`

interface Pattern { readonly find: RegExp; readonly by: (instead: string) => string }

function patternOf(label: string): Pattern {
  const kind = nameKind(label), plain = (find: RegExp): Pattern => ({ find, by: (instead) => instead })
  if (kind === 'short') return plain(new RegExp(`${WORDS.has(label.toLowerCase()) ? '(?<!(?:^|[.!?:;\\n])\\s*)' : ''}${whole(composed(spellingsOf(label)))}`, 'gu'))
  // What cannot be told from a value is found where it is quoted.
  if (kind === 'vague' && (label.length < 3 || /\p{L}/u.test(label))) return { find: new RegExp(`"(?:${composed([label])})"`, 'gu'), by: (instead) => `"${instead}"` }
  return plain(new RegExp(UNSPACED.test(label) ? composed([label]) : whole(composed([label])), 'giu'))
}
const patternsOf = (labels: readonly string[]): Pattern[] => [...new Set(labels)].filter((l) => l !== '').sort((a, b) => b.length - a.length).map(patternOf)

/** Whether a text names one of the labels: as a word of its own, short ones by their capitals, or quoted where the label is too short to be told from a number. */
export const names = (labels: readonly string[]): ((text: string | null) => boolean) => {
  const patterns = patternsOf(labels)
  return (text) => text !== null && patterns.some(({ find }) => text.search(find) >= 0)
}

/** The names as `names` finds them, each put in place of by `instead`. */
export function renamed(labels: readonly string[], instead: string): (text: string) => string {
  const patterns = patternsOf(labels)
  return (text) => patterns.reduce((t, { find, by }) => t.replace(find, () => by(instead)), text)
}

/** The texts that a column, lower-cased by SQL (ASCII only), holds where it may name one of the labels: plain and as JSON writes them. Only such rows are read. */
export const soughtTexts = (labels: readonly string[]): string[] => {
  const ascii = (text: string): string => text.replace(/[A-Z]/g, (c) => c.toLowerCase())
  return [...new Set(labels.filter((l) => l !== '').flatMap((l) => [l, l.normalize('NFC'), l.normalize('NFD')]).flatMap((l) => [l, JSON.stringify(l).slice(1, -1)]).flatMap((l) => [ascii(l), ascii(l.toLowerCase()), ascii(l.toUpperCase())]))]
}
