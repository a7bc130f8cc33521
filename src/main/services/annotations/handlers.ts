import { Failure, type CallName, type OpenedAnnotation, type JournalEntry } from '#shared/contract/index.ts'
import { createRandom } from '#shared/lib/index.ts'
import { maskArea, maskFromText, maskToBytes, maskToText } from '#shared/geometry/index.ts'
import { accountById } from '#main/database/queries/accounts.ts'
import { annotationById, casesForAssignment, correctionTask, hasTask, journalOf, lastSeq, nextTaskNumber, taskById, tasksOf, versionsOfTask, type AnnotationRow, type TaskRow } from '#main/database/queries/annotations.ts'
import { representativeImage } from '#main/database/queries/cases.ts'
import { masksOfSegmentation, segmentationById } from '#main/database/queries/inference.ts'
import { recordExposure } from '#main/database/queries/reading.ts'
import type { Caller, Handlers, OpenStudy, World } from '../context.ts'
import { imageAsset, thumbnailAsset } from '../cases/imageAssets.ts'
import { loadMask } from '../masks.ts'

type Calls = Extract<CallName, `annotation.${string}`>

/** The caller's own task; another's is as absent as one that never was. */
function ownTask(study: OpenStudy, caller: Caller, id: string): TaskRow {
  const task = taskById(study.db.read, id)
  if (task === undefined || task.account_id !== caller.account.id) throw new Failure('not_found', 'there is no such drawing task of yours')
  return task
}

function workableTask(study: OpenStudy, world: World, caller: Caller, id: string): TaskRow {
  const task = ownTask(study, caller, id)
  if (task.not_before !== null && task.not_before > world.clock.now().toISOString()) throw new Failure('washout', `this repeat opens on ${task.not_before.slice(0, 10)}`)
  return task
}

const toVersion = (row: AnnotationRow): OpenedAnnotation['versions'][number] => ({ id: row.id, version: row.version, at: row.created_at, author: row.author, areaPx: row.area_px, activeSeconds: row.active_seconds, appVersion: row.app_version })

function opened(study: OpenStudy, caller: Caller, task: TaskRow): OpenedAnnotation {
  const segmentation = task.purpose === 'correction' && task.segmentation_id !== null ? task.segmentation_id : null
  const fused = segmentation === null ? undefined : masksOfSegmentation(study.db.read, segmentation).find((m) => m.model === 'fusion')
  return {
    taskId: task.id, number: task.number, imageId: task.image_id, imageUrl: caller.grant(`task:${task.id}`, imageAsset(study, task.object)), width: task.width, height: task.height, frames: task.frames,
    calibration: JSON.parse(task.calibration) as OpenedAnnotation['calibration'], journal: journalOf(study.db.read, task.id).map((j) => JSON.parse(j.entry) as JournalEntry), versions: versionsOfTask(study.db.read, task.id).map(toVersion), flag: task.flag,
    start: fused === undefined || fused.area_px === 0 ? null : maskToText(loadMask(study, fused.mask)),
  }
}

export function annotationHandlers(world: World): Handlers<Calls> {
  return {
    'annotation.tasks': ({ study, caller }) => ({
      tasks: tasksOf(study.db.read, caller.account.id).map((t) => ({
        id: t.id, number: t.number, round: t.round, state: t.versions > 0 ? 'drawn' as const : t.flag !== null ? 'flagged' as const : 'open' as const, thumbnail: caller.grant(`task-thumbnail:${t.id}`, thumbnailAsset(study, t.object)), updatedAt: t.updated_at, notBefore: t.not_before,
      })),
    }),
    'annotation.open': ({ study, caller }, input) => {
      const task = workableTask(study, world, caller, input.taskId)
      study.db.write(caller.actor, (tx) => recordExposure(tx, caller.account.id, task.case_id, 'annotation'))
      return opened(study, caller, task)
    },
    'annotation.openCorrection': ({ study, caller }, input) => {
      const segmentation = segmentationById(study.db.read, input.segmentationId)
      if (segmentation === undefined || segmentation.case_id !== input.caseId) throw new Failure('not_found', 'that mask is not of this case')
      const known = correctionTask(study.db.read, caller.account.id, segmentation.image_id, segmentation.id)
      if (known !== undefined) return opened(study, caller, known)
      const id = world.ids.next()
      study.db.write(caller.actor, (tx) => {
        tx.insert('annotation_task', {
          id, number: nextTaskNumber(tx, caller.account.id), case_id: input.caseId, image_id: segmentation.image_id, account_id: caller.account.id, purpose: 'correction', round: 1, segmentation_id: segmentation.id, not_before: null, created_at: tx.at, origin: tx.origin,
        })
        tx.audit({ action: 'annotation.correct', subject: 'annotation_task', id })
      })
      return opened(study, caller, ownTask(study, caller, id))
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
        return { storedSeq: stored + input.entries.length, at: tx.at }
      })
    },
    'annotation.save': ({ study, caller }, input) => {
      const task = workableTask(study, world, caller, input.taskId)
      const mask = maskFromText(input.mask)
      if (!mask.ok) throw new Failure('invalid_input', mask.error.message)
      if (mask.value.width !== task.width || mask.value.height !== task.height) throw new Failure('invalid_input', `the mask is ${mask.value.width} x ${mask.value.height}, the image ${task.width} x ${task.height}`)
      const hash = study.objects.put(maskToBytes(mask.value))
      const id = world.ids.next()
      study.db.write(caller.actor, (tx) => {
        const last = versionsOfTask(tx, task.id)[0]
        tx.insert('annotation', {
          id, case_id: task.case_id, image_id: task.image_id, frame: 0, task_id: task.id, account_id: caller.account.id, purpose: task.purpose, version: (last?.version ?? 0) + 1, document: input.document, mask: hash, area_px: maskArea(mask.value),
          active_seconds: input.activeSeconds, tools: JSON.stringify(input.tools), app_version: world.version, derived_from: last?.id ?? null, created_at: tx.at, origin: tx.origin,
        })
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
    'annotation.assign': ({ study, caller }, input) => ({ created: assignTasks(study, world, caller.actor, input) }),
  }
}

/** Gives cases to an annotator in a random order of the person's own, so that numbers say nothing of cases. */
export function assignTasks(study: OpenStudy, world: World, actor: string, input: { accountId: string; cohort?: string | undefined; caseIds?: readonly string[] | undefined; round: number; notBefore: string | null }): number {
  const account = accountById(study.db.read, input.accountId)
  if (account === undefined || account.role === 'reader') throw new Failure('invalid_input', 'cases can be given to annotators only')
  const all = casesForAssignment(study.db.read, input.cohort ?? null).map((c) => c.case_id)
  const wanted = input.caseIds === undefined ? all : all.filter((id) => new Set(input.caseIds).has(id))
  if (wanted.length === 0) throw new Failure('not_found', 'no case with an image fits')
  let created = 0
  study.db.write(actor, (tx) => {
    let number = nextTaskNumber(tx, account.id)
    for (const caseId of createRandom(`${account.id}/${input.round}`).shuffle(wanted)) {
      const image = representativeImage(tx, caseId)?.image_id
      if (image === undefined || hasTask(tx, account.id, image, input.round)) continue
      const id = world.ids.next()
      tx.insert('annotation_task', { id, number: number++, case_id: caseId, image_id: image, account_id: account.id, purpose: 'drawn', round: input.round, segmentation_id: null, not_before: input.notBefore, created_at: tx.at, origin: tx.origin })
      tx.audit({ action: 'annotation.assign', subject: 'annotation_task', id, new: account.login })
      created++
    }
  })
  return created
}
