import { readFile } from 'node:fs/promises'
import { isAbsolute, join, relative, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Failure, type CallName, type Inspection } from '#shared/contract/index.ts'
import { unwrap } from '#shared/lib/index.ts'
import { imageById } from '#main/database/queries/cases.ts'
import { templates, templatesInForce } from '#main/database/queries/templates.ts'
import { withdrawals } from '#main/database/queries/withdrawal.ts'
import { openReadings, presentPatients, withdrawnPatients } from '#main/database/queries/exports.ts'
import { createDicomReader, type DicomReader, type PixelBox } from '#main/formats/dicom/index.ts'
import { decodeImage, encodePng } from '#main/formats/images/index.ts'
import { entryFile } from '#main/platform/index.ts'
import { calibrateByHand } from '../cases/calibrate.ts'
import { secretOf } from '../cases/dicomDoor.ts'
import type { Handlers, World } from '../context.ts'
import type { Jobs } from '../jobs/jobs.ts'
import { redactImage } from '../redaction/redactImage.ts'
import { collect } from '../exports/collect.ts'
import { importExport } from '../exports/importExport.ts'
import { reviewTemplate, saveTemplate } from '../redaction/templates.ts'
import { planWithdrawal, withdrawPatient } from '../withdrawal/withdraw.ts'
import { readmit } from '../withdrawal/withdrawnAgain.ts'
import { inspectDicom, inspectManifest } from './inspect.ts'
import { markOf, withBoxes } from './marks.ts'

type Calls = Extract<CallName, `exchange.${string}`>

/** A picture of a file that is still outside, decoded when it is asked for. The reader's thread ends with the program. */
function outsidePicture(): { of(source: 'dicom' | 'manifest', root: string, file: string, frame: number): Promise<Buffer>; warm(): void } {
  let made: DicomReader | null = null
  const reader = (): DicomReader => (made ??= createDicomReader({ workerUrl: pathToFileURL(entryFile('dicom')) }))
  return {
    async of(source, root, file, frame) {
      const path = isAbsolute(file) ? file : join(root, file)
      if (source === 'manifest') return encodePng(unwrap(await decodeImage(await readFile(path))), 1)
      const { width, height, channels, data } = unwrap(await reader().frame(path, frame))
      return encodePng({ width, height, channels, data }, 1)
    },
    warm: () => reader().warm(),
  }
}

export function exchangeHandlers(world: World, jobs: Jobs): Handlers<Calls> {
  const picture = outsidePicture()
  return {
    'exchange.inspect': ({ study, caller }, input) => {
      // The first picture is asked for as soon as the files are listed.
      if (input.source === 'dicom') picture.warm()
      // What is looked at before an import is nobody's business afterwards: the study keeps counts only.
      return { jobId: jobs.start({ kind: 'inspect', title: 'Looking at what an import would take', actor: caller.actor, study, stored: (r) => ({ files: (r as Inspection).files.length, refused: (r as Inspection).refused.length }) }, (job) =>
        (input.source === 'dicom' ? inspectDicom : inspectManifest)(study, input.path, { signal: job.signal, progress: (d, t, n) => job.progress(d, t, n) })) }
    },
    'exchange.picture': ({ caller }, input) => {
      const root = resolve(input.root)
      if (!isAbsolute(input.file) && relative(root, join(root, input.file)).startsWith('..')) throw new Failure('invalid_input', 'that file is not below the folder')
      return { url: caller.grant(`outside:${root}:${input.file}:${input.frame}`, async () => ({ type: 'image/png', bytes: await picture.of(input.source, root, input.file, input.frame) })) }
    },
    'exchange.templates': ({ study }) => {
      const inForce = new Set(templatesInForce(study.db.read).map((t) => t.id))
      return {
        templates: templates(study.db.read).map((t) => ({ id: t.id, manufacturer: t.manufacturer, model: t.model, columns: t.columns, rows: t.rows, boxes: JSON.parse(t.boxes) as PixelBox[], author: t.author, at: t.created_at, reviewer: t.reviewer, reviewedAt: t.reviewed_at, inForce: inForce.has(t.id) })),
      }
    },
    'exchange.saveTemplate': ({ study, caller }, input) => ({ id: saveTemplate(study, world, caller.actor, input) }),
    'exchange.reviewTemplate': ({ study, caller }, input) => {
      reviewTemplate(study, caller.actor, input.id)
      return { done: true }
    },
    'exchange.redact': async ({ study, caller }, input) => {
      const image = imageById(study.db.read, input.imageId)
      if (image === undefined) throw new Failure('not_found', 'there is no such image')
      const report = await redactImage(study, caller.actor, { imageId: image.id, mask: withBoxes(image, input.mask === undefined ? null : markOf(input.mask), input.boxes), reason: input.reason })
      return { ...report, copies: [...report.copies] }
    },
    'exchange.calibrate': ({ study, caller }, input) => {
      const made = calibrateByHand(study, caller.actor, input)
      return { calibration: made.kind === 'none' ? { kind: made.kind, reason: made.reason } : { ...made, regions: made.regions.map((r) => ({ ...r, bounds: { ...r.bounds } })) } }
    },
    'exchange.exportPlan': ({ study }) => {
      const { cases, pictures } = collect(study)
      const included = cases.filter((c) => c.excluded_reason === null)
      return {
        cohorts: [...new Set(included.map((c) => c.cohort))].map((name) => {
          const own = pictures.filter((p) => p.case.excluded_reason === null && p.case.cohort === name)
          return { name, cases: included.filter((c) => c.cohort === name).length, images: own.length, masks: own.filter((p) => p.mask !== null).length }
        }),
        excluded: cases.length - included.length, withdrawn: withdrawnPatients(study.db.read), openReadings: openReadings(study.db.read),
      }
    },
    'exchange.importExport': ({ study, caller }, input) => ({
      jobId: jobs.start({ kind: 'import-export', title: 'Reading an export back', actor: caller.actor, input, study }, (job) => importExport(study, world, caller.actor, input.folder, { signal: job.signal, progress: (d, t, n) => job.progress(d, t, n) })),
    }),
    'exchange.withdrawals': ({ study }) => ({
      patients: presentPatients(study.db.read), withdrawn: withdrawals(study.db.read).map((w) => ({ id: w.id, patient: w.patient, cases: w.cases, images: w.images, reason: w.reason, at: w.created_at })),
    }),
    'exchange.withdrawPlan': ({ study }, input) => {
      const plan = planWithdrawal(study, input.patient)
      return { ...plan, cases: [...plan.cases], copies: [...plan.copies], doubtful: [...plan.doubtful] }
    },
    'exchange.readmit': ({ study, caller }, input) => {
      readmit(study, secretOf(study), caller.actor, input)
      return { done: true as const }
    },
    'exchange.withdraw': ({ study, caller }, input) => {
      if (input.confirm !== input.patient) throw new Failure('invalid_input', 'type the patient\'s label exactly as it stands, so that the right one is withdrawn')
      if (jobs.running()) throw new Failure('not_ready', 'a job is running; wait for it or cancel it, so that it does not write what is being removed')
      const report = withdrawPatient(study, world, caller.actor, input)
      return { ...report, cases: [...report.cases], copies: [...report.copies], doubtful: [...report.doubtful] }
    },
  }
}
