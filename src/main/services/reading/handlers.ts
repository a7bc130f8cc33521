import { Failure, type CallName, type ParsedInput, type ReadingSession } from '#shared/contract/index.ts'
import { answersProblem, callContradictsRating, isAided, lastPart, partsOf } from '#shared/domain/index.ts'
import { insertViewEvents } from '#main/database/queries/readingEvents.ts'
import { isSubmitted, itemAt, saveDraft, sessionById, sessionProgress, sessionsOfReader, trainingCases, type ItemRow, type SessionRow } from '#main/database/queries/reading.ts'
import { trainingOutcome } from '#main/database/queries/readingAids.ts'
import { canonicalJson } from '#main/platform/index.ts'
import type { Caller, Handlers, OpenStudy, World } from '../context.ts'
import { documentOf, requireProtocol } from './document.ts'
import { openAt, partDue, placeIn, type OpenSession } from './readingItem.ts'
import { stateOf } from './washout.ts'

/** The caller's own session, or the same "not found" for one that is another's or nobody's. */
function ownSession(study: OpenStudy, caller: Caller, id: string): SessionRow {
  const session = sessionById(study.db.read, id)
  if (session === undefined || session.account_id !== caller.account.id) throw new Failure('not_found', 'there is no such reading session of yours')
  return session
}

function openSession(study: OpenStudy, world: World, caller: Caller, id: string): OpenSession {
  const session = ownSession(study, caller, id)
  const protocol = requireProtocol(study, session.protocol_id)
  const document = documentOf(protocol)
  const { state, from } = stateOf(study, world, session, protocol.state, document)
  switch (state) {
    case 'closed': throw new Failure('locked', 'this reading is closed')
    case 'withdrawn': throw new Failure('locked', 'you no longer read in this study; what you read is kept')
    case 'waiting': throw new Failure('not_ready', 'finish the session before this one first')
    case 'washout': throw new Failure('washout', `this session opens on ${from ?? ''}, after the washout`)
    case 'open': case 'finished': return { session, document, hash: protocol.hash }
  }
}

function toSession(study: OpenStudy, world: World, session: SessionRow): ReadingSession {
  const protocol = requireProtocol(study, session.protocol_id)
  const document = documentOf(protocol)
  const { state, from } = stateOf(study, world, session, protocol.state, document)
  const parts = partsOf(session.modality)
  return {
    id: session.id, title: `${document.name}${document.sessions > 1 ? `, session ${session.ordinal}` : ''}`, question: document.question, instructions: document.instructions, scale: document.scale, parts: [...parts],
    aids: parts.includes('aided') && isAided(document.modality) ? [...document.aids] : [], questions: document.questions.length, training: trainingCases(study.db.read, session.id), timeLimitSeconds: document.timeLimitSeconds, allowBack: document.allowBack, breaks: document.breaks,
    ...sessionProgress(study.db.read, session.id), state, availableFrom: from,
  }
}

function checkRating(scale: 'points5' | 'percent100', rating: number): void {
  const fits = scale === 'points5' ? Number.isInteger(rating) && rating >= 1 && rating <= 5 : rating >= 0 && rating <= 100
  if (!fits) throw new Failure('invalid_input', scale === 'points5' ? 'the suspicion is 1, 2, 3, 4 or 5' : 'the suspicion is a number from 0 to 100')
}

function checkAnswers({ document }: OpenSession, row: ItemRow, answers: ParsedInput<'reading.draft'>['answers'], complete: boolean): void {
  const problem = answersProblem(document.questions, answers, row, complete)
  if (problem !== null) throw new Failure(complete && problem.endsWith('no answer yet') ? 'not_ready' : 'invalid_input', problem)
}

/** The case that an answer is meant for, in the part that is due; what was submitted is locked. */
function answerable(study: OpenStudy, open: OpenSession, input: { position: number; part: 'unaided' | 'aided' }): ItemRow {
  if (isSubmitted(study.db.read, open.session.id, input.position, input.part)) throw new Failure('locked', 'this case was submitted and can no longer be changed')
  const row = openAt(study, open, input.position)
  if (partDue(open.session, row) !== input.part) throw new Failure('conflict', 'this part of the case is not due; the present one is shown instead')
  return row
}

function submit(study: OpenStudy, world: World, caller: Caller, open: OpenSession, input: ParsedInput<'reading.submit'>): { outcome: 'positive' | 'negative'; correct: boolean } | null {
  const { session, document, hash } = open
  const row = answerable(study, open, input)
  checkRating(document.scale, input.rating)
  checkAnswers(open, row, input.answers, true)
  if (callContradictsRating(input.call, input.rating, document.scale) && !input.confirmed) {
    throw new Failure('not_ready', `the call is ${input.call} but the suspicion is ${input.rating}: change one of them, or confirm that both are meant`)
  }
  const id = world.ids.next()
  study.db.write(caller.actor, (tx) => {
    tx.insert('reading', {
      id, session_id: session.id, position: input.position, call: input.call, rating: input.rating, active_seconds: input.activeSeconds, confirmed: input.confirmed ? 1 : 0, submitted_at: tx.at, origin: tx.origin,
      modality: input.part, answers: document.questions.length === 0 ? null : canonicalJson(input.answers), protocol_hash: hash, over_limit: document.timeLimitSeconds === null ? null : input.activeSeconds > document.timeLimitSeconds ? 1 : 0,
    })
    tx.audit({ action: 'reading.submit', subject: 'reading', id })
  })
  if (!document.training.feedback || row.training !== 1 || input.part !== lastPart(session.modality)) return null
  const outcome = trainingOutcome(study.db.read, session.id, input.position)
  return outcome === null ? null : { outcome: outcome === 1 ? 'positive' : 'negative', correct: (outcome === 1) === (input.call === 'positive') }
}

type ReadingCalls = Extract<CallName, `reading.${string}`>

export function readingHandlers(world: World): Handlers<ReadingCalls> {
  return {
    'reading.sessions': ({ study, caller }) => ({ sessions: sessionsOfReader(study.db.read, caller.account.id).map((s) => toSession(study, world, s)) }),
    'reading.next': ({ study, caller }, input) => placeIn(study, world, caller, openSession(study, world, caller, input.sessionId), input.position),
    'reading.draft': ({ study, caller }, input) => {
      const open = openSession(study, world, caller, input.sessionId)
      checkAnswers(open, answerable(study, open, input), input.answers, false)
      return study.db.write(caller.actor, (tx) => {
        saveDraft(tx, open.session.id, input.position, { ...input, answers: canonicalJson(input.answers) })
        return { savedAt: tx.at }
      })
    },
    'reading.submit': ({ study, caller }, input) => {
      const open = openSession(study, world, caller, input.sessionId)
      const feedback = submit(study, world, caller, open, input)
      return { ...placeIn(study, world, caller, open), feedback }
    },
    'reading.events': ({ study, caller }, input) => {
      const session = ownSession(study, caller, input.sessionId)
      if (itemAt(study.db.read, session.id, input.position) === undefined) throw new Failure('not_found', 'there is no such position')
      study.db.write(caller.actor, (tx) => insertViewEvents(tx, session.id, input.position, input.events))
      return { done: true }
    },
  }
}
