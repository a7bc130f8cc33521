import { TASK_SHOWS, type OpenedAnnotation, type Seen, type TaskShows } from '#shared/contract/index.ts'
import { maskToText } from '#shared/geometry/index.ts'
import type { ReadDb, WriteDb } from '#main/database/index.ts'
import { journalOf, type TaskRow } from '#main/database/queries/annotations.ts'
import { isInvestigator } from '#main/database/queries/exposure.ts'
import { showableDrawings, showableModelMask, shownInTask, shownOfImage, type ShowableMask, type ShownRow } from '#main/database/queries/shown.ts'
import { canonicalJson } from '#main/platform/index.ts'
import type { OpenStudy, World } from '../context.ts'
import { loadMask } from '../masks.ts'

/** The list as it is stored: in one order, and nothing at all for a blind task. */
export const storedShows = (shows: readonly TaskShows[]): string | null => (shows.length === 0 ? null : JSON.stringify(TASK_SHOWS.filter((s) => shows.includes(s))))
export const showsOf = (stored: string | null): TaskShows[] => (stored === null ? [] : (JSON.parse(stored) as TaskShows[]))

type Task = Pick<TaskRow, 'id' | 'account_id' | 'image_id' | 'shows' | 'versions'>

/**
 * Notes what a task is about to show that it has not shown yet. The model's mask is the newest of the first opening and stays that one; others' contours follow their newest versions.
 * The mask is what the drawing begins with only where nothing was drawn before. A blind task reads none of this.
 */
export function noteShown(tx: WriteDb, world: World, task: Task): void {
  const shows = showsOf(task.shows)
  if (shows.length === 0) return
  const known = shownInTask(tx, task.id)
  const note = (what: ShownRow['what'], found: ShowableMask, start: boolean): void => {
    const id = world.ids.next()
    tx.insert('annotation_shown', { id, task_id: task.id, what, source: found.source, series: found.series, frame: found.frame, mask: found.mask, start: start ? 1 : 0, created_at: tx.at, origin: tx.origin })
    tx.audit({ action: 'annotation.show', subject: 'annotation_shown', id, new: `${what === 'model' ? `the model's mask ${found.source}${start ? ', to begin with' : ''}` : `the drawing ${found.source}`}` })
  }
  if ((shows.includes('model') || shows.includes('start')) && !known.some((k) => k.what === 'model')) {
    const found = showableModelMask(tx, task.image_id)
    if (found !== undefined) note('model', found, shows.includes('start') && task.versions === 0 && journalOf(tx, task.id).length === 0)
  }
  if (!shows.includes('others')) return
  for (const found of showableDrawings(tx, task.account_id, task.image_id)) if (!known.some((k) => k.what === 'other' && k.source === found.source)) note('other', found, false)
}

/** What a task brings with it: contours to look at, and the mask that the drawing begins with. */
export function shownContours(study: OpenStudy, task: Task): Pick<OpenedAnnotation, 'shows' | 'references' | 'start' | 'startFrame'> {
  const shows = showsOf(task.shows)
  if (shows.length === 0) return { shows, references: [], start: null, startFrame: 0 }
  const rows = shownInTask(study.db.read, task.id)
  const text = (row: ShownRow): string => maskToText(loadMask(study, row.mask))
  const model = rows.find((r) => r.what === 'model')
  // Of every other drawing the newest that was noted; numbers go by the order in which they first appeared.
  const others = shows.includes('others') ? [...new Map(rows.filter((r) => r.what === 'other').map((r) => [r.series, r])).values()] : []
  return {
    shows,
    references: [
      ...(model !== undefined && shows.includes('model') ? [{ id: 'model', kind: 'model' as const, title: 'Model, fused', frame: model.frame, mask: text(model) }] : []),
      ...others.map((row, i) => ({ id: `other-${i + 1}`, kind: 'other' as const, title: `Annotator ${i + 1}`, frame: row.frame, mask: text(row) })),
    ],
    start: model?.start === 1 ? text(model) : null, startFrame: model?.start === 1 ? model.frame : 0,
  }
}

/** What the author of a version had seen of its picture, as `annotation.shown` holds it. `everything`: the person has an investigator's account, to which masks, contours and outcomes of every case are open. */
export interface ShownRecord { readonly everything?: true; readonly model?: { readonly segmentations: readonly string[]; readonly start: boolean }; readonly others?: readonly string[] }

/** For a version that is about to be stored: everything that its author was shown of this picture, in this task or another, or could look at. Null: blind. */
export function shownRecord(db: ReadDb, task: Task): string | null {
  const rows = shownOfImage(db, task.account_id, task.image_id), everything = isInvestigator(db, task.account_id)
  if (rows.length === 0 && !everything) return null
  const sources = (what: ShownRow['what']): string[] => [...new Set(rows.filter((r) => r.what === what).map((r) => r.source))].sort()
  const record: ShownRecord = {
    ...(everything ? { everything } : {}),
    ...(rows.some((r) => r.what === 'model') ? { model: { segmentations: sources('model'), start: rows.some((r) => r.task_id === task.id && r.start === 1) } } : {}),
    ...(rows.some((r) => r.what === 'other') ? { others: sources('other') } : {}),
  }
  return canonicalJson(record)
}

/** `annotation.shown` as the contract tells it. */
export function shownList(stored: string | null): Seen[] {
  if (stored === null) return []
  const { everything, model, others } = JSON.parse(stored) as ShownRecord
  return [...(everything === undefined ? [] : ['everything' as const]), ...(model === undefined ? [] : ['model' as const]), ...(model?.start === true ? ['start' as const] : []), ...(others === undefined ? [] : ['others' as const])]
}

/** Where the first version of a drawing that began with the model's mask comes from, in the form that a consensus has too. */
export function modelLineage(db: ReadDb, taskId: string): string | null {
  const start = shownInTask(db, taskId).find((r) => r.start === 1)
  return start === undefined ? null : canonicalJson({ method: 'model', from: [{ segmentation: start.source }] })
}
