import { describe, expect, test } from 'vitest'
import { calibrationOfFrame, measureDistance, scaleFor } from '#shared/geometry/index.ts'
import { unwrap } from '#shared/lib/index.ts'
import { readCalibration, readFramesCalibration, toGeometryCalibration, type DicomCalibration } from '#main/formats/dicom/calibration.ts'
import { openDicomBytes } from '#main/formats/dicom/read/openDicom.ts'
import { summarise } from '#main/formats/dicom/summary.ts'
import type { Elements } from '#main/formats/dicom/write/elements.ts'
import { pattern, region, usFile, type RegionOptions } from '#test/support/dicomFiles.ts'

const size = { columns: 100, rows: 80 }
const read = (extra: Elements, frame = 0): DicomCalibration => {
  const image = unwrap(openDicomBytes(usFile({ ...size, pixels: pattern(100, 80, 1), extra })))
  return readCalibration(image.dataset, size.columns, size.rows, frame)
}
const regions = (...list: RegionOptions[]): Elements => ({ '00186011': ['SQ', list.map(region)] })

describe('ultrasound regions', () => {
  test('centimetres a pixel become millimetres, per axis', () => {
    const c = read(regions({ box: [10, 5, 89, 70], delta: [0.01, 0.02] }))
    expect(c.regions).toEqual([{ region: { x0: 10, y0: 5, x1: 89, y1: 70 }, mmPerPixelX: 0.1, mmPerPixelY: 0.2 }])
    expect([c.source, c.reason, c.warnings]).toEqual(['ultrasound-regions', null, []])
  })

  test('a negative delta is a direction, not a size', () => {
    expect(read(regions({ box: [0, 0, 99, 79], delta: [-0.023, 0.023] })).regions[0]?.mmPerPixelX).toBeCloseTo(0.23, 12)
  })

  test('a region outside the picture is not trusted, nor is pixel spacing beside it', () => {
    const c = read({ ...regions({ box: [10, 5, 150, 70], delta: [0.01, 0.01] }), '00280030': ['DS', [0.1, 0.1]] })
    expect(c.regions).toEqual([])
    expect(c.reason).toMatch(/resized/)
    expect(c.warnings[0]).toMatch(/region 1 \(10,5 to 150,70\) lies outside the 100 x 80 picture/)
  })

  test('one column beyond the edge is a border given as exclusive', () => {
    expect(read(regions({ box: [0, 0, 100, 80], delta: [0.01, 0.01] })).regions[0]?.region).toEqual({ x0: 0, y0: 0, x1: 99, y1: 79 })
  })

  test('side by side views keep their own scales', () => {
    const c = read(regions({ box: [0, 0, 49, 79], delta: [0.01, 0.01] }, { box: [50, 0, 99, 79], delta: [0.02, 0.02] }))
    const geometry = toGeometryCalibration(c)
    const at = (x: number): number | null => { const s = scaleFor([{ x, y: 40 }], geometry); return s.known ? s.region.mmPerPixelX : null }
    expect([at(20), at(70)]).toEqual([0.1, 0.2])
    expect(scaleFor([{ x: 20, y: 40 }, { x: 70, y: 40 }], geometry).known).toBe(false)
  })

  test.each([
    ['an ECG strip', { box: [0, 60, 99, 79], delta: [0.01, 0.01], format: 4 } as const, /waveform/],
    ['a spectrum', { box: [0, 60, 99, 79], delta: [0.01, 0.01], format: 3 } as const, /spectrum/],
    ['seconds across', { box: [0, 60, 99, 79], delta: [0.01, 0.01], units: [4, 3] } as const, /not measured in centimetres/],
    ['a delta of zero', { box: [0, 60, 99, 79], delta: [0, 0.01] } as const, /cannot be/],
    ['metres for centimetres', { box: [0, 60, 99, 79], delta: [2, 2] } as const, /cannot be/],
    ['borders the wrong way round', { box: [90, 60, 10, 79], delta: [0.01, 0.01] } as const, /no usable borders/],
  ])('%s gives no millimetres, the image beside it does', (_name, other, warning) => {
    const c = read(regions({ box: [0, 0, 99, 50], delta: [0.01, 0.01] }, other))
    expect(c.regions.length).toBe(1)
    expect(c.warnings.join(' ')).toMatch(warning)
    expect(read(regions(other)).regions).toEqual([])
  })

  test('overlapping regions of different scale are pointed out', () => {
    expect(read(regions({ box: [0, 0, 99, 79], delta: [0.01, 0.01] }, { box: [20, 20, 60, 60], delta: [0.02, 0.02] })).warnings[0]).toMatch(/overlap/)
  })
})

describe('pixel spacing', () => {
  test('is row spacing (down) first', () => {
    const c = read({ '00280030': ['DS', [0.3, 0.2]] })
    expect(c.regions).toEqual([{ region: { x0: 0, y0: 0, x1: 99, y1: 79 }, mmPerPixelX: 0.2, mmPerPixelY: 0.3 }])
  })

  test('stands in where no region is spatial', () => {
    expect(read({ ...regions({ box: [0, 60, 99, 79], delta: [0.01, 0.01], format: 4 }), '00280030': ['DS', [0.3, 0.3]] }).source).toBe('pixel-spacing')
  })

  test('comes from a frame\'s functional group first', () => {
    const measures = (mm: number): Elements => ({ '00289110': ['SQ', [{ '00280030': ['DS', [mm, mm]] }]] })
    const extra: Elements = { '52009229': ['SQ', [measures(0.5)]], '52009230': ['SQ', [measures(0.1), {}]] }
    expect([read(extra, 0), read(extra, 1)].map((c) => c.regions[0]?.mmPerPixelX)).toEqual([0.1, 0.5])
  })

  test.each([['00182010', 'nominal-scanned-pixel-spacing'], ['00181164', 'imager-pixel-spacing']])('of film or detector (%s) comes with a warning', (tag, source) => {
    const c = read({ [tag]: ['DS', [0.2, 0.2]] })
    expect([c.source, c.warnings.length]).toEqual([source, 1])
  })

  test.each([[['DS', [0, 0.2]]], [['DS', 'a\\b']], [['DS', [-1, -1]]], [['DS', [500, 500]]]] as const)('nonsense (%j) is none', (value) => {
    expect(read({ '00280030': value as Elements[string] }).regions).toEqual([])
  })

  test('exactly 1 mm is doubted', () => expect(read({ '00280030': ['DS', [1, 1]] }).warnings[0]).toMatch(/exactly 1 mm/))
})

test('frames that differ in scale give none, and say which frame', () => {
  const frame = (mm: number): Elements => ({ '00289110': ['SQ', [{ '00280030': ['DS', [mm, mm]] }]] })
  const of = (...scales: number[]): ReturnType<typeof readFramesCalibration> =>
    readFramesCalibration(unwrap(openDicomBytes(usFile({ columns: 64, rows: 48, frames: scales.length, pixels: Buffer.alloc(64 * 48 * scales.length), extra: { '52009230': ['SQ', scales.map(frame)] } }))).dataset, 64, 48, scales.length)
  expect(of(0.1, 0.1, 0.1).regions[0]?.mmPerPixelX).toBe(0.1)
  expect(of(0.1, 0.1, 0.2)).toMatchObject({ regions: [], reason: 'Frame 3 has another scale than the first: no scale holds for the whole cine.' })
  const geometry = toGeometryCalibration(of(0.1, 0.1, 0.2))
  expect([0, 1, 2].map((frame) => measureDistance({ x: 0, y: 0 }, { x: 10, y: 0 }, calibrationOfFrame(geometry, frame)))).toEqual([{ value: 1, unit: 'mm' }, { value: 1, unit: 'mm' }, { value: 2, unit: 'mm' }])
  expect(calibrationOfFrame(toGeometryCalibration(of(0.1, 0.1)), 1)).toMatchObject({ kind: 'regions' })
})

test('nothing known is said so', () => expect(read({})).toEqual({ source: 'none', regions: [], reason: 'The file holds no calibration.', warnings: [] }))

test('a summary names frame time, side and scanner', () => {
  const file = usFile({ frames: 2, pixels: Buffer.concat([pattern(16, 16, 1), pattern(16, 16, 1, 1)]), extra: { '00181063': ['DS', 40], '00200062': ['CS', 'L'], '00101010': ['AS', '043Y'] } })
  const summary = summarise(unwrap(openDicomBytes(file)))
  expect(summary).toMatchObject({ frames: 2, frameTimeMs: 40, laterality: 'L', scanner: { manufacturer: 'Testmaker', model: 'Model 5' }, sexAge: { ageYears: 43 }, identity: { patientId: 'PLANTED-ID-77' } })
})
