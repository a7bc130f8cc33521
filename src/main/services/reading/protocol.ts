import { Failure, type ProtocolInfo, type ProtocolPlanInput, type ProtocolReader } from '#shared/contract/index.ts'
import { isAided, sessionModality } from '#shared/domain/index.ts'
import { accountById } from '#main/database/queries/accounts.ts'
import { representativeImage } from '#main/database/queries/cases.ts'
import { packagesOf } from '#main/database/queries/packages.ts'
import { lastReadingAt, medianSeconds, orderCounts, overLimit, protocols, sessionProgress, sessionsOfProtocol, type ProtocolRow, type SessionRow } from '#main/database/queries/reading.ts'
import type { WriteDb } from '#main/database/index.ts'
import type { OpenStudy, World } from '../context.ts'
import { freezeAids } from './aids.ts'
import { documentOf, hasWithdrawn, makeDocument, planOf, requireProtocol, sealed, type ProtocolDocument } from './document.ts'
import { readingOrder } from './order.ts'
import { checkPlan, type PlannedCase } from './plan.ts'
import { availableFrom } from './washout.ts'

export { documentOf, requireProtocol, type ProtocolDocument } from './document.ts'

function refuseProblems(study: OpenStudy, plan: ProtocolPlanInput): ProtocolDocument {
  const document = makeDocument(study, plan)
  const [problem] = checkPlan(study, planOf(document)).problems
  if (problem !== undefined) throw new Failure('invalid_input', problem.message)
  return document
}

/** Stores a plan as a draft; refuses one that could not be started. */
export function createProtocol(study: OpenStudy, world: World, actor: string, plan: ProtocolPlanInput): ProtocolRow {
  const document = refuseProblems(study, plan)
  const id = world.ids.next()
  study.db.write(actor, (tx) => {
    tx.insert('protocol', { id, name: document.name, version: 1, state: 'draft', ...sealed(document), created_at: tx.at, started_at: null, closed_at: null, close_reason: null, origin: tx.origin })
    tx.audit({ action: 'protocol.create', subject: 'protocol', id, new: document.name })
  })
  return requireProtocol(study, id)
}

export function updateProtocol(study: OpenStudy, actor: string, id: string, plan: ProtocolPlanInput): ProtocolRow {
  const row = requireProtocol(study, id)
  if (row.state !== 'draft') throw new Failure('locked', 'this protocol was started: its document is frozen; amend it with a reason')
  const document = refuseProblems(study, plan)
  study.db.write(actor, (tx) => {
    tx.update('protocol', { id }, { name: document.name, ...sealed(document) })
    tx.audit({ action: 'protocol.update', subject: 'protocol', id, old: row.document, new: sealed(document).document })
  })
  return requireProtocol(study, id)
}

/** Makes a reader's sessions with their stored orders: training cases first and in their own order, then the study's cases. */
export function addSessions(world: World, tx: WriteDb, protocolId: string, document: ProtocolDocument, reader: string, cases: readonly PlannedCase[], training: readonly PlannedCase[], images: ReadonlyMap<string, string>): void {
  for (let ordinal = 1; ordinal <= document.sessions; ordinal++) {
    const session = world.ids.next()
    tx.insert('reading_session', { id: session, protocol_id: protocolId, account_id: reader, ordinal, created_at: tx.at, origin: tx.origin, modality: sessionModality(document.modality, document.readers.indexOf(reader), ordinal) })
    const order = [...training.map((c) => ({ id: c.case_id, training: 1 })), ...readingOrder(cases, document.seed, reader, ordinal).map((id) => ({ id, training: null }))]
    order.forEach((c, i) => tx.insert('reading_order', { session_id: session, position: i + 1, case_id: c.id, image_id: images.get(c.id) ?? '', training: c.training }))
    tx.audit({ action: 'reading.order', subject: 'reading_session', id: session })
  }
}

/** Freezes the protocol with its hash, what aided readers will see, and every reader's order. */
export function startProtocol(study: OpenStudy, world: World, actor: string, id: string): ProtocolRow {
  const row = requireProtocol(study, id)
  if (row.state !== 'draft') throw new Failure('locked', 'this protocol was started already')
  const document = documentOf(row)
  const { cases, training, problems } = checkPlan(study, planOf(document))
  if (problems[0] !== undefined) throw new Failure('not_ready', `this protocol cannot be started: ${problems[0].message}`)
  const images = new Map([...training, ...cases].map((c) => [c.case_id, representativeImage(study.db.read, c.case_id)?.image_id ?? '']))
  const frozen = sealed(document)
  study.db.write(actor, (tx) => {
    const version = world.ids.next()
    tx.update('protocol', { id }, { state: 'started', started_at: tx.at, ...frozen })
    tx.audit({ action: 'protocol.start', subject: 'protocol', id, new: frozen.hash })
    tx.insert('protocol_version', { id: version, protocol_id: id, version: row.version, ...frozen, reason: 'as started', created_at: tx.at, origin: tx.origin })
    tx.audit({ action: 'protocol.version', subject: 'protocol_version', id: version, new: frozen.hash })
    if (isAided(document.modality)) freezeAids(study, world, tx, id, document.aids, [...images].map(([caseId, imageId]) => ({ caseId, imageId })))
    for (const reader of document.readers) addSessions(world, tx, id, document, reader, cases, training, images)
  })
  return requireProtocol(study, id)
}

/** Ends the reading: a one-way step after which open sessions take no more readings and the outcome may be compared. */
export function closeProtocol(study: OpenStudy, actor: string, id: string, reason: string): ProtocolRow {
  const row = requireProtocol(study, id)
  if (row.state !== 'started') throw new Failure('locked', row.state === 'closed' ? 'this reading was closed already' : 'this protocol was not started yet')
  study.db.write(actor, (tx) => {
    tx.update('protocol', { id }, { state: 'closed', closed_at: tx.at, close_reason: reason })
    tx.audit({ action: 'protocol.close', subject: 'protocol', id, old: 'started', new: 'closed', reason })
  })
  return requireProtocol(study, id)
}

function readerInfo(study: OpenStudy, world: World, document: ProtocolDocument, id: string, sessions: readonly SessionRow[]): ProtocolReader {
  const db = study.db.read
  const account = accountById(db, id)
  const gone = document.withdrawn.find((w) => w.reader === id)
  const replaced = document.withdrawn.find((w) => w.replacedBy === id)
  const name = (accountId: string): string => accountById(db, accountId)?.name ?? 'unknown'
  const elsewhere = packagesOf(db, id).length > 0
  return {
    accountId: id, name: account?.name ?? 'unknown', login: account?.login ?? '', seniority: account?.seniority ?? null, replaces: replaced === undefined ? null : name(replaced.reader),
    withdrawn: gone === undefined ? null : { at: gone.on, reason: gone.reason, replacedBy: gone.replacedBy === null ? null : name(gone.replacedBy) },
    sessions: sessions.filter((s) => s.account_id === id).map((s) => ({
      id: s.id, ordinal: s.ordinal, modality: s.modality, ...sessionProgress(db, s.id), medianSeconds: medianSeconds(db, s.id), lastAt: lastReadingAt(db, s.id), overLimit: overLimit(db, s.id), elsewhere,
      availableFrom: hasWithdrawn(document, id) ? null : availableFrom(study, world, s, document),
    })),
  }
}

export function protocolInfo(study: OpenStudy, world: World, row: ProtocolRow): ProtocolInfo {
  const document = documentOf(row)
  const sessions = sessionsOfProtocol(study.db.read, row.id)
  const { cases, training } = caseCounts(study, document, sessions)
  return {
    id: row.id, name: row.name, version: row.version, state: row.state, hash: row.hash, scale: document.scale, question: document.question, cases, training, cohorts: [...document.cohorts],
    startedAt: row.started_at, closedAt: row.closed_at, closeReason: row.close_reason, plan: planOf(document), readers: document.readers.map((id) => readerInfo(study, world, document, id, sessions)),
  }
}

/** Counts of a started protocol come from its stored orders, of a draft from its plan. */
function caseCounts(study: OpenStudy, document: ProtocolDocument, sessions: readonly SessionRow[]): { cases: number; training: number } {
  const first = sessions[0]
  if (first === undefined) {
    const checked = checkPlan(study, planOf(document))
    return { cases: checked.cases.length, training: checked.training.length }
  }
  return orderCounts(study.db.read, first.id)
}

export const allProtocols = (study: OpenStudy, world: World): ProtocolInfo[] => protocols(study.db.read).map((row) => protocolInfo(study, world, row))
