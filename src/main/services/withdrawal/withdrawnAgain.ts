import { createHmac } from 'node:crypto'
import { Failure } from '#shared/contract/errors.ts'
import type { ReadDb, WriteDb } from '#main/database/index.ts'
import { insertWithdrawnCodes, removeWithdrawnCodes, withdrawalOfCode } from '#main/database/queries/withdrawal.ts'
import type { OpenStudy } from '../context.ts'

/** What somebody can be recognised by who comes again: the patient's label, a case's, the hash of a file. */
export interface Known { readonly patient?: string; readonly case?: string; readonly source?: string }
const KINDS = ['patient', 'case', 'source'] as const

/** A code by the study's secret, so that the list of who has withdrawn names nobody. */
const code = (secret: Uint8Array, kind: (typeof KINDS)[number], text: string): string => createHmac('sha256', secret).update(`withdrawn\0${kind}\0${text.trim().normalize('NFC').toLowerCase()}`).digest('hex')
const codesOf = (secret: Uint8Array, known: Known): string[] => KINDS.flatMap((kind) => (known[kind] === undefined || known[kind] === '' ? [] : [code(secret, kind, known[kind])]))

/** Remembers, within the withdrawal, by what the patient would be recognised. */
export const rememberWithdrawn = (tx: WriteDb, secret: Uint8Array, withdrawalId: string, known: readonly Known[]): void => insertWithdrawnCodes(tx, withdrawalId, known.flatMap((k) => codesOf(secret, k)))

const WORDS: Readonly<Record<(typeof KINDS)[number], (text: string) => string>> = { patient: (text) => `patient ${text}`, case: (text) => `the patient of case ${text}`, source: () => 'the patient of this picture' }

/** Why what is imported must stay out: its patient has withdrawn. Null where nobody is recognised. */
export function withdrawnBefore(db: ReadDb, secret: Uint8Array, known: Known): string | null {
  for (const kind of KINDS) {
    const text = known[kind]
    const found = text === undefined || text === '' ? undefined : withdrawalOfCode(db, code(secret, kind, text))
    if (found !== undefined) return `${WORDS[kind](text ?? '')} withdrew consent on ${found.created_at.slice(0, 10)}; nothing of theirs is taken in again. Where consent was given anew: sln withdraw --readmit --patient LABEL --reason TEXT`
  }
  return null
}

/** Lets a patient who has withdrawn be imported again; nothing that was deleted comes back. The log has who and why. */
export function readmit(study: OpenStudy, secret: Uint8Array, actor: string, request: { readonly patient: string; readonly reason: string }): void {
  const found = withdrawalOfCode(study.db.read, code(secret, 'patient', request.patient))
  if (found === undefined) throw new Failure('not_found', `no patient ${request.patient} has withdrawn from this study`)
  study.db.write(actor, (tx) => {
    removeWithdrawnCodes(tx, found.id)
    tx.audit({ action: 'patient.readmit', subject: 'withdrawal', id: found.id, reason: request.reason })
  })
}
