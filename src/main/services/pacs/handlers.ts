import { Failure, type CallName } from '#shared/contract/index.ts'
import { createDicomweb, type DicomwebClient, type DicomwebFault, type StudyQuery } from '#main/network/dicomweb/index.ts'
import { caseByLabel } from '#main/database/queries/cases.ts'
import { caseLabelOf, secretOf } from '../cases/importDicom.ts'
import type { Handlers, OpenStudy, World } from '../context.ts'
import { exportDicom } from '../dicom/exportDicom.ts'
import type { Jobs } from '../jobs/jobs.ts'
import { countRetrieved, retrieve, type RetrieveReport } from './retrieve.ts'
import type { PacsServers } from './servers.ts'
import { countStored, storeObjects, type StoreReport } from './storeObjects.ts'

type Calls = Extract<CallName, `pacs.${string}` | `dicom.${string}`>

const failure = (fault: DicomwebFault): Failure => new Failure(fault.code === 'cancelled' ? 'cancelled' : fault.code === 'bad_address' || fault.code === 'insecure' ? 'not_ready' : 'unavailable', fault.message)

/** A name is looked for from its beginning, a description anywhere, unless the person wrote * or ? where they want it. */
const fromBeginning = (text: string): string => (text === '' || /[*?]/.test(text) ? text : `${text}*`)
const anywhere = (text: string): string => (text === '' || /[*?]/.test(text) ? text : `*${text}*`)

/** Which case a study of the PACS became here: its label is made from the UID by the study's secret, so nothing needs to be stored for it. */
function caseOf(study: OpenStudy | null): (studyUid: string) => string | null {
  if (study === null) return () => null
  const secret = secretOf(study)
  return (uid) => caseByLabel(study.db.read, caseLabelOf(secret, uid))?.label ?? null
}

/** Query, retrieve and store at the PACS of this computer's settings, and the same objects as files. */
export function pacsHandlers(world: World, jobs: Jobs, servers: PacsServers): Handlers<Calls> {
  const searches = new Map<string, AbortController>()
  const clientOf = (serverId: string): DicomwebClient => createDicomweb(servers.settings(serverId))
  return {
    'pacs.servers': () => ({ servers: servers.list() }),
    'pacs.saveServer': (_, input) => servers.save(input),
    'pacs.removeServer': (_, { serverId }) => {
      servers.remove(serverId)
      return { done: true }
    },
    'pacs.check': async (_, { serverId }) => {
      const started = performance.now()
      const answer = await clientOf(serverId).check({ signal: AbortSignal.timeout(20_000) })
      const milliseconds = Math.round(performance.now() - started)
      return { ok: answer.ok, message: answer.ok ? 'It answers, and it accepts this account.' : answer.error.code === 'cancelled' ? 'It did not answer within 20 s.' : answer.error.message, milliseconds }
    },
    'pacs.studies': async ({ study, caller }, input) => {
      searches.get(caller.actor)?.abort()
      const abort = new AbortController()
      searches.set(caller.actor, abort)
      const query: StudyQuery = {
        patientId: input.patientId, patientName: fromBeginning(input.patientName), accessionNumber: input.accessionNumber, modality: input.modality, description: anywhere(input.description), dateFrom: input.dateFrom, dateTo: input.dateTo,
      }
      const answer = await clientOf(input.serverId).studies(query, { signal: abort.signal, offset: input.offset, limit: input.limit, pageSize: input.limit })
      if (searches.get(caller.actor) === abort) searches.delete(caller.actor)
      if (!answer.ok) throw failure(answer.error.code === 'cancelled' ? { code: 'cancelled', message: 'the search was stopped' } : answer.error)
      const label = caseOf(study as OpenStudy | null)
      return { studies: answer.value.rows.filter((row) => /^[0-9.]{1,64}$/.test(row.studyUid)).map((row) => ({ ...row, modalities: [...row.modalities], caseLabel: label(row.studyUid) })), more: answer.value.more }
    },
    'pacs.stopSearch': ({ caller }) => {
      searches.get(caller.actor)?.abort()
      return { done: true }
    },
    'pacs.series': async (_, { serverId, studyUid }) => {
      const answer = await clientOf(serverId).series(studyUid)
      if (!answer.ok) throw failure(answer.error)
      return { series: answer.value.rows.filter((row) => /^[0-9.]{1,64}$/.test(row.seriesUid)) }
    },
    'pacs.retrieve': ({ study, caller }, input) => {
      const server = servers.find(input.serverId)
      const client = clientOf(server.id)
      // The UIDs of the hospital are for the person, not for the study: it keeps the counts.
      return {
        jobId: jobs.start({ kind: 'pacs-retrieve', title: `Retrieving from ${server.name}`, actor: caller.actor, study, stored: (r) => countRetrieved(r as RetrieveReport) }, (job) =>
          retrieve(study, world, caller.actor, client, input, server.name, { signal: job.signal, progress: (d, t, n) => job.progress(d, t, n) })),
      }
    },
    'pacs.store': ({ study, caller }, input) => {
      const server = servers.find(input.serverId)
      const client = clientOf(server.id)
      return {
        jobId: jobs.start({ kind: 'pacs-store', title: `Storing in ${server.name}`, actor: caller.actor, study, stored: (r) => countStored(r as StoreReport) }, (job) =>
          storeObjects(study, world, caller.actor, client, input, server.name, { signal: job.signal, progress: (d, t, n) => job.progress(d, t, n) })),
      }
    },
    'dicom.export': ({ study, caller }, input) => ({
      jobId: jobs.start({ kind: 'dicom-export', title: 'Writing DICOM objects', actor: caller.actor, input: { to: input.to, objects: input.objects, masks: input.masks }, study }, (job) =>
        exportDicom(study, world, caller.actor, input, { signal: job.signal, progress: (d, t, n) => job.progress(d, t, n) })),
    }),
  }
}
