export * from '#shared/figures/nomogram/svg.ts'
