import type { AuditSubject } from '../audited.ts'
import type { Row, WriteDb } from '../connection.ts'
import { nameKind, names, renamed, soughtTexts } from './nameWords.ts'

/** Where people write what they like about any patient, and documents that can hold such text. `subject`: the kind of row that the log holds to its hash. */
interface Written { readonly table: string; readonly key: readonly string[]; readonly subject?: AuditSubject; readonly text?: readonly string[]; readonly json?: readonly string[] }
const WRITTEN: readonly Written[] = [
  { table: 'protocol', key: ['id'], subject: 'protocol', text: ['name', 'close_reason'], json: ['document'] },
  { table: 'protocol_version', key: ['id'], subject: 'protocol_version', text: ['reason'], json: ['document'] },
  { table: 'merge_conflict', key: ['id'], subject: 'merge_conflict', json: ['document'] },
  { table: 'combined_model', key: ['id'], subject: 'combined_model', json: ['document'] },
  { table: 'study_case', key: ['id'], subject: 'study_case', text: ['excluded_reason', 'hospital'] },
  { table: 'case_clinical', key: ['case_id'], subject: 'study_case', json: ['variables'] },
  { table: 'review', key: ['id'], subject: 'review', text: ['comment', 'reason'] },
  { table: 'review_question', key: ['id'], subject: 'review_question', text: ['question'] },
  { table: 'annotation', key: ['id'], subject: 'annotation', json: ['document'] },
  { table: 'annotation_flag', key: ['id'], subject: 'annotation_flag', text: ['comment'] },
  { table: 'annotation_journal', key: ['task_id', 'seq'], json: ['entry'] },
  { table: 'reading', key: ['id'], subject: 'reading', json: ['answers'] },
  { table: 'reading_draft', key: ['session_id', 'position'], json: ['answers'] },
  { table: 'reading_event', key: ['id'], text: ['value'] },
  { table: 'segmentation_failure', key: ['id'], subject: 'segmentation_failure', text: ['reason'] },
  { table: 'text_mask', key: ['id'], subject: 'text_mask', text: ['reason'] },
  { table: 'out_of_fold_run', key: ['id'], subject: 'out_of_fold_run', text: ['name'] },
  { table: 'withdrawal', key: ['id'], subject: 'withdrawal', text: ['reason'] },
]

/** The short labels that stand alone as a value of two other cases or more, or of a model: they are levels of a variable there ("Low", "T2"), and data must stay what it says. */
function levelsAmong(tx: WriteDb, labels: readonly string[]): string[] {
  return labels.filter((label) => {
    const named = names([label])
    const alone = tx.all<{ value: string; n: number }>("SELECT value, count(*) AS n FROM case_clinical, json_each(variables) WHERE json_valid(variables) AND json_each.type = 'text' AND length(value) < 8 GROUP BY value").filter(({ value }) => named(value) && onlyName(value, label))
    if (alone.reduce((sum, { n }) => sum + n, 0) > 1) return true
    return tx.all<{ value: string }>("SELECT tree.value FROM combined_model, json_tree(document) tree WHERE json_valid(document) AND tree.type = 'text' AND length(tree.value) < 8").some(({ value }) => named(value) && onlyName(value, label))
  })
}
const onlyName = (text: string, label: string): boolean => text.toLowerCase() === label.toLowerCase()

/** Every text in a document, and every key by `renameKey`. */
function walked(value: unknown, rename: (text: string) => string, renameKey: (text: string) => string): unknown {
  if (typeof value === 'string') return rename(value)
  if (Array.isArray(value)) return value.map((v) => walked(v, rename, renameKey))
  if (typeof value === 'object' && value !== null) return Object.fromEntries(Object.entries(value).map(([k, v]) => [renameKey(k), walked(v, rename, renameKey)]))
  return value
}

/** In documents vague labels stay ("51", "A": a document must stay what it says), and short ones where they are a level or the name of something. */
function inDocument(tx: WriteDb, labels: readonly string[], instead: string): (text: string) => string {
  const plain = labels.filter((l) => nameKind(l) === 'plain'), short = labels.filter((l) => nameKind(l) === 'short')
  const levels = new Set(levelsAmong(tx, short).map((l) => l.toLowerCase()))
  const own = [...plain, ...short]
  const named = names(own), escaped = names(own.map((l) => JSON.stringify(l).slice(1, -1))), all = renamed(own, instead), always = renamed(plain, instead)
  return (text) => {
    if (own.length === 0 || (!named(text) && !escaped(text))) return text
    try {
      return JSON.stringify(walked(JSON.parse(text), (t) => (levels.has(t.toLowerCase()) ? t : all(t)), always))
    } catch {
      return all(text)
    }
  }
}

/**
 * Puts `instead` in place of the labels wherever a person may have written them: comments, reasons, questions, protocols, conflicts, other cases' variables. A document's own hash
 * (of a protocol, a model) stays that of the document as it was made. Returns the number of rows that changed; rows of an audited kind get an entry.
 */
export function redactTexts(tx: WriteDb, labels: readonly string[], instead: string): number {
  const inText = renamed(labels, instead), document = inDocument(tx, labels, instead)
  const sought = JSON.stringify(soughtTexts(labels))
  let changed = 0
  for (const { table, key, subject, text = [], json = [] } of WRITTEN) {
    const named = [...text, ...json].map((column) => `EXISTS (SELECT 1 FROM json_each(?) WHERE instr(lower(${column}), value) > 0)`)
    for (const row of tx.all<Row>(`SELECT ${[...key, ...text, ...json].join(', ')} FROM ${table} WHERE ${named.join(' OR ')}`, ...named.map(() => sought))) {
      const changes: Record<string, string> = {}
      for (const column of [...text, ...json]) {
        const before = row[column]
        if (typeof before !== 'string') continue
        const after = (text.includes(column) ? inText : document)(before)
        if (after !== before) changes[column] = after
      }
      if (Object.keys(changes).length === 0) continue
      tx.update(table, Object.fromEntries(key.map((k) => [k, row[k] as string | number])), changes)
      if (subject !== undefined) tx.audit({ action: 'withdrawal.redact', subject, id: String(row[key[0] as string]) })
      changed++
    }
  }
  return changed
}
