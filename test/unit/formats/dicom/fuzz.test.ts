import { expect, test } from 'vitest'
import { runDicomFuzz } from '#test/support/dicomFuzz.ts'

test('300 damaged files: each is read or refused in words, quickly and in little memory', async () => {
  const report = await runDicomFuzz({ rounds: 300, seed: 20240611 })
  expect(report.failures).toEqual([])
  expect(report.slowestMs).toBeLessThan(10_000)
  expect(report.grownMiB).toBeLessThan(600)
  // The damage must be neither nothing nor everything, or the test shows little.
  expect(report.outcomes['read']).toBeGreaterThan(20)
  expect(Object.keys(report.outcomes).length).toBeGreaterThan(6)
}, 600_000)
