import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Command } from 'commander'
import { Failure, type MergeReport, type PackageMade } from '#shared/contract/index.ts'
import { runCommand } from './run.ts'

const STUDY = ['--study <dir>', 'the study folder'] as const
const JSON_OPTION = ['--json', 'print the answer as one line of JSON'] as const
const PHRASE = ['--passphrase-file <file>', 'a file whose first line is the pass phrase; else SLN_PASSPHRASE of the environment'] as const
interface Common { study: string; json?: boolean; passphraseFile?: string }

/** Never an argument: those are seen by every user of a computer. */
function passphraseOf(o: { passphraseFile?: string }): string {
  if (o.passphraseFile === undefined) {
    const phrase = process.env['SLN_PASSPHRASE'] ?? ''
    if (phrase === '') throw new Failure('invalid_input', 'give the pass phrase by --passphrase-file or in SLN_PASSPHRASE')
    return phrase
  }
  try {
    return (readFileSync(o.passphraseFile, 'utf8').split('\n')[0] ?? '').trimEnd()
  } catch {
    throw new Failure('not_found', `there is no file ${o.passphraseFile}`)
  }
}

/** Work carried to another workstation and back; signed heads of the audit chains. */
export function packageCommands(program: Command): void {
  const packages = program.command('package').description('readers and annotators on other workstations')
  packages.command('create').description('write what one reader or annotator may see, encrypted').requiredOption(...STUDY).requiredOption('--for <login>', 'the reader or annotator').requiredOption('--to <file>', 'a new file').option(...PHRASE).option(...JSON_OPTION)
    .action((o: Common & { for: string; to: string }) => runCommand(o, async ({ call, wait, output }) => {
      const account = (await call('accounts.list', {})).accounts.find((a) => a.login === o.for)
      if (account === undefined) throw new Failure('not_found', `there is no account ${o.for}`)
      const job = await wait((await call('package.create', { accountId: account.id, to: resolve(o.to), passphrase: passphraseOf(o) })).jobId)
      const made = job.result as PackageMade
      output.answer(made, () => `${made.items} cases or tasks for ${account.name} written to ${made.to} (${(made.bytes / 1048576).toFixed(1)} MB)`)
    }))
  packages.command('open <file>').description('unpack a package into a new folder, to work on it there').requiredOption('--to <dir>', 'a new folder').option(...PHRASE).option(...JSON_OPTION)
    .action((file: string, o: { to: string; json?: boolean; passphraseFile?: string }) => runCommand({ json: o.json }, async ({ call, output }) => {
      const opened = await call('package.open', { from: resolve(file), directory: resolve(o.to), passphrase: passphraseOf(o) })
      output.answer(opened, () => `unpacked to ${opened.directory}; start the workstation with --study ${opened.directory}`)
    }))
  packages.command('return').description('write what was done in a package, encrypted, for the study that it came from').requiredOption(...STUDY).requiredOption('--to <file>', 'a new file').option(...PHRASE).option(...JSON_OPTION)
    .action((o: Common & { to: string }) => runCommand(o, async ({ call, output }) => {
      const sent = await call('package.return', { to: resolve(o.to), passphrase: passphraseOf(o) })
      output.answer(sent, () => `${sent.readings} answers and ${sent.drawings} drawings written to ${sent.to}`)
    }))
  packages.command('merge').description('take back what was done elsewhere: both audit chains are verified, nothing is lost, conflicts are kept and shown').requiredOption(...STUDY).requiredOption('--from <file>', 'the file that came back').option(...PHRASE).option(...JSON_OPTION)
    .action((o: Common & { from: string }) => runCommand(o, async ({ call, wait, output }) => {
      const job = await wait((await call('package.merge', { from: resolve(o.from), passphrase: passphraseOf(o) })).jobId)
      const report = job.result as MergeReport
      output.answer(report, () => [`${report.person}: ${report.taken} taken, ${report.known} known already, ${report.conflicts.length} conflicts; ${report.auditEntries} audit entries verified`, ...report.conflicts.map((c) => `  ${c}`)].join('\n'))
      return report.conflicts.length > 0 ? 1 : 0
    }))
  const audit = program.command('audit').description('the audit log')
  audit.command('key').description('make the key that signs audit heads; it lies with your user data, under the pass phrase').requiredOption(...STUDY).option(...PHRASE).option(...JSON_OPTION)
    .action((o: Common) => runCommand(o, async ({ call, output }) => {
      const key = await call('audit.createKey', { passphrase: passphraseOf(o) })
      output.answer(key, () => `signing key made, fingerprint ${key.fingerprint ?? ''}`)
    }))
  audit.command('sign').description('write the signed heads of the audit chains; keep the file outside of the study').requiredOption(...STUDY).requiredOption('--to <file>', 'a new file').option(...PHRASE).option(...JSON_OPTION)
    .action((o: Common & { to: string }) => runCommand(o, async ({ call, output }) => {
      const signed = await call('audit.signHead', { to: resolve(o.to), passphrase: passphraseOf(o) })
      output.answer(signed, () => `${signed.entries} entries signed by ${signed.fingerprint}, written to ${signed.to}`)
    }))
}
