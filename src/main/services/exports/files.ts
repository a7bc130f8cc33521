import { Failure } from '#shared/contract/errors.ts'
import type { ExportMaskFormat } from '#shared/contract/study.ts'
import { cohortExists } from '#main/database/queries/cases.ts'
import { withdrawnPatients } from '#main/database/queries/exports.ts'
import type { OpenStudy, World } from '../context.ts'
import { collect } from './collect.ts'
import { dictionaryCsv, rSyntax, spssSyntax, tableCsv } from './dictionary.ts'
import { studyDocument } from './document.ts'
import { openExportFolder } from './folder.ts'
import { writeMasks } from './maskFormats.ts'
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
    'masks-nifti/ .nii.gz, masks-nrrd/ .seg.nrrd (3D Slicer), masks-coco.json   the same masks, where they were asked for; NIfTI and NRRD have their scale in mm where the whole picture has one',
    'study.json   cases, roles, exclusions, scales and key frames; sln import --study NEW --export FOLDER checks every hash and reads all of it back',
    'manifest.csv a row a picture, for other programs; sln import --study NEW --manifest manifest.csv reads it too',
    'tables/      the study as CSV; data_dictionary.csv says what each column is; read.sps (SPSS) and read.R (R) open the tables with their labels',
    'export.json, SHA256SUMS   what is here, with hashes (sha256sum -c SHA256SUMS)',
    '',
    `The outcome column is ${study.outcome.column} (${study.outcome.label}): 1 positive, 0 negative. A study for it is made by: sln create NEW --outcome ${study.outcome.column} --positive 1`,
    'The labels of cases and patients are those of the study. Whoever holds the key to them can tell who is who.',
    '',
  ].join('\n')
}

/** What of the study leaves. Pictures and masks are always written as PNG. */
export interface FilesChoice { readonly masks: readonly ExportMaskFormat[]; readonly cohorts: ReadonlySet<string>; readonly excluded: boolean; readonly tables: boolean }

/** Writes the study for others: pictures and masks as PNG, tables as CSV with a data dictionary and syntax files, a manifest that imports again, hashes of everything. */
export async function exportFiles(study: OpenStudy, world: World, actor: string, to: string, options: ExportProgress & Partial<FilesChoice> = {}): Promise<FilesReport> {
  const { masks = ['png'], tables: withTables = true } = options
  for (const name of options.cohorts ?? []) if (name !== '' && !cohortExists(study.db.read, name)) throw new Failure('not_found', `there is no cohort ${name}`)
  const { cases, pictures } = collect(study, { cohorts: options.cohorts ?? null, excluded: options.excluded ?? true })
  if (cases.length === 0) throw new Failure('refused', 'there is no case to export: the study has none, or the chosen cohorts have none')
  const withdrawn = withdrawnPatients(study.db.read)
  const tables = withTables ? studyTables(study, cases, pictures) : []
  const report = { cases: cases.length, images: pictures.length, masks: pictures.filter((p) => p.mask !== null).length, withdrawn }
  const notes = withdrawn > 0 ? [`${withdrawn} patients have withdrawn and are not in it`] : []
  const folder = await openExportFolder(to)
  try {
    await writePictures(study, pictures, folder.write, true, options)
    await folder.write('manifest.csv', manifestCsv(study, cases, pictures))
    await folder.write('study.json', `${JSON.stringify(studyDocument(study, cases, pictures, withdrawn), null, 1)}\n`)
    await writeMasks(study, pictures, masks, folder.write)
    for (const table of tables) await folder.write(`tables/${table.name}.csv`, tableCsv(table))
    if (tables.length > 0) {
      await folder.write('tables/data_dictionary.csv', dictionaryCsv(tables))
      await folder.write('tables/read.sps', spssSyntax(tables))
      await folder.write('tables/read.R', rSyntax(tables))
    }
    await folder.write('README.txt', readMe(study, report))
    const written = await folder.finish({ format: 'files', study: study.name, synthetic: study.synthetic, made_at: world.clock.now().toISOString(), made_with: `sln-workstation ${world.version}`, outcome: study.outcome, ...report, notes })
    study.db.write(actor, (tx) => tx.audit({ action: 'study.export', subject: 'event', id: study.id, new: `${report.cases} cases, ${report.images} images as files${withdrawn > 0 ? `, ${withdrawn} patients withdrawn` : ''}` }))
    return { ...written, ...report, tables: tables.length, notes }
  } catch (error) {
    await folder.drop()
    throw error
  }
}
