/** How the analysis screen prints numbers; a minus is a minus sign, nothing is a dash. */
export const n3 = (v: number | null | undefined): string => (v == null || !Number.isFinite(v) ? '–' : v.toFixed(3).replace('-', '−'))
export const n1 = (v: number | null | undefined): string => (v == null || !Number.isFinite(v) ? '–' : v.toFixed(1).replace('-', '−'))
export const pText = (p: number | null | undefined): string => (p == null || !Number.isFinite(p) ? '–' : p < 0.001 ? '< 0.001' : p.toFixed(3))
/** p as it stands in a sentence. */
export const pWords = (p: number | null | undefined): string => (p == null ? 'p not defined' : p < 0.001 ? 'p < 0.001' : `p = ${pText(p)}`)
export const range = (ci: readonly [number, number] | null | undefined): string => (ci == null ? '–' : `${n3(ci[0])} to ${n3(ci[1])}`)
export const KIND = { model: 'combined model', signature: 'signature', senior: 'senior reader', junior: 'junior reader', reader: 'reader' } as const
