import { writeFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { createNodeApp } from '#main/app/nodeApp.ts'
import type { App } from '#main/app/createApp.ts'
import { quietLogger } from '#main/platform/index.ts'
import { createAccount } from '#main/services/accounts/accounts.ts'
import { assignTasks } from '#main/services/annotations/handlers.ts'
import { importManifest } from '#main/services/cases/importManifest.ts'
import { createProtocol, startProtocol } from '#main/services/reading/protocol.ts'
import { createStudy } from '#main/services/study/studies.ts'
import type { OpenStudy } from '#main/services/context.ts'

/** In every place of the database that a reader or annotator must not see. */
export const MARK = 'S3CR3T'
export const PASSWORD = 'a long enough password'

export interface SecretStudy { readonly app: App; readonly study: OpenStudy; readonly accounts: Readonly<Record<'investigator' | 'annotator' | 'other-annotator' | 'reader' | 'other-reader' | 'aided-reader' | 'late-aided-reader', string>>; close(): Promise<void> }

/** A study full of marked secrets: labels, patients, file names, variables, masks' authors, model output, other people's scores, reasons. */
export async function secretStudy(home: string): Promise<SecretStudy> {
  const source = join(home, `${MARK}-source`)
  mkdirSync(source, { recursive: true })
  const rows = ['case_id,patient_id,image,mask,cohort,hospital,age,histologic_type,sln,secret_column']
  for (let i = 0; i < 8; i++) {
    const data = Uint8Array.from({ length: 48 * 40 * 3 }, (_, k) => (k * (i + 3)) % 251)
    await sharp(data, { raw: { width: 48, height: 40, channels: 3 } }).withExif({ IFD0: { ImageDescription: `${MARK} exif` } }).png().toFile(join(source, `${MARK}-${i}.png`))
    await sharp(Uint8Array.from({ length: 48 * 40 }, (_, k) => (k % 48 > 10 && k % 48 < 30 ? 255 : 0)), { raw: { width: 48, height: 40, channels: 1 } }).png().toFile(join(source, `${MARK}-mask-${i}.png`))
    rows.push(`${MARK}-case-${i},${MARK}-patient-${i},${MARK}-${i}.png,${MARK}-mask-${i}.png,${MARK} cohort ${i % 2},${MARK} hospital,${40 + i},invasive ductal,${i % 2},${MARK} value`)
  }
  writeFileSync(join(source, 'manifest.csv'), rows.join('\n'))
  const app = createNodeApp({ userData: join(home, 'user'), logger: quietLogger })
  const { world, origin } = app.house
  const study = createStudy(world, origin, 'test', { directory: join(home, 'study'), name: 'Blinded study', synthetic: false })
  const report = await importManifest(study, world, 'test', join(source, 'manifest.csv'))
  if (report.imported !== 8) throw new Error(JSON.stringify(report))
  const accounts: Record<string, string> = {}
  for (const [login, role] of [['investigator', 'investigator'], ['annotator', 'annotator'], ['other-annotator', 'annotator'], ['reader', 'reader'], ['other-reader', 'reader'], ['aided-reader', 'reader'], ['late-aided-reader', 'reader']] as const) {
    accounts[login] = (await createAccount(world, study, 'test', { login, name: `The ${login}`, role, seniority: role === 'reader' ? 'junior' : null, yearsExperience: 4, password: PASSWORD, mustChange: false, demo: false })).id
  }
  for (const login of ['annotator', 'other-annotator']) assignTasks(study, world, 'test', { accountId: accounts[login] as string, round: 1, notBefore: null })
  const protocol = createProtocol(study, world, 'test', { name: 'Reading', cohorts: [`${MARK} cohort 0`, `${MARK} cohort 1`], readers: [accounts['reader'] as string, accounts['other-reader'] as string], scale: 'points5', sessions: 1, washoutDays: 28, seed: 1 })
  startProtocol(study, world, 'test', protocol.id)
  plantModelOutput(study, world.ids.next)
  const aided = createProtocol(study, world, 'test', {
    name: 'Aided reading', cohorts: [`${MARK} cohort 0`], readers: [accounts['aided-reader'] as string, accounts['late-aided-reader'] as string], scale: 'points5', seed: 2, modality: 'unaided_then_aided', aids: ['contour'], factors: ['age'],
    training: { caseLabels: [`${MARK}-case-1`], feedback: true },
  })
  startProtocol(study, world, 'test', aided.id)
  app.house.adopt(study)
  return { app, study, accounts: accounts as SecretStudy['accounts'], close: () => app.close() }
}

function plantModelOutput(study: OpenStudy, next: () => string): void {
  const db = study.db
  const images = db.read.all<{ id: string; case_id: string }>('SELECT id, case_id FROM image')
  const reference = db.read.get<{ mask: string }>('SELECT mask FROM annotation')?.mask ?? ''
  const reader = db.read.get<{ id: string }>("SELECT reading_session.id FROM reading_session JOIN account ON account.id = account_id WHERE login = 'other-reader'")?.id ?? ''
  const investigator = db.read.get<{ id: string }>("SELECT id FROM account WHERE login = 'investigator'")?.id ?? ''
  const task = db.read.get<{ id: string; case_id: string; image_id: string; account_id: string }>("SELECT annotation_task.* FROM annotation_task JOIN account ON account.id = account_id WHERE login = 'other-annotator'")
  db.write('test', (tx) => {
    for (const image of images) {
      const id = next()
      tx.insert('segmentation', { id, case_id: image.case_id, image_id: image.id, frame: 0, model_set: MARK, state: 'found', provider: MARK, provider_note: MARK, milliseconds: 1, disagreement: 0.4242, uncertainty: 0.1, components: 1, touches_border: 0, created_at: tx.at, origin: tx.origin })
      tx.insert('segmentation_mask', { segmentation_id: id, model: 'fusion', model_sha256: MARK, mask: reference, map: reference, area_px: 10 })
      tx.audit({ action: 'segmentation.create', subject: 'segmentation', id, new: MARK })
      const signature = next()
      tx.insert('signature', { id: signature, case_id: image.case_id, image_id: image.id, segmentation_id: id, annotation_id: null, mask_kind: 'automatic', model_set: MARK, model: MARK, model_sha256: MARK, is_signature: 1, probability: 0.424242, cam: reference, box: '{}', provider: MARK, created_at: tx.at, origin: tx.origin })
      tx.audit({ action: 'signature.create', subject: 'signature', id: signature, new: MARK })
      const review = next()
      tx.insert('review', { id: review, case_id: image.case_id, segmentation_id: id, account_id: investigator, decision: 'rejected', reason: MARK, difficulty: 'hard', comment: MARK, seconds: 3, annotation_id: null, dice_to_fused: null, hd95_to_fused: null, created_at: tx.at, origin: tx.origin })
      tx.audit({ action: 'review.rejected', subject: 'review', id: review, reason: MARK })
    }
    for (const { position } of tx.all<{ position: number }>('SELECT position FROM reading_order WHERE session_id = ? LIMIT 3', reader)) {
      const id = next()
      tx.insert('reading', { id, session_id: reader, position, call: 'positive', rating: 4, active_seconds: 4242.42, confirmed: 0, submitted_at: tx.at, origin: tx.origin })
      tx.audit({ action: 'reading.submit', subject: 'reading', id })
    }
    if (task === undefined) throw new Error('no task')
    const annotation = next()
    tx.insert('annotation', { id: annotation, case_id: task.case_id, image_id: task.image_id, frame: 0, task_id: task.id, account_id: task.account_id, purpose: 'drawn', version: 1, document: `{"note":"${MARK}"}`, mask: reference, area_px: 5, active_seconds: 3, tools: '{}', app_version: MARK, derived_from: null, created_at: tx.at, origin: tx.origin })
    tx.audit({ action: 'annotation.save', subject: 'annotation', id: annotation, new: MARK })
    tx.insert('annotation_journal', { task_id: task.id, seq: 1, entry: `{"v":1,"seq":1,"gesture":"${MARK}"}`, created_at: tx.at })
  })
}

/** Ids of every kind in the study: what a curious client could have learned and try. */
export function everyId(study: OpenStudy): string[] {
  const tables = ['account', 'patient', 'study_case', 'image', 'annotation', 'annotation_task', 'segmentation', 'signature', 'review', 'protocol', 'reading_session', 'reading']
  return tables.flatMap((t) => study.db.read.all<{ id: string }>(`SELECT id FROM ${t} LIMIT 6`).map((r) => r.id))
}
