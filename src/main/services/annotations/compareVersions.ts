import { Failure, type ComparedAnnotations } from '#shared/contract/index.ts'
import { calibrationOfFrame, maskToText, type Calibration } from '#shared/geometry/index.ts'
import { annotationById, frameObjects, taskById, type AnnotationRow } from '#main/database/queries/annotations.ts'
import { imageById } from '#main/database/queries/cases.ts'
import { imageAsset } from '../cases/imageAssets.ts'
import type { Caller, OpenStudy } from '../context.ts'
import { loadMask } from '../masks.ts'
import { compareMasks } from './compareMasks.ts'

const ABSENT = 'there are no two such drawings to compare'

/** An annotator may look at versions of one task of their own only: not at an earlier round's, which the washout is to let fade, nor at one whose repeat is still to be drawn. */
function mayCompare(study: OpenStudy, caller: Caller, a: AnnotationRow, b: AnnotationRow): boolean {
  if (caller.account.role === 'investigator') return true
  const task = a.task_id !== null && a.task_id === b.task_id ? taskById(study.db.read, a.task_id) : undefined
  return task?.account_id === caller.account.id && task.closed === 0
}

function titleOf(study: OpenStudy, row: AnnotationRow, investigator: boolean): string {
  const round = row.task_id === null ? undefined : taskById(study.db.read, row.task_id)?.round
  if (!investigator) return `Version ${row.version}`
  const who = row.purpose === 'consensus' ? 'Consensus' : row.purpose === 'imported' ? 'Imported' : row.author
  return `${who}${round !== undefined && round > 1 ? `, round ${round}` : ''}, v${row.version}`
}

/** Two stored versions over their picture, with Dice, IoU, HD95 and ASD. */
export function compareVersions(study: OpenStudy, caller: Caller, input: { a: string; b: string }): ComparedAnnotations {
  const a = annotationById(study.db.read, input.a), b = annotationById(study.db.read, input.b)
  if (a === undefined || b === undefined || !mayCompare(study, caller, a, b)) throw new Failure('not_found', ABSENT)
  if (a.image_id !== b.image_id) throw new Failure('invalid_input', 'the two drawings are of different pictures')
  if (a.frame !== b.frame) throw new Failure('invalid_input', `the two drawings are on frames ${a.frame + 1} and ${b.frame + 1}`)
  const image = imageById(study.db.read, a.image_id)
  const object = frameObjects(study.db.read, a.image_id)[a.frame]
  if (image === undefined || object === undefined) throw new Failure('not_found', ABSENT)
  const calibration = calibrationOfFrame(JSON.parse(image.calibration) as Calibration, a.frame) as ComparedAnnotations['calibration']
  const [first, second] = [loadMask(study, a.mask), loadMask(study, b.mask)]
  const side = (row: AnnotationRow, mask: typeof first): ComparedAnnotations['a'] => ({ id: row.id, title: titleOf(study, row, caller.account.role === 'investigator'), mask: maskToText(mask), areaPx: row.area_px })
  return {
    ...compareMasks(first, second, calibration), imageUrl: caller.grant(`annotation-image:${a.image_id}/${a.frame}`, imageAsset(study, object)), width: image.width, height: image.height, calibration, frame: a.frame,
    a: side(a, first), b: side(b, second),
  }
}
