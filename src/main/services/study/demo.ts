import { mkdtempSync, rmSync } from 'node:fs'
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stringify } from 'csv-stringify/sync'
import { Failure } from '#shared/contract/errors.ts'
import { imagesOf, manifestColumns, manifestRow, planDemoStudy, simulatedReaders, simulateReading, type DemoStudyPlan } from '#shared/phantom/index.ts'
import { accountByLogin } from '#main/database/queries/accounts.ts'
import { caseById } from '#main/database/queries/cases.ts'
import { recordExposure } from '#main/database/queries/exposure.ts'
import { openItems, sessionsOfProtocol } from '#main/database/queries/reading.ts'
import { setMeta } from '#main/database/queries/meta.ts'
import { renderAll } from '#main/runtime/compute/renderPool.ts'
import { assignTasks } from '../annotations/handlers.ts'
import { createAccount } from '../accounts/accounts.ts'
import { importManifest } from '../cases/importManifest.ts'
import type { OpenStudy, World } from '../context.ts'
import { createProtocol, startProtocol } from '../reading/protocol.ts'
import { simulateAidedStudy } from './demoAided.ts'
import { createStudy, isStudy, openStudy, type Origin } from './studies.ts'

export interface DemoOptions { readonly cases: number; readonly seed: number; readonly signal?: AbortSignal; readonly name?: string; readonly signatureSet?: string | undefined; readonly segmentationSet?: string | undefined; /** with a second, closed reading by four more readers, alone and with a simulated aid */ readonly aided?: boolean; progress?(done: number, total: number, note: string): void }

const READER_LOGINS = ['reader1', 'reader2', 'reader3', 'reader4'] as const
/** How much of the reading each simulated reader has done; the rest is open for who signs in as them. */
const SHARE_READ = [1, 0.6, 1, 0.4] as const

/** Makes the synthetic demo study: phantoms through the ordinary import, demo accounts, drawing tasks, a reading partly done. The folder gets its name when all is there. */
export async function createDemoStudy(world: World, origin: Origin, directory: string, options: DemoOptions): Promise<OpenStudy> {
  if (isStudy(directory)) throw new Failure('conflict', `${directory} holds a study already`)
  const part = `${directory}.part`
  rmSync(part, { recursive: true, force: true })
  const plan = planDemoStudy({ cases: options.cases, seed: options.seed })
  const scratch = mkdtempSync(join(tmpdir(), 'sln-demo-'))
  try {
    await renderManifest(scratch, plan, options)
    const study = createStudy(world, origin, 'program', { directory: part, name: options.name ?? 'Demo study (synthetic)', synthetic: true, signatureSet: options.signatureSet, segmentationSet: options.segmentationSet })
    try {
      const report = await importManifest(study, world, 'program', join(scratch, 'manifest.csv'), {
        ...(options.signal === undefined ? {} : { signal: options.signal }), progress: (done, total) => options.progress?.(total + done, total * 2, 'storing images'),
      })
      if (report.refused.length > 0) throw new Error(`the demo's own row ${report.refused[0]?.row ?? 0} was refused: ${report.refused[0]?.reason ?? ''}`)
      if (options.signal?.aborted === true) throw new Failure('cancelled', 'cancelled; nothing was kept')
      await peopleAndReadings(study, world, plan)
      if (options.aided === true) await simulateAidedStudy(study, world, plan)
      study.db.write('program', (tx) => {
        setMeta(tx, 'demo', JSON.stringify({ cases: options.cases, seed: options.seed }))
        tx.audit({ action: 'study.demo', subject: 'meta', id: 'demo', new: `${options.cases} cases, seed ${options.seed}` })
      })
    } finally {
      study.db.close()
    }
    await rename(part, directory)
    return openStudy(world, origin, directory)
  } catch (error) {
    rmSync(part, { recursive: true, force: true })
    throw error
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

async function renderManifest(folder: string, plan: DemoStudyPlan, options: DemoOptions): Promise<void> {
  await mkdir(join(folder, 'images'))
  await mkdir(join(folder, 'masks'))
  const images = imagesOf(plan)
  const rows: Readonly<Record<string, string>>[] = []
  let done = 0
  await renderAll(images, async (index, rendered) => {
    const image = images[index] as (typeof images)[number]
    const row = manifestRow(image.plan, image.imageIndex, rendered.mmPerPx)
    rows[index] = row
    await writeFile(join(folder, row.image), rendered.image)
    if (row.mask !== '') await writeFile(join(folder, row.mask), rendered.mask)
    options.progress?.(++done, images.length * 2, 'making synthetic ultrasound images')
  }, options.signal)
  if (options.signal?.aborted === true) throw new Failure('cancelled', 'cancelled; nothing was kept')
  await writeFile(join(folder, 'manifest.csv'), stringify([[...manifestColumns], ...rows.map((row) => manifestColumns.map((name) => row[name] ?? ''))]))
}

async function peopleAndReadings(study: OpenStudy, world: World, plan: DemoStudyPlan): Promise<void> {
  const demo = { seniority: null, yearsExperience: null, password: '', mustChange: false, demo: true } as const
  await createAccount(world, study, 'program', { ...demo, login: 'investigator', name: 'Lin (investigator)', role: 'investigator' })
  await createAccount(world, study, 'program', { ...demo, login: 'annotator1', name: 'Ana (annotator)', role: 'annotator', yearsExperience: 8 })
  await createAccount(world, study, 'program', { ...demo, login: 'annotator2', name: 'Ben (annotator)', role: 'annotator', yearsExperience: 12 })
  for (const [i, reader] of simulatedReaders.entries()) {
    await createAccount(world, study, 'program', { ...demo, login: READER_LOGINS[i] ?? `reader${i + 1}`, name: reader.name, role: 'reader', seniority: reader.seniority, yearsExperience: reader.yearsOfExperience })
  }
  const id = (login: string): string => accountByLogin(study.db.read, login)?.id ?? ''
  assignTasks(study, world, 'investigator', { accountId: id('annotator1'), cohort: 'validation', round: 1, notBefore: null })
  assignTasks(study, world, 'investigator', { accountId: id('annotator2'), cohort: 'validation', round: 1, notBefore: null })
  const protocol = createProtocol(study, world, 'investigator', { name: 'Blinded reading', cohorts: ['validation', 'external test'], readers: READER_LOGINS.map(id), scale: 'points5', sessions: 1, washoutDays: 28, seed: 20 })
  startProtocol(study, world, 'investigator', protocol.id)
  for (const [i, login] of READER_LOGINS.entries()) simulateReader(study, world, plan, protocol, i, login, id(login))
}

function simulateReader(study: OpenStudy, world: World, plan: DemoStudyPlan, protocol: { id: string; hash: string }, index: number, login: string, accountId: string): void {
  const reader = simulatedReaders[index]
  const session = sessionsOfProtocol(study.db.read, protocol.id).find((s) => s.account_id === accountId)
  if (reader === undefined || session === undefined) return
  const items = openItems(study.db.read, session, 100_000)
  const plans = new Map(plan.cases.map((c) => [c.caseId, c]))
  study.db.write(`${login} (simulated)`, (tx) => {
    for (const item of items.slice(0, Math.round(items.length * (SHARE_READ[index] ?? 1)))) {
      const made = plans.get(caseById(tx, item.case_id)?.label ?? '')
      if (made === undefined) continue
      const { rating, call, seconds } = simulateReading(reader, made)
      const id = world.ids.next()
      tx.insert('reading', { id, session_id: session.id, position: item.position, call, rating, active_seconds: seconds, confirmed: 0, submitted_at: tx.at, origin: tx.origin, modality: 'unaided', answers: null, protocol_hash: protocol.hash, over_limit: null })
      recordExposure(tx, accountId, item.case_id, `reading:${session.id}`)
      tx.audit({ action: 'reading.submit', subject: 'reading', id, reason: 'simulated reader of the demo study' })
    }
  })
}
