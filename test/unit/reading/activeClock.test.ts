import { expect, test } from 'vitest'
import { createActiveClock } from '#renderer/features/reading/activeClock.ts'

test('counts activity, leaves out what is idle beyond ten seconds and what is paused', () => {
  let at = 0
  const clock = createActiveClock(() => at)
  at = 4_000
  clock.touch()
  expect(clock.seconds()).toBe(4)
  at = 64_000 // a minute away from the desk
  clock.touch()
  expect(clock.seconds()).toBe(14)
  clock.pause()
  at = 100_000
  expect(clock.seconds()).toBe(14)
  clock.resume()
  at = 103_000
  expect(clock.seconds()).toBe(17)
  clock.restart(2.5)
  expect(clock.seconds()).toBe(2.5)
})
