import { readFile } from 'node:fs/promises'
import { Failure, type DicomObject } from '#shared/contract/index.ts'
import { decodeMask, maskArea, type Calibration } from '#shared/geometry/index.ts'
import { unwrap } from '#shared/lib/index.ts'
import {
  CONCEPT, UNIT, writeDeidentified, writeMeasurementReport, writeSecondaryCapture, writeSegmentation, type Authoring, type MeasuredLesion, type Measurement, type SourceImage, type WrittenObject,
} from '#main/formats/dicom/index.ts'
import { decodeImage, type Pixels } from '#main/formats/images/index.ts'
import { canonicalJson, sha256 } from '#main/platform/index.ts'
import type { ImageRecord } from '#main/database/queries/cases.ts'
import { frameObjects } from '#main/database/queries/annotations.ts'
import { lesionSize } from '../annotations/compareMasks.ts'
import type { OpenStudy, World } from '../context.ts'
import { loadMask } from '../masks.ts'
import { CORRECTED, FUSED, outlined } from '../review/outlinedAsset.ts'
import type { ChosenMask } from './chooseMasks.ts'
import { pseudonymsOf, type PictureSource } from './sources.ts'

export interface MadeObject extends WrittenObject { readonly kind: DicomObject; /** From 0; null where the object is about several. */ readonly frame: number | null }

const SERIES: Readonly<Record<DicomObject, { number: number; description: string }>> = {
  image: { number: 1, description: 'De-identified picture' }, seg: { number: 9001, description: 'Lesion segmentation' }, sr: { number: 9002, description: 'Lesion measurements' }, sc: { number: 9003, description: 'Lesion outline' },
}
const MAX_PICTURE_BYTES = 1 << 30

/**
 * Identity of an object: made from what it says, so that the same masks give the same object (a second store changes nothing) and other ones another.
 * Its date is that of the newest mask in it, for the same reason.
 */
function authoring(study: OpenStudy, world: World, kind: DicomObject, source: SourceImage, chosen: readonly ChosenMask[], content: unknown): Authoring {
  const pseudonyms = pseudonymsOf(study)
  const seed = sha256(canonicalJson({ kind, source: source.sopInstanceUid, version: world.version, content }))
  let n = 0
  const newest = chosen.map((c) => c.madeAt).sort().at(-1)
  return {
    now: newest === undefined ? world.clock.now() : new Date(newest), uid: () => pseudonyms.uid(`${seed} ${n++}`), softwareVersion: world.version, creator: [...new Set(chosen.map((c) => c.creator))].filter((name) => name !== '').slice(0, 1).join(''),
    seriesNumber: SERIES[kind].number, seriesDescription: SERIES[kind].description,
  }
}

const identity = (chosen: readonly ChosenMask[]): unknown => chosen.map((c) => [c.frame, c.mask, c.creator, c.madeAt, c.algorithm])

function segmentation(study: OpenStudy, world: World, source: SourceImage, chosen: readonly ChosenMask[]): MadeObject {
  // A segment is one lesion as one kind of author drew it: the standard names a segment's algorithm once.
  const kinds = [...new Map(chosen.map((c) => [canonicalJson(c.algorithm), c.algorithm])).values()]
  const written = writeSegmentation({
    source, authoring: authoring(study, world, 'seg', source, chosen, identity(chosen)),
    segments: kinds.map((algorithm, i) => ({ label: kinds.length === 1 ? 'Lesion' : `Lesion ${i + 1}`, algorithm })),
    frames: chosen.map((c) => ({ segment: kinds.findIndex((k) => canonicalJson(k) === canonicalJson(c.algorithm)), frame: c.frame, data: decodeMask(loadMask(study, c.mask)) })),
  })
  return { ...written, kind: 'seg', frame: chosen.length === 1 ? (chosen[0]?.frame ?? null) : null }
}

function measured(study: OpenStudy, image: ImageRecord, chosen: ChosenMask): Measurement[] {
  const size = lesionSize(loadMask(study, chosen.mask), JSON.parse(image.calibration) as Calibration)
  const [length, area] = size?.unit === 'mm' ? [UNIT.millimetre, UNIT.squareMillimetre] : [UNIT.pixel, UNIT.pixel]
  return [
    ...(size === null ? [] : [
      { concept: CONCEPT.area, value: size.area, unit: area }, { concept: CONCEPT.perimeter, value: size.perimeter, unit: length }, { concept: CONCEPT.longAxis, value: size.longAxis, unit: length }, { concept: CONCEPT.shortAxis, value: size.shortAxis, unit: length },
    ]),
    ...(chosen.probability === null ? [] : [{ concept: CONCEPT.probability, value: chosen.probability, unit: UNIT.ratio }]),
  ]
}

function report(study: OpenStudy, world: World, image: ImageRecord, source: SourceImage, chosen: readonly ChosenMask[], seg: MadeObject | null): MadeObject {
  const pseudonyms = pseudonymsOf(study)
  const kinds = [...new Set(chosen.map((c) => canonicalJson(c.algorithm)))]
  const lesions: MeasuredLesion[] = chosen.map((c) => ({
    label: 'Lesion', trackingUid: pseudonyms.uid(`lesion ${image.id}`), frame: c.frame, measurements: measured(study, image, c),
    ...(seg === null ? {} : { segment: { sopInstanceUid: seg.sopInstanceUid, seriesInstanceUid: seg.seriesInstanceUid, number: kinds.indexOf(canonicalJson(c.algorithm)) + 1 } }),
  }))
  return { ...writeMeasurementReport({ source, authoring: authoring(study, world, 'sr', source, chosen, { lesions, masks: identity(chosen) }), lesions, complete: true }), kind: 'sr', frame: null }
}

async function frameOf(study: OpenStudy, image: ImageRecord, frame: number): Promise<Pixels> {
  const object = frameObjects(study.db.read, image.id)[frame]
  if (object === undefined) throw new Failure('not_found', `the picture has no frame ${frame + 1}`)
  return unwrap(await decodeImage(await readFile(study.objects.path(object))))
}

async function capture(study: OpenStudy, world: World, image: ImageRecord, source: SourceImage, chosen: ChosenMask): Promise<MadeObject> {
  const pixels = await frameOf(study, image, chosen.frame)
  const drawn = outlined(pixels, loadMask(study, chosen.mask), chosen.corrected ? CORRECTED : FUSED, Math.max(1, Math.round(Math.max(pixels.width, pixels.height) / 400)))
  return { ...writeSecondaryCapture(drawn, source, authoring(study, world, 'sc', source, [chosen], identity([chosen]))), kind: 'sc', frame: chosen.frame }
}

async function picture(study: OpenStudy, image: ImageRecord, { source, header }: PictureSource): Promise<MadeObject> {
  if (image.width * image.height * image.channels * image.frames > MAX_PICTURE_BYTES) throw new Failure('refused', 'the cine is too long to be written as one uncompressed object')
  const frames: Pixels[] = []
  for (let i = 0; i < image.frames; i++) frames.push(await frameOf(study, image, i))
  return { bytes: writeDeidentified(header, frames), sopClassUid: source.sopClassUid, sopInstanceUid: source.sopInstanceUid, seriesInstanceUid: source.seriesInstanceUid, kind: 'image', frame: null }
}

/** The objects asked for of one picture and its masks; of a picture without a mask only the picture itself. The report names the segmentation where both are made. */
export async function makeObjects(study: OpenStudy, world: World, image: ImageRecord, from: PictureSource, masks: readonly ChosenMask[], kinds: readonly DicomObject[]): Promise<MadeObject[]> {
  const { source } = from
  const chosen = masks.filter((c) => maskArea(loadMask(study, c.mask)) > 0 && c.frame < source.frames)
  const made: MadeObject[] = []
  if (kinds.includes('image')) made.push(await picture(study, image, from))
  if (chosen.length === 0) return made
  const seg = kinds.includes('seg') ? segmentation(study, world, source, chosen) : null
  if (seg !== null) made.push(seg)
  if (kinds.includes('sr')) made.push(report(study, world, image, source, chosen, seg))
  if (kinds.includes('sc')) for (const one of chosen) made.push(await capture(study, world, image, source, one))
  return made
}
