import { Failure } from '#shared/contract/errors.ts'
import { withdrawnPatients } from '#main/database/queries/exports.ts'
import type { OpenStudy, World } from '../context.ts'
import { collect } from './collect.ts'
import { dictionaryCsv, rSyntax, spssSyntax, tableCsv } from './dictionary.ts'
import { openExportFolder } from './folder.ts'
import { manifestCsv } from './manifestTable.ts'
import { studyTables } from './tables.ts'
import { writePictures, type ExportProgress } from './training.ts'

export interface FilesReport { readonly to: string; readonly cases: number; readonly images: number; readonly masks: number; readonly tables: number; readonly files: number; readonly bytes: number; readonly withdrawn: number; readonly notes: readonly string[] }

function readMe(study: OpenStudy, report: { cases: number; images: number; masks: number; withdrawn: number }): string {
  return [
    `${study.name}: ${report.cases} cases, ${report.images} images, ${report.masks} reference masks.`,
    ...(study.synthetic ? ['The images and outcomes are synthetic; they are of no person.'] : []),
    ...(report.withdrawn > 0 ? [`${report.withdrawn} patients have withdrawn; nothing of theirs is here.`] : []),
    '',
    'images/      pictures as PNG, nothing but pixels in them; masks/ 0 and 255, the size of the picture; cine/ every frame of a cine',
    'manifest.csv a row a picture; sln import --study NEW --manifest manifest.csv reads it back',
    'tables/      the study as CSV; data_dictionary.csv says what each column is; read.sps (SPSS) and read.R (R) open the tables with their labels',
    'export.json, SHA256SUMS   what is here, with hashes (sha256sum -c SHA256SUMS)',
    '',
    `The outcome column is ${study.outcome.column} (${study.outcome.label}): 1 positive, 0 negative. A study for it is made by: sln create NEW --outcome ${study.outcome.column} --positive 1`,
    'The labels of cases and patients are those of the study. Whoever holds the key to them can tell who is who.',
    '',
  ].join('\n')
}

/** Writes the study for others: pictures and masks as PNG, tables as CSV with a data dictionary and syntax files, a manifest that imports again, hashes of everything. */
export async function exportFiles(study: OpenStudy, world: World, actor: string, to: string, options: ExportProgress = {}): Promise<FilesReport> {
  const { cases, pictures } = collect(study)
  if (cases.length === 0) throw new Failure('refused', 'the study has no case to export')
  const withdrawn = withdrawnPatients(study.db.read)
  const tables = studyTables(study, pictures)
  const report = { cases: cases.length, images: pictures.length, masks: pictures.filter((p) => p.mask !== null).length, withdrawn }
  const notes = withdrawn > 0 ? [`${withdrawn} patients have withdrawn and are not in it`] : []
  const folder = await openExportFolder(to)
  try {
    await writePictures(study, pictures, folder.write, true, options)
    await folder.write('manifest.csv', manifestCsv(study, cases, pictures))
    for (const table of tables) await folder.write(`tables/${table.name}.csv`, tableCsv(table))
    await folder.write('tables/data_dictionary.csv', dictionaryCsv(tables))
    await folder.write('tables/read.sps', spssSyntax(tables))
    await folder.write('tables/read.R', rSyntax(tables))
    await folder.write('README.txt', readMe(study, report))
    const written = await folder.finish({ format: 'files', study: study.name, synthetic: study.synthetic, made_at: world.clock.now().toISOString(), made_with: `sln-workstation ${world.version}`, outcome: study.outcome, ...report, notes })
    study.db.write(actor, (tx) => tx.audit({ action: 'study.export', subject: 'event', id: study.id, new: `${report.cases} cases, ${report.images} images as files${withdrawn > 0 ? `, ${withdrawn} patients withdrawn` : ''}` }))
    return { ...written, ...report, tables: tables.length, notes }
  } catch (error) {
    await folder.drop()
    throw error
  }
}
