import { Failure, type CallOutput, type DrawingProgress, type TaskShows } from '#shared/contract/index.ts'
import { createRandom } from '#shared/lib/index.ts'
import { accountById } from '#main/database/queries/accounts.ts'
import { casesForAssignment, drawingRounds, firstRoundDrawn, hasTask, lastRound, lastSeenAt, nextTaskNumber, numberOfCase, standingFlags } from '#main/database/queries/annotations.ts'
import { isInvestigator } from '#main/database/queries/exposure.ts'
import { cohortCounts, imagesOfCase, representativeImage } from '#main/database/queries/cases.ts'
import { tasksWithoutMask } from '#main/database/queries/shown.ts'
import type { WriteDb } from '#main/database/index.ts'
import type { OpenStudy, World } from '../context.ts'
import { storedShows } from './shown.ts'

function drawerAccount(study: OpenStudy, id: string): { id: string; login: string } {
  const account = accountById(study.db.read, id)
  if (account === undefined || account.role === 'reader') throw new Failure('invalid_input', 'cases can be given to annotators only')
  if (account.disabled === 1) throw new Failure('invalid_input', `${account.name} cannot sign in any more; choose another annotator`)
  return account
}

interface NewTask { readonly caseId: string; readonly imageId: string; readonly round: number; readonly number: number; readonly notBefore: string | null; readonly washoutDays?: number; readonly shows: readonly TaskShows[]; readonly reason?: string }

function insertTask(tx: WriteDb, world: World, account: { id: string; login: string }, task: NewTask): string {
  const id = world.ids.next()
  tx.insert('annotation_task', { id, number: task.number, case_id: task.caseId, image_id: task.imageId, account_id: account.id, purpose: 'drawn', round: task.round, segmentation_id: null, not_before: task.notBefore, created_at: tx.at, origin: tx.origin, shows: storedShows(task.shows), washout_days: task.washoutDays ?? null })
  tx.audit({ action: 'annotation.assign', subject: 'annotation_task', id, new: `${account.login}, ${[...(isInvestigator(tx, account.id) ? ['not blind: sees everything as an investigator'] : task.shows.length === 0 ? ['blind'] : []), ...(task.shows.length === 0 ? [] : [`shows ${task.shows.join(' and ')}`])].join(', ')}`, reason: task.reason ?? null })
  return id
}

/** Gives cases to an annotator in a random order of the person's own, so that numbers say nothing of cases. The images of one case share its number. */
export function assignTasks(study: OpenStudy, world: World, actor: string, input: { accountId: string; cohort?: string | undefined; caseIds?: readonly string[] | undefined; round: number; notBefore: string | null; images?: 'representative' | 'every' | undefined; shows?: readonly TaskShows[] | undefined }): CallOutput<'annotation.assign'> {
  const account = drawerAccount(study, input.accountId)
  const all = casesForAssignment(study.db.read, input.cohort ?? null).map((c) => c.case_id)
  const chosen = input.caseIds === undefined ? null : new Set(input.caseIds)
  const wanted = chosen === null ? all : all.filter((id) => chosen.has(id))
  if (wanted.length === 0) throw new Failure('not_found', 'no case with an image fits')
  const shows = input.shows ?? []
  const made: string[] = []
  let cases = 0
  study.db.write(actor, (tx) => {
    let next = nextTaskNumber(tx, account.id)
    for (const caseId of createRandom(`${account.id}/${input.round}`).shuffle(wanted)) {
      const one = representativeImage(tx, caseId)?.image_id
      const images = input.images === 'every' ? imagesOfCase(tx, caseId).map((i) => i.id) : one === undefined ? [] : [one]
      const fresh = images.filter((image) => !hasTask(tx, account.id, image, input.round))
      if (fresh.length === 0) continue
      const number = numberOfCase(tx, account.id, caseId, input.round) ?? next++
      for (const imageId of fresh) made.push(insertTask(tx, world, account, { caseId, imageId, round: input.round, number, notBefore: input.notBefore, shows }))
      cases++
    }
  })
  return { created: made.length, cases, withoutMask: shows.includes('model') || shows.includes('start') ? tasksWithoutMask(study.db.read, made) : 0 }
}

const DAY_MS = 86_400_000

export interface RepeatRequest { readonly accountId: string; readonly secondAccountId: string | null; readonly cohort: string | null; readonly size: number; readonly seed: number; readonly washoutDays: number; readonly shows?: readonly TaskShows[] }

/**
 * A repeat: `size` of the cases that the annotator has drawn in the first round, by a seeded shuffle, once more as the next round, each locked until the washout
 * after that person's last look at the case has passed, wherever that was; and, when a second annotator is named, the very same cases as that person's first drawing.
 */
export function assignRepeat(study: OpenStudy, world: World, actor: string, request: RepeatRequest): CallOutput<'annotation.assignRepeat'> {
  const account = drawerAccount(study, request.accountId)
  const second = request.secondAccountId === null ? null : drawerAccount(study, request.secondAccountId)
  if (second?.id === account.id) throw new Failure('invalid_input', 'the second annotator must be another person')
  const drawn = firstRoundDrawn(study.db.read, account.id, request.cohort)
  if (drawn.length === 0) throw new Failure('not_ready', 'there is nothing to repeat yet: this annotator has drawn no case of that cohort')
  const subset = createRandom(`repeat/${request.seed}`).shuffle(drawn).slice(0, request.size)
  const round = lastRound(study.db.read, account.id) + 1
  const reason = `repeat of ${subset.length} of ${drawn.length} drawn, seed ${request.seed}, washout ${request.washoutDays} days`
  const shows = request.shows ?? []
  const opens: string[] = []
  let repeats = 0, seconds = 0
  study.db.write(actor, (tx) => {
    let number = nextTaskNumber(tx, account.id)
    for (const task of createRandom(`${account.id}/${round}/${request.seed}`).shuffle(subset)) {
      const opensOn = new Date(Date.parse(lastSeenAt(tx, account.id, task.case_id) ?? task.drawn_at) + request.washoutDays * DAY_MS).toISOString()
      insertTask(tx, world, account, { caseId: task.case_id, imageId: task.image_id, round, number: number++, notBefore: opensOn, washoutDays: request.washoutDays, shows, reason })
      opens.push(opensOn)
      repeats++
    }
    if (second === null) return
    let other = nextTaskNumber(tx, second.id)
    for (const task of createRandom(`${second.id}/1/${request.seed}`).shuffle(subset)) {
      if (hasTask(tx, second.id, task.image_id, 1)) continue
      insertTask(tx, world, second, { caseId: task.case_id, imageId: task.image_id, round: 1, number: other++, notBefore: null, shows, reason })
      seconds++
    }
  })
  opens.sort()
  return { chosen: subset.length, drawn: drawn.length, repeats, seconds, round, opensFrom: opens[0] ?? null, opensTo: opens.at(-1) ?? null }
}

export function overview(study: OpenStudy, world: World): CallOutput<'annotation.overview'> {
  const annotators = new Map<string, DrawingProgress>()
  for (const row of drawingRounds(study.db.read, world.clock.now().toISOString())) {
    const one = annotators.get(row.account_id) ?? { accountId: row.account_id, login: row.login, name: row.name, role: row.role, disabled: row.disabled === 1, seesEverything: row.everything === 1, rounds: [] }
    const { round, total, drawn, flagged, begun, locked, shown } = row
    annotators.set(row.account_id, { ...one, rounds: round === 0 ? one.rounds : [...one.rounds, { round, total, drawn, flagged, begun, locked, opensOn: row.opens_on, activeSeconds: row.active_seconds, lastAt: row.last_at, shown }] })
  }
  return {
    annotators: [...annotators.values()],
    flags: standingFlags(study.db.read).map((f) => ({ id: f.id, taskId: f.task_id, caseId: f.case_id, label: f.label, annotator: f.annotator, round: f.round, flag: f.flag, comment: f.comment, at: f.created_at })),
    cohorts: cohortCounts(study.db.read).map((c) => ({ name: c.name, cases: c.cases })),
  }
}
