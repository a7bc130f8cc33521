import { Failure, type CallName, type CallOutput, type ParsedInput, type SessionState } from '#shared/contract/index.ts'
import { canonicalJson } from '#main/platform/index.ts'
import { allAccounts } from '#main/database/queries/accounts.ts'
import { cohortCounts, cohortFlowCounts, flowCounts, studyCounts } from '#main/database/queries/cases.ts'
import { changePassword, createAccount, signIn, signInDemo } from '#main/services/accounts/accounts.ts'
import { countDicomImport, importDicomFolder, type DicomImportReport } from '#main/services/cases/importDicom.ts'
import { countImport, importManifest, type ImportReport } from '#main/services/cases/importManifest.ts'
import { marksOf } from '#main/services/exchange/marks.ts'
import { splitByPatient } from '#main/services/cases/split.ts'
import type { Handling } from '#main/services/context.ts'
import { exportFiles } from '#main/services/exports/files.ts'
import { registryOf } from '#main/services/inference/handlers.ts'
import { modelSets, requireSets, setModels } from '#main/services/models/modelSets.ts'
import { exportTraining } from '#main/services/exports/training.ts'
import { packageMeta } from '#main/services/packages/open.ts'
import { createDemoStudy } from '#main/services/study/demo.ts'
import { backupStudy } from '#main/services/study/backup.ts'
import { createStudy, isStudy } from '#main/services/study/studies.ts'
import { verifyStudy } from '#main/services/study/verify.ts'
import type { Context } from './context.ts'
import type { House } from './createApp.ts'
import { mayChangeStudy, requireMayChangeStudy } from './mayChangeStudy.ts'
import { stillSignedIn } from './signedIn.ts'

/** Handlers that also see the context: signing in and out, opening studies. */
export type HostHandler<N extends CallName> = (handling: Handling & { context: Context }, input: ParsedInput<N>) => CallOutput<N> | Promise<CallOutput<N>>
type SessionCalls = 'session.state' | 'session.signIn' | 'session.signInDemo' | 'session.signOut' | 'session.changePassword'
type StudyCalls = Extract<CallName, `study.${string}`>
type JobCalls = Extract<CallName, `jobs.${string}`>
export type HostHandlers<N extends CallName = SessionCalls | StudyCalls | JobCalls> = { readonly [K in N]: HostHandler<K> }

export function sessionState(house: House, context: Context): SessionState {
  const study = house.study()
  stillSignedIn(study, context)
  return {
    app: { name: 'SLN Workstation', version: house.config.version, build: house.config.build },
    study: study === null ? null : { id: study.id, name: study.name, synthetic: study.synthetic, version: 1, outcome: study.outcome.label, isPackage: packageMeta(study) !== null },
    accounts: study === null ? [] : allAccounts(study.db.read).filter((a) => a.disabled === 0).map((a) => ({ login: a.login, name: a.name, role: a.role, demo: a.demo === 1 })),
    user: context.account(),
  }
}

export function sessionHandlers(house: House): HostHandlers<SessionCalls> {
  return {
    'session.state': ({ context }) => sessionState(house, context),
    'session.signIn': async ({ study, context }, input) => {
      context.signIn(await signIn(house.world, study, input.login, input.password))
      return sessionState(house, context)
    },
    'session.signInDemo': ({ study, context }, input) => {
      context.signIn(signInDemo(study, input.login))
      return sessionState(house, context)
    },
    'session.signOut': ({ study, context }) => {
      const account = context.account()
      if (account !== null && study !== null) study.db.write(context.actor(), (tx) => tx.audit({ action: 'session.signOut', subject: 'event', id: account.id }))
      context.signOut()
      return { done: true }
    },
    'session.changePassword': async ({ study, context, caller }, input) => {
      await changePassword(study, caller.account.id, input.current, input.next)
      context.signIn({ ...caller.account, mustChangePassword: false })
      return { done: true }
    },
  }
}

export function studyHandlers(house: House): HostHandlers<StudyCalls> {
  const { world, jobs } = house
  return {
    'study.recent': ({ context }) => ({ studies: mayChangeStudy(house, context) ? house.recent() : [], demoDirectory: house.demoDirectory }),
    'study.openDemo': ({ context }) => {
      requireMayChangeStudy(house, context)
      if (isStudy(house.demoDirectory)) {
        house.open(house.demoDirectory)
        context.signOut()
        return { jobId: null }
      }
      const jobId = jobs.start({ kind: 'demo', title: 'Making the demo study', actor: 'program' }, async (job) => {
        house.adopt(await createDemoStudy(world, house.origin, house.demoDirectory, { cases: 180, seed: 1, aided: true, signal: job.signal, progress: (done, total, note) => job.progress(done, total, note) }))
        return {}
      })
      return { jobId }
    },
    'study.create': async ({ context }, input) => {
      requireMayChangeStudy(house, context)
      const outcome = input.outcomeColumn === undefined ? undefined : { column: input.outcomeColumn, positive: input.outcomePositive ?? '1', label: input.outcomeColumn }
      requireSets(registryOf(house.inference), { segmentation: input.segmentationSet, signature: input.signatureSet })
      const study = createStudy(world, house.origin, 'program', { directory: input.directory, name: input.name, synthetic: false, outcome, segmentationSet: input.segmentationSet, signatureSet: input.signatureSet })
      await createAccount(world, study, 'program', { ...input.investigator, role: 'investigator', seniority: null, yearsExperience: null, mustChange: false, demo: false })
      house.adopt(study)
      context.signOut()
      return { directory: study.directory }
    },
    'study.modelSets': () => modelSets(registryOf(house.inference)),
    'study.setModels': ({ study, caller }, input) => {
      if (jobs.running('infer')) throw new Failure('conflict', 'automatic segmentation is running; change the models when it has ended')
      return setModels(study, registryOf(house.inference), caller.actor, input)
    },
    'study.open': ({ context }, input) => {
      requireMayChangeStudy(house, context)
      const study = house.open(input.directory)
      context.signOut()
      return { directory: study.directory }
    },
    'study.summary': ({ study }) => ({
      id: study.id, name: study.name, directory: study.directory, createdAt: study.createdAt, synthetic: study.synthetic, outcome: study.outcome, signatureSet: study.signatureSet, segmentationSet: study.segmentationSet,
      cohorts: cohortCounts(study.db.read), flow: flowCounts(study.db.read), cohortFlow: cohortFlowCounts(study.db.read), counts: studyCounts(study.db.read),
    }),
    'study.setCohortRole': ({ study, caller }, input) => {
      study.db.write(caller.actor, (tx) => {
        const old = tx.get<{ role: string }>('SELECT role FROM cohort WHERE name = ?', input.cohort)
        if (old === undefined) throw new Failure('not_found', `there is no cohort ${input.cohort}`)
        tx.update('cohort', { name: input.cohort }, { role: input.role })
        tx.audit({ action: 'cohort.setRole', subject: 'cohort', id: input.cohort, old: old.role, new: input.role, reason: input.reason })
      })
      return { cohorts: cohortCounts(study.db.read) }
    },
    'study.import': ({ study, caller }, input) => ({
      // File and folder names often hold a patient's name: the person sees them, the study keeps the counts.
      jobId: jobs.start({ kind: 'import', title: 'Importing images', actor: caller.actor, input: { manifest: input.manifest }, study, stored: (r) => countImport(r as ImportReport) }, (job) =>
        importManifest(study, world, caller.actor, input.manifest, { signal: job.signal, progress: (d, t, n) => job.progress(d, t, n), marks: marksOf(input.marks) })),
    }),
    'study.importDicom': ({ study, caller }, input) => ({
      jobId: jobs.start({ kind: 'import-dicom', title: 'Importing DICOM', actor: caller.actor, input: { folder: input.folder, cohort: input.cohort }, study, stored: (r) => countDicomImport(r as DicomImportReport) }, (job) =>
        importDicomFolder(study, world, caller.actor, input.folder, { signal: job.signal, progress: (d, t, n) => job.progress(d, t, n), cohort: input.cohort, unreviewed: input.unreviewed, marks: marksOf(input.marks), only: input.only === undefined ? undefined : new Set(input.only), keepOriginal: input.keepOriginal })),
    }),
    'study.split': ({ study, caller }, input) => ({ cohorts: splitByPatient(study, caller.actor, input) }),
    'study.verify': ({ study, caller }) => ({
      jobId: jobs.start({ kind: 'verify', title: 'Verifying the study', actor: caller.actor, study }, async (job) => {
        const report = await verifyStudy(study.directory, { userData: house.config.userData, signal: job.signal, progress: (d, t, n) => job.progress(d, t, n) })
        study.db.write(caller.actor, (tx) => tx.audit({ action: 'study.verify', subject: 'event', id: study.id, new: canonicalJson({ sound: report.sound, faults: report.faults.length }) }))
        return report
      }),
    }),
    'study.export': ({ study, caller }, input) => ({
      jobId: jobs.start({ kind: 'export', title: input.format === 'training' ? 'Exporting for training' : 'Exporting the study', actor: caller.actor, input, study }, (job) =>
        (input.format === 'training'
          ? exportTraining(study, world, caller.actor, input.to, { signal: job.signal, progress: (d, t, n) => job.progress(d, t, n) })
          : exportFiles(study, world, caller.actor, input.to, { signal: job.signal, progress: (d, t, n) => job.progress(d, t, n), masks: input.masks, excluded: input.excluded, tables: input.tables, ...(input.cohorts === undefined ? {} : { cohorts: new Set(input.cohorts) }) }))),
    }),
    'study.backup': ({ study, caller }, input) => ({
      jobId: jobs.start({ kind: 'backup', title: 'Backing up the study', actor: caller.actor, input, study }, (job) => backupStudy(study, input.to, { signal: job.signal, progress: (d, t, n) => job.progress(d, t, n) })),
    }),
  }
}

export function jobHandlers(house: House): HostHandlers<JobCalls> {
  return {
    'jobs.get': ({ context }, input) => {
      const job = house.jobs.get(input.jobId)
      if (job.kind !== 'demo' && context.account()?.role !== 'investigator') throw new Failure('forbidden', 'your account may not see this')
      return job
    },
    'jobs.list': ({ study }) => ({ jobs: house.jobs.list(study) }),
    'jobs.cancel': (_, input) => {
      house.jobs.cancel(input.jobId)
      return { done: true }
    },
  }
}
