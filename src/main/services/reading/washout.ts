import { washedOutOn } from '#shared/domain/index.ts'
import { isInvestigator, lastExposure } from '#main/database/queries/exposure.ts'
import { sessionProgress, sessionsOfProtocol, type SessionRow } from '#main/database/queries/reading.ts'
import type { OpenStudy, World } from '../context.ts'
import { hasWithdrawn, type ProtocolDocument } from './document.ts'

/** The day from which a session may be read, after the washout since its reader last saw any of its cases in another way. Null: now. */
export function availableFrom(study: OpenStudy, world: World, session: SessionRow, document: ProtocolDocument): string | null {
  const seen = lastExposure(study.db.read, session.account_id, session.id)
  if (seen === null) return null
  const day = washedOutOn(seen, document.washoutDays)
  return day > world.clock.now().toISOString().slice(0, 10) ? day : null
}

export type SessionState = 'open' | 'finished' | 'washout' | 'waiting' | 'withdrawn' | 'closed'

/** Whether a session can be read now: the study is open, the reader takes part, the session before is finished, the washout is over. */
export function stateOf(study: OpenStudy, world: World, session: SessionRow, protocolState: string, document: ProtocolDocument): { state: SessionState; from: string | null } {
  const db = study.db.read
  if (protocolState !== 'started') return { state: 'closed', from: null }
  const { total, done } = sessionProgress(db, session.id)
  if (done === total) return { state: 'finished', from: null }
  if (hasWithdrawn(document, session.account_id) || isInvestigator(db, session.account_id)) return { state: 'withdrawn', from: null }
  const before = session.ordinal === 1 ? undefined : sessionsOfProtocol(db, session.protocol_id).find((s) => s.account_id === session.account_id && s.ordinal === session.ordinal - 1)
  if (before !== undefined) {
    const progress = sessionProgress(db, before.id)
    if (progress.done < progress.total) return { state: 'waiting', from: null }
  }
  const from = availableFrom(study, world, session, document)
  return from === null ? { state: 'open', from } : { state: 'washout', from }
}
