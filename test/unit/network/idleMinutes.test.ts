import { expect, test } from 'vitest'
import { idleMinutesOf } from '#main/hosts/http/idleMinutes.ts'

test('the time-out may be made shorter than it is, never longer, and never be turned off', () => {
  expect(idleMinutesOf(undefined)).toBeUndefined()
  expect(['0.5', '30', ' 5 '].map(idleMinutesOf)).toEqual([0.5, 30, 5])
  for (const text of ['0', '-1', '31', '', ' ', 'never', 'Infinity', 'NaN']) expect(() => idleMinutesOf(text)).toThrow(/--idle-minutes takes a number/)
})
