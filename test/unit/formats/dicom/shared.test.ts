import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { attemptAsync } from '#main/formats/dicom/faults.ts'
import { decodeDisplay } from '#main/formats/dicom/pixels/displayFrame.ts'
import { windowOf } from '#main/formats/dicom/pixels/window.ts'
import { openDicomFile, type DicomImage } from '#main/formats/dicom/read/openDicom.ts'
import { summarise } from '#main/formats/dicom/summary.ts'

// The sample files are not part of the project: where they lie beside it, every one of them is read and compared with dcmtk.

const root = resolve(import.meta.dirname, '../../../../../shared/data/dicom')
const there = existsSync(root)
const dcmtk = spawnSync('dcmj2pnm', ['--version']).status === 0
const list = (folder: string): string[] => (there ? readdirSync(join(root, folder)).sort() : [])
const scratch = mkdtempSync(join(tmpdir(), 'dicom-shared-'))
afterAll(() => rmSync(scratch, { recursive: true }))
if (!there) console.log('skipped: the sample files (../shared/data/dicom) are not beside the project')
else if (!dcmtk) console.log('skipped: comparison with dcmtk, which is not installed')

/** Frames and calibration (regions as x0,y0,x1,y1 @ mm across, down), as the samples' own README has them. */
const US: Record<string, [number, string]> = {
  'derived-us-mono2-jpeg-baseline.dcm': [1, '14,38,1010,758 @ 0.2548,0.2548'], 'derived-us-mono2-jpegls-lossless.dcm': [1, '14,38,1010,758 @ 0.2548,0.2548'],
  'derived-us-rgb-deflated.dcm': [1, ''], 'derived-us-rgb-implicit-le.dcm': [1, ''], 'us-2frames-palette-rle.dcm': [2, '120,60,799,518 @ 0.2623,0.2623'],
  'us-30frames-ybr422-jpeg-baseline.dcm': [30, ''], 'us-8frames-rgb-implicit-le.dcm': [8, '0,16,319,217 @ 2.2938,2.2938'],
  'us-mono2-jpeg-lossless-sv1.dcm': [1, '14,38,1010,758 @ 0.2548,0.2548'], 'us-palette-explicit-be.dcm': [1, '120,60,799,518 @ 0.2623,0.2623'],
  'us-palette-explicit-le.dcm': [1, ''], 'us-rgb-explicit-be-breast-preset.dcm': [1, ''], 'us-rgb-explicit-le.dcm': [1, ''], 'us-rgb-planar0-explicit-le.dcm': [1, ''],
  'us-ybrrct-jpeg2000-lossless.dcm': [1, ''],
}

const BROKEN: Record<string, string> = {
  'derived-png-renamed.dcm': 'not_dicom', 'derived-preamble-only.dcm': 'truncated', 'derived-us-jpeg-truncated-frame17.dcm': 'truncated',
  'derived-us-truncated-midpixel.dcm': 'truncated', 'derived-zero-bytes.dcm': 'empty', 'dwv-test_no-number-rows.dcm': 'bad_dimensions',
  'pydicom-ExplVR_BigEndNoMeta.dcm': 'not_dicom', 'pydicom-ExplVR_LitEndNoMeta.dcm': 'not_dicom', 'pydicom-J2K_pixelrep_mismatch.dcm': 'warning',
  'pydicom-JPEG2000-embedded-sequence-delimiter.dcm': 'decode_failed', 'pydicom-MR_small_padded.dcm': 'warning', 'pydicom-MR_truncated.dcm': 'truncated',
  'pydicom-empty_charset_LEI.dcm': 'no_pixel_data', 'pydicom-no_meta.dcm': 'not_dicom', 'pydicom-no_meta_group_length.dcm': 'no_pixel_data',
  'pydicom-rtplan_truncated.dcm': 'truncated',
}

describe.skipIf(!there)('ultrasound samples', () => {
  test.each(list('us'))('%s', async (name) => {
    const opened = openDicomFile(join(root, 'us', name))
    if (!opened.ok) throw new Error(opened.error.message)
    const summary = summarise(opened.value)
    const found = summary.calibration.regions.map((r) => `${Object.values(r.region).join()} @ ${r.mmPerPixelX.toFixed(4)},${r.mmPerPixelY.toFixed(4)}`).join('; ')
    expect([summary.frames, found]).toEqual(US[name])
    if (found === '') expect(summary.calibration.reason).toMatch(/\.$/)
    for (let i = 0; i < summary.frames; i++) expect((await decodeDisplay(opened.value, i)).data.length).toBe(summary.rows * summary.columns * summary.channels)
    opened.value.close()
  })
})

describe.skipIf(!there)('broken samples', () => {
  test.each(list('broken'))('%s', async (name) => {
    const opened = openDicomFile(join(root, 'broken', name))
    if (!opened.ok) return expect(opened.error.code).toBe(BROKEN[name])
    const decoded = await attemptAsync(() => decodeDisplay(opened.value, 0))
    if (!decoded.ok) return expect(decoded.error.code).toBe(BROKEN[name])
    const warnings = [...summarise(opened.value).warnings, ...decoded.value.warnings]
    expect(warnings.length).toBeGreaterThan(0)
    expect(BROKEN[name]).toBe('warning')
  })
})

describe.skipIf(!there)('other samples', () => {
  test.each([['charset-gb18030.dcm', '王^小东'], ['charset-gb2312.dcm', '张^小东'], ['charset-utf8.dcm', '王^小東']])('the name in %s', (name, expected) => {
    const opened = openDicomFile(join(root, 'other', name))
    expect(opened.ok && summarise(opened.value).identity.patientName).toContain(expected)
  })
  test.each(['DICOMDIR', 'sr-no-pixels.dcm'])('%s holds no picture', (name) => {
    expect(openDicomFile(join(root, 'other', name))).toMatchObject({ ok: false, error: { code: 'no_pixel_data' } })
  })
  test('high-throughput JPEG 2000 decodes', async () => {
    const opened = openDicomFile(join(root, 'other', 'sc-rgb-htj2k.dcm'))
    expect(opened.ok && (await decodeDisplay(opened.value, 0)).data.length).toBe(640 * 480 * 3)
  })
})

/** A frame of a file as dcmtk renders it (8-bit), or null where dcmtk cannot. More than 8 bits: through the file's first window, else from minimum to maximum. */
function byDcmtk(path: string, image: DicomImage, frame: number): Uint8Array | null {
  let source = path
  if (image.syntax.encoding === 'jpegls') {
    source = join(scratch, 'plain.dcm')
    if (spawnSync('dcmdjpls', [path, source]).status !== 0) return null
  }
  const out = join(scratch, 'out.pnm')
  rmSync(out, { force: true })
  const window = image.format.bitsStored <= 8 ? [] : windowOf(image.dataset) ? ['+Wi', '1'] : ['+Wm']
  if (spawnSync('dcmj2pnm', ['+F', String(frame + 1), ...window, '+op', source, out]).status !== 0 || !existsSync(out)) return null
  const bytes = readFileSync(out)
  const header = /^P[56]\s(?:#.*\n)?(\d+)\s(\d+)\s(\d+)\s/.exec(bytes.toString('latin1', 0, 200))
  return header ? bytes.subarray(header[0].length) : null
}

describe.skipIf(!there || !dcmtk)('pixels equal dcmtk\'s', () => {
  const names = ['us', 'other', 'broken'].flatMap((folder) => list(folder).map((name) => join(folder, name)))
  test('on every frame of every file that dcmtk decodes: exactly, or within 2 levels for lossy JPEG and YBR', async () => {
    const compared: string[] = []
    for (const name of names) {
      const opened = openDicomFile(join(root, name))
      if (!opened.ok) continue
      const lossy = opened.value.syntax.lossy || opened.value.format.photometric.startsWith('YBR')
      // Of a long cine the first, the last and one between: what differs between frames is where they lie.
      const last = opened.value.format.frames - 1
      for (const frame of new Set([0, Math.floor(last / 2), last])) {
        const expected = byDcmtk(join(root, name), opened.value, frame)
        if (!expected) continue
        const { data } = await decodeDisplay(opened.value, frame)
        let worst = 0
        data.forEach((value, i) => { worst = Math.max(worst, Math.abs(value - (expected[i] as number))) })
        expect.soft(worst, `${name} frame ${frame + 1}`).toBeLessThanOrEqual(lossy ? 2 : 0)
        expect.soft(expected.length, name).toBe(data.length)
        compared.push(name)
      }
    }
    expect(new Set(compared).size).toBeGreaterThanOrEqual(24)
  }, 600_000)
})
