import { Failure, type ProtocolInfo, type ParsedInput } from '#shared/contract/index.ts'
import { accountById } from '#main/database/queries/accounts.ts'
import { cohorts, representativeImage } from '#main/database/queries/cases.ts'
import { casesOfCohorts, medianSeconds, protocolById, sessionProgress, sessionsOfProtocol, type ProtocolRow } from '#main/database/queries/reading.ts'
import { canonicalJson, sha256 } from '#main/platform/index.ts'
import type { OpenStudy, World } from '../context.ts'
import { readingOrder } from './order.ts'

/** What a protocol fixes; frozen with its hash when the study is started. */
export interface ProtocolDocument {
  readonly name: string; readonly question: string; readonly scale: 'points5' | 'percent100'; readonly modality: 'unaided'; readonly cohorts: readonly string[]; readonly readers: readonly string[]
  readonly sessions: number; readonly washoutDays: number; readonly seed: number; readonly order: string
}

export const documentOf = (row: ProtocolRow): ProtocolDocument => JSON.parse(row.document) as ProtocolDocument

export function requireProtocol(study: OpenStudy, id: string): ProtocolRow {
  const row = protocolById(study.db.read, id)
  if (row === undefined) throw new Failure('not_found', 'there is no such protocol')
  return row
}

export function createProtocol(study: OpenStudy, world: World, actor: string, input: ParsedInput<'protocol.create'>): ProtocolRow {
  const db = study.db.read
  const known = new Set(cohorts(db).map((c) => c.name))
  const unknown = input.cohorts.find((c) => !known.has(c))
  if (unknown !== undefined) throw new Failure('invalid_input', `there is no cohort ${unknown}`)
  if (casesOfCohorts(db, input.cohorts).length === 0) throw new Failure('not_ready', 'the chosen cohorts have no case with an image')
  for (const id of input.readers) {
    const account = accountById(db, id)
    if (account === undefined || account.role !== 'reader') throw new Failure('invalid_input', `${account?.name ?? 'that account'} is not a reader; an investigator or annotator of the study cannot read in it`)
  }
  if (input.sessions > 1 && input.washoutDays < 28) throw new Failure('invalid_input', 'two sessions over the same cases need a washout of at least 28 days')
  const document: ProtocolDocument = {
    name: input.name, question: `Is there ${study.outcome.label}?`, scale: input.scale, modality: 'unaided', cohorts: [...input.cohorts], readers: [...input.readers], sessions: input.sessions, washoutDays: input.washoutDays, seed: input.seed,
    order: 'random per reader and session, balanced by cohort, stored at the start',
  }
  const id = world.ids.next()
  study.db.write(actor, (tx) => {
    const text = canonicalJson(document)
    tx.insert('protocol', { id, name: input.name, version: 1, state: 'draft', document: text, hash: sha256(text), created_at: tx.at, started_at: null, closed_at: null, close_reason: null, origin: tx.origin })
    tx.audit({ action: 'protocol.create', subject: 'protocol', id, new: input.name })
  })
  return requireProtocol(study, id)
}

/** Freezes the protocol and stores every reader's order. */
export function startProtocol(study: OpenStudy, world: World, actor: string, id: string): ProtocolRow {
  const row = requireProtocol(study, id)
  if (row.state !== 'draft') throw new Failure('locked', 'this protocol was started already')
  const document = documentOf(row)
  const cases = casesOfCohorts(study.db.read, document.cohorts)
  const images = new Map(cases.map((c) => [c.case_id, representativeImage(study.db.read, c.case_id)?.image_id]))
  study.db.write(actor, (tx) => {
    tx.update('protocol', { id }, { state: 'started', started_at: tx.at })
    tx.audit({ action: 'protocol.start', subject: 'protocol', id, new: row.hash })
    for (const reader of document.readers) {
      for (let ordinal = 1; ordinal <= document.sessions; ordinal++) {
        const session = world.ids.next()
        tx.insert('reading_session', { id: session, protocol_id: id, account_id: reader, ordinal, created_at: tx.at, origin: tx.origin })
        readingOrder(cases, document.seed, reader, ordinal).forEach((caseId, i) => {
          tx.insert('reading_order', { session_id: session, position: i + 1, case_id: caseId, image_id: images.get(caseId) ?? '' })
        })
        tx.audit({ action: 'reading.order', subject: 'reading_session', id: session })
      }
    }
  })
  return requireProtocol(study, id)
}

/** Ends the reading: a one-way step after which open sessions take no more readings and the outcome may be compared. */
export function closeProtocol(study: OpenStudy, actor: string, id: string, reason: string): ProtocolRow {
  const row = requireProtocol(study, id)
  if (row.state !== 'started') throw new Failure('locked', row.state === 'closed' ? 'this reading was closed already' : 'this protocol was not started yet')
  study.db.write(actor, (tx) => {
    tx.update('protocol', { id }, { state: 'closed', closed_at: tx.at, close_reason: reason })
    tx.audit({ action: 'protocol.close', subject: 'protocol', id, reason })
  })
  return requireProtocol(study, id)
}

export function protocolInfo(study: OpenStudy, row: ProtocolRow): ProtocolInfo {
  const db = study.db.read
  const document = documentOf(row)
  const sessions = sessionsOfProtocol(db, row.id)
  return {
    id: row.id, name: row.name, version: row.version, state: row.state, hash: row.hash, scale: document.scale, cases: casesOfCohorts(db, document.cohorts).length, cohorts: [...document.cohorts],
    startedAt: row.started_at, closedAt: row.closed_at, closeReason: row.close_reason,
    readers: document.readers.map((id) => {
      const account = accountById(db, id)
      return {
        accountId: id, name: account?.name ?? 'unknown', seniority: account?.seniority ?? null,
        sessions: sessions.filter((s) => s.account_id === id).map((s) => ({ id: s.id, ordinal: s.ordinal, ...sessionProgress(db, s.id), medianSeconds: medianSeconds(db, s.id) })),
      }
    }),
  }
}
