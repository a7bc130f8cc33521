import type { Calibration, CalibrationRegion } from '#shared/geometry/index.ts'
import type { DicomDataset } from './read/dataset.ts'

/** A calibrated part of the picture: pixel columns x0..x1 and rows y0..y1 (both ends included) and its millimetres a pixel. */
export interface DicomRegion {
  readonly region: { readonly x0: number; readonly y0: number; readonly x1: number; readonly y1: number }
  readonly mmPerPixelX: number
  readonly mmPerPixelY: number
}

export type CalibrationSource = 'ultrasound-regions' | 'pixel-spacing' | 'nominal-scanned-pixel-spacing' | 'imager-pixel-spacing' | 'none'

/** What a file says of its scale. With no region, `reason` says why in a sentence; `warnings` name what was left out or should be checked. */
export interface DicomCalibration {
  readonly source: CalibrationSource
  readonly regions: readonly DicomRegion[]
  readonly reason: string | null
  readonly warnings: readonly string[]
  /** Each frame's own, where frames of one object have different scales. */
  readonly frames?: readonly DicomCalibration[]
}

const CENTIMETRES = 3
const TWO_DIMENSIONAL = 1
const SPATIAL_FORMATS: Record<number, string> = { 2: 'M-mode', 3: 'a spectrum', 4: 'a waveform', 5: 'graphics' }
/** Ultrasound pixels lie between 2 um and 1 cm; anything else is a slip of units. */
const plausible = (mm: number): boolean => mm >= 0.002 && mm <= 10

interface RegionVerdict { readonly region: DicomRegion | null; readonly warning: string | null; readonly outside: boolean }

const left = (warning: string | null, outside = false): RegionVerdict => ({ region: null, warning, outside })

/** One item of Sequence of Ultrasound Regions (PS3.3 C.8.5.5). */
function readRegion(item: DicomDataset, index: number, columns: number, rows: number): RegionVerdict {
  const name = `Ultrasound region ${index + 1}`
  const format = item.number('00186012', 'US')
  const unitX = item.number('00186024', 'US'), unitY = item.number('00186026', 'US')
  if (format !== null && format !== TWO_DIMENSIONAL) return left(`${name} is ${SPATIAL_FORMATS[format] ?? 'not a two-dimensional image'}; it gives no millimetres.`)
  if (unitX !== CENTIMETRES || unitY !== CENTIMETRES) return left(`${name} is not measured in centimetres in both directions; it gives no millimetres.`)
  const [x0, y0, x1, y1] = ['00186018', '0018601A', '0018601C', '0018601E'].map((tag) => item.number(tag, 'UL'))
  if (x0 == null || y0 == null || x1 == null || y1 == null || x1 <= x0 || y1 <= y0) return left(`${name} has no usable borders; its calibration is not used.`)
  // Some writers give the first column and row after the region: one beyond the edge is that, more is another picture's region.
  if (x0 >= columns || y0 >= rows || x1 > columns || y1 > rows) {
    return left(`${name} (${x0},${y0} to ${x1},${y1}) lies outside the ${columns} x ${rows} picture; its calibration is not trusted.`, true)
  }
  const deltaX = item.number('0018602C', 'FD'), deltaY = item.number('0018602E', 'FD')
  const mmPerPixelX = Math.abs(deltaX ?? Number.NaN) * 10, mmPerPixelY = Math.abs(deltaY ?? Number.NaN) * 10
  if (!plausible(mmPerPixelX) || !plausible(mmPerPixelY)) {
    return left(`${name} gives ${deltaX ?? 'no'} by ${deltaY ?? 'no'} cm a pixel, which cannot be; its calibration is not used.`)
  }
  return { region: { region: { x0, y0, x1: Math.min(x1, columns - 1), y1: Math.min(y1, rows - 1) }, mmPerPixelX, mmPerPixelY }, warning: null, outside: false }
}

const overlap = (a: DicomRegion['region'], b: DicomRegion['region']): boolean => a.x0 <= b.x1 && b.x0 <= a.x1 && a.y0 <= b.y1 && b.y0 <= a.y1
const sameScale = (a: DicomRegion, b: DicomRegion): boolean =>
  Math.abs(a.mmPerPixelX / b.mmPerPixelX - 1) < 0.001 && Math.abs(a.mmPerPixelY / b.mmPerPixelY - 1) < 0.001

function conflicts(regions: readonly DicomRegion[]): string[] {
  const found = regions.some((a, i) => regions.slice(i + 1).some((b) => overlap(a.region, b.region) && !sameScale(a, b)))
  return found ? ['Calibrated regions of different scale overlap; where they do, the smaller one counts.'] : []
}

/** Pixel Spacing and its relatives: row spacing (down) first, then column spacing (across). Looks in a frame's functional groups too. */
function readSpacing(dataset: DicomDataset, frame: number): { source: CalibrationSource; down: number; across: number } | null {
  const groups = [dataset.items('52009230')[frame], dataset.items('52009229')[0]].flatMap((group) => group?.items('00289110') ?? [])
  const places: [DicomDataset, string, CalibrationSource][] = [
    ...groups.map((group): [DicomDataset, string, CalibrationSource] => [group, '00280030', 'pixel-spacing']),
    [dataset, '00280030', 'pixel-spacing'], [dataset, '00182010', 'nominal-scanned-pixel-spacing'], [dataset, '00181164', 'imager-pixel-spacing'],
  ]
  for (const [place, tag, source] of places) {
    const [down, across] = place.decimals(tag)
    if (down !== undefined && across !== undefined) return { source, down, across }
  }
  return null
}

function spacingWarnings(source: CalibrationSource, down: number, across: number): string[] {
  if (source === 'nominal-scanned-pixel-spacing') return ['The scale is that of the scanned film (Nominal Scanned Pixel Spacing), not measured in the body.']
  if (source === 'imager-pixel-spacing') return ['The scale is that of the detector (Imager Pixel Spacing), not measured in the body.']
  return down === 1 && across === 1 ? ['The pixel spacing is exactly 1 mm, which many programs write where they know none: check it.'] : []
}

/**
 * The scale of one frame: calibrated ultrasound regions, else pixel spacing over the whole picture, else none with its reason.
 * A region outside the picture shows that the picture was resized without its tags, so that its pixel spacing is not believed either.
 */
export function readCalibration(dataset: DicomDataset, columns: number, rows: number, frame = 0): DicomCalibration {
  const verdicts = dataset.items('00186011').map((item, i) => readRegion(item, i, columns, rows))
  const regions = verdicts.flatMap((v) => v.region ?? [])
  const warnings = verdicts.flatMap((v) => v.warning ?? [])
  if (regions.length > 0) return { source: 'ultrasound-regions', regions, reason: null, warnings: [...warnings, ...conflicts(regions)] }
  const none = (reason: string): DicomCalibration => ({ source: 'none', regions: [], reason, warnings })
  if (verdicts.some((v) => v.outside)) return none('Its ultrasound regions do not fit the picture, which was resized without them: its scale is unknown.')
  const spacing = readSpacing(dataset, frame)
  if (!spacing) return none(verdicts.length > 0 ? 'None of its ultrasound regions is measured in centimetres.' : 'The file holds no calibration.')
  const { source, down, across } = spacing
  if (!plausible(down) || !plausible(across)) return none(`Its pixel spacing (${down}, ${across} mm) cannot be.`)
  const whole = { x0: 0, y0: 0, x1: columns - 1, y1: rows - 1 }
  return { source, regions: [{ region: whole, mmPerPixelX: across, mmPerPixelY: down }], reason: null, warnings: [...warnings, ...spacingWarnings(source, down, across)] }
}

/**
 * One scale for all frames of an object: that of the first frame where every frame has the same. Frames that differ give none for the whole, because
 * millimetres of one frame would be shown on another, and each its own.
 */
export function readFramesCalibration(dataset: DicomDataset, columns: number, rows: number, frames: number): DicomCalibration {
  const first = readCalibration(dataset, columns, rows)
  const groups = Math.min(frames, dataset.items('52009230').length)
  const scale = (c: DicomCalibration): string => JSON.stringify([c.source, c.regions])
  for (let frame = 1; frame < groups; frame++) {
    if (scale(readCalibration(dataset, columns, rows, frame)) === scale(first)) continue
    const each = Array.from({ length: frames }, (_, i) => readCalibration(dataset, columns, rows, i))
    return { source: 'none', regions: [], reason: `Frame ${frame + 1} has another scale than the first: no scale holds for the whole cine.`, warnings: first.warnings, frames: each }
  }
  return first
}

const SOURCE_WORDS: Record<CalibrationSource, string> = {
  'ultrasound-regions': 'DICOM ultrasound regions', 'pixel-spacing': 'DICOM pixel spacing', 'imager-pixel-spacing': 'DICOM imager pixel spacing',
  'nominal-scanned-pixel-spacing': 'DICOM nominal scanned pixel spacing', none: 'none',
}

/** The same as the geometry of the program has it. */
export function toGeometryCalibration(calibration: DicomCalibration): Calibration {
  if (calibration.regions.length === 0) return { kind: 'none', reason: calibration.reason ?? 'The file holds no calibration.', ...(calibration.frames === undefined ? {} : { frames: calibration.frames.map(toGeometryCalibration) }) }
  const regions: CalibrationRegion[] = calibration.regions.map(({ region, mmPerPixelX, mmPerPixelY }) => ({
    bounds: { left: region.x0, top: region.y0, width: region.x1 - region.x0 + 1, height: region.y1 - region.y0 + 1 }, mmPerPixelX, mmPerPixelY,
  }))
  return { kind: 'regions', regions, source: SOURCE_WORDS[calibration.source] }
}
