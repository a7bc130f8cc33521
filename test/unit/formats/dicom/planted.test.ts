import { expect, test } from 'vitest'
import { unwrap } from '#shared/lib/index.ts'
import { admit } from '#main/formats/dicom/admit.ts'
import { decodeDisplay, openDicomBytes, redactPixels, writeDeidentified } from '#main/formats/dicom/index.ts'
import { PLANTED, plantedFile } from '#test/support/dicomPlanted.ts'

test('no planted identifier is left in anything that may be stored', async () => {
  const file = plantedFile()
  for (const secret of PLANTED) expect(file.includes(secret)).toBe(true)
  const image = unwrap(openDicomBytes(file))
  const admitted = admit(image, { secret: Buffer.alloc(32, 9), subject: 'SLN-0001' })
  const frames = await Promise.all([0, 1, 2].map(async (i) => {
    const frame = await decodeDisplay(image, i)
    return { ...frame, data: redactPixels(frame.data, frame.width, frame.height, frame.channels, admitted.redaction) }
  }))
  const stored = Buffer.concat([writeDeidentified(admitted.header, frames), Buffer.from(JSON.stringify([admitted.header, admitted.preview, admitted.source, admitted.redaction]))])
  for (const secret of PLANTED) expect([secret, stored.includes(secret)]).toEqual([secret, false])
  expect(admitted.summary.calibration.regions[0]?.mmPerPixelX).toBeCloseTo(0.2, 12)
  for (const frame of frames) {
    expect(frame.data.subarray(0, 8 * 48).every((value) => value === 0)).toBe(true)
    expect(frame.data.subarray(8 * 48).some((value) => value !== 0)).toBe(true)
  }
})
