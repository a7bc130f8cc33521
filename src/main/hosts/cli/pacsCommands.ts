import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { InvalidArgumentError, type Command } from 'commander'
import { DICOM_MASKS, DICOM_OBJECTS, Failure, PACS_AUTHENTICATIONS, type DicomMasks, type DicomObject, type PacsServer } from '#shared/contract/index.ts'
import { table } from './output.ts'
import { runCommand, type Session } from './run.ts'

const JSON_OPTION = ['--json', 'print the answer as one line of JSON'] as const
const STUDY = ['--study <dir>', 'the study folder'] as const
const SERVER = ['--server <name>', 'the name of the PACS in the settings'] as const

const one = <T extends string>(all: readonly T[]) => (text: string): T => {
  const found = all.find((a) => a === text)
  if (found === undefined) throw new InvalidArgumentError(`it takes ${all.join(', ')}`)
  return found
}
const some = (text: string): DicomObject[] => text.split(',').map((part) => one(DICOM_OBJECTS)(part.trim()))
const count = (text: string): number => {
  const value = Number(text)
  if (!Number.isSafeInteger(value) || value < 1) throw new InvalidArgumentError('it takes a positive whole number')
  return value
}
/** 2024-03-05 or 20240305. */
const day = (text: string): string => {
  const digits = text.replaceAll('-', '')
  const date = new Date(`${digits.slice(0, 4)}-${digits.slice(4, 6)}-${digits.slice(6)}T00:00:00Z`)
  if (!/^\d{8}$/.test(digits) || Number.isNaN(date.getTime()) || date.getUTCDate() !== Number(digits.slice(6))) throw new InvalidArgumentError('it takes a date as YYYYMMDD')
  return digits
}
const file = (path: string): string => {
  try {
    return readFileSync(resolve(path), 'utf8')
  } catch {
    throw new Failure('not_found', `${path} cannot be read`)
  }
}

async function serverOf({ call }: Session, name: string): Promise<PacsServer> {
  const { servers } = await call('pacs.servers', {})
  const found = servers.find((s) => s.id === name) ?? servers.find((s) => s.name.toLowerCase() === name.toLowerCase())
  if (found === undefined) throw new Failure('not_found', `there is no PACS called ${name} in the settings${servers.length === 0 ? '; add it with "sln pacs add"' : ` (there are ${servers.map((s) => s.name).join(', ')})`}`)
  return found
}

export function pacsCommands(program: Command): void {
  const pacs = program.command('pacs').description('query, retrieve and store at a PACS by DICOMweb')
  settingsCommands(pacs)
  queryCommands(pacs)
  transferCommands(pacs)
  exportCommand(program)
}

interface AddOptions { name: string; url: string; auth?: PacsServer['authentication']; user?: string; secretFile?: string; ca?: string; cert?: string; key?: string; plainHttp?: boolean; json?: boolean }

function settingsCommands(pacs: Command): void {
  pacs.command('add').description('add a PACS to the settings of this computer, or change one of the same name').requiredOption('--name <name>', 'what to call it').requiredOption('--url <url>', 'the root of its DICOMweb services, such as https://pacs.example/dicom-web')
    .option('--auth <kind>', PACS_AUTHENTICATIONS.join(', '), one(PACS_AUTHENTICATIONS)).option('--user <name>', 'the account, for basic').option('--secret-file <file>', 'a file with the password or token; else the variable SLN_PACS_SECRET is used')
    .option('--ca <file>', 'PEM of a certificate authority to trust besides those of the system').option('--cert <file>', 'PEM of this workstation\'s certificate, where the server asks for one').option('--key <file>', 'PEM of its key').option('--plain-http', 'send the password over unencrypted http to another machine').option(...JSON_OPTION)
    .action((o: AddOptions) => runCommand({ json: o.json }, async (session) => {
      if ((o.cert === undefined) !== (o.key === undefined)) throw new Failure('invalid_input', '--cert and --key go together')
      const old = (await session.call('pacs.servers', {})).servers.find((s) => s.name.toLowerCase() === o.name.toLowerCase())
      const secret = o.secretFile === undefined ? (process.env['SLN_PACS_SECRET'] ?? null) : file(o.secretFile).replace(/[\r\n]+$/, '')
      const saved = await session.call('pacs.saveServer', {
        id: old?.id ?? null, name: o.name, baseUrl: o.url, authentication: o.auth ?? (o.user !== undefined ? 'basic' : old !== undefined ? old.authentication : secret !== null ? 'token' : 'none'), user: o.user ?? old?.user ?? '', secret, certificateAuthority: o.ca === undefined ? (old?.certificateAuthority ?? '') : file(o.ca),
        clientCertificate: o.cert === undefined || o.key === undefined ? null : { certificate: file(o.cert), key: file(o.key) }, allowPlainHttp: o.plainHttp === true,
      })
      session.output.answer(saved, () => `${saved.name} is in the settings (${saved.baseUrl}, ${saved.authentication}${saved.authentication !== 'none' && !saved.hasSecret ? ', without a secret yet' : ''}); try it with "sln pacs check --server ${saved.name}"`)
    }))
  pacs.command('remove').description('take a PACS out of the settings').requiredOption(...SERVER).option(...JSON_OPTION)
    .action((o: { server: string; json?: boolean }) => runCommand({ json: o.json }, async (session) => {
      const server = await serverOf(session, o.server)
      session.output.answer(await session.call('pacs.removeServer', { serverId: server.id }), () => `${server.name} is out of the settings`)
    }))
  pacs.command('servers').description('the PACS of this computer\'s settings').option(...JSON_OPTION)
    .action((o: { json?: boolean }) => runCommand({ json: o.json }, async ({ call, output }) => {
      const answer = await call('pacs.servers', {})
      output.answer(answer, () => table(['name', 'address', 'sign-in', 'user', 'secret'], answer.servers.map((s) => [s.name, s.baseUrl, s.authentication, s.user, s.hasSecret ? 'stored' : ''])))
    }))
  pacs.command('check').description('ask a PACS for one study: address, account, certificate').requiredOption(...SERVER).option(...JSON_OPTION)
    .action((o: { server: string; json?: boolean }) => runCommand({ json: o.json }, async (session) => {
      const answer = await session.call('pacs.check', { serverId: (await serverOf(session, o.server)).id })
      session.output.answer(answer, () => `${answer.message} (${answer.milliseconds} ms)`)
      return answer.ok ? 0 : 1
    }))
}

interface QueryOptions { server: string; study?: string; patientId?: string; patientName?: string; accession?: string; modality?: string; description?: string; from?: string; to?: string; limit: number; offset: number; series?: string; json?: boolean }

function queryCommands(pacs: Command): void {
  pacs.command('query').description('find studies; * and ? stand for anything').requiredOption(...SERVER).option('--study <dir>', 'a study folder, to say which are in it already').option('--patient-id <text>', 'the patient\'s number in the hospital').option('--patient-name <text>', 'Family^Given, matched from its beginning').option('--accession <text>', 'the accession number').option('--modality <code>', 'such as US')
    .option('--description <text>', 'the study\'s description, matched anywhere').option('--from <date>', 'study date from, YYYYMMDD', day).option('--to <date>', 'study date to, YYYYMMDD', day).option('--limit <n>', 'rows', count, 100).option('--offset <n>', 'rows to leave out, for the next page', (t) => (t === '0' ? 0 : count(t)), 0)
    .option('--series <study-uid>', 'the series of one study in place of studies').option(...JSON_OPTION)
    .action((o: QueryOptions) => runCommand({ json: o.json, study: o.study }, async (session) => {
      const { call, output } = session
      const serverId = (await serverOf(session, o.server)).id
      if (o.series !== undefined) {
        const answer = await call('pacs.series', { serverId, studyUid: o.series })
        output.answer(answer, () => answer.series.length === 0 ? 'no series: the PACS does not have this study' : table(['series', 'modality', 'number', 'files', 'description'], answer.series.map((s) => [s.seriesUid, s.modality, s.number, s.instances, s.description])))
        return
      }
      const answer = await call('pacs.studies', {
        serverId, patientId: o.patientId ?? '', patientName: o.patientName ?? '', accessionNumber: o.accession ?? '', modality: o.modality ?? '', description: o.description ?? '', dateFrom: o.from ?? '', dateTo: o.to ?? '', limit: o.limit, offset: o.offset,
      })
      output.answer(answer, () => answer.studies.length === 0 ? 'no study fits' : [table(['study', 'patient', 'name', 'date', 'modalities', 'files', 'description', 'case'], answer.studies.map((s) => [s.studyUid, s.patientId, s.patientName, s.date, s.modalities.join(' '), s.instances, s.description, s.caseLabel])),
        ...(answer.more ? [`there are more: --offset ${o.offset + answer.studies.length}`] : [])].join('\n'))
    }))
}

interface RetrieveOptions { server: string; study: string; studyUid: string[]; seriesUid?: string; cohort?: string; unreviewed: string; json?: boolean }
interface Retrieved { imported: number; skipped: number; masks: number; left: number; bytes: number; refused: { instance: string; reason: string }[] }
interface StoreOptions extends WhatOptions { server: string; study: string; into?: string; json?: boolean }
interface Stored { stored: Record<DicomObject, number>; pictures: number; failed: { instance: string; reason: string }[] }
interface WhatOptions { objects?: DicomObject[]; masks: DicomMasks; cohort?: string; annotation?: string }

const what = (o: WhatOptions): { objects: DicomObject[]; masks: DicomMasks; cohort: string | null; annotationId: string | null } => ({ objects: o.objects ?? ['seg', 'sr'], masks: o.masks, cohort: o.cohort ?? null, annotationId: o.annotation ?? null })
const withWhat = (command: Command): Command => command.option('--objects <list>', `of ${DICOM_OBJECTS.join(', ')}, by commas (default: seg,sr)`, some).option('--masks <which>', `${DICOM_MASKS.join(', ')}: what the review left standing, the newest fused ones, or the ground truth`, one(DICOM_MASKS), 'reviewed')
  .option('--cohort <name>', 'only this cohort').option('--annotation <id>', 'one stored annotation in place of --masks')
const plural = (n: number, one: string): string => `${n} ${one}${n === 1 ? '' : 's'}`
const NAMES: Readonly<Record<DicomObject, string>> = { seg: 'segmentation', sr: 'report', sc: 'capture', image: 'picture' }
const counted = (objects: Readonly<Record<DicomObject, number>>): string => DICOM_OBJECTS.filter((o) => objects[o] > 0).map((o) => plural(objects[o], NAMES[o])).join(', ') || 'nothing'

function transferCommands(pacs: Command): void {
  pacs.command('retrieve').description('bring studies into a study folder, de-identified on the way; run it again to go on where it stopped').requiredOption(...SERVER).requiredOption(...STUDY).requiredOption('--study-uid <uid...>', 'the DICOM studies')
    .option('--series-uid <uid>', 'one series of the one study').option('--cohort <name>', 'the cohort of the cases').option('--unreviewed <what>', 'pictures whose text is not known to be outside a region: keep (with a warning) or refuse', 'keep').option(...JSON_OPTION)
    .action((o: RetrieveOptions) => runCommand(o, async (session) => {
      if (o.unreviewed !== 'keep' && o.unreviewed !== 'refuse') throw new Failure('invalid_input', '--unreviewed takes keep or refuse')
      if (o.seriesUid !== undefined && o.studyUid.length !== 1) throw new Failure('invalid_input', '--series-uid goes with one --study-uid')
      const serverId = (await serverOf(session, o.server)).id
      const job = await session.wait((await session.call('pacs.retrieve', { serverId, items: o.studyUid.map((studyUid) => ({ studyUid, seriesUid: o.seriesUid ?? null })), cohort: o.cohort ?? '', unreviewed: o.unreviewed })).jobId)
      const r = job.result as Retrieved | null
      session.output.answer(r, () => (r === null ? 'nothing was retrieved' : [`${plural(r.imported, 'picture')} imported, ${r.skipped} here already, ${plural(r.masks, 'mask')}, ${plural(r.left, 'object')} without a picture left, ${r.refused.length} refused`, ...r.refused.map((f) => `  ${f.instance}: ${f.reason}`)].join('\n')))
      return r === null || job.state === 'cancelled' || r.refused.length > 0 ? 1 : 0
    }))
  withWhat(pacs.command('store').description('store masks, measurements, outlines or de-identified pictures').requiredOption(...SERVER).requiredOption(...STUDY)).option('--into <study-uid>', 'the PACS study that the pictures came from, under its own identity; without it the study\'s codes are used').option(...JSON_OPTION)
    .action((o: StoreOptions) => runCommand(o, async (session) => {
      const serverId = (await serverOf(session, o.server)).id
      const job = await session.wait((await session.call('pacs.store', { serverId, studyUid: o.into ?? null, ...what(o) })).jobId)
      const r = job.result as Stored | null
      session.output.answer(r, () => (r === null ? 'nothing was stored' : [`${counted(r.stored)} stored, of ${plural(r.pictures, 'picture')}`, ...r.failed.map((f) => `  ${f.instance}: ${f.reason}`)].join('\n')))
      return r === null || job.state === 'cancelled' || r.failed.length > 0 ? 1 : 0
    }))
}

function exportCommand(program: Command): void {
  const dicom = program.command('dicom').description('DICOM objects made from the study')
  withWhat(dicom.command('export').description('write segmentations, measurement reports, secondary captures or de-identified pictures as files').requiredOption(...STUDY).requiredOption('--to <dir>', 'a new folder')).option(...JSON_OPTION)
    .action((o: WhatOptions & { study: string; to: string; json?: boolean }) => runCommand(o, async (session) => {
      const job = await session.wait((await session.call('dicom.export', { to: resolve(o.to), ...what(o) })).jobId)
      const r = job.result as { to: string; files: number; objects: Record<DicomObject, number> } | null
      session.output.answer(r, () => (r === null ? 'nothing was written' : `${counted(r.objects)} written to ${r.to}`))
      return r === null || job.state === 'cancelled' ? 1 : 0
    }))
}
