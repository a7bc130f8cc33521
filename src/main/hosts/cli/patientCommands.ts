import { InvalidArgumentError, type Command } from 'commander'
import { Failure, type CallOutput, type Inspection } from '#shared/contract/index.ts'
import { table } from './output.ts'
import { runCommand, type Session } from './run.ts'

const STUDY = ['--study <dir>', 'the study folder'] as const
const JSON_OPTION = ['--json', 'print the answer as one line of JSON'] as const
interface Common { study: string; json?: boolean }
interface Place { x: number; y: number }
interface Box { x0: number; y0: number; x1: number; y1: number }

const box = (text: string, before: Box[] = []): Box[] => {
  const [x0, y0, x1, y1, ...more] = text.split(',').map(Number)
  if (x0 === undefined || y0 === undefined || x1 === undefined || y1 === undefined || more.length > 0 || ![x0, y0, x1, y1].every((v) => Number.isSafeInteger(v) && v >= 0) || x1 < x0 || y1 < y0) throw new InvalidArgumentError('it takes x0,y0,x1,y1: the first and last column and row that are blacked')
  return [...before, { x0, y0, x1, y1 }]
}
const place = (text: string): Place => {
  const [x, y, ...more] = text.split(',').map(Number)
  if (x === undefined || y === undefined || more.length > 0 || !Number.isFinite(x) || !Number.isFinite(y)) throw new InvalidArgumentError('it takes x,y in pixels')
  return { x, y }
}

/** The picture of a case that `--image` (from 1) names. */
async function pictureOf(call: Session['call'], label: string, image: string): Promise<CallOutput<'cases.get'>['pictures'][number]> {
  const row = (await call('cases.list', {})).cases.find((c) => c.label === label)
  if (row === undefined) throw new Failure('not_found', `there is no case ${label}`)
  const picture = (await call('cases.get', { caseId: row.id })).pictures.find((p) => p.ordinal === Number(image) - 1)
  if (picture === undefined) throw new Failure('not_found', `case ${label} has no image ${image}`)
  return picture
}

/** Withdrawal, redaction, scanner templates and manual calibration. */
export function patientCommands(program: Command): void {
  program.command('withdraw').description('withdraw a patient: pixels and identifiers are deleted for good, a tombstone without a name stays, and the patient is refused when imported again').requiredOption(...STUDY).requiredOption('--patient <label>', 'the patient as the study names them').option('--reason <text>', 'why; it stays in the log, so without a name')
    .option('--yes', 'do it; without this only what would go is said')
    .option('--readmit', 'let a patient who withdrew be imported again, where consent was given anew; nothing that was deleted comes back').option(...JSON_OPTION)
    .action((o: Common & { patient: string; reason?: string; yes?: boolean; readmit?: boolean }) => runCommand(o, async ({ call, output }) => {
      if (o.readmit === true) {
        if (o.yes === true) throw new Failure('invalid_input', '--readmit and --yes do not go together: one lets a patient in again, the other withdraws one')
        if (o.reason === undefined) throw new Failure('invalid_input', '--readmit needs --reason; it stays in the log')
        const done = await call('exchange.readmit', { patient: o.patient, reason: o.reason })
        output.answer(done, () => `${o.patient} can be imported again`)
        return 0
      }
      const copies = (list: readonly string[]): string[] => (list.length === 0 ? [] : ['copies that this study knows of; delete them yourself:', ...list.map((p) => `  ${p}`)])
      const doubtful = (list: readonly string[]): string[] => (list.length === 0 ? [] : [`too short to be told from other words or values, so look for it yourself in comments and documents: ${list.join(', ')}`])
      if (o.yes !== true) {
        const plan = await call('exchange.withdrawPlan', { patient: o.patient })
        output.answer({ ...plan, done: false }, () => [`would delete, by number: cases ${plan.cases.length}, images ${plan.images}, masks and drawings ${plan.drawings}, automatic segmentations ${plan.segmentations}, readings ${plan.readings}, drafts ${plan.drafts}, files ${plan.files}`, ...doubtful(plan.doubtful), ...copies(plan.copies), 'nothing was changed; add --yes --reason TEXT to do it'].join('\n'))
        return 0
      }
      if (o.reason === undefined) throw new Failure('invalid_input', 'a withdrawal needs --reason')
      const report = await call('exchange.withdraw', { patient: o.patient, confirm: o.patient, reason: o.reason })
      output.answer({ ...report, done: true }, () => [`withdrawn; what stays is called ${report.tombstone}. ${report.removedFiles} files deleted, ${report.redactedEntries} log entries without their texts, ${report.redactedTexts} other texts without the name`, ...doubtful(report.doubtful), ...copies(report.copies)].join('\n'))
      return 0
    }))
  program.command('redact').description('black rectangles of a stored picture, in every frame; the old pixels are deleted').requiredOption(...STUDY).requiredOption('--case <label>', 'the case').option('--image <n>', 'the image of the case, from 1', '1').requiredOption('--box <x0,y0,x1,y1>', 'a rectangle; may be given several times', box).requiredOption('--reason <text>', 'why').option(...JSON_OPTION)
    .action((o: Common & { case: string; image: string; box: Box[]; reason: string }) => runCommand(o, async ({ call, output }) => {
      const picture = await pictureOf(call, o.case, o.image)
      const report = await call('exchange.redact', { imageId: picture.id, boxes: o.box, reason: o.reason })
      output.answer(report, () => [`${report.pixels} pixels blacked in ${report.frames} ${report.frames === 1 ? 'picture' : 'frames'}, ${report.removedFiles} old files deleted`, ...(report.copies.length === 0 ? [] : ['these copies still hold the old pixels; delete them yourself:', ...report.copies.map((p) => `  ${p}`)])].join('\n'))
    }))
  program.command('calibrate').description('calibrate a picture by a line on a known scale').requiredOption(...STUDY).requiredOption('--case <label>', 'the case').option('--image <n>', 'the image of the case, from 1', '1').requiredOption('--from <x,y>', 'one end of the line, in pixels', place).requiredOption('--to <x,y>', 'the other end', place)
    .requiredOption('--mm <length>', 'its length in millimetres', Number).requiredOption('--reason <text>', 'what the line lies on')
    .option('--second-from <x,y>', 'where pixels are not square: one end of a second line of another direction', place).option('--second-to <x,y>', 'its other end', place).option('--second-mm <length>', 'its length in millimetres', Number).option(...JSON_OPTION)
    .action((o: Common & { case: string; image: string; from: Place; to: Place; mm: number; secondFrom?: Place; secondTo?: Place; secondMm?: number; reason: string }) => runCommand(o, async ({ call, output }) => {
      const given = [o.secondFrom, o.secondTo, o.secondMm].filter((v) => v !== undefined).length
      if (given !== 0 && given !== 3) throw new Failure('invalid_input', '--second-from, --second-to and --second-mm go together')
      if (!(o.mm > 0) || (o.secondMm !== undefined && !(o.secondMm > 0))) throw new Failure('invalid_input', 'a length is a number of millimetres above 0')
      const picture = await pictureOf(call, o.case, o.image)
      const { calibration } = await call('exchange.calibrate', { imageId: picture.id, from: o.from, to: o.to, mm: o.mm, reason: o.reason, ...(o.secondFrom === undefined || o.secondTo === undefined || o.secondMm === undefined ? {} : { second: { from: o.secondFrom, to: o.secondTo, mm: o.secondMm } }) })
      output.answer({ calibration }, () => (calibration.kind === 'none' ? calibration.reason : `${[...new Set([calibration.regions[0]?.mmPerPixelX, calibration.regions[0]?.mmPerPixelY].map((v) => v?.toPrecision(4) ?? ''))].join(' x ')} mm a pixel`))
    }))
  const templates = program.command('templates').description('where scanners write text: rectangles that imports black')
  templates.command('list').description('the templates, and which are applied').requiredOption(...STUDY).option(...JSON_OPTION)
    .action((o: Common) => runCommand(o, async ({ call, output }) => {
      const answer = await call('exchange.templates', {})
      output.answer(answer, () => table(['id', 'maker', 'model', 'size', 'rectangles', 'author', 'reviewer', 'applied'], answer.templates.map((t) => [t.id, t.manufacturer, t.model, `${t.columns} x ${t.rows}`, t.boxes.length, t.author, t.reviewer ?? '-', t.inForce ? 'yes' : 'no'])))
    }))
  templates.command('add').description('store a template; it is applied once it was reviewed').requiredOption(...STUDY).option('--manufacturer <name>', 'as the files name it; empty for image files', '').option('--model <name>', 'as the files name it', '').requiredOption('--size <columns,rows>', 'size of the pictures', place).requiredOption('--box <x0,y0,x1,y1>', 'a rectangle; may be given several times', box).option(...JSON_OPTION)
    .action((o: Common & { manufacturer: string; model: string; size: { x: number; y: number }; box: Box[] }) => runCommand(o, async ({ call, output }) => {
      const made = await call('exchange.saveTemplate', { manufacturer: o.manufacturer, model: o.model, columns: o.size.x, rows: o.size.y, boxes: o.box })
      output.answer(made, () => `stored as ${made.id}; look at it and run: sln templates review --study ... --id ${made.id}`)
    }))
  templates.command('review').description('say that a template was looked at; imports apply it from then on').requiredOption(...STUDY).requiredOption('--id <id>', 'the template').option(...JSON_OPTION)
    .action((o: Common & { id: string }) => runCommand(o, async ({ call, output }) => {
      const answer = await call('exchange.reviewTemplate', { id: o.id })
      output.answer(answer, () => 'applied to imports from now on')
    }))
}

/** What an import would take, in words: for `sln import --dry-run`. */
export const inspectionText = (i: Inspection): string => [
  `${i.files.length} would be imported, ${i.refused.length} refused; nothing was stored`,
  ...i.files.flatMap((f) => [`  ${f.file}: ${f.frames} ${f.frames === 1 ? 'frame' : 'frames'} of ${f.columns} x ${f.rows}, case ${f.case} of patient ${f.patient}`, `    scale: ${f.scale}`, `    text in the picture: ${f.redaction}`,
    ...(['kept', 'replaced', 'shifted', 'emptied', 'removed'] as const).flatMap((fate) => {
      const list = f.attributes.filter((a) => a.fate === fate)
      return list.length === 0 ? [] : [`    ${fate} (${list.length}): ${list.map((a) => (a.name === '' ? a.tag : a.name)).join(', ')}`]
    })]),
  ...i.refused.map((r) => `  refused ${r.file}: ${r.reason}`),
].join('\n')
