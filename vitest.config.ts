import { defineConfig } from 'vitest/config'
import { LongestFirst } from './test/support/longestFirst.ts'

/** Hooks have the limit of a test: what they prepare is as slow on a loaded machine as what is tested. */
const project = (name: string, limit: number, options: Record<string, unknown> = {}) => ({
  extends: true as const,
  test: { name, include: [`test/${name}/**/*.test.ts`], environment: 'node', testTimeout: limit, hookTimeout: limit, ...options },
})

export default defineConfig({
  test: {
    pool: 'forks',
    globalSetup: ['test/support/cache.setup.ts'],
    sequence: { sequencer: LongestFirst },
    // One more than the two processors of the machine that CI runs on: a file that drives Chromium waits for half of its time.
    maxWorkers: 3,
    // A condition that a test waits for has a minute, as a busy machine is slow, not broken; the default of one second is a timed test.
    expect: { poll: { timeout: 60_000, interval: 100 } },
    projects: [
      project('unit', 90_000, { isolate: false }), // pure: nothing that one file leaves behind reaches another
      project('service', 300_000),
      project('contract', 180_000),
      project('reference', 180_000),
      project('e2e', 300_000, { globalSetup: ['test/support/chromium.setup.ts'] }),
    ],
  },
})
