/** A short round of each long run of `npm run soak` (the DICOM one is in test/unit/formats/dicom/fuzz.test.ts). */
import { expect, test } from 'vitest'
import { batchKill } from '#test/soak/batchKill.ts'
import { contractFuzz } from '#test/soak/contractFuzz.ts'
import { drawKill } from '#test/soak/drawKill.ts'
import { manifestFuzz } from '#test/soak/manifestFuzz.ts'

test('ten rounds of drawing and kill -9: nothing acknowledged is lost', async () => {
  const report = await drawKill({ rounds: 10, seed: 7 })
  expect(report.failures).toEqual([])
  expect(Number(/(\d+) acknowledged/.exec(report.lines.join())?.[1])).toBeGreaterThan(5)
}, 300_000)

test('a killed batch that is run again ends with the masks of an undisturbed run', async () => {
  expect((await batchKill({ rounds: 1, seed: 7 })).failures).toEqual([])
}, 300_000)

test('200 damaged manifests: imported, refused by row, or refused as a whole', async () => {
  const report = await manifestFuzz({ rounds: 200, seed: 7 })
  expect(report.failures).toEqual([])
  for (const word of ['imported', 'refused by row', 'refused as a whole']) expect(Number(new RegExp(`(\\d+) (?:rows )?${word}`).exec(report.lines.join())?.[1])).toBeGreaterThan(5)
}, 200_000)

test('anything said to every call, as every role', async () => {
  const report = await contractFuzz({ rounds: 12, seed: 7 })
  expect(report.failures).toEqual([])
  expect(report.lines.join()).toMatch(/answered \d{2,}/)
}, 300_000)
