import { Failure, type ProtocolVersion } from '#shared/contract/index.ts'
import { accountById } from '#main/database/queries/accounts.ts'
import { protocolVersions } from '#main/database/queries/protocols.ts'
import { casesInOrder, sessionsOfProtocol, type ProtocolRow } from '#main/database/queries/reading.ts'
import type { WriteDb } from '#main/database/index.ts'
import type { OpenStudy, World } from '../context.ts'
import { documentOf, hasWithdrawn, requireProtocol, sealed, type ProtocolDocument } from './document.ts'
import { readerProblems, type PlannedCase } from './plan.ts'
import { addSessions } from './protocol.ts'

function requireStarted(study: OpenStudy, id: string): ProtocolRow {
  const row = requireProtocol(study, id)
  if (row.state === 'draft') throw new Failure('not_ready', 'this protocol was not started yet: change the draft itself')
  if (row.state === 'closed') throw new Failure('locked', 'this reading was closed: its protocol can no longer be amended')
  return row
}

/** A new version beside the old ones; what is read from now on carries its hash. */
function newVersion(study: OpenStudy, world: World, actor: string, row: ProtocolRow, document: ProtocolDocument, action: string, reason: string, more: (tx: WriteDb) => void = () => undefined): ProtocolRow {
  const made = sealed(document)
  if (made.hash === row.hash) throw new Failure('invalid_input', 'nothing would change')
  const id = world.ids.next()
  study.db.write(actor, (tx) => {
    // A study of an older version of the program has no row for the version that it was started with.
    if (protocolVersions(tx, row.id).length === 0) {
      const first = world.ids.next()
      tx.insert('protocol_version', { id: first, protocol_id: row.id, version: row.version, document: row.document, hash: row.hash, reason: 'as started', created_at: row.started_at ?? row.created_at, origin: tx.origin })
      tx.audit({ action: 'protocol.version', subject: 'protocol_version', id: first, new: row.hash })
    }
    tx.update('protocol', { id: row.id }, { version: row.version + 1, ...made })
    tx.audit({ action, subject: 'protocol', id: row.id, old: row.hash, new: made.hash, reason })
    tx.insert('protocol_version', { id, protocol_id: row.id, version: row.version + 1, ...made, reason, created_at: tx.at, origin: tx.origin })
    tx.audit({ action: 'protocol.version', subject: 'protocol_version', id, old: row.hash, new: made.hash, reason })
    more(tx)
  })
  return requireProtocol(study, row.id)
}

type Conduct = Partial<Pick<ProtocolDocument, 'washoutDays' | 'breaks' | 'timeLimitSeconds' | 'allowBack' | 'questions' | 'instructions'>>

/** Changes how a started study is read. Cases, scale, modality, aids, sessions and seed stay: changing them would be another study. */
export function amendProtocol(study: OpenStudy, world: World, actor: string, id: string, changes: Conduct, reason: string): ProtocolRow {
  const row = requireStarted(study, id)
  const old = documentOf(row)
  const document = { ...old, ...changes }
  if (document.sessions > 1 && document.washoutDays < 28) throw new Failure('invalid_input', 'two sessions over the same cases need a washout of at least 28 days')
  if (new Set(document.questions.map((q) => q.id)).size < document.questions.length) throw new Failure('invalid_input', 'two questions have the same id')
  return newVersion(study, world, actor, row, document, 'protocol.amend', reason)
}

export function withdrawReader(study: OpenStudy, world: World, actor: string, id: string, accountId: string, reason: string): ProtocolRow {
  const row = requireStarted(study, id)
  const old = documentOf(row)
  if (!old.readers.includes(accountId)) throw new Failure('not_found', 'this person is not a reader of this study')
  if (hasWithdrawn(old, accountId)) throw new Failure('locked', 'this reader was withdrawn already')
  const withdrawn = [...old.withdrawn, { reader: accountId, on: world.clock.now().toISOString(), reason, replacedBy: null }]
  return newVersion(study, world, actor, row, { ...old, withdrawn }, 'protocol.withdrawReader', reason)
}

/** The cases and images that the study's orders hold, with the blocks they are balanced by. */
function casesInOrders(study: OpenStudy, protocolId: string): { cases: PlannedCase[]; training: PlannedCase[]; images: Map<string, string> } {
  const session = sessionsOfProtocol(study.db.read, protocolId)[0]
  const rows = casesInOrder(study.db.read, session?.id ?? '')
  return { cases: rows.filter((r) => r.training === null), training: rows.filter((r) => r.training === 1).sort((a, b) => a.position - b.position), images: new Map(rows.map((r) => [r.case_id, r.image_id])) }
}

/** One more reader, with an order of their own over the same cases; in place of another, who is withdrawn by it, where `replaces` names one. */
export function addReader(study: OpenStudy, world: World, actor: string, id: string, accountId: string, replaces: string | null, reason: string): ProtocolRow {
  const row = requireStarted(study, id)
  const old = documentOf(row)
  if (old.readers.includes(accountId)) throw new Failure('conflict', `${accountById(study.db.read, accountId)?.name ?? 'this person'} is a reader of this study already`)
  if (replaces !== null && !old.readers.includes(replaces)) throw new Failure('not_found', 'the reader to replace is not a reader of this study')
  const [problem] = readerProblems(study.db.read, [...old.readers.filter((r) => !hasWithdrawn(old, r)), accountId]).filter((p) => p.message.includes(accountById(study.db.read, accountId)?.name ?? 'one of the readers'))
  if (problem !== undefined) throw new Failure('invalid_input', problem.message)
  const left = old.withdrawn.filter((w) => w.reader !== replaces)
  const before = old.withdrawn.find((w) => w.reader === replaces)
  if (before?.replacedBy != null) throw new Failure('locked', 'this reader was replaced already')
  const withdrawn = replaces === null ? old.withdrawn : [...left, { ...(before ?? { reader: replaces, on: world.clock.now().toISOString(), reason }), replacedBy: accountId }]
  const document = { ...old, readers: [...old.readers, accountId], withdrawn }
  const { cases, training, images } = casesInOrders(study, row.id)
  return newVersion(study, world, actor, row, document, replaces === null ? 'protocol.addReader' : 'protocol.replaceReader', reason, (tx) => addSessions(world, tx, row.id, document, accountId, cases, training, images))
}

const SHOWN: readonly (readonly [keyof ProtocolDocument, string])[] = [
  ['washoutDays', 'washout in days'], ['breaks', 'breaks'], ['timeLimitSeconds', 'time limit in seconds'], ['allowBack', 'going back'], ['questions', 'further questions'], ['instructions', 'instructions'],
]

/** What differs between two versions, in words. */
function changesBetween(study: OpenStudy, from: ProtocolDocument, to: ProtocolDocument): string[] {
  const name = (id: string): string => accountById(study.db.read, id)?.name ?? 'unknown'
  const text = (value: unknown): string => (value === null ? 'none' : Array.isArray(value) ? `${value.length}` : typeof value === 'object' ? Object.entries(value).map(([k, v]) => `${k} ${String(v)}`).join(', ') : value === '' ? 'none' : String(value))
  return [
    ...SHOWN.filter(([key]) => JSON.stringify(from[key]) !== JSON.stringify(to[key])).map(([key, label]) => `${label}: ${text(from[key])} → ${text(to[key])}`),
    ...to.readers.filter((r) => !from.readers.includes(r)).map((r) => `reader added: ${name(r)}`),
    ...to.withdrawn.filter((w) => !from.withdrawn.some((f) => f.reader === w.reader && f.replacedBy === w.replacedBy)).map((w) => (w.replacedBy === null ? `reader withdrawn: ${name(w.reader)}` : `${name(w.reader)} replaced by ${name(w.replacedBy)}`)),
  ]
}

export function versionsOf(study: OpenStudy, id: string): ProtocolVersion[] {
  requireProtocol(study, id)
  const rows = protocolVersions(study.db.read, id)
  return rows.map((row, i) => {
    const before = rows[i - 1]
    return {
      version: row.version, hash: row.hash, reason: row.reason, at: row.created_at, readings: row.readings, firstReading: row.first_reading, lastReading: row.last_reading,
      changes: before === undefined ? [] : changesBetween(study, documentOf(before), documentOf(row)),
    }
  })
}
