import { Failure, protocolPlan, type ProtocolPlan, type ProtocolPlanInput } from '#shared/contract/index.ts'
import { protocolById, type ProtocolRow } from '#main/database/queries/reading.ts'
import { canonicalJson, sha256 } from '#main/platform/index.ts'
import type { OpenStudy } from '../context.ts'

/** A reader who left: what they read stays, nothing more can be added. */
export interface Withdrawal { readonly reader: string; readonly on: string; readonly reason: string; readonly replacedBy: string | null }

/** What a protocol fixes; frozen with its hash when the study is started, and again with every amendment. */
export interface ProtocolDocument extends ProtocolPlan {
  readonly question: string
  readonly order: string
  readonly withdrawn: readonly Withdrawal[]
}

const ORDER = 'random per reader and session, balanced by cohort, training cases first, stored at the start'

export const makeDocument = (study: OpenStudy, plan: ProtocolPlanInput): ProtocolDocument =>
  ({ ...protocolPlan.parse(plan), question: `Is there ${study.outcome.label}?`, order: ORDER, withdrawn: [] })

/** The document of a stored protocol; what older versions of the program did not ask for has its neutral value. */
export function documentOf(row: Pick<ProtocolRow, 'document'>): ProtocolDocument {
  const stored = JSON.parse(row.document) as Partial<ProtocolDocument> & ProtocolPlanInput
  const { question = '', order = ORDER, withdrawn = [], ...plan } = stored
  return { ...protocolPlan.parse(plan), question, order, withdrawn }
}

/** The part of a document that an investigator writes. */
export function planOf(document: ProtocolDocument): ProtocolPlan {
  const { question: _question, order: _order, withdrawn: _withdrawn, ...plan } = document
  return plan
}

export function sealed(document: ProtocolDocument): { document: string; hash: string } {
  const text = canonicalJson(document)
  return { document: text, hash: sha256(text) }
}

export function requireProtocol(study: OpenStudy, id: string): ProtocolRow {
  const row = protocolById(study.db.read, id)
  if (row === undefined) throw new Failure('not_found', 'there is no such protocol')
  return row
}

export const hasWithdrawn = (document: ProtocolDocument, accountId: string): boolean => document.withdrawn.some((w) => w.reader === accountId)
