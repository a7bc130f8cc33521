import { resolve } from 'node:path'
import type { Command } from 'commander'
import { EXPORT_MASK_FORMATS, Failure, type ExportMaskFormat } from '#shared/contract/index.ts'
import { table } from './output.ts'
import { runCommand } from './run.ts'

interface ExportReport { to: string; cases: number; images: number; masks: number; files: number; bytes: number; withdrawn: number; notes: string[]; splits?: Record<string, { role: string; cases: number; patients: number }> }

/** `training`, `files`, or mask formats that are written besides PNG, by commas. */
function exportInput(text: string): { format: 'training' | 'files'; masks?: ExportMaskFormat[] } {
  if (text === 'training') return { format: 'training' }
  const masks = text.split(',').map((word) => (word.trim() === 'files' ? 'png' : EXPORT_MASK_FORMATS.find((f) => f === word.trim())))
  if (masks.some((m) => m === undefined)) throw new Failure('invalid_input', `--format takes training, files, or ${EXPORT_MASK_FORMATS.join(', ')} by commas`)
  return { format: 'files', masks: masks.filter((m) => m !== undefined) }
}

/** What leaves a study: exports for training and for others. */
export function exportCommands(program: Command): void {
  program.command('export').description('write the study for the training recipes, or as files for others, with hashes of everything').requiredOption('--study <dir>', 'the study folder').requiredOption('--to <dir>', 'a new folder').requiredOption('--format <name>', 'training: images, masks, splits by patient; files: images, masks, tables with a data dictionary; or files with masks as nifti, nrrd, coco as well, such as files,nifti,coco')
    .option('--cohort <name...>', 'only these cohorts (files)').option('--no-excluded', 'without excluded cases (files)').option('--no-tables', 'without tables (files)')
    .option('--json', 'print the answer as one line of JSON')
    .action((o: { study: string; to: string; format: string; cohort?: string[]; excluded: boolean; tables: boolean; json?: boolean }) => runCommand(o, async ({ call, wait, output }) => {
      const job = await wait((await call('study.export', { to: resolve(o.to), ...exportInput(o.format), excluded: o.excluded, tables: o.tables, ...(o.cohort === undefined ? {} : { cohorts: o.cohort }) })).jobId)
      if (job.state === 'cancelled') return 1
      const report = job.result as ExportReport
      output.answer(report, () => [`${report.cases} cases, ${report.images} images and ${report.masks} masks written to ${report.to} (${report.files} files, ${(report.bytes / 1048576).toFixed(1)} MB)`, ...report.notes.map((n) => `  ${n}`),
        ...(report.splits === undefined ? [] : ['', table(['cohort', 'role', 'cases', 'patients'], Object.entries(report.splits).map(([name, s]) => [name, s.role, s.cases, s.patients]))])].join('\n'))
      return 0
    }))
}
