import { expect, test } from 'vitest'
import { areaProfile, frameAfter, frameRate, stepFrame } from '#renderer/canvas/cine/playback.ts'
import { largestFrame } from '#main/services/cine/suggest.ts'

test('the rate is the tag\'s; a tag that cannot be, or none, is assumed and said so', () => {
  expect(frameRate(40)).toEqual({ perSecond: 25, stated: true })
  expect(frameRate(null)).toEqual({ perSecond: 15, stated: false })
  expect(frameRate(0.04).stated).toBe(false)
  expect(frameRate(100_000).stated).toBe(false)
})

test('playing goes by the time that passed and round at the end; steps go round at both', () => {
  expect(frameAfter(0, 0.119, 25, 30)).toBe(2)
  expect(frameAfter(0, 0.12, 25, 30)).toBe(3)
  expect(frameAfter(28, 0.12, 25, 30)).toBe(1)
  expect(frameAfter(5, 1, 25, 0)).toBe(0)
  expect([stepFrame(0, -1, 30), stepFrame(29, 1, 30), stepFrame(3, 1, 30)]).toEqual([29, 0, 4])
})

test('the largest cross-section is suggested only once every frame was seen and one has a lesion; of equal ones the first', () => {
  const areas = [{ frame: 0, areaPx: 3 }, { frame: 1, areaPx: 9 }, { frame: 2, areaPx: 9 }]
  expect(largestFrame(areas, 3)).toBe(1)
  expect(largestFrame(areas, 4)).toBeNull()
  expect(largestFrame(areas.map((a) => ({ ...a, areaPx: 0 })), 3)).toBeNull()
  expect(areaProfile(areas.slice(0, 2), 3)).toEqual([1 / 3, 1, null])
})
