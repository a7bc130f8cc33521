import { scorerLabel, type ScorerKind } from '#shared/figures/index.ts'

/** How the analysis screen prints numbers; a minus is a minus sign, nothing is a dash. */
export const n3 = (v: number | null | undefined): string => (v == null || !Number.isFinite(v) ? '–' : v.toFixed(3).replace(/^-(?=[0.]+$)/, '').replace('-', '−'))
export const n1 = (v: number | null | undefined): string => (v == null || !Number.isFinite(v) ? '–' : v.toFixed(1).replace('-', '−'))
export const pText = (p: number | null | undefined): string => (p == null || !Number.isFinite(p) ? '–' : p < 0.001 ? '< 0.001' : p.toFixed(3))
/** p as it stands in a sentence. */
export const pWords = (p: number | null | undefined): string => (p == null ? 'p not defined' : p < 0.001 ? 'p < 0.001' : `p = ${pText(p)}`)
export const range = (ci: readonly [number, number] | null | undefined): string => (ci == null ? '–' : `${n3(ci[0])} to ${n3(ci[1])}`)
export const KIND = { model: 'combined model', signature: 'signature', clinical: 'clinical model', senior: 'senior reader', junior: 'junior reader', reader: 'reader' } as const

/** A scorer's name as tables print it, by what the cohort says of it. */
export const scorerName = (data: { readonly operating: readonly { readonly name: string; readonly kind: ScorerKind }[]; readonly calibration: readonly { readonly name: string; readonly kind: ScorerKind }[] }, name: string): string =>
  scorerLabel([...data.calibration, ...data.operating].find((s) => s.name === name) ?? { name, kind: 'reader' })
