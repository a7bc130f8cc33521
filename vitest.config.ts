import { defineConfig } from 'vitest/config'

const project = (name: string, options: Record<string, unknown> = {}) => ({
  extends: true as const,
  test: { name, include: [`test/${name}/**/*.test.ts`], environment: 'node', ...options },
})

export default defineConfig({
  test: {
    pool: 'forks',
    globalSetup: ['test/support/cache.setup.ts'],
    maxWorkers: 2,
    projects: [
      project('unit'),
      project('service', { testTimeout: 60_000, hookTimeout: 120_000 }),
      project('contract', { testTimeout: 60_000, hookTimeout: 120_000 }),
      project('reference', { testTimeout: 120_000 }),
      project('e2e', { testTimeout: 180_000, hookTimeout: 240_000, fileParallelism: false }),
    ],
  },
})
