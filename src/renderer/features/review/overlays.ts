import type { SegmentationNetwork } from '#shared/domain/index.ts'
import { intersectMasks, subtractMasks, uniteMasks, type RleMask } from '#shared/geometry/index.ts'
import { meaningColours, type PaletteName } from '#shared/figures/index.ts'
import type { OverlaySpec } from '#renderer/canvas/index.ts'
import type { LineageMask } from './lineage.ts'

/** What a person switched on. Ids are those of the lineage. */
export interface Shown { readonly masks: ReadonlySet<string>; readonly band: boolean }
export interface HeatView { readonly label: string; readonly width: number; readonly height: number; readonly values: Float32Array; readonly opacity: number; readonly palette: PaletteName }

const NETWORKS: readonly SegmentationNetwork[] = ['deeplabv3', 'unet', 'unetpp']

/** Where at least one network says lesion and at least one does not; null with fewer than two networks or without any such pixel. */
export function disagreementBand(list: readonly LineageMask[]): RleMask | null {
  const masks = list.filter((m) => NETWORKS.some((n) => n === m.id)).map((m) => m.mask)
  const [first, ...rest] = masks
  if (first === undefined || rest.length === 0) return null
  const any = rest.reduce(uniteMasks, first)
  const all = rest.reduce(intersectMasks, first)
  const band = subtractMasks(any, all)
  return band.runs.length <= 1 ? null : band
}

/** From the lowest to the highest: heat, band, networks, truth, fused, corrections. Only heat and band have a legend on the image; the table beside it names the rest. */
export function reviewOverlays(list: readonly LineageMask[], band: RleMask | null, shown: Shown, heat: HeatView | null): OverlaySpec[] {
  const colours = meaningColours.dark
  const height = (m: LineageMask): number => (m.id === 'fusion' ? 2 : m.meaning === 'correction' ? 3 : m.id === 'reference' ? 1 : 0)
  const contours = [...list].sort((a, b) => height(a) - height(b)).map((m): OverlaySpec => ({
    id: m.id, kind: 'mask', mask: m.mask, colour: colours[m.meaning], visible: shown.masks.has(m.id), fill: m.id === 'fusion' && heat === null ? 0.14 : 0, lineWidth: m.id === 'fusion' || m.meaning === 'correction' ? 2 : 1.5,
    ...(m.id === 'reference' ? { dash: [5, 3] } : {}),
  }))
  return [
    ...(heat === null ? [] : [{ id: 'heat', kind: 'heat' as const, label: heat.label, unit: 'probability', width: heat.width, height: heat.height, values: heat.values, range: [0, 1] as const, palette: heat.palette, opacity: heat.opacity, threshold: 0.02, fade: true }]),
    ...(band === null ? [] : [{ id: 'band', kind: 'mask' as const, label: 'Networks disagree', mask: band, colour: '#ffffff', hatch: true, fill: 0.55, visible: shown.band }]),
    ...contours,
  ]
}
