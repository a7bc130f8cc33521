import { randomBytes } from 'node:crypto'
import { resolve } from 'node:path'
import { InvalidArgumentError, type Command } from 'commander'
import { Failure, MASK_FORMATS, PROVIDERS, type Evaluation, type ExportImportReport, type Inspection, type Job, type MaskFormat, type ReportResult } from '#shared/contract/index.ts'
import { analyzeCaseDirectory, backup, createAnyStudy, predictImage, providerReport, restore, verify } from '#main/app/commands.ts'
import { cineCommands } from './cineCommands.ts'
import { exportCommands } from './exportCommands.ts'
import { modelCommands } from './modelCommands.ts'
import { pacsCommands } from './pacsCommands.ts'
import { packageCommands } from './packageCommands.ts'
import { inspectionText, patientCommands } from './patientCommands.ts'
import { runCommand } from './run.ts'
import { table } from './output.ts'

const integer = (text: string): number => {
  const value = Number(text)
  if (!Number.isSafeInteger(value)) throw new InvalidArgumentError('it takes a whole number')
  return value
}
const share = (text: string): number => {
  const value = Number(text)
  if (!(value >= 0.05 && value <= 0.95)) throw new InvalidArgumentError('it takes a share from 0.05 to 0.95')
  return value
}
const STUDY = ['--study <dir>', 'the study folder'] as const
const JSON_OPTION = ['--json', 'print the answer as one line of JSON'] as const

interface Common { json?: boolean; study: string }

export function registerCommands(program: Command): void {
  studyCommands(program)
  workCommands(program)
  maskCommands(program)
  cineCommands(program)
  exportCommands(program)
  modelCommands(program)
  pacsCommands(program)
  packageCommands(program)
  patientCommands(program)
  otherCommands(program)
}

interface DicomLine { file: string; frames: number; rows: number; columns: number; calibration: { mm_per_px_x: number; mm_per_px_y: number }[]; warnings: string[] }
const dicomLine = (f: DicomLine): string => `  ${f.file}: ${f.frames} frame${f.frames === 1 ? '' : 's'} of ${f.columns} x ${f.rows}, ${f.calibration.length === 0 ? 'no scale' : f.calibration.map((c) => `${c.mm_per_px_x.toPrecision(4)} x ${c.mm_per_px_y.toPrecision(4)} mm a pixel`).join('; ')}`

function studyCommands(program: Command): void {
  program.command('create <dir>').description('make a new study, or the synthetic demo study').option('--demo', 'fill it with synthetic cases').option('--aided', 'the demo with a second reading, closed, with and without a simulated aid').option('--cases <n>', 'synthetic cases', integer, 180).option('--seed <s>', 'seed of the synthetic cases', integer, 1)
    .option('--name <text>', 'the name of the study').option('--outcome <column>', 'the manifest column to predict').option('--positive <value>', 'the value of it that counts as positive', '1').option('--signature <set>', 'the signature set to use (demo, malignancy, or one that you added)').option('--segmentation <set>', 'the segmentation set to use: the shipped one, or one that you added').option(...JSON_OPTION)
    .action((dir: string, o: { demo?: boolean; aided?: boolean; cases: number; seed: number; name?: string; outcome?: string; positive: string; signature?: string; segmentation?: string; json?: boolean }) => runCommand(o, async ({ app, output }) => {
      const firstPassword = randomBytes(9).toString('base64url')
      const made = await createAnyStudy(app, { ...o, directory: resolve(dir), firstPassword, progress: (d, t, n) => output.progress(d, t, n) })
      output.answer(made, () => `study made in ${made.directory}${made.account === null ? '' : `\nsign in as ${made.account.login} with the first password ${made.account.firstPassword} (it must be changed)`}`)
    }))
  program.command('import').description('import images by a CSV manifest, or a folder of DICOM files').requiredOption(...STUDY).option('--manifest <file>', 'the manifest').option('--dicom <folder>', 'a folder of DICOM files').option('--export <folder>', 'an export for others, read back after checking every hash').option('--cohort <name>', 'the cohort of DICOM cases')
    .option('--unreviewed <what>', 'DICOM pictures whose text is not known to be outside a region: keep (with a warning) or refuse', 'keep')
    .option('--dry-run', 'only say what would be kept, changed, removed and blacked').option('--keep-original', 'store the DICOM file itself too, with every identifier in it')
    .option(...JSON_OPTION)
    .action((o: Common & { manifest?: string; dicom?: string; export?: string; cohort?: string; unreviewed: string; dryRun?: boolean; keepOriginal?: boolean }) => runCommand(o, async ({ call, wait, output }) => {
      if ([o.manifest, o.dicom, o.export].filter((s) => s !== undefined).length !== 1) throw new Failure('invalid_input', 'import takes one of --manifest FILE, --dicom FOLDER and --export FOLDER')
      if (o.export !== undefined) {
        const back = (await wait((await call('exchange.importExport', { folder: resolve(o.export) })).jobId)).result as ExportImportReport
        output.answer(back, () => [`${back.cases} cases, ${back.images} images and ${back.masks} masks read back, ${back.refused.length} refused`, ...back.refused.map((r) => `  ${r.case_id}: ${r.reason}`)].join('\n'))
        return back.cases === 0 && back.refused.length > 0 ? 1 : 0
      }
      if (o.dryRun === true) {
        const seen = (await wait((await call('exchange.inspect', { source: o.dicom === undefined ? 'manifest' : 'dicom', path: resolve(o.dicom ?? o.manifest ?? '') })).jobId)).result as Inspection
        output.answer(seen, () => inspectionText(seen))
        return seen.files.length === 0 && seen.refused.length > 0 ? 1 : 0
      }
      if (o.dicom !== undefined) {
        if (o.unreviewed !== 'keep' && o.unreviewed !== 'refuse') throw new Failure('invalid_input', '--unreviewed takes keep or refuse')
        const made = (await wait((await call('study.importDicom', { folder: resolve(o.dicom), unreviewed: o.unreviewed, keepOriginal: o.keepOriginal === true, ...(o.cohort === undefined ? {} : { cohort: o.cohort }) })).jobId)).result as { imported: DicomLine[]; refused: { file: string; reason: string }[] }
        output.answer(made, () => [`${made.imported.length} imported, ${made.refused.length} refused`, ...made.imported.flatMap((f) => [dicomLine(f), ...f.warnings.map((w) => `    ${w}`)]), ...made.refused.map((r) => `  refused ${r.file}: ${r.reason}`)].join('\n'))
        return made.imported.length === 0 && made.refused.length > 0 ? 1 : 0
      }
      const manifest = resolve(o.manifest ?? '')
      const report = (await wait((await call('study.import', { manifest })).jobId)).result as { imported: number; refused: { row: number; case_id: string | null; reason: string }[] }
      output.answer(report, () => [`${report.imported} imported, ${report.refused.length} refused`, ...report.refused.map((r) => `  line ${r.row}${r.case_id === null ? '' : ` (${r.case_id})`}: ${r.reason}`)].join('\n'))
      return report.imported === 0 && report.refused.length > 0 ? 1 : 0
    }))
  program.command('split').description('assign cohorts by patient, stratified by outcome').requiredOption(...STUDY).requiredOption('--hospital <name>', 'the hospital to split; others become the external cohort').option('--train <share>', 'share of its patients for training', share, 0.7)
    .option('--seed <s>', 'seed', integer, 1).option(...JSON_OPTION)
    .action((o: Common & { hospital: string; train: number; seed: number }) => runCommand(o, async ({ call, output }) => {
      const answer = await call('study.split', { hospital: o.hospital, train: o.train, seed: o.seed })
      output.answer(answer, () => table(['cohort', 'role', 'cases', 'patients', 'positive', 'negative'], answer.cohorts.map((c) => [c.name, c.role, c.cases, c.patients, c.positive, c.negative])))
    }))
  program.command('verify').description('check the database, every stored file and the audit chain').requiredOption(...STUDY).option('--head <file...>', 'signed audit heads that were exported: a cut tail is found against them').option(...JSON_OPTION)
    .action((o: Common & { head?: string[] }) => runCommand({ json: o.json }, async ({ app, output }) => {
      const report = await verify(app, o.study, o.head ?? [], (d, t, n) => output.progress(d, t, n))
      output.answer(report, () => (report.sound ? `sound: ${report.auditEntries} audit entries, ${report.rows} rows, ${report.objects} files${report.heads > 0 ? `, ${report.heads} signed heads` : ''}` : [`NOT SOUND: ${report.faults.length} faults`, ...report.faults.map((f) => `  ${f}`)].join('\n')))
      return report.sound ? 0 : 1
    }))
  program.command('backup').description('copy a study, in use or not, to a new folder').requiredOption(...STUDY).requiredOption('--to <dir>', 'a new folder').option(...JSON_OPTION)
    .action((o: Common & { to: string }) => runCommand(o, async ({ app, actor, output }) => {
      const report = await backup(app, actor, o.to, (d, t, n) => output.progress(d, t, n))
      output.answer(report, () => `backed up to ${report.to}: ${report.objects} files, ${(report.bytes / 1048576).toFixed(1)} MB and the database`)
    }))
  program.command('restore').description('put a backup into a new folder, after verifying it').requiredOption('--from <dir>', 'the backup').requiredOption(...STUDY).option(...JSON_OPTION)
    .action((o: Common & { from: string }) => runCommand({ json: o.json }, async ({ output }) => {
      const report = await restore(o.from, o.study)
      output.answer(report, () => `restored to ${report.directory}`)
    }))
}

interface InferReport { images: number; segmented: number; alreadyDone: number; empty: number; signatures: number; failed: { case_id: string; reason: string }[]; provider: string | null; fallbacks: { reason: string; results: number }[] }

function workCommands(program: Command): void {
  program.command('infer').description('segment every image that the present models have not seen, and compute the signatures').requiredOption(...STUDY).option('--cohort <name>', 'only this cohort').option('--provider <name>', `auto, ${PROVIDERS.join(', ')}`, 'auto').option(...JSON_OPTION)
    .action((o: Common & { cohort?: string; provider: string }) => runCommand(o, async ({ call, wait, output }) => {
      const provider = ['auto', ...PROVIDERS].find((p) => p === o.provider)
      if (provider === undefined) throw new Failure('invalid_input', `--provider takes auto, ${PROVIDERS.join(', ')}`)
      const job: Job = await wait((await call('inference.start', { provider: provider as 'auto', ...(o.cohort === undefined ? {} : { cohort: o.cohort }) })).jobId)
      const report = job.result as InferReport
      output.answer(report, () => [`${report.segmented} segmented (${report.alreadyDone} were done), ${report.empty} without a lesion, ${report.signatures} signatures${report.provider === null ? '' : `, on ${report.provider}`}`,
        ...report.fallbacks.map((f) => `  ${f.results} not as chosen: ${f.reason}`),
        ...report.failed.map((f) => `  ${f.case_id}: ${f.reason}`)].join('\n'))
      return report.failed.length > 0 || job.state === 'cancelled' ? 1 : 0
    }))
  program.command('evaluate').description('masks against ground truth; signatures, model and readers against the outcome').requiredOption(...STUDY).option(...JSON_OPTION)
    .action((o: Common) => runCommand(o, async ({ call, output }) => {
      const e = await call('analysis.evaluation', {})
      output.answer(e, () => evaluationText(e))
    }))
  program.command('report').description('write the report: one HTML page, a PDF of the same, tables and figures as CSV and SVG').requiredOption(...STUDY).requiredOption('--to <dir>', 'a new folder').option(...JSON_OPTION)
    .action((o: Common & { to: string }) => runCommand(o, async ({ call, wait, output }) => {
      const job = await wait((await call('analysis.report', { to: resolve(o.to) })).jobId)
      const report = job.result as ReportResult | null
      output.answer(report, () => (report === null ? 'no report was written' : `report written to ${report.to}: ${report.tables} tables, ${report.figures} figures; ${report.openItems} checklist items are open`))
      return report === null ? 1 : 0
    }))
  program.command('predict <image>').description('masks, probabilities and risk of one image; no study is needed').option('--clinical <key=value...>', 'clinical factors, such as histologic_type="invasive ductal" her2=positive').option('--combined <file>', 'a frozen combined model (JSON)')
    .option('--signature <set>', 'the signature set (demo, malignancy)', 'demo').option('--segmentation <set>', 'the segmentation set; without it, the shipped one').option('--provider <name>', 'auto or an execution provider', 'auto').option(...JSON_OPTION)
    .action((image: string, o: { clinical?: string[]; combined?: string; signature: string; segmentation?: string; provider: string; json?: boolean }) => runCommand({ json: o.json }, async ({ app, output }) => {
      const p = await predictImage(app, { image: resolve(image), clinical: o.clinical ?? [], combined: o.combined, signatureSet: o.signature, segmentationSet: o.segmentation, provider: o.provider })
      output.answer(p, () => [table(['mask', 'area px'], p.masks.map((m) => [m.model, m.area_px])), '', table(['signature', 'probability'], p.signatures.map((s) => [s.name, s.probability])), '',
        p.risk === null ? `risk: none (${p.risk_missing ?? ''})` : `risk ${(p.risk.probability * 100).toFixed(1)} % (95 % CI ${(p.risk.ci95[0] * 100).toFixed(1)} to ${(p.risk.ci95[1] * 100).toFixed(1)} %)`].join('\n'))
    }))
}

const maskFormat = (text: string): MaskFormat => {
  const format = MASK_FORMATS.find((f) => f === text)
  if (format === undefined) throw new InvalidArgumentError(`it takes ${MASK_FORMATS.join(', ')}`)
  return format
}

function maskCommands(program: Command): void {
  const masks = program.command('masks').description('masks to and from files of other programs')
  masks.command('export').description('write masks as files, with an index.csv').requiredOption(...STUDY).requiredOption('--to <dir>', 'a new folder').requiredOption('--format <name>', MASK_FORMATS.join(', '), maskFormat)
    .option('--what <which>', 'reference: the one that counts as the truth; drawings: the newest of every annotator and round', 'reference').option('--cohort <name>', 'only this cohort').option('--images', 'write the pictures beside them').option(...JSON_OPTION)
    .action((o: Common & { to: string; format: MaskFormat; what: string; cohort?: string; images?: boolean }) => runCommand(o, async ({ call, wait, output }) => {
      if (o.what !== 'reference' && o.what !== 'drawings') throw new Failure('invalid_input', '--what takes reference or drawings')
      const job = await wait((await call('annotation.export', { to: resolve(o.to), format: o.format, what: o.what, cohort: o.cohort ?? null, images: o.images === true })).jobId)
      const report = job.result as { to: string; masks: number; images: number; files: number }
      output.answer(report, () => `${report.masks} masks${report.images > 0 ? ` and ${report.images} pictures` : ''} written to ${report.to}`)
      return job.state === 'cancelled' ? 1 : 0
    }))
  masks.command('import').description('read masks by the names of cases or images; each is a new version').requiredOption(...STUDY).requiredOption('--from <path>', 'a folder or a file').requiredOption('--format <name>', MASK_FORMATS.join(', '), maskFormat).option(...JSON_OPTION)
    .action((o: Common & { from: string; format: MaskFormat }) => runCommand(o, async ({ call, wait, output }) => {
      const job = await wait((await call('annotation.import', { from: resolve(o.from), format: o.format })).jobId)
      const report = job.result as { imported: number; unchanged: number; refused: { file: string; reason: string }[] }
      output.answer(report, () => [`${report.imported} imported, ${report.unchanged} there already, ${report.refused.length} refused`, ...report.refused.map((r) => `  ${r.file}: ${r.reason}`)].join('\n'))
      return report.refused.length > 0 || job.state === 'cancelled' ? 1 : 0
    }))
}

function otherCommands(program: Command): void {
  program.command('analyze <case_dir>').description('run the statistics that the task.json of a folder asks for on its data.csv; prints {"results": {...}}')
    .action((dir: string) => runCommand({ json: true }, async ({ output }) => output.answer(await analyzeCaseDirectory(resolve(dir)), () => '')))
  program.command('info').description('versions, and which execution providers can run here').option(...JSON_OPTION)
    .action((o: { json?: boolean }) => runCommand(o, async ({ app, output }) => {
      const info = await providerReport(app)
      output.answer(info, () => [`sln-workstation ${info.version}, Node ${info.node}, SQLite ${info.sqlite}, onnxruntime-node ${info.onnxruntime}, ${info.platform}`, `models: ${info.models}`, '',
        table(['provider', 'available', 'why'], info.providers.map((p) => [p.name, p.available ? 'yes' : 'no', p.reason]))].join('\n'))
    }))
}

function evaluationText(e: Evaluation): string {
  const ci = (v: readonly number[] | null): string => (v === null ? '-' : `${(v[0] ?? 0).toFixed(3)} to ${(v[1] ?? 0).toFixed(3)}`)
  return [
    table(['cohort', 'mask', 'n', 'Dice', 'mIoU', 'precision', 'recall'], e.segmentation.map((r) => [r.cohort, r.model, r.n, r.dice, r.miou, r.precision, r.recall])), '',
    table(['cohort', 'signature', 'n', 'AUC', '95 % CI', 'note'], e.signatures.map((r) => [r.cohort, r.signature, r.n, r.auc, ci(r.ci95), r.note])), '',
    table(['cohort', 'reader', 'seniority', 'n', 'AUC', '95 % CI', 'sensitivity', 'specificity'], e.readers.map((r) => [r.cohort, r.reader, r.seniority, r.n, r.auc, ci(r.ci95), r.sensitivity, r.specificity])), '',
    table(['cohort', 'a', 'b', 'n', 'difference', 'p', 'method'], e.delong.map((r) => [r.cohort, r.a, r.b, r.n, r.difference, r.p, r.note])),
  ].join('\n')
}
