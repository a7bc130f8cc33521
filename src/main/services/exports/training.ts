import { readFile } from 'node:fs/promises'
import { Failure } from '#shared/contract/errors.ts'
import { withdrawnPatients } from '#main/database/queries/exports.ts'
import type { OpenStudy, World } from '../context.ts'
import { checkLeakage } from './leakage.ts'
import { collect, maskPng, type ExportPicture } from './collect.ts'
import { openExportFolder } from './folder.ts'
import { manifestCsv } from './manifestTable.ts'

export interface ExportProgress { readonly signal?: AbortSignal; progress?(done: number, total: number, note: string): void }
export interface TrainingReport {
  readonly to: string; readonly cases: number; readonly images: number; readonly masks: number; readonly files: number; readonly bytes: number; readonly withdrawn: number
  readonly splits: Readonly<Record<string, { role: string; cases: number; patients: number }>>
  /** What stayed behind and why. */
  readonly notes: readonly string[]
}

interface Split { role: string; cases: string[]; patients: string[] }

/** The cohorts as splits: each patient in exactly one, which `checkLeakage` has made sure of. */
function splitsOf(pictures: readonly ExportPicture[]): Map<string, Split> {
  const splits = new Map<string, Split>()
  for (const { case: item } of pictures) {
    const split = splits.get(item.cohort ?? '') ?? { role: item.role ?? 'report', cases: [], patients: [] }
    if (!split.cases.includes(item.label)) split.cases.push(item.label)
    if (!split.patients.includes(item.patient)) split.patients.push(item.patient)
    splits.set(item.cohort ?? '', split)
  }
  return splits
}

export async function writePictures(study: OpenStudy, pictures: readonly ExportPicture[], write: (path: string, bytes: Uint8Array) => Promise<void>, allFrames: boolean, options: ExportProgress): Promise<void> {
  for (const [i, picture] of pictures.entries()) {
    if (options.signal?.aborted === true) throw new Failure('cancelled', 'cancelled; nothing was written')
    await write(`images/${picture.stem}.png`, await readFile(study.objects.path(picture.object)))
    if (picture.mask !== null) await write(`masks/${picture.stem}.png`, await maskPng(study, picture.mask))
    if (allFrames && picture.frames.length > 1) for (const [k, object] of picture.frames.entries()) await write(`cine/${picture.stem}/${String(k + 1).padStart(4, '0')}.png`, await readFile(study.objects.path(object)))
    options.progress?.(i + 1, pictures.length, '')
  }
}

/** Writes what the recipes in `models/training` read: images, masks, manifest.csv and splits.json. Included cases of a cohort only; nothing is written where a patient is in two. */
export async function exportTraining(study: OpenStudy, world: World, actor: string, to: string, options: ExportProgress = {}): Promise<TrainingReport> {
  const all = collect(study)
  const pictures = all.pictures.filter((p) => p.case.excluded_reason === null && p.case.cohort !== null)
  checkLeakage(pictures)
  if (pictures.length === 0) throw new Failure('refused', 'no included case with a picture is in a cohort: split the study first (sln split), or import with a cohort column')
  const splits = splitsOf(pictures)
  const labels = new Set(pictures.map((p) => p.case.label))
  const withdrawn = withdrawnPatients(study.db.read)
  const without = all.cases.filter((c) => c.excluded_reason === null && c.cohort === null).length, excluded = all.cases.filter((c) => c.excluded_reason !== null).length
  const bare = pictures.filter((p) => p.mask === null).length
  const notes = [
    ...(excluded > 0 ? [`${excluded} excluded cases stayed behind`] : []), ...(without > 0 ? [`${without} cases without a cohort stayed behind`] : []),
    ...(bare > 0 ? [`${bare} images have no reference mask; the recipes pass them over`] : []), ...(withdrawn > 0 ? [`${withdrawn} patients have withdrawn and are not in it`] : []),
  ]
  const folder = await openExportFolder(to)
  try {
    await writePictures(study, pictures, folder.write, false, options)
    await folder.write('manifest.csv', manifestCsv(study, all.cases.filter((c) => labels.has(c.label)), pictures))
    const counts = Object.fromEntries([...splits].map(([name, s]) => [name, { role: s.role, cases: s.cases.length, patients: s.patients.length }]))
    await folder.write('splits.json', `${JSON.stringify({ roles: Object.fromEntries([...splits].map(([name, s]) => [name, s.role])), splits: Object.fromEntries(splits), outcome: study.outcome }, null, 1)}\n`)
    const written = await folder.finish({ format: 'training', study: study.name, synthetic: study.synthetic, made_at: world.clock.now().toISOString(), made_with: `sln-workstation ${world.version}`, outcome: study.outcome, splits: counts, withdrawn, notes })
    study.db.write(actor, (tx) => tx.audit({ action: 'study.export', subject: 'event', id: study.id, new: `${labels.size} cases, ${pictures.length} images for training${withdrawn > 0 ? `, ${withdrawn} patients withdrawn` : ''}` }))
    return { ...written, cases: labels.size, images: pictures.length, masks: pictures.length - bare, withdrawn, splits: counts, notes }
  } catch (error) {
    await folder.drop()
    throw error
  }
}
