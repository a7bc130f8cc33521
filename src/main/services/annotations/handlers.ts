import { Failure, type CallName, type OpenedAnnotation, type JournalEntry } from '#shared/contract/index.ts'
import { maskArea, maskFromText, maskToBytes, maskToText } from '#shared/geometry/index.ts'
import { annotationById, correctionTask, flagComment, frameObjects, journalOf, lastSeq, nextTaskNumber, taskById, tasksOf, versionsOfTask, type AnnotationRow, type TaskRow } from '#main/database/queries/annotations.ts'
import type { WriteDb } from '#main/database/index.ts'
import { frameTimeOf } from '#main/database/queries/cine.ts'
import { masksOfSegmentation, segmentationById } from '#main/database/queries/inference.ts'
import { isInvestigator, recordExposure } from '#main/database/queries/exposure.ts'
import type { Caller, Handlers, OpenStudy, World } from '../context.ts'
import { imageAsset, thumbnailAsset } from '../cases/imageAssets.ts'
import type { Jobs } from '../jobs/jobs.ts'
import { loadMask } from '../masks.ts'
import { agreementReport } from './agreement.ts'
import { compareVersions } from './compareVersions.ts'
import { storeConsensus } from './consensus.ts'
import { countMasks, exportMasks, importMasks, type ImportReport } from './exchange.ts'
import { modelLineage, noteShown, shownContours, shownList, shownRecord, showsOf } from './shown.ts'
import { assignRepeat, assignTasks, overview } from './tasks.ts'

type Calls = Extract<CallName, `annotation.${string}`>

/** The caller's own task; another's is as absent as one that never was. */
function ownTask(study: OpenStudy, caller: Caller, id: string): TaskRow {
  const task = taskById(study.db.read, id)
  if (task === undefined || task.account_id !== caller.account.id) throw new Failure('not_found', 'there is no such drawing task of yours')
  return task
}

const opensLater = (task: TaskRow, world: World): boolean => task.not_before !== null && task.not_before > world.clock.now().toISOString()
/** A repeat before its washout, or the drawing that waits for its repeat: neither is to be looked at. */
const isLocked = (task: TaskRow, world: World): boolean => opensLater(task, world) || task.closed === 1

/** Looks of ten minutes and more apart are kept, so that a washout counts from the end of the last one. The kind names the task, whose own looks do not lock it. */
const noteLook = (tx: WriteDb, caller: Caller, task: TaskRow): void => recordExposure(tx, caller.account.id, task.case_id, `annotation:${task.id}`, 10)

function workableTask(study: OpenStudy, world: World, caller: Caller, id: string): TaskRow {
  const task = ownTask(study, caller, id)
  if (opensLater(task, world)) throw new Failure('washout', `this repeat opens on ${task.not_before?.slice(0, 10)}`)
  if (task.closed === 1) throw new Failure('washout', 'this drawing stays closed until you have drawn its repeat, so that the two are independent')
  return task
}

/** Tasks in their order with the place of each among the images of its case. */
function withPlaces(tasks: readonly TaskRow[]): { task: TaskRow; image: number; images: number }[] {
  const groups = Map.groupBy(tasks, (t) => `${t.round} ${t.number}`)
  return tasks.map((task) => {
    const group = groups.get(`${task.round} ${task.number}`) ?? [task]
    return { task, image: group.indexOf(task) + 1, images: group.length }
  })
}

const toVersion = (row: AnnotationRow): OpenedAnnotation['versions'][number] => ({ id: row.id, version: row.version, at: row.created_at, author: row.author, areaPx: row.area_px, activeSeconds: row.active_seconds, appVersion: row.app_version, frame: row.frame, tools: JSON.parse(row.tools) as Record<string, number>, seq: row.seq, shown: shownList(row.shown) })

/** Pictures that will be asked for next: of the open tasks after this one, and of the one before. */
function preload(study: OpenStudy, world: World, caller: Caller, task: TaskRow): string[] {
  if (task.purpose !== 'drawn') return []
  const tasks = tasksOf(study.db.read, caller.account.id).filter((t) => !isLocked(t, world))
  const at = tasks.findIndex((t) => t.id === task.id)
  const nextOpen = tasks.slice(at + 1).concat(tasks.slice(0, Math.max(0, at))).find((t) => t.versions === 0 && t.flag === null)
  return [...new Set([nextOpen, tasks[at + 1], tasks[at - 1]])].flatMap((t) => (t === undefined || t.id === task.id ? [] : [taskPicture(study, caller, t.id, 0, t.object)]))
}

const taskPicture = (study: OpenStudy, caller: Caller, taskId: string, frame: number, object: string): string => caller.grant(`task:${taskId}/${frame}`, imageAsset(study, object))

function opened(study: OpenStudy, world: World, caller: Caller, task: TaskRow): OpenedAnnotation {
  const segmentation = task.purpose === 'correction' && task.segmentation_id !== null ? task.segmentation_id : null
  const fused = segmentation === null ? undefined : masksOfSegmentation(study.db.read, segmentation).find((m) => m.model === 'fusion')
  const frameUrls = frameObjects(study.db.read, task.image_id).map((object, frame) => taskPicture(study, caller, task.id, frame, object))
  return {
    taskId: task.id, number: task.number, imageId: task.image_id, imageUrl: frameUrls[0] ?? '', frameUrls, preload: preload(study, world, caller, task), width: task.width, height: task.height, frames: task.frames,
    calibration: JSON.parse(task.calibration) as OpenedAnnotation['calibration'], journal: journalOf(study.db.read, task.id).map((j) => JSON.parse(j.entry) as JournalEntry), versions: versionsOfTask(study.db.read, task.id).map(toVersion), flag: task.flag, flagComment: flagComment(study.db.read, task.id),
    ...(segmentation === null ? shownContours(study, task) : { shows: [], references: [], start: fused === undefined || fused.area_px === 0 ? null : maskToText(loadMask(study, fused.mask)), startFrame: segmentationById(study.db.read, segmentation)?.frame ?? 0 }),
    frameTimeMs: frameTimeOf(study.db.read, task.image_id),
  }
}

export function annotationHandlers(world: World, jobs: Jobs): Handlers<Calls> {
  return {
    'annotation.tasks': ({ study, caller }) => ({
      seesEverything: isInvestigator(study.db.read, caller.account.id),
      tasks: withPlaces(tasksOf(study.db.read, caller.account.id)).map(({ task: t, image, images }) => ({
        id: t.id, number: t.number, image, images, round: t.round, state: t.versions > 0 ? 'drawn' as const : t.flag !== null ? 'flagged' as const : 'open' as const, shows: showsOf(t.shows),
        thumbnail: isLocked(t, world) ? null : caller.grant(`task-thumbnail:${t.id}`, thumbnailAsset(study, t.object)), updatedAt: t.updated_at, notBefore: t.not_before, closed: t.closed === 1,
      })),
    }),
    'annotation.open': ({ study, caller }, input) => {
      const task = workableTask(study, world, caller, input.taskId)
      study.db.write(caller.actor, (tx) => {
        noteLook(tx, caller, task)
        noteShown(tx, world, task)
      })
      return opened(study, world, caller, task)
    },
    'annotation.openCorrection': ({ study, caller }, input) => {
      const segmentation = segmentationById(study.db.read, input.segmentationId)
      if (segmentation === undefined || segmentation.case_id !== input.caseId) throw new Failure('not_found', 'that mask is not of this case')
      const known = correctionTask(study.db.read, caller.account.id, segmentation.image_id, segmentation.id)
      if (known !== undefined) return opened(study, world, caller, known)
      const id = world.ids.next()
      study.db.write(caller.actor, (tx) => {
        tx.insert('annotation_task', {
          id, number: nextTaskNumber(tx, caller.account.id), case_id: input.caseId, image_id: segmentation.image_id, account_id: caller.account.id, purpose: 'correction', round: 1, segmentation_id: segmentation.id, not_before: null, created_at: tx.at, origin: tx.origin,
        })
        tx.audit({ action: 'annotation.correct', subject: 'annotation_task', id })
      })
      return opened(study, world, caller, ownTask(study, caller, id))
    },
    'annotation.append': ({ study, caller }, input) => {
      const task = workableTask(study, world, caller, input.taskId)
      return study.db.write(caller.actor, (tx) => {
        const stored = lastSeq(tx, task.id)
        if (stored !== input.afterSeq) throw new Failure('conflict', 'this drawing was continued in another window; open it again to go on from there')
        input.entries.forEach((entry, i) => {
          if (entry.seq !== stored + 1 + i) throw new Failure('invalid_input', `journal entry ${entry.seq} does not follow ${stored + i}`)
          tx.insert('annotation_journal', { task_id: task.id, seq: entry.seq, entry: JSON.stringify(entry), created_at: tx.at })
        })
        noteLook(tx, caller, task)
        return { storedSeq: stored + input.entries.length, at: tx.at }
      })
    },
    'annotation.save': ({ study, caller }, input) => {
      const task = workableTask(study, world, caller, input.taskId)
      const mask = maskFromText(input.mask)
      if (!mask.ok) throw new Failure('invalid_input', mask.error.message)
      if (mask.value.width !== task.width || mask.value.height !== task.height) throw new Failure('invalid_input', `the mask is ${mask.value.width} x ${mask.value.height}, the image ${task.width} x ${task.height}`)
      if (input.frame >= task.frames) throw new Failure('invalid_input', `the picture has ${task.frames} ${task.frames === 1 ? 'frame' : 'frames'}`)
      const hash = study.objects.put(maskToBytes(mask.value))
      const id = world.ids.next()
      study.db.write(caller.actor, (tx) => {
        const last = versionsOfTask(tx, task.id)[0]
        tx.insert('annotation', {
          id, case_id: task.case_id, image_id: task.image_id, frame: input.frame, task_id: task.id, account_id: caller.account.id, purpose: task.purpose, version: (last?.version ?? 0) + 1, document: input.document, mask: hash, area_px: maskArea(mask.value),
          active_seconds: input.activeSeconds, tools: JSON.stringify(input.tools), app_version: world.version, derived_from: last?.id ?? modelLineage(tx, task.id), shown: task.purpose === 'drawn' ? shownRecord(tx, task) : null, created_at: tx.at, origin: tx.origin,
        })
        tx.insert('annotation_seq', { annotation_id: id, seq: input.seq })
        noteLook(tx, caller, task)
        tx.audit({ action: 'annotation.save', subject: 'annotation', id, new: hash })
      })
      return { version: toVersion(annotationById(study.db.read, id) as AnnotationRow) }
    },
    'annotation.flag': ({ study, caller }, input) => {
      const task = ownTask(study, caller, input.taskId)
      const id = world.ids.next()
      study.db.write(caller.actor, (tx) => {
        tx.insert('annotation_flag', { id, task_id: task.id, flag: input.flag, comment: input.comment, created_at: tx.at, origin: tx.origin })
        tx.audit({ action: 'annotation.flag', subject: 'annotation_flag', id, new: input.flag })
      })
      return { done: true }
    },
    'annotation.assign': ({ study, caller }, input) => assignTasks(study, world, caller.actor, input),
    'annotation.assignRepeat': ({ study, caller }, input) => assignRepeat(study, world, caller.actor, input),
    'annotation.overview': ({ study }) => overview(study, world),
    'annotation.compare': ({ study, caller }, input) => compareVersions(study, caller, input),
    'annotation.agreement': ({ study }, input) => agreementReport(study, input.cohort),
    'annotation.consensus': ({ study, caller }, input) => storeConsensus(study, world, caller, input),
    'annotation.export': ({ study, caller }, input) => ({
      jobId: jobs.start({ kind: 'masks-export', title: 'Exporting masks', actor: caller.actor, input, study }, (job) => exportMasks(study, world, caller.actor, input, { signal: job.signal, progress: (d, t, n) => job.progress(d, t, n) })),
    }),
    'annotation.import': ({ study, caller }, input) => ({
      jobId: jobs.start({ kind: 'masks-import', title: 'Importing masks', actor: caller.actor, input, study, stored: (r) => countMasks(r as ImportReport) }, (job) => importMasks(study, world, caller.actor, input, { signal: job.signal, progress: (d, t, n) => job.progress(d, t, n) })),
    }),
  }
}

export { assignTasks } from './tasks.ts'
