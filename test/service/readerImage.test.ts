import { afterAll, beforeAll, expect, test } from 'vitest'
import sharp from 'sharp'
import { reviewTemplate, saveTemplate } from '#main/services/redaction/templates.ts'
import { coveredAsset, coveringOf } from '#main/services/reading/readerImage.ts'
import { readerStudy, type ReaderStudy } from '#test/support/readerStudy.ts'
import { temporary } from '#test/support/studies.ts'

const home = temporary('reader-image')
let made: ReaderStudy
beforeAll(async () => {
  made = await readerStudy(home.path, { lin: 'investigator' })
})
afterAll(async () => {
  await made?.close()
  home.remove()
})

test('readers see black where the layout has boxes and where a reviewed template of the scanner has rectangles, and nothing else is changed', async () => {
  const { study } = made, lin = await made.as('lin')
  const images = study.db.read.all<{ id: string; object: string; calibration: string }>('SELECT id, object, calibration FROM image ORDER BY id')
  const [one, other] = images
  if (one === undefined || other === undefined) throw new Error('the study has pictures')
  const covering = (image: typeof one) => coveringOf(study, { image_id: image.id, calibration: image.calibration }, 'show')
  study.db.write('test', (tx) => {
    tx.insert('image_technique', { id: one.id, frame_time_ms: null, manufacturer: 'ACME ', model: 'u-100', original: null, redaction: '', origin: tx.origin })
    tx.audit({ action: 'test', subject: 'image_technique', id: one.id })
  })
  const template = saveTemplate(study, made.app.house.world, 'lin', { manufacturer: 'Acme', model: 'U-100', columns: 48, rows: 40, boxes: [{ x0: 2, y0: 3, x1: 9, y1: 6 }] })
  expect(covering(one)).toEqual({ boxes: [], keep: null })
  reviewTemplate(study, 'lin', template)
  expect(covering(one)).toEqual({ boxes: [{ left: 2, top: 3, width: 8, height: 4 }], keep: null })
  expect(covering(other)).toEqual({ boxes: [], keep: null })
  await lin.get('textMask.set', { hospital: 'north', width: 48, height: 40, boxes: [{ left: 30, top: 30, width: 10, height: 5 }], reason: 'a date' })
  const seen = covering(one)
  expect(seen.boxes).toHaveLength(2)
  const stored = await sharp(study.objects.path(one.object)).raw().toBuffer({ resolveWithObject: true })
  const shown = await sharp((await coveredAsset(study, one.object, seen)()).bytes).raw().toBuffer({ resolveWithObject: true })
  const { channels } = shown.info
  for (let y = 0; y < 40; y++) {
    for (let x = 0; x < 48; x++) {
      const black = seen.boxes.some((b) => x >= b.left && x < b.left + b.width && y >= b.top && y < b.top + b.height)
      expect(shown.data[(y * 48 + x) * channels]).toBe(black ? 0 : stored.data[(y * 48 + x) * stored.info.channels])
    }
  }
})
