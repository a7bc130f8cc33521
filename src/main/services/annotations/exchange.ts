import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { parse } from 'csv-parse/sync'
import { stringify } from 'csv-stringify/sync'
import { Failure, type MaskFormat } from '#shared/contract/index.ts'
import { calibrationOfFrame, encodeMask, maskArea, maskToBytes, type Calibration, type RleMask } from '#shared/geometry/index.ts'
import { annotationById, imagesForExchange, lastVersionOf, newestDrawings, newestWithoutTask, taskById, type DrawingRow, type ExportImage } from '#main/database/queries/annotations.ts'
import { imageById } from '#main/database/queries/cases.ts'
import { referenceAnnotation } from '#main/database/queries/inference.ts'
import { sha256 } from '#main/platform/index.ts'
import { secretOf } from '../cases/dicomDoor.ts'
import { fileNameCode, pictureStem } from '../cases/fileName.ts'
import type { OpenStudy, World } from '../context.ts'
import { chosenAnnotation } from '../dicom/chooseMasks.ts'
import { makeObjects } from '../dicom/makeObjects.ts'
import { pictureSource } from '../dicom/sources.ts'
import { makeFolder } from '../exports/makeFolder.ts'
import { loadMask } from '../masks.ts'
import { spacingFor } from './compareMasks.ts'
import { importSegmentation } from './importSegmentation.ts'
import { shownList } from './shown.ts'
import { EXTENSION, readMasks, writeCocoFile, writeOne, type NamedMask } from './maskFiles.ts'

export interface Progress { readonly signal?: AbortSignal; progress?(done: number, total: number, note: string): void }
interface Item { readonly image: ExportImage; readonly annotationId: string; readonly mask: string; readonly author: string; readonly round: number; readonly purpose: string; readonly version: number; readonly frame: number; readonly shown: string | null }

/** Case labels as file names: signs that a file system refuses become dashes. */
export const fileName = (label: string): string => label.replace(/[^\p{L}\p{N}._-]+/gu, '-').replace(/^[.-]+/, '') || 'case'
/** The picture's name: the case, with the picture's place where the case has several. */
const imageStem = (image: ExportImage): string => fileName(image.label) + (image.images > 1 ? `_${image.ordinal + 1}` : '')
/** A name of its own for every picture: labels that differ only in signs that files cannot have get a number. */
export function imageStems(images: readonly ExportImage[]): Map<string, string> {
  const taken = new Set<string>()
  return new Map(images.map((image) => {
    const base = imageStem(image)
    let stem = base
    for (let n = 2; taken.has(stem.toLowerCase()); n++) stem = `${base}~${n}`
    taken.add(stem.toLowerCase())
    return [image.image_id, stem]
  }))
}

function referenceItems(study: OpenStudy, images: readonly ExportImage[]): Item[] {
  return images.flatMap((image): Item[] => {
    const found = referenceAnnotation(study.db.read, image.image_id)
    const row = found === undefined ? undefined : annotationById(study.db.read, found.id)
    if (row === undefined) return []
    return [{ image, annotationId: row.id, mask: row.mask, author: row.author, round: row.task_id === null ? 1 : taskById(study.db.read, row.task_id)?.round ?? 1, purpose: row.purpose, version: row.version, frame: row.frame, shown: row.shown }]
  })
}

function drawingItems(study: OpenStudy, images: readonly ExportImage[], cohort: string | null): Item[] {
  const byId = new Map(images.map((i) => [i.image_id, i]))
  const rows: DrawingRow[] = [...newestDrawings(study.db.read, cohort), ...newestWithoutTask(study.db.read, 'consensus', cohort), ...newestWithoutTask(study.db.read, 'imported', cohort)]
  return rows.flatMap((row): Item[] => {
    const image = byId.get(row.image_id)
    return image === undefined ? [] : [{ image, annotationId: row.id, mask: row.mask, author: row.purpose === 'drawn' ? row.login : row.purpose, round: row.round, purpose: row.purpose, version: row.version, frame: row.frame, shown: row.shown }]
  })
}

export interface ExportRequest { readonly to: string; readonly format: MaskFormat; readonly what: 'reference' | 'drawings'; readonly cohort: string | null; readonly images: boolean }
export interface ExportReport { readonly to: string; readonly masks: number; readonly images: number; readonly files: number }

/** One stored mask as a DICOM Segmentation that names its picture. */
async function segmentationOf(study: OpenStudy, world: World, item: Item): Promise<Buffer> {
  const image = imageById(study.db.read, item.image.image_id), annotation = chosenAnnotation(study, item.annotationId)
  const made = image === undefined || annotation === null ? [] : await makeObjects(study, world, image, pictureSource(study, image), [annotation.chosen], ['seg'])
  if (made[0] === undefined) throw new Failure('refused', `the mask of case ${item.image.label} is empty; a DICOM Segmentation cannot hold it`)
  return made[0].bytes
}

/** Writes masks as files with an index.csv that says what each is; the index lets an import find its way back. Refuses a folder that holds something. */
export async function exportMasks(study: OpenStudy, world: World, actor: string, request: ExportRequest, options: Progress = {}): Promise<ExportReport> {
  const to = resolve(request.to)
  const there = await readdir(to).catch(() => [])
  if (there.length > 0) throw new Failure('refused', `${to} is not empty; choose a new folder for the masks`)
  const images = imagesForExchange(study.db.read, request.cohort)
  const items = request.what === 'reference' ? referenceItems(study, images) : drawingItems(study, images, request.cohort)
  if (items.length === 0) throw new Failure('not_found', 'there is no mask to export')
  await makeFolder(to)
  const index: string[][] = []
  const stems = imageStems(images)
  const coco: { name: string; item: Item; mask: RleMask }[] = []
  const pictures = new Set<string>()
  for (const [i, item] of items.entries()) {
    if (options.signal?.aborted === true) break
    const stem = stems.get(item.image.image_id) as string
    const mask = loadMask(study, item.mask)
    const spacing = spacingFor([mask], calibrationOfFrame(JSON.parse(item.image.calibration) as Calibration, item.frame))
    const name = (request.what === 'reference' ? stem : `${stem}.${fileName(item.author)}.r${item.round}`) + EXTENSION[request.format]
    if (request.format === 'coco') coco.push({ name: `${stem}.png`, item, mask })
    else if (request.format === 'dicom') await writeFile(join(to, name), await segmentationOf(study, world, item))
    else await writeFile(join(to, name), await writeOne(request.format, mask, { picture: `${stem}.png`, spacing: spacing.unit === 'mm' ? { x: spacing.column, y: spacing.row } : { x: 1, y: 1 } }))
    if (request.images && !pictures.has(stem)) await writeFile(join(to, `${stem}.image.png`), await readFile(study.objects.path(item.image.object)))
    pictures.add(stem)
    index.push([request.format === 'coco' ? 'annotations.json' : name, item.image.label, String(item.image.ordinal + 1), item.purpose, item.author, String(item.round), String(item.version), String(item.frame), item.annotationId, item.mask, spacing.unit === 'mm' ? String(spacing.column) : '', spacing.unit === 'mm' ? String(spacing.row) : '', shownList(item.shown).join(' ')])
    options.progress?.(i + 1, items.length, '')
  }
  if (request.format === 'coco') await writeFile(join(to, 'annotations.json'), writeCocoFile(coco.map((c) => ({ picture: c.name, category: request.what === 'reference' ? 'lesion' : `lesion ${c.item.author} round ${c.item.round}`, mask: c.mask }))))
  await writeFile(join(to, 'index.csv'), stringify([['file', 'case_id', 'image', 'kind', 'annotator', 'round', 'version', 'frame', 'annotation_id', 'mask_sha256', 'mm_per_px_x', 'mm_per_px_y', 'shown'], ...index]))
  study.db.write(actor, (tx) => tx.audit({ action: 'annotation.export', subject: 'event', id: study.id, new: `${index.length} masks as ${request.format}, ${request.what}` }))
  return { to, masks: index.length, images: request.images ? pictures.size : 0, files: (request.format === 'coco' ? 1 : index.length) + 1 + (request.images ? pictures.size : 0) }
}

export interface ImportReport { readonly imported: number; readonly unchanged: number; readonly refused: { file: string; reason: string }[] }
/** What the study may keep of a report: no name of a file. */
export const countMasks = ({ imported, unchanged, refused }: ImportReport): object => ({ imported, unchanged, refused: refused.length })

/** Finds the picture that a file is of: by index.csv beside it, else by the case's name, else by the name of the file that was imported. */
function finder(images: readonly ExportImage[], index: ReadonlyMap<string, Indexed>, secret: Uint8Array): (file: string, picture: string) => ExportImage | string {
  const byStem = new Map<string, ExportImage[]>()
  const note = (key: string, image: ExportImage): void => void byStem.set(key, [...(byStem.get(key) ?? []).filter((i) => i !== image), image])
  const stems = imageStems(images)
  for (const image of images) {
    note((stems.get(image.image_id) as string).toLowerCase(), image)
    note(imageStem(image).toLowerCase(), image)
    note(fileName(image.label).toLowerCase(), image)
    note(pictureStem(image.source_name).toLowerCase(), image)
  }
  return (file, picture) => {
    const told = index.get(file)
    if (told !== undefined) return images.find((i) => i.label === told.label && i.ordinal === told.ordinal) ?? `the index says case ${told.label}, image ${told.ordinal + 1}, which this study does not have`
    const found = byStem.get(pictureStem(picture).toLowerCase()) ?? byStem.get(pictureStem(picture).toLowerCase().replace(/\.[^.]+\.r\d+$/, '')) ?? byStem.get(fileNameCode(secret, picture))
    if (found === undefined) return `no case or image of this study is called ${pictureStem(picture)}`
    return found.length === 1 ? (found[0] as ExportImage) : `${pictureStem(picture)} fits ${found.length} images; name the file after the case and the image (${imageStem(found[0] as ExportImage)})`
  }
}

/** What index.csv says of a file: its case, image and frame. */
interface Indexed { readonly label: string; readonly ordinal: number; readonly frame: number }

async function readIndex(folder: string): Promise<Map<string, Indexed>> {
  const text = await readFile(join(folder, 'index.csv'), 'utf8').catch(() => '')
  if (text === '') return new Map()
  const rows = parse(text, { columns: true, bom: true, skip_empty_lines: true, relax_column_count: true }) as Record<string, string>[]
  return new Map(rows.filter((r) => (r['file'] ?? '') !== '' && r['file'] !== 'annotations.json').map((r) => [r['file'] as string, { label: r['case_id'] ?? '', ordinal: Number(r['image'] ?? 1) - 1, frame: Math.max(0, Math.trunc(Number(r['frame'] ?? 0)) || 0) }]))
}

function store(study: OpenStudy, world: World, actor: string, image: ExportImage, named: NamedMask, format: MaskFormat): 'imported' | 'unchanged' {
  const mask = encodeMask(named.mask.data, named.mask)
  const bytes = maskToBytes(mask)
  const hash = sha256(bytes)
  const last = lastVersionOf(study.db.read, image.image_id, 'imported')
  if (last?.mask === hash && last.frame === named.frame) return 'unchanged'
  study.objects.put(bytes)
  const id = world.ids.next()
  study.db.write(actor, (tx) => {
    tx.insert('annotation', {
      id, case_id: image.case_id, image_id: image.image_id, frame: named.frame, task_id: null, account_id: null, purpose: 'imported', version: (last?.version ?? 0) + 1, document: null, mask: hash, area_px: maskArea(mask), active_seconds: 0, tools: '{}',
      app_version: world.version, derived_from: null, created_at: tx.at, origin: tx.origin,
    })
    tx.audit({ action: 'annotation.import', subject: 'annotation', id, old: last?.id ?? null, new: hash, reason: `from a file (${format})` })
  })
  return 'imported'
}

/** Reads every mask below a folder (or one file); each is stored as a new imported version of its image, or refused with the reason. What is there already is left. */
export async function importMasks(study: OpenStudy, world: World, actor: string, request: { from: string; format: MaskFormat }, options: Progress = {}): Promise<ImportReport> {
  const from = resolve(request.from)
  const kind = await stat(from).catch(() => {
    throw new Failure('not_found', `there is no file or folder ${from}`)
  })
  const folder = kind.isDirectory() ? from : dirname(from)
  const wanted = { png: /\.png$/i, nifti: /\.nii(\.gz)?$/i, nrrd: /\.nrrd$/i, coco: /\.json$/i, labelme: /\.json$/i, dicom: /\.dcm$/i }[request.format]
  const files = kind.isDirectory() ? (await readdir(from)).filter((f) => wanted.test(f) && !/\.image\.png$/i.test(f)).sort() : [basename(from)]
  if (files.length === 0) throw new Failure('not_found', `there is no ${request.format} mask in ${from}`)
  const images = imagesForExchange(study.db.read, null)
  const index = await readIndex(folder)
  const find = finder(images, index, secretOf(study))
  const refused: { file: string; reason: string }[] = []
  let imported = 0, unchanged = 0
  for (const [i, file] of files.entries()) {
    if (options.signal?.aborted === true) break
    const bytes = await readFile(join(folder, file))
    if (request.format === 'dicom') {
      // A segmentation names its pictures by their UIDs, whatever its file is called.
      const read = importSegmentation(study, world, actor, bytes, 'from a file (dicom)')
      if (read.ok) [imported, unchanged] = [imported + read.value.imported, unchanged + read.value.unchanged]
      else refused.push({ file, reason: read.error.message })
      options.progress?.(i + 1, files.length, refused.length === 0 ? '' : `${refused.length} refused`)
      continue
    }
    const masks = await readMasks(request.format, bytes, file)
    if (!masks.ok) refused.push({ file, reason: masks.error.message })
    else for (const named of masks.value) {
      const where = masks.value.length === 1 && request.format !== 'coco' ? file : `${file}: ${named.picture}`
      const image = find(file, named.picture)
      // A file of one mask says nothing of its frame; the index does.
      const frame = named.frames === 1 ? index.get(file)?.frame ?? named.frame : named.frame
      if (typeof image === 'string') refused.push({ file: where, reason: image })
      else if (named.mask.width !== image.width || named.mask.height !== image.height) refused.push({ file: where, reason: `the mask is ${named.mask.width} x ${named.mask.height}, its image ${image.width} x ${image.height}` })
      else if (frame >= image.frames) refused.push({ file: where, reason: `the mask is of frame ${frame + 1}, its image has ${image.frames}` })
      else if (store(study, world, actor, image, { ...named, frame }, request.format) === 'imported') imported++
      else unchanged++
    }
    options.progress?.(i + 1, files.length, refused.length === 0 ? '' : `${refused.length} refused`)
  }
  study.db.write(actor, (tx) => tx.audit({ action: 'annotation.importAll', subject: 'event', id: study.id, new: `${imported} imported, ${unchanged} there already, ${refused.length} refused, ${request.format}` }))
  return { imported, unchanged, refused }
}
