import type { Job } from '#shared/contract/index.ts'

export const FATE_TITLES = [
  { fate: 'replaced', title: 'Replaced' }, { fate: 'shifted', title: 'Dates moved' }, { fate: 'emptied', title: 'Emptied' }, { fate: 'removed', title: 'Removed' }, { fate: 'kept', title: 'Kept' },
] as const

/** What came of an import, in a sentence. */
export function importedSentence(job: Pick<Job, 'result'>): string {
  const r = job.result as { imported?: number | readonly unknown[]; refused?: readonly unknown[] } | null
  const imported = typeof r?.imported === 'number' ? r.imported : (r?.imported?.length ?? 0)
  const refused = r?.refused?.length ?? 0
  return `${imported} imported${refused === 0 ? '' : `, ${refused} refused`}.`
}

export const plural = (n: number, one: string, many = `${one}s`): string => `${n} ${n === 1 ? one : many}`
