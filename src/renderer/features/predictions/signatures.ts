import type { Prediction } from '#shared/contract/index.ts'

export type SignatureValue = Prediction['signatures'][number]
export type MaskKind = SignatureValue['maskKind']
export interface NetworkRow { readonly name: string; readonly isSignature: boolean; readonly automatic: SignatureValue | null; readonly corrected: SignatureValue | null; readonly newest: SignatureValue; readonly earlier: number }

/** One row a network: its value of either mask that stands, else the newest; the DL signature first. `earlier` counts the values before. */
export function networkRows(values: readonly SignatureValue[]): NetworkRow[] {
  const names = [...new Set(values.map((v) => v.name))]
  const newest = (list: readonly SignatureValue[]): SignatureValue | null => list.reduce<SignatureValue | null>((best, v) => (best === null || (v.stands && !best.stands) || (v.stands === best.stands && v.at > best.at) ? v : best), null)
  return names.flatMap((name): NetworkRow[] => {
    const own = values.filter((v) => v.name === name)
    const automatic = newest(own.filter((v) => v.maskKind === 'automatic')), corrected = newest(own.filter((v) => v.maskKind === 'corrected'))
    const standing = own.find((v) => v.stands) ?? corrected ?? automatic
    return standing === null ? [] : [{ name, isSignature: standing.isSignature && standing.stands, automatic, corrected, newest: standing, earlier: own.length - (automatic === null ? 0 : 1) - (corrected === null ? 0 : 1) }]
  }).sort((a, b) => Number(b.isSignature) - Number(a.isSignature) || (a.name < b.name ? -1 : 1))
}

export { networkLabel } from '#shared/domain/index.ts'
