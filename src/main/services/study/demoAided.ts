import { simulateAidedReading, simulatedAid, simulatedAidedReaders, simulateReading, type CasePlan, type DemoStudyPlan, type SimulatedReader } from '#shared/phantom/index.ts'
import { representativeImage } from '#main/database/queries/cases.ts'
import { recordExposure } from '#main/database/queries/exposure.ts'
import { openItems, sessionsOfProtocol } from '#main/database/queries/reading.ts'
import type { WriteDb } from '#main/database/index.ts'
import { canonicalJson } from '#main/platform/index.ts'
import { createAccount } from '../accounts/accounts.ts'
import type { OpenStudy, World } from '../context.ts'
import { makeDocument, sealed, type ProtocolDocument } from '../reading/document.ts'
import { casesOfPlan, type PlannedCase } from '../reading/plan.ts'
import { addSessions, closeProtocol } from '../reading/protocol.ts'

const COHORT = 'external test'

/**
 * A second reading of the demo study, finished and closed: four other simulated readers answer each case alone and then with an aid. No network has
 * run when the demo is made, so the aid is simulated as well; the protocol and every frozen aid say so.
 */
export async function simulateAidedStudy(study: OpenStudy, world: World, plan: DemoStudyPlan): Promise<void> {
  const readers: { id: string; login: string; reader: SimulatedReader }[] = []
  for (const [i, reader] of simulatedAidedReaders.entries()) {
    const login = `reader${i + 5}`
    const { id } = await createAccount(world, study, 'program', { login, name: reader.name, role: 'reader', seniority: reader.seniority, yearsExperience: reader.yearsOfExperience, password: '', mustChange: false, demo: true })
    readers.push({ id, login, reader })
  }
  const document = makeDocument(study, {
    name: 'Aided reading', cohorts: [COHORT], readers: readers.map((r) => r.id), scale: 'points5', seed: 21, modality: 'unaided_then_aided', aids: ['signature'], instructions: 'Simulated, with a simulated aid in place of a network’s signature.',
  })
  const cases = casesOfPlan(study.db.read, document), plans = new Map(plan.cases.map((c) => [c.caseId, c]))
  const id = begin(study, world, document, cases, plans)
  for (const { id: account, login, reader } of readers) answer(study, world, id, sealed(document).hash, { account, login, reader }, cases, plans)
  closeProtocol(study, 'investigator', id, 'every reader has answered every case')
}

/** The protocol as a start would leave it, with what the aid says of each case. */
function begin(study: OpenStudy, world: World, document: ProtocolDocument, cases: readonly PlannedCase[], plans: ReadonlyMap<string, CasePlan>): string {
  const id = world.ids.next(), frozen = sealed(document)
  const images = new Map(cases.map((c) => [c.case_id, representativeImage(study.db.read, c.case_id)?.image_id ?? '']))
  study.db.write('investigator', (tx) => {
    tx.insert('protocol', { id, name: document.name, version: 1, state: 'started', ...frozen, created_at: tx.at, started_at: tx.at, closed_at: null, close_reason: null, origin: tx.origin })
    tx.audit({ action: 'protocol.start', subject: 'protocol', id, new: frozen.hash, reason: 'simulated aided reading of the demo study' })
    const version = world.ids.next()
    tx.insert('protocol_version', { id: version, protocol_id: id, version: 1, ...frozen, reason: 'as started', created_at: tx.at, origin: tx.origin })
    tx.audit({ action: 'protocol.version', subject: 'protocol_version', id: version, new: frozen.hash })
    freeze(tx, world, id, document, cases, plans)
    for (const reader of document.readers) addSessions(world, tx, id, document, reader, cases, [], images)
  })
  return id
}

function freeze(tx: WriteDb, world: World, protocolId: string, document: ProtocolDocument, cases: readonly PlannedCase[], plans: ReadonlyMap<string, CasePlan>): void {
  const set = world.ids.next()
  tx.insert('reading_aid_set', { id: set, protocol_id: protocolId, aids: canonicalJson(document.aids), created_at: tx.at, origin: tx.origin })
  for (const { case_id, label } of cases) {
    const made = plans.get(label)
    tx.insert('reading_aid', { set_id: set, case_id, mask: null, signature: made === undefined ? null : simulatedAid(made), risk: null, risk_lower: null, risk_upper: null, cam: null, cam_box: null, frame: null, source: canonicalJson({ simulated: true }) })
  }
  tx.audit({ action: 'protocol.freezeAids', subject: 'reading_aid_set', id: set, new: 'simulated' })
}

function answer(study: OpenStudy, world: World, protocolId: string, hash: string, who: { account: string; login: string; reader: SimulatedReader }, cases: readonly PlannedCase[], plans: ReadonlyMap<string, CasePlan>): void {
  const session = sessionsOfProtocol(study.db.read, protocolId).find((s) => s.account_id === who.account)
  if (session === undefined) throw new Error('the demo has a session for each of its readers')
  const items = openItems(study.db.read, session, 100_000), labels = new Map(cases.map((c) => [c.case_id, c.label]))
  study.db.write(`${who.login} (simulated)`, (tx) => {
    for (const item of items) {
      const made = plans.get(labels.get(item.case_id) ?? '')
      if (made === undefined) continue
      for (const [modality, { rating, call, seconds }] of [['unaided', simulateReading(who.reader, made)], ['aided', simulateAidedReading(who.reader, made)]] as const) {
        const id = world.ids.next()
        tx.insert('reading', { id, session_id: session.id, position: item.position, call, rating, active_seconds: seconds, confirmed: 0, submitted_at: tx.at, origin: tx.origin, modality, answers: null, protocol_hash: hash, over_limit: null })
        tx.audit({ action: 'reading.submit', subject: 'reading', id, reason: 'simulated reader of the demo study' })
      }
      recordExposure(tx, who.account, item.case_id, `reading:${session.id}`)
    }
  })
}
