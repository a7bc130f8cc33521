import { resolve } from 'node:path'
import type { Command } from 'commander'
import { Failure } from '#shared/contract/index.ts'
import { table } from './output.ts'
import { runCommand } from './run.ts'

interface ExportReport { to: string; cases: number; images: number; masks: number; files: number; bytes: number; withdrawn: number; notes: string[]; splits?: Record<string, { role: string; cases: number; patients: number }> }

/** What leaves a study: exports for training and for others. */
export function exportCommands(program: Command): void {
  program.command('export').description('write the study for the training recipes, or as files for others, with hashes of everything').requiredOption('--study <dir>', 'the study folder').requiredOption('--to <dir>', 'a new folder').requiredOption('--format <name>', 'training: images, masks, splits by patient; files: images, masks, tables with a data dictionary')
    .option('--json', 'print the answer as one line of JSON')
    .action((o: { study: string; to: string; format: string; json?: boolean }) => runCommand(o, async ({ call, wait, output }) => {
      if (o.format !== 'training' && o.format !== 'files') throw new Failure('invalid_input', '--format takes training or files')
      const job = await wait((await call('study.export', { to: resolve(o.to), format: o.format })).jobId)
      if (job.state === 'cancelled') return 1
      const report = job.result as ExportReport
      output.answer(report, () => [`${report.cases} cases, ${report.images} images and ${report.masks} masks written to ${report.to} (${report.files} files, ${(report.bytes / 1048576).toFixed(1)} MB)`, ...report.notes.map((n) => `  ${n}`),
        ...(report.splits === undefined ? [] : ['', table(['cohort', 'role', 'cases', 'patients'], Object.entries(report.splits).map(([name, s]) => [name, s.role, s.cases, s.patients]))])].join('\n'))
      return 0
    }))
}
