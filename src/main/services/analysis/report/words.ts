/** How numbers are printed in every table of the report. */
export const n3 = (value: number | null | undefined): string => (value == null || !Number.isFinite(value) ? '–' : value.toFixed(3).replace(/^-(?=[0.]+$)/, '').replace('-', '−'))
export const n1 = (value: number | null | undefined): string => (value == null || !Number.isFinite(value) ? '–' : value.toFixed(1).replace(/^-(?=[0.]+$)/, '').replace('-', '−'))
export const pText = (p: number | null | undefined): string => (p == null || !Number.isFinite(p) ? '–' : p < 0.001 ? '< 0.001' : p.toFixed(3))
export const range = (ci: readonly [number, number] | null | undefined): string => (ci == null ? '–' : `${n3(ci[0])} to ${n3(ci[1])}`)
export const shareText = (share: { readonly estimate: number | null; readonly ci95: readonly [number, number] | null }): string => (share.estimate === null ? '–' : share.ci95 === null ? n3(share.estimate) : `${n3(share.estimate)} (${range(share.ci95)})`)
export const n2 = (value: number | null | undefined): string => (value == null || !Number.isFinite(value) ? '–' : value.toFixed(2).replace(/^-(?=[0.]+$)/, '').replace('-', '−'))
export const plural = (n: number, word: string): string => `${n} ${word}${n === 1 ? '' : 's'}`
export const listed = (words: readonly string[]): string => (words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1) ?? ''}`)
