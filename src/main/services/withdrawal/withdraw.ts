import { Failure } from '#shared/contract/errors.ts'
import { casesOfPatient, countRows, objectsOfCases, patientRecord, redactAudit, redactJobs, removeRows, type PatientRecord, type WithdrawalCounts } from '#main/database/queries/withdrawal.ts'
import { imagesOfCase } from '#main/database/queries/cases.ts'
import { removeObjectsLater } from '#main/database/queries/objects.ts'
import { doubtfulNames, names } from '#main/database/queries/nameWords.ts'
import { redactTexts } from '#main/database/queries/writtenTexts.ts'
import { secretOf } from '../cases/dicomDoor.ts'
import type { OpenStudy, World } from '../context.ts'
import { knownCopies } from './copies.ts'
import { removeObjects } from './removeObjects.ts'
import { rememberWithdrawn } from './withdrawnAgain.ts'

/** The reason that stands in the flow diagram, in exports and in reports. */
export const WITHDRAWN = 'consent withdrawn'

export interface WithdrawalPlan extends WithdrawalCounts { readonly patient: string; readonly cases: readonly string[]; readonly files: number; readonly copies: readonly string[]; /** labels that may stand for something else where people wrote them: a search may miss them */ readonly doubtful: readonly string[] }
export interface WithdrawalReport extends WithdrawalPlan { readonly tombstone: string; readonly removedFiles: number; readonly redactedEntries: number; /** rows of other cases and documents that named the patient */ readonly redactedTexts: number }

function present(study: OpenStudy, label: string): PatientRecord {
  const patient = patientRecord(study.db.read, label)
  if (patient === undefined) throw new Failure('not_found', `there is no patient ${label}`)
  if (patient.withdrawn_at !== null) throw new Failure('conflict', 'this patient has withdrawn already')
  return patient
}

/** What a withdrawal would remove; nothing is changed. */
export function planWithdrawal(study: OpenStudy, label: string): WithdrawalPlan {
  const cases = casesOfPatient(study.db.read, present(study, label).id)
  const ids = cases.map((c) => c.id)
  return { patient: label, cases: cases.map((c) => c.label), ...countRows(study.db.read, ids), files: objectsOfCases(study.db.read, ids).length, copies: knownCopies(study), doubtful: doubtfulNames([label, ...cases.map((c) => c.label)]) }
}

/**
 * Withdraws a patient: pixels, masks, drawings, predictions, readings, drafts and every identifier go; a tombstone of the patient and of each case stays,
 * without a name, so that counts add up, and keyed codes by which they are refused when they are imported again. What others wrote names them no longer. One transaction; then the files go and the database is written anew. `sln verify` stays sound:
 * each row that went has an entry, and the log's redacted entries hash to what the withdrawal says.
 */
export function withdrawPatient(study: OpenStudy, world: World, actor: string, request: { readonly patient: string; readonly reason: string }): WithdrawalReport {
  const patient = present(study, request.patient)
  const plan = planWithdrawal(study, request.patient)
  const cases = casesOfPatient(study.db.read, patient.id)
  const images = cases.flatMap((c) => imagesOfCase(study.db.read, c.id))
  const sources = images.map((i) => i.source_name).filter((name) => name !== 'DICOM')
  const secret = secretOf(study)
  const labels = [...new Set([patient.label, ...cases.map((c) => c.label), ...sources])]
  if (names(labels)(request.reason)) throw new Failure('invalid_input', 'the reason names the patient, a case or a file of theirs; it stays in the log, so write it without')
  const id = world.ids.next()
  const tombstone = `withdrawn-${id.slice(-8)}`
  let redactedEntries = 0, redactedTexts = 0
  study.db.write(actor, (tx) => {
    const objects = objectsOfCases(tx, cases.map((c) => c.id))
    const gone = removeRows(tx, cases.map((c) => c.id))
    cases.forEach((c, i) => {
      tx.update('study_case', { id: c.id }, { label: cases.length === 1 ? tombstone : `${tombstone}-${i + 1}`, cohort: null, excluded_reason: WITHDRAWN })
      tx.update('case_clinical', { case_id: c.id }, { outcome: null, variables: '{}' })
      tx.audit({ action: 'case.withdraw', subject: 'study_case', id: c.id })
    })
    tx.update('patient', { id: patient.id }, { label: tombstone, withdrawn_at: tx.at })
    tx.audit({ action: 'patient.withdraw', subject: 'patient', id: patient.id })
    tx.insert('withdrawal', { id, patient_id: patient.id, cases: cases.length, images: plan.images, reason: request.reason, created_at: tx.at, origin: tx.origin })
    rememberWithdrawn(tx, secret, id, [{ patient: patient.label }, ...cases.map((c) => ({ case: c.label })), ...images.map((i) => ({ source: i.source_sha256 }))])
    redactedTexts = redactTexts(tx, labels, tombstone)
    redactedEntries = redactAudit(tx, id, [...gone, patient.id, ...cases.map((c) => c.id)], labels)
    redactJobs(tx, labels)
    removeObjectsLater(tx, objects)
    tx.audit({ action: 'withdrawal', subject: 'withdrawal', id, new: `${cases.length} ${cases.length === 1 ? 'case' : 'cases'}, ${plan.images} ${plan.images === 1 ? 'image' : 'images'}`, reason: request.reason })
  })
  const removedFiles = removeObjects(study, actor)
  if (removedFiles === 0) study.db.scrub()
  world.emit({ name: 'study', payload: {} })
  return { ...plan, tombstone, removedFiles, redactedEntries, redactedTexts }
}
