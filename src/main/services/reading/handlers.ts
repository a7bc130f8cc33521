import { Failure, type CallName, type ReadingItem, type ReadingSession } from '#shared/contract/index.ts'
import { callContradictsRating } from '#shared/domain/index.ts'
import type { Calibration } from '#shared/geometry/index.ts'
import { insertViewEvents } from '#main/database/queries/readingEvents.ts'
import {
  draftOf, isSubmitted, itemAt, lastExposure, openItems, protocols, recordExposure, saveDraft, sessionById, sessionProgress, sessionsOfReader, type ItemRow, type SessionRow,
} from '#main/database/queries/reading.ts'
import type { Caller, Handlers, OpenStudy, World } from '../context.ts'
import { imageAsset } from '../cases/imageAssets.ts'
import { closeProtocol, createProtocol, documentOf, protocolInfo, requireProtocol, startProtocol } from './protocol.ts'

const DAY = 86_400_000

/** When a session may be read: after the washout since the reader last saw any of its cases. Null: now. */
function availableFrom(study: OpenStudy, world: World, session: SessionRow): string | null {
  const seen = lastExposure(study.db.read, session.account_id, session.id)
  if (seen === null) return null
  const days = documentOf(requireProtocol(study, session.protocol_id)).washoutDays
  const at = new Date(Date.parse(seen) + days * DAY)
  return at > world.clock.now() ? at.toISOString() : null
}

/** The caller's own session, or the same "not found" for one that is another's or nobody's. */
function ownSession(study: OpenStudy, caller: Caller, id: string): SessionRow {
  const session = sessionById(study.db.read, id)
  if (session === undefined || session.account_id !== caller.account.id) throw new Failure('not_found', 'there is no such reading session of yours')
  return session
}

function openSession(study: OpenStudy, world: World, caller: Caller, id: string): SessionRow {
  const session = ownSession(study, caller, id)
  if (requireProtocol(study, session.protocol_id).state !== 'started') throw new Failure('locked', 'this reading is closed')
  const from = availableFrom(study, world, session)
  if (from !== null) throw new Failure('washout', `this session opens on ${from.slice(0, 10)}, after the washout`)
  return session
}

/** A reader cannot tell from a shape of the answer what came before: position, picture, size, scale, nothing else. */
function toItem(study: OpenStudy, caller: Caller, session: SessionRow, row: ItemRow, next: ItemRow | undefined): ReadingItem {
  const url = (item: ItemRow): string => caller.grant(`reading:${session.id}:${item.position}`, imageAsset(study, item.object))
  const draft = draftOf(study.db.read, session.id, row.position)
  return {
    sessionId: session.id, position: row.position, ...sessionProgress(study.db.read, session.id), imageUrl: url(row), width: row.width, height: row.height, calibration: JSON.parse(row.calibration) as Calibration & ReadingItem['calibration'],
    draft: draft === undefined ? null : { call: draft.call, rating: draft.rating, activeSeconds: draft.active_seconds },
    scale: documentOf(requireProtocol(study, session.protocol_id)).scale, nextImageUrl: next === undefined ? null : url(next),
  }
}

function nextItem(study: OpenStudy, caller: Caller, session: SessionRow): ReadingItem | null {
  const [row, next] = openItems(study.db.read, session.id, 2)
  if (row === undefined) return null
  study.db.write(caller.actor, (tx) => recordExposure(tx, caller.account.id, row.case_id, `reading:${session.id}`))
  return toItem(study, caller, session, row, next)
}

function toSession(study: OpenStudy, world: World, session: SessionRow): ReadingSession {
  const protocol = requireProtocol(study, session.protocol_id)
  const document = documentOf(protocol)
  const progress = sessionProgress(study.db.read, session.id)
  const from = availableFrom(study, world, session)
  const state = protocol.state === 'closed' ? 'closed' : progress.done === progress.total ? 'finished' : from !== null ? 'washout' : 'open'
  return { id: session.id, title: `${document.name}${document.sessions > 1 ? `, session ${session.ordinal}` : ''}`, question: document.question, scale: document.scale, ...progress, state, availableFrom: from }
}

function checkRating(scale: 'points5' | 'percent100', rating: number): void {
  const fits = scale === 'points5' ? Number.isInteger(rating) && rating >= 1 && rating <= 5 : rating >= 0 && rating <= 100
  if (!fits) throw new Failure('invalid_input', scale === 'points5' ? 'the suspicion is 1, 2, 3, 4 or 5' : 'the suspicion is a number from 0 to 100')
}

type ReadingCalls = Extract<CallName, `reading.${string}` | `protocol.${string}`>

export function readingHandlers(world: World): Handlers<ReadingCalls> {
  return {
    'reading.sessions': ({ study, caller }) => ({
      sessions: sessionsOfReader(study.db.read, caller.account.id).map((s) => toSession(study, world, s)),
    }),
    'reading.next': ({ study, caller }, input) => ({ item: nextItem(study, caller, openSession(study, world, caller, input.sessionId)) }),
    'reading.draft': ({ study, caller }, input) => {
      const session = openSession(study, world, caller, input.sessionId)
      if (itemAt(study.db.read, session.id, input.position) === undefined) throw new Failure('not_found', 'there is no such position')
      if (isSubmitted(study.db.read, session.id, input.position)) throw new Failure('locked', 'this case was submitted and can no longer be changed')
      return study.db.write(caller.actor, (tx) => {
        saveDraft(tx, session.id, input.position, input)
        return { savedAt: tx.at }
      })
    },
    'reading.submit': ({ study, caller }, input) => {
      const session = openSession(study, world, caller, input.sessionId)
      const row = openItems(study.db.read, session.id, 1)[0]
      if (isSubmitted(study.db.read, session.id, input.position)) throw new Failure('locked', 'this case was submitted and can no longer be changed')
      if (row?.position !== input.position) throw new Failure('conflict', 'this is not the next case of the order; the next one is shown instead')
      const { scale } = documentOf(requireProtocol(study, session.protocol_id))
      checkRating(scale, input.rating)
      if (callContradictsRating(input.call, input.rating, scale) && !input.confirmed) {
        throw new Failure('not_ready', `the call is ${input.call} but the suspicion is ${input.rating}: change one of them, or confirm that both are meant`)
      }
      const id = world.ids.next()
      study.db.write(caller.actor, (tx) => {
        tx.insert('reading', { id, session_id: session.id, position: input.position, call: input.call, rating: input.rating, active_seconds: input.activeSeconds, confirmed: input.confirmed ? 1 : 0, submitted_at: tx.at, origin: tx.origin })
        tx.audit({ action: 'reading.submit', subject: 'reading', id })
      })
      return { item: nextItem(study, caller, session) }
    },
    'reading.events': ({ study, caller }, input) => {
      const session = ownSession(study, caller, input.sessionId)
      if (itemAt(study.db.read, session.id, input.position) === undefined) throw new Failure('not_found', 'there is no such position')
      study.db.write(caller.actor, (tx) => insertViewEvents(tx, session.id, input.position, input.events))
      return { done: true }
    },
    'protocol.list': ({ study }) => ({ protocols: protocols(study.db.read).map((row) => protocolInfo(study, row)) }),
    'protocol.create': ({ study, caller }, input) => protocolInfo(study, createProtocol(study, world, caller.actor, input)),
    'protocol.start': ({ study, caller }, input) => protocolInfo(study, startProtocol(study, world, caller.actor, input.protocolId)),
    'protocol.close': ({ study, caller }, input) => protocolInfo(study, closeProtocol(study, caller.actor, input.protocolId, input.reason)),
  }
}
