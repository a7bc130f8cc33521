import { expect, test } from 'vitest'
import { encodeMask } from '#shared/geometry/index.ts'
import { outlined } from '#main/services/review/outlinedAsset.ts'

test('the inner border is in the colour, the rest of the picture keeps its grey', () => {
  const width = 7, height = 5
  const data = Uint8Array.from({ length: 35 }, (_, i) => i)
  const on = new Uint8Array(35)
  for (let y = 0; y < 4; y++) on.fill(1, y * width + 1, y * width + 6)
  const out = outlined({ width, height, channels: 1, data }, encodeMask(on, { width, height }), [1, 2, 3], 1)
  const border = new Set([1, 2, 3, 4, 5, 8, 12, 15, 19, 22, 23, 24, 25, 26])
  for (let i = 0; i < 35; i++) expect([...out.data.subarray(i * 3, i * 3 + 3)], `pixel ${i}`).toEqual(border.has(i) ? [1, 2, 3] : [i, i, i])
})

test('colour stays colour, and an empty mask draws nothing', () => {
  const data = Uint8Array.of(9, 8, 7, 6, 5, 4)
  expect([...outlined({ width: 2, height: 1, channels: 3, data }, encodeMask(new Uint8Array(2), { width: 2, height: 1 }), [255, 0, 0], 3).data]).toEqual([...data])
})
