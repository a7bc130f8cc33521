import { resolve } from 'node:path'
import { InvalidArgumentError, type Command } from 'commander'
import { Failure } from '#shared/contract/index.ts'
import { addOwnModel, changeInferenceSettings, listModels, removeOwnModel, verifyOwnModels } from '#main/app/modelCommands.ts'
import { table } from './output.ts'
import { runCommand } from './run.ts'

const whole = (text: string): number => {
  const value = Number(text)
  if (!Number.isSafeInteger(value)) throw new InvalidArgumentError('it takes a whole number')
  return value
}
const figure = (value: number | null): string => (value === null ? '' : value.toExponential(1))

export function modelCommands(program: Command): void {
  const models = program.command('models').description('the networks: those that ship, and your own')
  models.command('list').description('every model with its role, set and hash').option('--json', 'print the answer as one line of JSON')
    .action((o: { json?: boolean }) => runCommand({ json: o.json }, async ({ app, output }) => {
      const found = listModels(app)
      output.answer({ models: found }, () => table(['model', 'role', 'set', 'version', 'MB', 'sha256', 'from'], found.map((m) => [m.id + (m.isSignature ? ' (signature)' : ''), m.role, m.set, m.version, (m.bytes / 1e6).toFixed(1), m.sha256.slice(0, 12), m.shipped ? 'shipped' : 'added'])))
    }))
  models.command('add <file>').description('check your own ONNX graph, or a fusion of xgboost (JSON), and register it').requiredOption('--role <role>', 'segmentation, fusion or classification').requiredOption('--card <file>', 'card.json: name, set, version, trained_on, not_for, licence; optional threshold, is_signature, figures').option('--json', 'print the answer as one line of JSON')
    .action((file: string, o: { role: string; card: string; json?: boolean }) => runCommand({ json: o.json }, async ({ app, output }) => {
      const added = await addOwnModel(app, { file: resolve(file), role: o.role, card: resolve(o.card) })
      output.answer(added, () => `${added.id} is registered (sha256 ${added.sha256})\n  ${added.note}`)
    }))
  models.command('remove <id>').description('forget a graph that you added; what it computed stays, with its SHA-256').option('--json', 'print the answer as one line of JSON')
    .action((id: string, o: { json?: boolean }) => runCommand({ json: o.json }, ({ app, output }) => {
      removeOwnModel(app, id)
      output.answer({ removed: id }, () => `${id} is removed`)
      return Promise.resolve()
    }))
  models.command('settings').description('how this computer runs networks: the GPU, how much of its memory, how many pictures at once; without options it says what is set')
    .option('--device <n>', 'the GPU by its number (CUDA, DirectML)', whole).option('--memory-limit <mb>', 'MB of GPU memory on CUDA, or none').option('--batch <n>', 'pictures of one size that go through a GPU together', whole).option('--json', 'print the answer as one line of JSON')
    .action((o: { device?: number; memoryLimit?: string; batch?: number; json?: boolean }) => runCommand({ json: o.json }, async ({ app, output }) => {
      const settings = changeInferenceSettings(app, { ...(o.device === undefined ? {} : { deviceId: o.device }), ...(o.memoryLimit === undefined ? {} : { memoryLimitMb: o.memoryLimit === 'none' ? null : whole(o.memoryLimit) }), ...(o.batch === undefined ? {} : { batchSize: o.batch }) })
      output.answer(settings, () => `device ${settings.deviceId}; ${settings.memoryLimitMb === null ? 'no memory limit' : `at most ${settings.memoryLimitMb} MB`}; ${settings.batchSize} pictures at once`)
    }))
  models.command('use').description('choose the sets that a study uses; what other sets made is kept, and stands again when they are chosen again').requiredOption('--study <dir>', 'the study folder').option('--segmentation <set>', 'the set that makes the masks').option('--signature <set>', 'the set that gives the signatures').requiredOption('--reason <text>', 'why, for the audit log').option('--json', 'print the answer as one line of JSON')
    .action((o: { study: string; segmentation?: string; signature?: string; reason: string; json?: boolean }) => runCommand(o, async ({ call, output }) => {
      if (o.segmentation === undefined && o.signature === undefined) throw new Failure('invalid_input', 'models use takes --segmentation SET, --signature SET or both')
      const used = await call('study.setModels', { segmentation: o.segmentation, signature: o.signature, reason: o.reason })
      output.answer(used, () => `the study uses the segmentation set ${used.segmentation} and the signature set ${used.signature}\n  sln infer makes what these have not made yet`)
    }))
  models.command('verify').description('run every model on its recorded input, on every provider of this machine').option('--json', 'print the answer as one line of JSON')
    .action((o: { json?: boolean }) => runCommand({ json: o.json }, async ({ app, output }) => {
      const report = await verifyOwnModels(app, (d, t, n) => output.progress(d, t, n))
      output.end()
      output.answer(report, () => [table(['model', 'provider', 'result', 'probability', 'Grad-CAM', 'preparation', 'Dice', 'note'], report.checks.map((c) => [c.model, c.provider ?? '-', c.state, figure(c.probability), figure(c.cam), figure(c.preparation), c.dice === null ? '' : c.dice.toFixed(4), c.note])), '',
        report.sound ? `all agree within ${report.tolerance}; kept in ${report.storedIn}` : `NOT ALL AGREE within ${report.tolerance}; kept in ${report.storedIn}`].join('\n'))
      return report.sound ? 0 : 1
    }))
}
