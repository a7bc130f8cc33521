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
      project('unit', { testTimeout: 90_000 }),
      project('service', { testTimeout: 300_000, hookTimeout: 300_000 }),
      project('contract', { testTimeout: 180_000, hookTimeout: 180_000 }),
      project('reference', { testTimeout: 180_000 }),
      project('e2e', { testTimeout: 300_000, hookTimeout: 300_000, fileParallelism: false }),
    ],
  },
})
