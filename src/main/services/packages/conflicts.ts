import type { PackageConflict } from '#shared/contract/index.ts'
import { placeOfReading, placeOfTask, readingById, annotationById, type ConflictRow } from '#main/database/queries/packages.ts'
import type { ReadDb, Row } from '#main/database/index.ts'

const answerText = (row: Row | undefined): string | null => (row === undefined ? null : `${String(row['call'])}, suspicion ${String(row['rating'])}`)
const drawingText = (row: Row | undefined): string | null => (row === undefined ? null : `version ${String(row['version'])}, ${String(row['area_px'])} px, ${String(row['created_at']).slice(0, 16).replace('T', ' ')}`)

/** The case and part that work belongs to, in an investigator's words. */
export function subjectText(db: ReadDb, subject: string, row: Row): string {
  if (subject === 'reading') {
    const place = placeOfReading(db, String(row['session_id']), Number(row['position']))
    return place === undefined ? 'an answer to a case that is not in this study' : `${place.label}, ${place.name}, ${String(row['modality'] ?? 'unaided')} answer`
  }
  const place = placeOfTask(db, String(row['task_id']))
  const noun = subject === 'annotation_flag' ? 'flag' : subject === 'annotation_journal' ? 'unsaved strokes' : 'drawing'
  return place === undefined ? `a ${noun} of a task that is not in this study` : `${place.label}, ${noun}, task ${place.number}${place.round > 1 ? `, round ${place.round}` : ''}`
}

/**
 * A conflict as the investigator sees it. Answers of a reading that is still open stay unseen until it is closed: only that there are two is said.
 */
export function conflictInfo(db: ReadDb, c: ConflictRow): PackageConflict {
  const { why, row } = JSON.parse(c.document) as { why: string; row: Row }
  const said = { id: c.id, kind: c.subject === 'reading' ? 'answer' as const : 'drawing' as const, what: subjectText(db, c.subject, row), why, at: c.created_at }
  if (c.subject === 'reading') {
    const open = placeOfReading(db, String(row['session_id']), Number(row['position']))?.state === 'started'
    return open ? { ...said, here: null, came: null, hidden: true } : { ...said, here: answerText(readingById(db, c.kept_id)), came: answerText(row), hidden: false }
  }
  return { ...said, here: c.subject === 'annotation' ? drawingText(annotationById(db, c.kept_id)) : null, came: c.subject === 'annotation' ? drawingText(row) : null, hidden: false }
}
