/** The nomogram's drawing is shared with the report. */
export * from '#shared/figures/nomogram/layout.ts'
